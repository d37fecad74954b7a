// What the rules about shares, percentiles and costs need.
#include <algorithm>
#include <cmath>

#include "headgate/base/text.hpp"
#include "headgate/gate/forced.hpp"
#include "headgate/stats/binomial.hpp"
#include "headgate/stats/distributions.hpp"
#include "judgement.hpp"
#include "need.hpp"
#include "reduce.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

Pool all_pool(const Plan& plan) {
  return pool(plan, [](std::size_t) { return true; });
}

Pool unforced_pool(const Plan& plan) {
  const std::vector<bool> forced = forced_in(plan);
  return pool(plan, [&](std::size_t item) { return forced.empty() || !forced[item]; });
}

// The lowest rate that these cases, all clean, show.
double lowest_rate(const Pool& cases, double level) {
  const auto bounds = stats::clopper_pearson({0.0, cases.least_effective_share()}, level);
  return bounds ? bounds->upper : 1.0;
}

// Cases of which none may have the event, as many more as these count for less than they are.
std::optional<std::uint64_t> clean_cases_needed(const Pool& cases, double max_rate, double level) {
  const auto independent = stats::min_n_zero_failures(max_rate, level);
  if (!independent || cases.n() == 0) return independent;
  const double design_effect = static_cast<double>(cases.n()) / cases.least_effective_share();
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(*independent) * design_effect - 1e-9));
}

std::string at_most(std::int64_t events, const Pool& cases, const char* what) {
  const auto n = static_cast<std::uint64_t>(cases.least_effective_share());
  return "at most " + std::to_string(std::max<std::int64_t>(events, 0)) + " of " +
         plural(n, cases.shares_clusters() ? "independent case" : "case") + " may " + what;
}

void set_chance(double passes, Need& need) {
  need.passes = passes;
  if (passes < even_chance && need.carry == Carry::can) need.carry = Carry::hardly;
}

}  // namespace

void need_floor(const Plan& plan, const FloorRule& rule, const Earlier& measured, Needs& out) {
  const Pool cases = random_pool(plan);
  const double failing = 1.0 - rule.min_pass_rate;
  Need need;
  need.rule = "floor";
  need.has = cases.n();
  need.limit = "min_pass_rate";
  need.asks = rule.min_pass_rate;
  const auto least = stats::min_n_zero_failures(failing, alpha);
  if (least) need.needs = std::max(*least, static_cast<std::uint64_t>(min_effective_cases));
  if (too_small(cases, need)) return out.push_back(std::move(need));

  const auto effective = static_cast<std::uint64_t>(cases.least_effective());
  const bool exact =
      is_yes_or_no(plan.head.rules.reduce, plan.head.trials) && !cases.weighted() && !cases.shares_clusters();
  // All passing is the best there is. The score test, which takes shared clusters, weights and trials, wants a little
  // less of it than the exact one.
  const double z = stats::normal_upper_quantile(alpha);
  const bool possible =
      exact ? least && effective >= *least : cases.most_effective() * failing >= z * z * rule.min_pass_rate;
  need.tightest = std::pow(alpha, 1.0 / static_cast<double>(std::max<std::uint64_t>(effective, 1)));
  if (!possible) {
    need.carry = Carry::cannot;
    need.says = "even without a failure these cases cannot show a pass rate of " + percent(rule.min_pass_rate) +
                dependence(cases);
    return out.push_back(std::move(need));
  }
  const std::int64_t allowed = stats::max_failures_allowed(effective, failing, alpha);
  need.says = std::string(exact ? "at most " : "about ") + std::to_string(std::max<std::int64_t>(allowed, 0)) + " of " +
              plural(effective, cases.shares_clusters() ? "independent case" : "case") + " may fail";
  const auto* earlier = measured ? measured->of(std::nullopt) : nullptr;
  if (earlier != nullptr && earlier->pass_rate) {
    set_chance(
        stats::binomial_cdf(static_cast<double>(allowed), static_cast<double>(effective), 1.0 - *earlier->pass_rate),
        need);
    need.says += "; the baseline passed " + percent(*earlier->pass_rate);
  }
  out.push_back(std::move(need));
}

void need_severe(const Plan& plan, const SevereRule& rule, Needs& out) {
  const Pool cases = pool(plan, [&](std::size_t item) {
    const Case& each = plan.cases[item];
    return each.severity == Severity::severe && (rule.severe_class == "*" || each.severe_class == rule.severe_class);
  });
  Need need;
  need.rule = rule.severe_class == "*" ? "severe" : "severe severe_class=" + rule.severe_class;
  need.has = cases.n();
  need.needs = 1;
  need.statistical = false;
  const std::optional<long>& most = rule.max_new_failures ? rule.max_new_failures : rule.max_failures;
  if (most) {
    need.limit = rule.max_new_failures ? "max_new_failures" : "max_failures";
    need.asks = static_cast<double>(*most);
  }
  if (rule.max_rate) {
    need.limit = "max_rate";
    need.asks = rule.max_rate;
    need.needs = clean_cases_needed(cases, *rule.max_rate, alpha_severe);
  }
  if (cases.n() == 0 || (!most && !rule.max_rate)) {
    need.carry = Carry::cannot;
    need.says = cases.n() == 0 ? "there is no such case" : "the rule sets no limit, so it cannot be kept";
    return out.push_back(std::move(need));
  }
  const double shown = lowest_rate(cases, alpha_severe);
  if (rule.max_rate) {
    need.statistical = true;
    need.tightest = shown;
    if (!can_show(cases, *rule.max_rate, alpha_severe)) need.carry = Carry::cannot;
    const std::int64_t allowed = events_allowed(cases, *rule.max_rate, alpha_severe);
    need.says = need.carry == Carry::cannot
                    ? "even if all are clean, the true rate may be " + rate(shown) + dependence(cases)
                    : at_most(most ? std::min<std::int64_t>(allowed, *most) : allowed, cases, "fail");
    return out.push_back(std::move(need));
  }
  need.says = "all clean, they still allow a true rate of " + rate(shown);
  if (*most == 0) {
    // What zero tolerance does to candidates that nearly never fail, which its users should know.
    constexpr double rare = 0.001;
    need.says += "; a candidate that fails one such case in 1000 is stopped in " +
                 percent(1.0 - std::pow(1.0 - rare, static_cast<double>(cases.n())), 0) + " of runs";
  }
  out.push_back(std::move(need));
}

void need_latency(const Plan& plan, const LatencyRule& rule, Needs& out) {
  constexpr double slower = 0.05;
  const Pool cases = unforced_pool(plan);
  Need need;
  need.rule = "latency";
  need.has = cases.n();
  need.needs = clean_cases_needed(cases, slower, alpha);
  need.limit = "p95_max_ms";
  need.asks = rule.p95_max_ms;
  if (can_show(cases, slower, alpha)) {
    need.says = at_most(events_allowed(cases, slower, alpha), cases, "take longer");
  } else {
    need.carry = Carry::cannot;
    need.says = "so few cases give no bound of the 95th percentile" + dependence(cases);
  }
  out.push_back(std::move(need));
}

void need_cost(const Plan& plan, const CostRule& rule, Needs& out) {
  const Pool cases = unforced_pool(plan);
  Need need;
  need.rule = "cost";
  need.has = cases.n();
  need.needs = min_costs;
  need.limit = "max_per_case_usd";
  need.asks = rule.max_per_case_usd;
  need.says = "the mean cost of " + plural(cases.clusters(), "independent case") +
              (cases.clusters() < min_costs ? ", too few for a bound" : "; very uneven costs take more");
  if (cases.clusters() < min_costs) need.carry = Carry::cannot;
  out.push_back(std::move(need));
}

namespace {

// How many of these cases may have the event, or that they cannot show it.
Need rate_need(const Pool& cases, const char* rule, double max_rate, const char* event, const char* events) {
  Need need;
  need.rule = rule;
  need.has = cases.n();
  need.needs = clean_cases_needed(cases, max_rate, alpha);
  need.limit = "max_rate";
  need.asks = max_rate;
  need.tightest = lowest_rate(cases, alpha);
  if (can_show(cases, max_rate, alpha)) {
    need.says = at_most(events_allowed(cases, max_rate, alpha), cases, events);
    return need;
  }
  need.carry = Carry::cannot;
  need.says = need.needs ? std::string("even without ") + event + " these cases cannot show it" + dependence(cases)
                         : std::string("no number of cases shows a rate of 0");
  return need;
}

}  // namespace

void need_errors(const Plan& plan, const RateRule& rule, const Earlier& measured, Needs& out) {
  const Pool cases = all_pool(plan);
  Need need = rate_need(cases, "errors", rule.max_rate, "an error", "err");
  if (need.carry != Carry::cannot && measured && measured->error_rate) {
    const auto n = std::floor(cases.least_effective_share());
    const auto allowed = static_cast<double>(events_allowed(cases, rule.max_rate, alpha));
    set_chance(stats::binomial_cdf(allowed, n, *measured->error_rate), need);
    need.says += "; the baseline erred on " + percent(*measured->error_rate);
  }
  out.push_back(std::move(need));
}

void need_fallback_rate(const Plan& plan, const RateRule& rule, Needs& out) {
  const Pool cases = unforced_pool(plan);
  const RouteUse& candidate = plan.head.routes[static_cast<std::size_t>(Arm::candidate)];
  Need need = rate_need(cases, "fallback_rate", rule.max_rate, "a fallback", "need the fallback");
  if (!candidate.recorded && !falls_back(candidate)) {
    need.carry = Carry::cannot;
    need.says = "the candidate's route has no fallback, so how often it needs one cannot be measured";
  }
  out.push_back(std::move(need));
}

}  // namespace headgate::gate
