#include "case_list.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "support/evidence_builder.hpp"

using namespace headgate;
using namespace headgate::cli;
using namespace headgate::test;

namespace {

std::optional<report::CaseQuote> no_quotes(CaseIndex, std::uint32_t) { return std::nullopt; }

EvidenceBuilder some() {
  EvidenceBuilder builder;
  builder.plan().suites[0].segments = {{"language", {"de", "en"}}};
  CaseFacts facts;
  facts.segments = {{"language", "de"}};
  facts.id = "fine";
  builder.add(facts, pass(), pass());
  facts.id = "worse\x1b[2J";
  builder.add(facts, pass(), fail());
  facts.id = "better";
  builder.add(facts, fail(), pass());
  facts.segments = {{"language", "en"}};
  facts.id = "slow";
  facts.severe_class = "harm";
  builder.add(facts, pass(), broken(ErrorKind::timeout));
  facts.severe_class = "";
  facts.id = "baseline-down";
  builder.add(facts, broken(ErrorKind::connect), pass());
  return builder;
}

CaseList list_of(const EvidenceBuilder& builder, const CaseListWish& wish) {
  auto list = list_cases(const_cast<EvidenceBuilder&>(builder).evidence(), wish);
  if (!list) FAIL(list.error().message);
  return *list;
}

}  // namespace

TEST_CASE("flips and failures are listed, severe first, limited by a filter") {
  EvidenceBuilder builder = some();
  const Evidence& evidence = builder.evidence();
  CHECK(case_list_text(list_of(builder, {true, true, ""}), evidence, no_quotes, false, 0) ==
        "\n3 flips:\n"
        "  regression   slow (severe) language=en (score -1.000)\n"
        "  regression   worse\\x1b[2J language=de (score -1.000)\n"
        "  improvement  better language=de (score +1.000)\n"
        "\n3 cases that fail or err:\n"
        "  pass -> timeout  slow (severe) language=en\n"
        "  pass -> fail  worse\\x1b[2J language=de\n"
        "  connect -> pass  baseline-down language=en\n");
  CHECK(case_list_text(list_of(builder, {false, true, "language=de"}), evidence, no_quotes, false, 0) ==
        "\n1 case that fails or errs where language=de:\n"
        "  pass -> fail  worse\\x1b[2J language=de\n");
  CHECK(case_list_text(list_of(builder, {false, false, "language=en"}), evidence, no_quotes, false, 0) ==
        "\n2 cases where language=en:\n"
        "  pass -> timeout  slow (severe) language=en\n"
        "  connect -> pass  baseline-down language=en\n");
}

TEST_CASE("a list says what it leaves out, and that nothing matches") {
  EvidenceBuilder builder = some();
  const Evidence& evidence = builder.evidence();
  const std::string cut = case_list_text(list_of(builder, {true, false, ""}), evidence, no_quotes, false, 1);
  CHECK(cut.find("slow") != std::string::npos);
  CHECK(cut.find("worse") == std::string::npos);
  CHECK(cut.ends_with("  and 2 more, --full or --json shows all\n"));
  CHECK(case_list_text(list_of(builder, {true, true, "id=none"}), evidence, no_quotes, false, 0) ==
        "\nno flip where id=none\n\nno case that fails or errs where id=none\n");
  CHECK(case_list_text(list_of(builder, {false, false, "severity=major"}), evidence, no_quotes, true, 0) ==
        "\nno case where severity=major\n");
}

TEST_CASE("a filter that does not parse is placed in its option") {
  EvidenceBuilder builder = some();
  const auto wrong = list_cases(builder.evidence(), {false, false, "langage=de"});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == ErrorCode::input);
  CHECK(wrong.error().place.file == "--where");
  CHECK(wrong.error().hint == "did you mean 'language'?");
}

TEST_CASE("as JSON every listed case stands once, with what both arms did") {
  EvidenceBuilder builder = some();
  const auto quotes = [](CaseIndex, std::uint32_t) {
    report::CaseQuote quote;
    quote.id = "x";
    quote.candidate.text = "no\x1b \xff";
    quote.candidate.grades.push_back({"equals", false, "not \"yes\"", 0.0});
    return std::optional(quote);
  };
  const std::string text =
      case_list_json(list_of(builder, {true, true, ""}), builder.evidence(), quotes, "{\"answer\":1}\n");
  const auto value = parse_own(text);
  REQUIRE(value);
  CHECK(canonical(*value) + "\n" == text);
  CHECK(value->at("format") == "headgate/show/1");
  CHECK(value->at("decision").at("answer") == 1);
  REQUIRE(value->at("cases").size() == 4);
  const Json& slow = value->at("cases").at(0);
  CHECK(slow.at("flip") == "regression");
  CHECK(slow.at("candidate").at("state") == "timeout");
  CHECK(slow.at("candidate").at("reply").is_null());
  CHECK(slow.at("candidate").at("pass").is_null());
  const Json& worse = value->at("cases").at(1);
  CHECK(worse.at("candidate").at("reply") == "no\x1b \xef\xbf\xbd");
  CHECK(worse.at("candidate").at("grades").at(0).at("reason") == "not \"yes\"");
  CHECK(value->at("cases").at(3).at("flip").is_null());

  const auto none =
      parse_own(case_list_json(list_of(builder, {false, false, "id=none"}), builder.evidence(), quotes, "{}\n"));
  REQUIRE(none);
  CHECK(none->at("cases").empty());
}
