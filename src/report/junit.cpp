// JUnit XML as CI systems read it: a failure is a wrong reply, an error is no usable reply, skipped was never run.
#include <algorithm>
#include <optional>

#include "headgate/base/text.hpp"
#include "headgate/report/render.hpp"
#include "words.hpp"

namespace headgate::report {
namespace {

// Bytes of a quoted reply or reason; the run folder has all of it.
constexpr std::size_t most_quoted_columns = 2000;

enum class Result { passed, failure, error, skipped };

struct Told {
  Result result = Result::passed;
  std::uint32_t trial = 0;  // that shows it
};

// A wrong reply weighs more than none, and none more than one never asked for.
Told candidate_of(const Evidence& evidence, CaseIndex item) {
  Told told;
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    const Observation& seen = evidence.at(item, trial, Arm::candidate);
    if (seen.status == Status::ok && seen.pass) continue;
    const Result result = seen.status == Status::ok        ? Result::failure
                          : seen.status == Status::not_run ? Result::skipped
                                                           : Result::error;
    if (told.result == Result::passed || result < told.result) told = {result, trial};
  }
  return told;
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  void add(Result result) {
    ++tests;
    if (result == Result::failure) ++failures;
    if (result == Result::error) ++errors;
    if (result == Result::skipped) ++skipped;
  }
  std::string attributes() const {
    return " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
           std::to_string(errors) + "\" skipped=\"" + std::to_string(skipped) + "\"";
  }
};

// Attribute values keep no line breaks, so they are made visible first.
std::string attribute(std::string_view text) { return xml_text(terminal_line(text)); }
std::string attribute(const char* key, std::string_view text) {
  return std::string(" ") + key + "=\"" + attribute(text) + "\"";
}

// Advisory rules are reported, never red.
Result result_of(const Finding& finding) {
  if (finding.verdict == Verdict::pass) return Result::passed;
  if (finding.advisory) return Result::skipped;
  return finding.verdict == Verdict::fail ? Result::failure : Result::error;
}

// "      <property …/>" of a line; nothing where there is no value.
std::string property(const char* key, std::string_view value) {
  if (value.empty()) return {};
  return std::string("      <property name=\"") + key + "\"" + attribute("value", value) + "/>\n";
}

void write_rules(const Decision& decision, const RunFacts& facts, const Sink& sink) {
  Counts counts;
  for (const Finding& finding : decision.findings) counts.add(result_of(finding));
  sink("  <testsuite name=\"rules\"" + counts.attributes() +
       ">\n    <properties>\n      <property name=\"decision\" value=\"" + name(decision.answer) +
       "\"/>\n      <property name=\"stage\" value=\"" + name(decision.stage) + "\"/>\n" +
       property("stopped", facts.stopped) + property("calls", facts.calls) + "    </properties>\n");
  for (const Finding& finding : decision.findings) {
    const std::string open = "    <testcase classname=\"rules\"" + attribute("name", title_of(decision, finding));
    const std::string what = attribute("message", finding.sentence) + attribute("type", finding.code);
    switch (result_of(finding)) {
      case Result::passed:
        sink(open + "/>\n");
        break;
      case Result::failure:
        sink(open + "><failure" + what + "/></testcase>\n");
        break;
      case Result::error:
        sink(open + "><error" + what + "/></testcase>\n");
        break;
      case Result::skipped:
        sink(open + "><skipped" + attribute("message", "advisory: " + finding.sentence) + "/></testcase>\n");
        break;
    }
  }
  sink("  </testsuite>\n");
}

std::string why(const CellQuote& cell) {
  for (const CellQuote::Why& each : cell.grades) {
    if (!each.pass) return elide(terminal_line(because(cell, each)), most_quoted_columns);
  }
  return "does not pass";
}

std::string body(const CaseQuote& quote) {
  const auto part = [](const char* label, std::string_view text) {
    return text.empty() ? std::string() : std::string(label) + ": " + elide(text, most_quoted_columns) + "\n";
  };
  return part("input", quote.input) + part("expected", quote.expected) + part("baseline", quote.baseline.text) +
         part("candidate", quote.candidate.text);
}

void write_case(const Evidence& evidence, CaseIndex item, const Quotes& quotes, const Sink& sink) {
  const Told told = candidate_of(evidence, item);
  const SuiteHead& suite = evidence.plan.suites[evidence.cases[item].suite];
  const std::string open =
      "    <testcase" + attribute("classname", suite.name) + attribute("name", evidence.cases.id(item));
  if (told.result == Result::passed) return sink(open + "/>\n");
  const Observation& seen = evidence.at(item, told.trial, Arm::candidate);
  const std::string kind = seen.error == ErrorKind::none ? name(seen.status) : name(seen.error);
  if (told.result == Result::skipped) {
    return sink(open + "><skipped" + attribute("message", std::string("not run: ") + kind) + "/></testcase>\n");
  }
  const std::optional<CaseQuote> quote = quotes ? quotes(item, told.trial) : std::nullopt;
  const std::string text = quote ? xml_text(body(*quote)) : std::string();
  if (told.result == Result::failure) {
    const Observation& baseline = evidence.at(item, told.trial, Arm::baseline);
    const char* type = baseline.status == Status::ok && !baseline.pass ? "failure" : "regression";
    return sink(open + "><failure" + attribute("message", quote ? why(quote->candidate) : "does not pass") +
                attribute("type", type) + ">" + text + "</failure></testcase>\n");
  }
  sink(open + "><error" + attribute("message", std::string(name(seen.status)) + ": " + kind) + attribute("type", kind) +
       ">" + text + "</error></testcase>\n");
}

}  // namespace

void junit(const Decision& decision, const Evidence& evidence, const Quotes& quotes, const Sink& sink,
           const RunFacts& facts) {
  const std::vector<SuiteHead>& suites = evidence.plan.suites;
  std::vector<Counts> counts(suites.size());
  Counts all;
  for (CaseIndex item = 0; item < evidence.cases.size(); ++item) {
    const Result result = candidate_of(evidence, item).result;
    counts[evidence.cases[item].suite].add(result);
    all.add(result);
  }
  for (const Finding& finding : decision.findings) all.add(result_of(finding));
  sink("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", decision.gate) + all.attributes() +
       ">\n");
  write_rules(decision, facts, sink);
  for (std::uint32_t suite = 0; suite < suites.size(); ++suite) {
    sink("  <testsuite" + attribute("name", suites[suite].name + "@" + suites[suite].version) +
         counts[suite].attributes() + ">\n");
    for (CaseIndex item = 0; item < evidence.cases.size(); ++item) {
      if (evidence.cases[item].suite == suite) write_case(evidence, item, quotes, sink);
    }
    sink("  </testsuite>\n");
  }
  sink("</testsuites>\n");
}

}  // namespace headgate::report
