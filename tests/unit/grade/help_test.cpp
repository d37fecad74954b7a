#include "headgate/grade/help.hpp"

#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;

TEST_CASE("the list names every kind, and a kind's help every option") {
  const std::string list = help_text(registry());
  const Json json = help_json(registry());
  CHECK(json.at("graders").size() == registry().kinds().size());
  for (const Kind& kind : registry().kinds()) {
    INFO(kind.name);
    CHECK(list.find(kind.name) != std::string::npos);
    const std::string text = help_text(registry(), kind);
    const Json one = help_json(registry(), kind);
    CHECK(text.find(kind.example) != std::string::npos);
    CHECK(one.at("options").size() == kind.options->fields.size());
    for (const Field& field : kind.options->fields) CHECK(text.find("  " + field.name + " ") != std::string::npos);
    CHECK(one.at("schema").at("properties").contains("kind"));
    CHECK(one.at("example") == Json::parse(kind.example));
  }
  CHECK(help_text(registry(), *registry().find("number")).find("else") != std::string::npos);
}

TEST_CASE("an unknown kind is looked up with a hint") {
  const auto found = registry().look_up("nubmer");
  REQUIRE_FALSE(found);
  CHECK(found.error().hint.find("'number'") != std::string::npos);
}
