#include "find_case.hpp"

#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::cli;

namespace {

Suite suite(const std::string& name, const std::vector<std::string>& ids) {
  Suite made;
  made.head.name = name;
  for (const std::string& id : ids) {
    Case item;
    item.id = id;
    made.cases.push_back(item);
  }
  return made;
}

}  // namespace

TEST_CASE("a case is named by its id, or by suite and id where that is in several") {
  const std::vector<Suite> suites = {suite("billing", {"refund", "both"}), suite("safety", {"harm", "both", "a/b"})};
  CHECK(find_case(suites, "harm")->suite == "safety");
  CHECK(find_case(suites, "a/b")->id == "a/b");
  CHECK(find_case(suites, "safety/both")->suite == "safety");
  CHECK(find_case(suites, "billing/refund")->id == "refund");
  const auto twice = find_case(suites, "both");
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == ErrorCode::input);
  CHECK(twice.error().hint.find("'billing/both' and 'safety/both'") != std::string::npos);
  CHECK(find_case(suites, "refnud").error().hint == "did you mean 'refund'?");
  CHECK(find_case(suites, "nothing like it").error().hint.find("there is refund") != std::string::npos);
}
