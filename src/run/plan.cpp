#include "headgate/run/plan.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "headgate/base/random.hpp"
#include "headgate/base/text.hpp"
#include "headgate/run/filter.hpp"

namespace headgate::run {
namespace {

constexpr std::uint64_t max_cells = std::numeric_limits<CellIndex>::max();

std::vector<std::string> dimensions_of(const std::vector<Suite>& suites) {
  std::set<std::string> dimensions;
  for (const Suite& suite : suites) {
    for (const auto& [dimension, values] : suite.head.segments) dimensions.insert(dimension);
  }
  return {dimensions.begin(), dimensions.end()};
}

// From what is run, so that the same gate gives the same order without anybody choosing one.
std::uint64_t seed_of(const PlanHead& head) {
  Hasher hasher;
  hasher.field("headgate/seed/1").field(head.gate);
  for (const SuiteHead& suite : head.suites) hasher.field(suite.digest);
  for (const RouteUse& route : head.routes) hasher.field(route.digest);
  const Digest digest = hasher.finish();
  std::uint64_t seed = 0;
  for (std::size_t i = 0; i < 8; ++i) seed = (seed << 8U) | digest.bytes[i];
  return seed;
}

// Why none of a judge's calibrations is of this use of it, in one clause.
std::string why_uncalibrated(const SealedJudge& judge, const std::vector<Calibration>& calibrations) {
  if (calibrations.empty()) return never_calibrated;
  const auto none = [&](auto&& fits) { return std::ranges::none_of(calibrations, fits); };
  const std::string its = calibrations.size() == 1 ? "its calibration is " : "its calibrations are ";
  const auto same_name = [&](const Calibration& each) { return each.use.judge == judge.use.judge; };
  if (none(same_name)) return its + "of judge '" + calibrations.front().use.judge + "'";
  const auto same_kind = [&](const Calibration& each) {
    return same_name(each) && each.use.recorded == judge.use.recorded;
  };
  if (none(same_kind)) {
    return judge.use.recorded ? "its verdicts are recorded, and " + its + "of a judge that is asked"
                              : "it is asked, and " + its + "of recorded verdicts";
  }
  const auto same_rubric = [&](const Calibration& each) {
    return same_kind(each) && each.use.rubric == judge.use.rubric;
  };
  if (none(same_rubric)) return its + "of another rubric";
  const auto found = std::ranges::find_if(calibrations, same_rubric);
  if (found->route == judge.route) return its + "of route '" + judge.route + "' as it was before it was changed";
  return its + "of another route, '" + found->route + "'";
}

SealedJudge sealed(const JudgeUse& use, const config::Gate& gate) {
  SealedJudge judge;
  judge.use = use;
  const auto named = gate.judges.find(use.judge);
  if (named != gate.judges.end() && named->second.route && !use.recorded) {
    judge.route = named->second.route->use.name;
    judge.route_digest = named->second.route->use.digest;
  }
  const std::vector<Calibration> none;
  const std::vector<Calibration>& calibrations = named == gate.judges.end() ? none : named->second.calibrations;
  const auto is_it = [&](const Calibration& each) {
    return each.use == use && each.route_digest == judge.route_digest;
  };
  if (const auto found = std::ranges::find_if(calibrations, is_it); found != calibrations.end()) {
    judge.calibration = *found;
  } else {
    judge.why_not = why_uncalibrated(judge, calibrations);
  }
  return judge;
}

void seal_helpers(const config::Gate& gate, PlanHead& head) {
  Needs needs;
  for (const Suite& suite : gate.suites) needs.add(suite.needs);
  for (const std::string& plugin : needs.plugins) head.plugins[plugin] = gate.plugins.at(plugin).digest;
  for (const JudgeUse& use : needs.judges) head.judges.push_back(sealed(use, gate));
  for (const std::string& name : needs.embeddings) head.embeddings[name] = gate.embeddings.at(name).use.digest;
  for (const std::string& name : needs.languages) head.languages[name] = gate.languages.at(name).digest;
  head.unsandboxed = gate.unsandboxed && !head.languages.empty();
}

PlanHead head_of(const config::Gate& gate, const PlanOptions& options) {
  PlanHead head;
  head.gate = gate.name;
  head.release_question = gate.release_question;
  head.stage = gate.stage;
  head.rules = gate.rules;
  for (std::size_t arm = 0; arm < head.routes.size(); ++arm) head.routes[arm] = gate.routes[arm].use;
  for (const Suite& suite : gate.suites) head.suites.push_back(suite.head);
  seal_helpers(gate, head);
  head.trials = options.trials.value_or(gate.trials);
  head.filter = options.filter;
  head.limit = options.limit;
  head.overrides = gate.overrides;
  head.baseline_reuse = gate.baseline_reuse;
  head.fallback_tested = gate.fallback_tested;
  head.as_of = options.as_of;
  head.seed = options.seed ? *options.seed : seed_of(head);
  return head;
}

// Moves the selected cases of a suite into the plan; the first `limit` in all, in the order of suites and ids.
void select(Suite&& suite, std::uint32_t index, const CaseFilter& filter, const PlanOptions& options, Plan& plan) {
  const SuiteHead& head = plan.head.suites[index];
  for (Case& item : suite.cases) {
    const bool is_enough = options.limit != 0 && plan.cases.size() == options.limit;
    if (is_enough || (filter && !filter(item, head)) || (options.only && !options.only(item, head))) {
      plan.head.partial = true;
      continue;
    }
    plan.cases.push_back(std::move(item));
    plan.case_suite.push_back(index);
  }
  suite.cases.clear();
  suite.cases.shrink_to_fit();
}

// Pairs in random order; which arm of a pair goes first is a coin's choice, so that neither always meets a warm server.
std::vector<CellIndex> order_of(const Plan& plan) {
  Random random(plan.head.seed);
  std::vector<CellIndex> pairs(plan.cells() / 2);
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = static_cast<CellIndex>(i);
  random.shuffle(pairs);
  std::vector<CellIndex> order;
  order.reserve(plan.cells());
  for (const CellIndex pair : pairs) {
    const CellIndex first = random.coin() ? 1 : 0;
    order.push_back(pair * 2 + first);
    order.push_back(pair * 2 + 1 - first);
  }
  return order;
}

Error nothing_selected(const PlanHead& head, bool only_some) {
  if (only_some) {
    return {ErrorCode::input,
            "0 cases selected: none of the wanted cases is in the suites" +
                (head.filter.empty() ? "" : " and matches the filter '" + head.filter + "'"),
            {},
            "a gate that measures nothing says nothing"};
  }
  if (!head.filter.empty()) {
    std::string hint = undeclared_value(head.filter, head.suites);
    if (hint.empty()) hint = "a gate that measures nothing says nothing; loosen the filter";
    return {
        ErrorCode::input, "0 cases selected: no case matches the filter '" + head.filter + "'", {}, std::move(hint)};
  }
  return {ErrorCode::input, "0 cases selected: the suites have none", {}, "a gate that measures nothing says nothing"};
}

}  // namespace

Result<Plan> make_plan(config::Gate&& gate, const PlanOptions& options) {
  if (options.trials && *options.trials == 0) return failure(ErrorCode::input, "0 trials measure nothing");
  CaseFilter filter;
  if (!options.filter.empty()) {
    HG_TRY(parsed, parse_filter(options.filter, dimensions_of(gate.suites)));
    filter = std::move(parsed);
  }
  Plan plan;
  plan.head = head_of(gate, options);
  if (gate.suites.size() == 1 && !filter && !options.only && options.limit == 0) {
    plan.cases = std::move(gate.suites[0].cases);
    plan.case_suite.assign(plan.cases.size(), 0);
  } else {
    for (std::size_t i = 0; i < gate.suites.size(); ++i) {
      select(std::move(gate.suites[i]), static_cast<std::uint32_t>(i), filter, options, plan);
    }
  }
  if (plan.cases.empty()) return failure(nothing_selected(plan.head, options.only != nullptr));
  if (plan.cases.size() > max_cells / 2 / plan.head.trials) {
    return failure(ErrorCode::input, plural(plan.cases.size(), "case") + " with " + plural(plan.head.trials, "trial") +
                                         " are more cells than a plan can number");
  }
  plan.order = order_of(plan);
  plan.head.digest = plan_digest(plan);
  return plan;
}

void run_first(Plan& plan, const std::function<bool(CaseIndex)>& wanted) {
  std::stable_partition(plan.order.begin(), plan.order.end(),
                        [&](CellIndex cell) { return wanted(cell_ref(cell, plan.head.trials).item); });
  plan.head.digest = plan_digest(plan);
}

Result<Plan> make_plan(const config::Gate& gate, const PlanOptions& options) {
  return make_plan(config::Gate(gate), options);
}

}  // namespace headgate::run
