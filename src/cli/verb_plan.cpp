// Says what a run would do, and first whether it could decide anything.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "feasibility.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(std::max(width, columns_of(text) + 2) - columns_of(text), ' ');
}

// {"quality":{"max_loss":0.03}} as "rules.quality.max_loss = 0.03".
void flatten(const std::string& path, const Json& value, std::string& text) {
  const bool deeper = value.is_object() && !value.empty();
  if (!deeper) {
    text += "  " + path + " = " + terminal_line(canonical(value)) + "\n";
    return;
  }
  for (const auto& [key, member] : value.items()) flatten(path.empty() ? key : path + "." + key, member, text);
}

std::string needs_table(const Feasibility& all) {
  std::string text;
  std::size_t width = 0;
  for (const auto& need : all.needs) width = std::max(width, columns_of(terminal_line(need.rule)) + 2);
  for (const auto& need : all.needs) {
    text += "  " + padded(name(need.carry), 8) + padded(terminal_line(need.rule), width) + terminal_line(need.says);
    if (need.carry != Carry::can && need.needs) text += " (needs " + std::to_string(*need.needs) + ")";
    text += "\n";
  }
  return text;
}

std::string arms_text(const PlanHead& head) {
  std::string text;
  for (const Arm arm : both_arms) {
    const RouteUse& use = head.routes[static_cast<std::size_t>(arm)];
    text += "  " + padded(name(arm), 11) + terminal_line(use.name) + " (" + terminal_line(use.kind) + ", " +
            use.digest.brief() + ")\n";
  }
  const auto differing = route_diff(head.routes[0].parts, head.routes[1].parts);
  if (differing.empty()) return text + "  the routes are the same\n";
  return text + "  they differ in " + join_words(differing) + "\n";
}

std::string suites_text(const PlanHead& head) {
  std::string text;
  for (const auto& suite : head.suites) {
    text += "  " + terminal_line(suite.name) + "@" + terminal_line(suite.version) + ", " +
            (suite.released ? "released" : "a draft") + ": " + plural(suite.cases, "case") + ", " +
            suite.digest.brief() + "\n";
  }
  return text;
}

std::string text_of(const Plan& plan, const Feasibility& all) {
  const PlanHead& head = plan.head;
  std::string text = terminal_line(all.headline) + "\n" + needs_table(all) + "\n";
  text += "gate " + terminal_line(head.gate) + ", stage " + name(head.stage) + "\n";
  if (!head.release_question.empty()) text += "  asks: " + terminal_line(head.release_question) + "\n";
  text += plural(plan.cells(), "cell") + ": " + plural(plan.cases.size(), "case") + " on 2 arms, " +
          plural(head.trials, "trial") + "; seed " + std::to_string(head.seed) + "\n";
  if (head.routes[0].recorded && head.routes[1].recorded) text += "  every reply is recorded: nothing is paid\n";
  if (!head.filter.empty()) text += "  filter: " + terminal_line(head.filter) + "\n";
  if (head.limit > 0) text += "  limit: " + std::to_string(head.limit) + "\n";
  for (const auto& change : head.overrides) text += "  --set " + terminal_line(change) + "\n";
  text += "routes\n" + arms_text(head) + "suites\n" + suites_text(head) + "rules in force, defaults included\n";
  flatten("", to_json(head.rules), text);
  return text + "plan " + head.digest.text() + "\n";
}

Json json_of(const Plan& plan, const Feasibility& all) {
  Json needs = Json::array();
  for (const auto& need : all.needs) {
    needs.push_back({{"rule", need.rule},
                     {"carry", name(need.carry)},
                     {"has", need.has},
                     {"needs", need.needs ? Json(*need.needs) : Json()},
                     {"says", need.says}});
  }
  return {{"format", "headgate/plan-report/1"}, {"can_say_eligible", name(all.carry)},
          {"headline", all.headline},           {"needs", std::move(needs)},
          {"cases", plan.cases.size()},         {"cells", plan.cells()},
          {"plan", to_json(plan.head)},         {"plan_digest", plan.head.digest.text()}};
}

Result<ExitCode> plan_verb(const Context& context) {
  ExitCode refused = ExitCode::refused;
  auto gate = load_gate(context, context.arguments.operands[0], 0, refused);
  if (!gate) return refused;
  HG_TRY(plan, plan_of(context, std::move(*gate)));
  const Feasibility all = feasibility(plan);
  write_out(context.arguments.flag("--json") ? canonical_pretty(json_of(plan, all)) : text_of(plan, all));
  return ExitCode::yes;
}

}  // namespace

Verb plan_row() {
  return {.name = "plan",
          .group = judging,
          .summary = "say what a run would do, and whether this gate can say eligible at all",
          .operands = "GATE",
          .least_operands = 1,
          .most_operands = 1,
          .options = plan_options(),
          .details =
              "Reads and checks everything, runs nothing, writes nothing. Exits 0 also where the gate cannot carry a\n"
              "decision: the first line says so.",
          .examples = {"headgate plan support.gate.yaml"},
          .run = plan_verb};
}

}  // namespace headgate::cli
