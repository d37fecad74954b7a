#include "plan_report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "columns.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"

namespace headgate::cli {
namespace {

using gate::Assumed;

// A chance for people: neither "never" nor "always" where it is not.
std::string chance_text(double chance) {
  if (chance > 0.0 && chance < 0.005) return "< 1 %";
  if (chance < 1.0 && chance > 0.995) return "> 99 %";
  return percent(chance, 0);
}

// Three decimals, rounded to the side that the cases still carry.
std::string carried_text(const std::string& limit, double value) {
  const double scaled = value * 1000.0;
  const double whole = limit.starts_with("min_") ? std::floor(scaled) : std::ceil(scaled - 1e-9);
  return limit + " " + shortest(whole / 1000.0);
}

// What holds under each assumption, "872 / 1744"; where nothing is assumed, the one value there is.
template <class Of, class Show>
std::string under_each(const Need& need, Of of, Show show, const std::string& alone) {
  if (need.assumed.empty()) return alone;
  std::vector<std::string> texts;
  for (const Assumed& each : need.assumed) {
    const auto value = of(each);
    texts.push_back(value ? show(*value) : "-");
  }
  std::string text = texts[0];
  for (std::size_t i = 1; i < texts.size(); ++i) text += " / " + texts[i];
  return std::ranges::all_of(texts, [](const std::string& each) { return each == "-"; }) ? "-" : text;
}

std::vector<std::string> row(const Need& need) {
  const auto count = [](std::uint64_t n) { return std::to_string(n); };
  const std::string asks = need.asks ? need.limit + " " + shortest(*need.asks) : "-";
  const bool gain = need.limit == "min_gain";
  return {terminal_line(need.rule),
          name(need.carry),
          std::to_string(need.has),
          gain
              ? (need.needs ? count(*need.needs) : "-")
              : under_each(
                    need, [](const Assumed& each) { return each.needs; }, count, need.needs ? count(*need.needs) : "-"),
          asks,
          under_each(
              need, [](const Assumed& each) { return each.tightest; },
              [](double value) { return fixed(std::ceil(value * 1000.0 - 1e-9) / 1000.0, 3); },
              need.tightest ? carried_text(need.limit, *need.tightest) : "-"),
          under_each(
              need, [](const Assumed& each) { return std::optional(each.passes); }, chance_text,
              need.passes ? chance_text(*need.passes) : "-")};
}

std::string needs_table(const Feasibility& able) {
  Columns table({"rule", "carries", "has", "needs", "asks", "tightest", "equal passes"});
  for (const Need& need : able.needs) table.add(row(need));
  Columns says;
  for (const Need& need : able.needs) {
    if (!need.says.empty()) says.add({terminal_line(need.rule), terminal_line(need.says)});
  }
  return table.text() + "\n" + says.text();
}

std::string assumption(const PlanReport& report) {
  const auto& measured = report.measured;
  if (!measured) {
    return "No run of this gate is known: the routes are assumed to differ on 10 % / 20 % of cases, and the second "
           "counts.\n";
  }
  if (measured->run.empty()) {
    return "As asked, the routes are assumed to differ on " + percent(measured->pairs[0].discordance) + " of cases.\n";
  }
  std::vector<std::string> each;
  for (const auto& pairs : measured->pairs) {
    std::string text = percent(pairs.discordance) + " of " + plural(pairs.n, "case");
    if (pairs.suite && measured->pairs.size() > 1) text += " of " + terminal_line(*pairs.suite);
    each.push_back(std::move(text));
  }
  return "In run " + terminal_line(measured->run) + " the routes differed on " + join_words(each) +
         "; the chances assume that again.\n";
}

std::uint64_t calls_of(const PlanReport& report, Arm arm) {
  return report.forecast.estimate.arms[static_cast<std::size_t>(arm)].calls;
}

// Cells that certainly have no recorded reply.
std::uint64_t unrecorded(const PlanReport& report, Arm arm) {
  const config::Route& route = report.routes[static_cast<std::size_t>(arm)];
  const std::uint64_t cells = report.plan.cells() / 2;
  return route.replies && route.replies->size() < cells ? cells - route.replies->size() : 0;
}

std::string http_limits(const config::HttpRoute& http) {
  std::string text;
  const route::PoolLimits& limits = http.limits;
  if (limits.in_flight) text += ", at most " + std::to_string(*limits.in_flight) + " at once";
  if (limits.requests_per_minute) text += ", " + shortest(*limits.requests_per_minute) + " requests a minute";
  if (limits.tokens_per_minute) text += ", " + shortest(*limits.tokens_per_minute) + " tokens a minute";
  return text + ", " + shortest(static_cast<double>(http.spec.limits.timeout.count()) / 1000.0) + " s a try at most";
}

std::string way_of(const PlanReport& report, Arm arm) {
  const config::Route& route = report.routes[static_cast<std::size_t>(arm)];
  if (route.replies) {
    std::string text = plural(route.replies->size(), "recorded reply", "recorded replies") + ", nothing is paid";
    if (const auto missing = unrecorded(report, arm); missing > 0) {
      text += "; at least " + plural(missing, "cell") + " " + (missing == 1 ? "has" : "have") + " none";
    }
    return text;
  }
  std::string text = plural(calls_of(report, arm), "call");
  if (route.http) return text + http_limits(*route.http);
  if (!route.program) return text;
  const route::ProgramSpec& program = *route.program;
  text += ", at most " + std::to_string(program.in_flight) + " at once";
  if (program.speaks == route::Speaks::json_lines) {
    text += ", " + plural(program.workers, "child", "children");
  } else {
    text += ", one child each";
  }
  return text + ", " + shortest(static_cast<double>(program.limits.timeout.count()) / 1000.0) + " s each at most";
}

std::string routes_text(const PlanReport& report) {
  const PlanHead& head = report.plan.head;
  Columns table;
  for (const Arm arm : both_arms) {
    const RouteUse& use = head.routes[static_cast<std::size_t>(arm)];
    table.add({name(arm), terminal_line(use.name) + " (" + terminal_line(use.kind) + ", " + use.digest.brief() + ")",
               way_of(report, arm)});
  }
  const auto differing = route_diff(head.routes[0].parts, head.routes[1].parts);
  return "routes\n" + table.text() +
         (differing.empty() ? "  the routes are the same\n" : "  they differ in " + join_words(differing) + "\n");
}

std::string suites_text(const PlanHead& head) {
  std::string text = "suites\n";
  for (const SuiteHead& suite : head.suites) {
    text += "  " + terminal_line(suite.name) + "@" + terminal_line(suite.version) + ", " +
            (suite.released ? "released" : "a draft") + ": " + plural(suite.cases, "case") + ", " +
            suite.digest.brief() + "\n";
  }
  return text;
}

// {"quality":{"max_loss":0.03}} as "quality.max_loss = 0.03".
void flatten(const std::string& path, const Json& value, std::string& text) {
  if (!value.is_object() || value.empty()) {
    text += "  " + terminal_line(path) + " = " + terminal_line(canonical(value)) + "\n";
    return;
  }
  for (const auto& [key, member] : value.items()) flatten(path.empty() ? key : path + "." + key, member, text);
}

Json optional_json(const auto& value) { return value ? Json(*value) : Json(); }

Json need_json(const Need& need) {
  Json assumed = Json::array();
  for (const Assumed& each : need.assumed) {
    assumed.push_back({{"discordance", each.discordance},
                       {"needs", optional_json(each.needs)},
                       {"tightest", optional_json(each.tightest)},
                       {"passes", each.passes}});
  }
  return {{"rule", need.rule},
          {"carry", name(need.carry)},
          {"has", need.has},
          {"needs", optional_json(need.needs)},
          {"limit", need.limit.empty() ? Json() : Json(need.limit)},
          {"asks", optional_json(need.asks)},
          {"tightest", optional_json(need.tightest)},
          {"passes", optional_json(need.passes)},
          {"assumed", std::move(assumed)},
          {"statistical", need.statistical},
          {"says", need.says}};
}

Json measured_json(const std::optional<Measured>& measured) {
  if (!measured) return {};
  Json pairs = Json::array();
  for (const auto& each : measured->pairs) {
    pairs.push_back({{"suite", optional_json(each.suite)},
                     {"discordance", each.discordance},
                     {"cases", each.n},
                     {"pass_rate", optional_json(each.pass_rate)}});
  }
  return {{"run", measured->run.empty() ? Json() : Json(measured->run)},
          {"pairs", std::move(pairs)},
          {"error_rate", optional_json(measured->error_rate)}};
}

Json route_json(const PlanReport& report, Arm arm) {
  const config::Route& route = report.routes[static_cast<std::size_t>(arm)];
  const RouteUse& use = report.plan.head.routes[static_cast<std::size_t>(arm)];
  Json out = {{"name", use.name},
              {"kind", use.kind},
              {"digest", use.digest.text()},
              {"calls", calls_of(report, arm)},
              {"recorded", route.replies ? Json(route.replies->size()) : Json()},
              {"unrecorded_at_least", unrecorded(report, arm)},
              {"workers", nullptr},
              {"in_flight", nullptr}};
  if (route.program) {
    out["workers"] = route.program->workers;
    out["in_flight"] = route.program->in_flight;
  }
  if (route.http && route.http->limits.in_flight) out["in_flight"] = *route.http->limits.in_flight;
  return out;
}

}  // namespace

namespace {

std::string judges_text(const PlanHead& head) {
  if (head.judges.empty()) return {};
  std::string text = "judges, and what is known of their word\n";
  for (const SealedJudge& judge : head.judges) {
    text += "  " + terminal_line(judge.use.judge) + ", rubric " + judge.use.rubric.brief() + ": ";
    if (judge.calibration) {
      text += "calibrated on " + plural(judge.calibration->labels, "label") + "\n";
    } else {
      text += "advisory, for " + terminal_line(judge.why_not) + "\n";
    }
  }
  return text;
}

}  // namespace

std::string plan_text(const PlanReport& report) {
  const Plan& plan = report.plan;
  const PlanHead& head = plan.head;
  std::string text = terminal_line(report.able.headline) + "\n" + assumption(report) + "\n";
  text += needs_table(report.able) + "\n";
  text += "gate " + terminal_line(head.gate) + ", stage " + name(head.stage) + "\n";
  if (!head.release_question.empty()) text += "  asks: " + terminal_line(head.release_question) + "\n";
  text += plural(plan.cells(), "cell") + ": " + plural(plan.cases.size(), "case") + " on 2 arms, " +
          plural(head.trials, "trial") +
          (head.rules.reduce == Reducer{} ? "" : ", reduced by " + head.rules.reduce.text()) + "; seed " +
          std::to_string(head.seed) + "\n";
  const std::uint64_t calls = report.forecast.estimate.calls;
  const bool is_recorded = report.routes[0].replies && report.routes[1].replies;
  text +=
      is_recorded && calls == 0 ? "  every reply is recorded: nothing is paid\n" : "  " + plural(calls, "call") + "\n";
  if (!head.filter.empty()) text += "  filter: " + terminal_line(head.filter) + "\n";
  if (head.limit > 0) text += "  limit: " + std::to_string(head.limit) + "\n";
  for (const auto& change : head.overrides) text += "  --set " + terminal_line(change) + "\n";
  text += forecast_text(report.forecast, plan) + routes_text(report) + suites_text(head);
  if (!head.plugins.empty()) {
    text += "plugins, asked by graders\n";
    for (const auto& [name, digest] : head.plugins) text += "  " + terminal_line(name) + ", " + digest.brief() + "\n";
  }
  if (!head.languages.empty()) {
    text += head.unsandboxed ? "languages, WITHOUT a sandbox: programs of replies run with your rights\n"
                             : "languages, in a sandbox\n";
    for (const auto& [name, digest] : head.languages) text += "  " + terminal_line(name) + ", " + digest.brief() + "\n";
  }
  text += judges_text(head);
  text += "rules in force, defaults included\n";
  flatten("", to_json(head.rules), text);
  return text + "plan " + head.digest.text() + "\n";
}

Json plan_json(const PlanReport& report) {
  Json needs = Json::array();
  for (const Need& need : report.able.needs) needs.push_back(need_json(need));
  const PlanHead& head = report.plan.head;
  return {
      {"format", "headgate/plan-report/1"},
      {"can_say_eligible", name(report.able.carry)},
      {"headline", report.able.headline},
      {"measured", measured_json(report.measured)},
      {"needs", std::move(needs)},
      {"cases", report.plan.cases.size()},
      {"cells", report.plan.cells()},
      {"calls", report.forecast.estimate.calls},
      {"estimate", forecast_json(report.forecast)},
      {"routes", {{"baseline", route_json(report, Arm::baseline)}, {"candidate", route_json(report, Arm::candidate)}}},
      {"plan", to_json(head)},
      {"plan_digest", head.digest.text()}};
}

}  // namespace headgate::cli
