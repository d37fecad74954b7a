#include "flip_list.hpp"

#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::cli;

namespace {

Observation graded(bool pass) {
  Observation cell;
  cell.status = Status::ok;
  cell.error = ErrorKind::none;
  cell.pass = pass;
  cell.score = pass ? 1.0 : 0.0;
  return cell;
}

// Three cases: the first gets worse and is severe, the second better, the third stays.
Evidence evidence() {
  Evidence all;
  for (const char* id : {"worse\x1b[2J", "better", "same"}) {
    Case item;
    item.id = id;
    item.segments = {{"language", "de"}};
    if (all.cases.size() == 0) {
      item.severity = Severity::severe;
      item.severe_class = "harm";
    }
    all.cases.add(item, 0, 0);
  }
  for (const bool pass : {true, false, false, true, true, true}) all.observations.push_back(graded(pass));
  return all;
}

}  // namespace

TEST_CASE("every flip is a line, worst first, escaped") {
  const auto no_quotes = [](CaseIndex, std::uint32_t) { return std::optional<report::CaseQuote>(); };
  CHECK(flip_list(evidence(), no_quotes, false) ==
        "\n2 flips:\n"
        "  regression   worse\\x1b[2J (severe) language=de (score -1.000)\n"
        "  improvement  better language=de (score +1.000)\n");
  CHECK(flip_list(evidence(), no_quotes, true).find("its texts are gone") != std::string::npos);
}

TEST_CASE("texts are indented line by line, so that none begins a line") {
  const auto quotes = [](CaseIndex, std::uint32_t) {
    report::CaseQuote quote;
    quote.input = "first\n::error::second";
    quote.expected = "yes";
    quote.candidate.status = Status::ok;
    quote.candidate.text = "no\x1b[0m";
    quote.candidate.grades.push_back({"equals", false, "not \"yes\""});
    quote.baseline.status = Status::route_error;
    quote.baseline.error = ErrorKind::timeout;
    return std::optional(quote);
  };
  const std::string text = flip_list(evidence(), quotes, true);
  CHECK(text.find("      | first\n") != std::string::npos);
  CHECK(text.find("\n::") == std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("baseline, route_error (timeout)") != std::string::npos);
  CHECK(text.find("fail equals: not \"yes\"") != std::string::npos);
}
