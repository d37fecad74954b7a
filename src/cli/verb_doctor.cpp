// Keys, endpoints, prices, TLS, disk, clock: what no file says, and a run would find out too late.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "doctor.hpp"
#include "headgate/base/text.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

using Health = Finding::Health;

const char* word(Health health) {
  switch (health) {
    case Health::good:
      return "ok";
    case Health::warning:
      return "warning";
    case Health::bad:
      return "wrong";
  }
  return "";
}

std::size_t count(const std::vector<Finding>& found, Health health) {
  return static_cast<std::size_t>(std::ranges::count(found, health, &Finding::health));
}

std::string headline(const std::vector<Finding>& found) {
  const std::size_t wrong = count(found, Health::bad), warnings = count(found, Health::warning);
  if (wrong > 0) return "not ready: " + plural(wrong, "thing is", "things are") + " wrong";
  return warnings > 0 ? "ready, with " + plural(warnings, "warning") : "ready";
}

std::string doctor_text(const std::vector<Finding>& found) {
  std::string text = headline(found) + "\n";
  for (const Finding& each : found) {
    text += "  " + std::string(word(each.health)) + ": " + terminal_line(each.about) + ": " + terminal_line(each.says) +
            "\n";
    if (!each.advice.empty()) text += "      " + terminal_line(each.advice) + "\n";
  }
  return text;
}

std::string doctor_json(const std::vector<Finding>& found) {
  Json findings = Json::array();
  for (const Finding& each : found) {
    findings.push_back(
        {{"health", word(each.health)}, {"about", each.about}, {"says", each.says}, {"advice", each.advice}});
  }
  return canonical_pretty({{"format", "headgate/doctor/1"},
                           {"ready", count(found, Health::bad) == 0},
                           {"warnings", count(found, Health::warning)},
                           {"findings", std::move(findings)}});
}

Result<ExitCode> doctor_verb(const Context& context) {
  ExitCode refused = ExitCode::refused;
  const auto gate = load_gate(context, context.arguments.operands[0], 0, refused, config::RouteNeed::plan);
  if (!gate) return refused;
  const DoctorWish wish{reports_folder(context), context.arguments.flag("--offline")};
  const std::vector<Finding> found = examine(*gate, wish);
  write_out(context.arguments.flag("--json") ? doctor_json(found) : doctor_text(found));
  return count(found, Health::bad) == 0 ? ExitCode::yes : ExitCode::environment;
}

}  // namespace

Verb doctor_row() {
  return {
      .name = "doctor",
      .group = writing,
      .summary = "keys, endpoints, prices, TLS, disk and clock: is all there that a run needs?",
      .operands = "GATE",
      .least_operands = 1,
      .most_operands = 1,
      .options = {flag("--offline", "open no socket"), set_option(), sandbox_option(), reports_option()},
      .details =
          "Reads the gate as `run` would, then looks at what no file says. Each endpoint is asked once, for its list\n"
          "of models; no call is paid. Exits 0 where a run could begin, 4 where something it needs is missing.",
      .examples = {"headgate doctor support.gate.yaml", "headgate doctor support.gate.yaml --offline --json"},
      .run = doctor_verb};
}

}  // namespace headgate::cli
