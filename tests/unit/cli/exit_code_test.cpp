#include "headgate/cli/exit_code.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace headgate;
using namespace headgate::cli;

TEST_CASE("exit codes are the documented numbers") {
  CHECK(status(exit_code(Outlook::eligible)) == 0);
  CHECK(status(exit_code(Outlook::not_eligible)) == 1);
  CHECK(status(exit_code(Outlook::inconclusive)) == 2);
  CHECK(status(exit_code(ErrorCode::input)) == 3);
  CHECK(status(exit_code(ErrorCode::environment)) == 4);
  CHECK(status(exit_code(ErrorCode::untrusted)) == 5);
  CHECK(status(exit_code(ErrorCode::locked)) == 6);
}

TEST_CASE("every exit code stands once in the table, in ascending order, and no trouble is zero") {
  std::set<int> seen;
  int before = -1;
  for (const auto& [code, meaning] : exit_table()) {
    CHECK(status(code) > before);
    before = status(code);
    CHECK(seen.insert(status(code)).second);
    CHECK(std::string(meaning).size() > 5);
  }
  CHECK(seen == std::set<int>{0, 1, 2, 3, 4, 5, 6, 70, 130, 143});
}
