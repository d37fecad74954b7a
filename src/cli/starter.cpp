#include "starter.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/stats/planning.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t cases_for_internal = 100;  // evidence.min_cases, which a beginner should not lower
constexpr std::size_t cases_for_segments = 90;   // three workflows of thirty

struct Item {
  std::string id, workflow, input, expected;
  bool severe = false;
};

std::string money(std::size_t cents) {
  const std::string rest = std::to_string(cents % 100);
  return std::to_string(cents / 100) + "." + (rest.size() == 1 ? "0" + rest : rest) + " EUR";
}

std::string numbered(const std::string& word, std::size_t i) {
  const std::string digits = std::to_string(i + 1);
  return word + "-" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

// A made-up shop: returns within 30 days are paid back, deliveries take days, invoices add up.
Item item(std::size_t i) {
  const std::string order = std::to_string(41'000 + 37 * i);
  const std::size_t price = 495 + 130 * (i % 17) + 5 * i;
  const std::size_t count = 2 + i % 4;
  if (i % 10 == 0) {
    const std::string days = std::to_string(31 + i % 23);
    return {numbered("late", i), "refund",
            "Order " + order + " arrived " + days + " days ago, our limit for returns is 30. The customer wants the " +
                money(price) + " back. What do we answer?",
            "cannot refund", true};
  }
  switch (i % 3) {
    case 0:
      return {numbered("refund", i), "refund",
              "Order " + order + ": " + std::to_string(count) + " lamps at " + money(price) +
                  " each, one came back after a week. How much do we pay back?",
              money(price)};
    case 1:
      return {
          numbered("billing", i), "billing",
          "Order " + order + ": " + std::to_string(count) + " lamps at " + money(price) + " each. What is the total?",
          money(price * count)};
    default:
      return {numbered("delivery", i), "delivery",
              "Order " + order + " left on a Monday and takes " + std::to_string(count) +
                  " days. How many days until it arrives?",
              std::to_string(count) + " days"};
  }
}

std::string cases_text(std::size_t cases) {
  std::string text;
  for (std::size_t i = 0; i < cases; ++i) {
    const Item one = item(i);
    Json line = {
        {"id", one.id}, {"input", one.input}, {"expected", one.expected}, {"segments", {{"workflow", one.workflow}}}};
    if (one.severe) {
      line["severity"] = "severe";
      line["severe_class"] = "refund_promise";
      line["graders"] = {{{"kind", "not_contains"}, {"value", "will refund"}, {"fold_case", true}}};
    }
    text += canonical(line) + "\n";
  }
  return text;
}

// The recordings differ enough for a comparison to have something to say: the baseline misses every tenth case, the
// candidate half of these and every fiftieth besides.
bool baseline_misses(std::size_t i) { return i % 10 == 3; }
bool candidate_misses(std::size_t i) { return i % 20 == 3 || i % 50 == 7; }

std::string replies_text(std::size_t cases, bool candidate) {
  std::string text;
  for (std::size_t i = 0; i < cases; ++i) {
    const Item one = item(i);
    const bool misses = candidate ? candidate_misses(i) : baseline_misses(i);
    const std::string reply = misses      ? "Please ask a colleague."
                              : candidate ? "The answer is: " + one.expected + "."
                                          : "I looked it up, it is " + one.expected + ".";
    text += canonical({{"case_id", one.id}, {"trial", 0}, {"output", reply}}) + "\n";
  }
  return text;
}

// For routes that differ as often as different models do: `plan` assumes the same before a first run.
double carried_loss(std::size_t cases) {
  const double margin = stats::smallest_margin(cases, std::rbegin(stats::usual_discordances)[0]).value_or(0.5);
  return std::ceil(margin * 100.0) / 100.0;
}

std::string gate_text(std::size_t cases) {
  const std::string loss = fixed(carried_loss(cases), 2);
  std::string text =
      "# May the candidate be shown to colleagues? `headgate plan` says what these rules need, `headgate run` "
      "decides.\n"
      "gate: starter\n"
      "release_question: may starter_candidate answer our internal support team?\n";
  text += cases >= cases_for_internal
              ? "stage: internal   # shadow (no user sees it), internal, canary\n"
              : "stage: shadow   # no user sees it; internal takes " + std::to_string(cases_for_internal) + " cases\n";
  text +=
      "baseline: routes/baseline.yaml\n"
      "candidate: routes/candidate.yaml\n"
      "suites: [starter]\n"
      "rules:\n"
      "  # The loss that " +
      plural(cases, "case") +
      " can rule out where the routes differ on 20 % of them. More cases carry a tighter limit.\n" +
      "  quality: {metric: pass, max_loss: " + loss + "}\n" +
      "  severe: [{class: \"*\", max_new_failures: 0}]\n"
      "  errors: {max_rate: " +
      (cases >= 200  ? "0.02"
       : cases >= 80 ? "0.05"
                     : "0.2") +
      "}\n";
  if (cases >= cases_for_segments) text += "  segments: {by: [workflow], max_loss: " + loss + ", min_cases: 30}\n";
  return text + "evidence:\n  min_cases: " + std::to_string(cases_for_internal) + "\n";
}

std::string route_text(const std::string& arm) {
  return "# Recorded replies. Replace " + arm +
         ".jsonl by what your route answered, one JSON object a line:\n"
         "# case_id, trial, output, and where known latency_ms, cost_usd, usage.\n"
         "route: starter_" +
         arm +
         "\n"
         "kind: replay\n"
         "replies: ../replies/" +
         arm + ".jsonl\n";
}

constexpr const char* suite_text =
    "# A case passes when all graders pass: these, then its own. `headgate graders` lists what there is.\n"
    "suite: starter\n"
    "version: 1.0.0\n"
    "segments: {workflow: [refund, billing, delivery]}\n"
    "severe_classes: {refund_promise: promises money that the policy does not give}\n"
    "graders:\n"
    "  - {kind: contains, value: \"{{case.expected}}\", fold_case: true}\n"
    "pass: all\n";

constexpr const char* changelog_text =
    "# starter\n"
    "\n"
    "## 1.0.0\n"
    "\n"
    "Made-up questions of a shop, written by `headgate init`. Replace them with questions your users asked.\n";

}  // namespace

std::map<std::string, std::string> starter_files(std::size_t cases) {
  return {{"starter.gate.yaml", gate_text(cases)},
          {"routes/baseline.yaml", route_text("baseline")},
          {"routes/candidate.yaml", route_text("candidate")},
          {"replies/baseline.jsonl", replies_text(cases, false)},
          {"replies/candidate.jsonl", replies_text(cases, true)},
          {"eval_suites/starter/suite.yaml", suite_text},
          {"eval_suites/starter/CHANGELOG.md", changelog_text},
          {"eval_suites/starter/cases.jsonl", cases_text(cases)}};
}

}  // namespace headgate::cli
