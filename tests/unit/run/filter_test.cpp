#include "headgate/run/filter.hpp"

#include <catch2/catch.hpp>

using namespace headgate;

namespace {

Case refund_case() {
  Case item;
  item.id = "refund-017";
  item.tags = {"billing", "regression"};
  item.segments = {{"language", "de"}};
  item.severity = Severity::severe;
  item.severe_class = "unsafe_promise";
  return item;
}

bool selects(const std::string& filter, const Case& item = refund_case()) {
  SuiteHead suite;
  suite.name = "support";
  const auto parsed = run::parse_filter(filter, {"language", "risk"});
  REQUIRE(parsed);
  return (*parsed)(item, suite);
}

std::size_t column_of_fault(const std::string& filter) {
  const auto parsed = run::parse_filter(filter, {"language", "risk"});
  REQUIRE_FALSE(parsed);
  CHECK_FALSE(parsed.error().hint.empty());
  return parsed.error().place.column;
}

}  // namespace

TEST_CASE("a filter selects by each of its keys") {
  for (const char* yes :
       {"id=refund-017", "id=refund-*", "id=*0?7", "id~fund", "tag=regression", "tag=x|billing", "severity=severe",
        "severe_class=unsafe_*", "suite=support", "sampling=random", "language=de", "language!=en", "!language=en",
        "tag!=other", "risk!=high", "!risk=high", "language=de, tag=regression , id~refund"}) {
    CAPTURE(yes);
    CHECK(selects(yes));
  }
  for (const char* no : {"id=refund", "id=", "id~Fund", "tag=regress", "severity=normal", "language!=de",
                         "!language=de", "tag!=billing", "risk=high", "language=de,tag=none"}) {
    CAPTURE(no);
    if (std::string(no) != "id=") CHECK_FALSE(selects(no));
  }
}

TEST_CASE("a filter that does not parse says where") {
  CHECK(column_of_fault("") == 1);
  CHECK(column_of_fault("id=a,,tag=b") == 6);
  CHECK(column_of_fault("id=a,") == 6);
  CHECK(column_of_fault("language") == 1);
  CHECK(column_of_fault("id=a,langage=de") == 6);
  CHECK(column_of_fault("id=") == 4);
  CHECK(column_of_fault("tag=a|") == 7);
  CHECK(column_of_fault("id!a") == 3);
  CHECK(run::parse_filter("langage=de", {"language"}).error().hint.find("language") != std::string::npos);
}

TEST_CASE("a hostile wildcard costs no more than its length times the text") {
  Case item = refund_case();
  item.id = std::string(20'000, 'a') + "b";
  CHECK_FALSE(selects("id=*a*a*a*a*a*a*a*a*c", item));
}

TEST_CASE("a term that hides behind a blank is refused, other blanks are the value's") {
  CHECK(column_of_fault("language=de severity=major") == 13);
  CHECK(column_of_fault("id=x tag != y") == 6);
  const auto parsed = run::parse_filter("language=de severity=major", {"language"});
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().hint == "separate terms by a comma");
  CHECK(run::parse_filter("tag=needs review,id~a b=c", {"language"}));
}

TEST_CASE("a value that no suite declares is named, with the values there are") {
  std::vector<SuiteHead> suites(2);
  suites[0].name = "support";
  suites[0].segments = {{"language", {"de", "en"}}, {"risk", {}}};
  suites[1].name = "billing";
  suites[1].segments = {{"language", {"nl"}}, {"risk", {"high"}}};
  CHECK(run::undeclared_value("language=fr", suites) == "no suite declares language 'fr'; there is de, en and nl");
  CHECK(run::undeclared_value("id=x,suite=suport", suites).find("did you mean 'support'") != std::string::npos);
  for (const char* fine :
       {"language=de", "language=d*", "language!=fr", "!language=fr", "risk=odd", "id=x", "language~e"})
    CHECK(run::undeclared_value(fine, suites).empty());
}
