#include <algorithm>

#include "case_json.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/gate/case_state.hpp"
#include "headgate/gate/part.hpp"
#include "headgate/report/explain.hpp"
#include "outline.hpp"
#include "words.hpp"

namespace headgate::report {
namespace {

constexpr std::size_t most_lines = 60;  // of one text; --json has all of it

const CellQuote& side(const CaseQuote& quote, Arm arm) {
  return arm == Arm::baseline ? quote.baseline : quote.candidate;
}

std::string title_of(const gate::Part& part) {
  constexpr std::string_view class_prefix = "severe_class=";
  std::string title = part.rule;
  if (part.segment)
    title +=
        " " + (part.segment->starts_with(class_prefix) ? part.segment->substr(class_prefix.size()) : *part.segment);
  if (part.suite) title += " of " + *part.suite;
  return title;
}

// What matters most about the case: what it decides, else why a grader failed its reply, else that it passes.
std::string main_line(const std::vector<gate::Part>& parts, const CaseQuote& quote) {
  for (const gate::Part& part : parts) {
    if (part.role == gate::Role::decides) return title_of(part) + ": " + part.sentence;
  }
  for (const Arm arm : {Arm::candidate, Arm::baseline}) {
    for (const CellQuote::Why& why : side(quote, arm).grades) {
      if (!why.pass) return std::string(name(arm)) + ": " + because(side(quote, arm), why);
    }
  }
  for (const Arm arm : {Arm::candidate, Arm::baseline}) {
    const CellQuote& cell = side(quote, arm);
    if (cell.status != Status::ok) return std::string(name(arm)) + ": " + cell.text;
  }
  return "both arms pass; no rule stands or falls with it";
}

void print_facts(Page& page, const CaseQuote& quote) {
  page.item("  suite   ", quote.suite);
  page.item("  severity",
            quote.severe_class.empty() ? name(quote.severity) : name(quote.severity) + (" " + quote.severe_class));
  std::vector<std::string> segments;
  for (const SegmentValue& each : quote.segments) segments.push_back(each.dimension + "=" + each.value);
  if (!segments.empty()) page.item("  segments", join_words(segments, segments.size()));
  if (!quote.tags.empty()) page.item("  tags    ", join_words(quote.tags, quote.tags.size()));
  page.item("  sampling", name(quote.sampling));
  if (!quote.cluster.empty()) page.item("  cluster ", quote.cluster);
  if (quote.weight != 1.0) page.item("  weight  ", shortest(quote.weight));
}

// Passages one after another; the text as it stands where it is no list of passages.
std::string passages(const std::string& context) {
  const auto value = parse_own(context);
  if (!value || !value->is_array()) return context;
  std::string out;
  for (const Json& each : *value) {
    if (!each.is_object() || !each.contains("id") || !each.contains("text")) return context;
    if (!each.at("id").is_string() || !each.at("text").is_string()) return context;
    out += (out.empty() ? "" : "\n") + each.at("id").get<std::string>() + ": " + each.at("text").get<std::string>();
  }
  return out;
}

void print_text(Page& page, const char* label, const std::string& text) {
  if (text.empty()) return;
  page.line(std::string("  ") + label + ":");
  draw_text(page, text, 4, most_lines);
}

std::string outcome_of(const Observation& seen) {
  std::string text = seen.status == Status::ok ? (seen.pass ? "pass" : "fail") : name(seen.status);
  if (seen.error != ErrorKind::none) text += " (" + std::string(name(seen.error)) + ")";
  if (seen.score) text += ", score " + fixed(*seen.score, 3);
  if (seen.latency_ms) text += ", " + fixed(*seen.latency_ms, 1) + " ms";
  if (seen.cost_usd) text += ", " + dollars(*seen.cost_usd);
  return text;
}

void print_call(Page& page, const CellQuote& cell) {
  if (const std::string call = call_of(cell); !call.empty()) page.item("    call:", call, Hue::faint);
  for (const CellQuote::Try& tried : cell.failed_tries) {
    const std::string what = tried.ask.empty() ? "try " : "question " + terminal_line(tried.ask) + ", try ";
    page.item("    " + what + std::to_string(tried.number) + ":", failed_try(tried), Hue::faint);
  }
}

void print_trial(Page& page, const Evidence& evidence, CaseIndex item, std::uint32_t trial, const CaseQuote& quote) {
  if (evidence.plan.trials > 1) page.heading("trial " + std::to_string(trial));
  for (const Arm arm : both_arms) {
    const CellQuote& cell = side(quote, arm);
    page.line("  " + std::string(name(arm)) + ": " + outcome_of(evidence.at(item, trial, arm)));
    print_call(page, cell);
    draw_text(page, cell.text.empty() ? "(no text)" : cell.text, 4, most_lines);
    for (const CellQuote::Why& why : cell.grades) {
      const char* failed = cell.status == Status::ungraded ? "    not graded:" : "    fail";
      page.item(why.pass ? "    pass" : failed, because(cell, why), why.pass ? Hue::good : Hue::bad);
    }
  }
}

Hue hue_of(gate::Role role) {
  if (role == gate::Role::decides) return Hue::bad;
  return role == gate::Role::counts ? Hue::plain : Hue::faint;
}

void print_parts(Page& page, const std::vector<gate::Part>& parts) {
  page.heading("what it means to each rule");
  for (const gate::Part& part : parts) {
    const char* role = part.role == gate::Role::left_out ? "left out" : name(part.role);
    page.item("  " + terminal_line(title_of(part)) + ": " + role + ",", part.sentence, hue_of(part.role));
  }
}

Json part_value(const gate::Part& part) {
  return {{"rule", part.rule},
          {"suite", part.suite ? text_json(*part.suite) : Json(nullptr)},
          {"segment", part.segment ? text_json(*part.segment) : Json(nullptr)},
          {"role", name(part.role)},
          {"value", part.value ? Json(*part.value) : Json(nullptr)},
          {"sentence", text_json(part.sentence)}};
}

// As it stands in the plan; a text of its own where it is no JSON any more.
Json plan_json(const std::string& text) {
  if (text.empty()) return nullptr;
  auto value = parse_own(text);
  return value ? std::move(*value) : text_json(text);
}

}  // namespace

std::string case_story(const Evidence& evidence, const Rules& rules, CaseIndex item, const Quotes& quotes,
                       const RunFacts& facts, const Style& style) {
  Page page(style.width, style.colour);
  const std::vector<gate::Part> parts = gate::parts_of(evidence, rules, item);
  const CaseQuote telling = quote_of(evidence, item, gate::telling_trial(evidence, item), quotes);
  page.line(terminal_line(telling.id) + ": baseline " + gate::words_of(gate::state_of(evidence, item, Arm::baseline)) +
            ", candidate " + gate::words_of(gate::state_of(evidence, item, Arm::candidate)));
  page.paragraph(main_line(parts, telling), 0);
  page.blank();
  print_facts(page, telling);
  print_text(page, "input", telling.input);
  print_text(page, "vars", telling.vars);
  print_text(page, "context", passages(telling.context));
  print_text(page, "expected", telling.expected);
  page.blank();
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    print_trial(page, evidence, item, trial, quote_of(evidence, item, trial, quotes));
  }
  print_parts(page, parts);
  page.blank();
  page.line("the whole decision: headgate explain " + terminal_line(facts.run_id) +
            "   report: " + terminal_line(facts.folder) + "/summary.md");
  return page.take();
}

std::string case_story_json(const Evidence& evidence, const Rules& rules, CaseIndex item, const Quotes& quotes,
                            const RunFacts& facts) {
  const CaseQuote quote = quote_of(evidence, item, 0, quotes);
  Json trials = Json::array();
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    const CaseQuote each = quote_of(evidence, item, trial, quotes);
    trials.push_back({{"trial", trial},
                      {"baseline", cell_json(evidence.at(item, trial, Arm::baseline), each.baseline)},
                      {"candidate", cell_json(evidence.at(item, trial, Arm::candidate), each.candidate)}});
  }
  Json parts = Json::array();
  for (const gate::Part& part : gate::parts_of(evidence, rules, item)) parts.push_back(part_value(part));
  Json tags = Json::array();
  for (const std::string& tag : quote.tags) tags.push_back(text_json(tag));
  const Json out = {{"format", "headgate/explain/1"},
                    {"run", text_json(facts.run_id)},
                    {"case",
                     {{"suite", text_json(quote.suite)},
                      {"id", text_json(quote.id)},
                      {"input", text_json(quote.input)},
                      {"vars", plan_json(quote.vars)},
                      {"context", plan_json(quote.context)},
                      {"expected", text_json(quote.expected)},
                      {"severity", name(quote.severity)},
                      {"severe_class", quote.severe_class.empty() ? Json(nullptr) : text_json(quote.severe_class)},
                      {"segments", segments_json(quote.segments)},
                      {"tags", std::move(tags)},
                      {"sampling", name(quote.sampling)},
                      {"cluster", quote.cluster.empty() ? Json(nullptr) : text_json(quote.cluster)},
                      {"weight", quote.weight},
                      {"baseline", gate::words_of(gate::state_of(evidence, item, Arm::baseline))},
                      {"candidate", gate::words_of(gate::state_of(evidence, item, Arm::candidate))}}},
                    {"trials", std::move(trials)},
                    {"rules", std::move(parts)}};
  return canonical(out) + "\n";
}

}  // namespace headgate::report
