// What quality and segments need: power of the paired score test, enumerated.
#include <algorithm>
#include <cmath>
#include <limits>

#include "headgate/base/text.hpp"
#include "headgate/stats/distributions.hpp"
#include "headgate/stats/planning.hpp"
#include "judgement.hpp"
#include "need.hpp"

namespace headgate::gate {
namespace {

constexpr double usual_power = 0.8;

struct Pairs {
  double effective = 0.0;
  double margin = 0.0;  // negative: a gain is asked
  double discordance = 0.0;
  double true_delta = 0.0;
};

double chance(const Pairs& pairs) {
  const auto n = static_cast<std::uint64_t>(pairs.effective + 1e-9);
  if (pairs.effective < min_effective_cases) return 0.0;
  const auto power = stats::power_paired(n, {pairs.discordance, pairs.margin, pairs.true_delta, alpha, usual_power});
  return power ? power->p_pass : 0.0;
}

// Cases for 80 %, as many more as these count for less than they are.
std::optional<std::uint64_t> cases_needed(const Pool& cases, const Pairs& pairs) {
  const auto independent =
      stats::plan_n_paired({pairs.discordance, pairs.margin, pairs.true_delta, alpha, usual_power});
  if (!independent) return std::nullopt;
  const double design_effect = static_cast<double>(cases.n()) / pairs.effective;
  const double all = std::ceil(std::max(static_cast<double>(*independent), min_effective_cases) * design_effect - 1e-9);
  return all < 1e15 ? std::optional(static_cast<std::uint64_t>(all)) : std::nullopt;
}

std::optional<double> tightest(double effective, double discordance) {
  return stats::smallest_margin(static_cast<std::uint64_t>(effective), discordance, alpha, usual_power);
}

std::string where_they_differ(double discordance) {
  return "where the routes differ on " + percent(discordance, discordance < 0.0995 ? 1 : 0) + " of cases";
}

void say_loss(const Pool& cases, double margin, Need& need) {
  for (Assumed& each : need.assumed) {
    const Pairs pairs{cases.least_effective(), margin, each.discordance, 0.0};
    each.needs = cases_needed(cases, pairs);
    each.tightest = tightest(pairs.effective, each.discordance);
    each.passes = chance(pairs);
  }
  const Assumed& decides = need.assumed.back();
  need.needs = decides.needs;
  need.tightest = decides.tightest;
  need.passes = decides.passes;
  if (decides.passes < even_chance) need.carry = Carry::hardly;
  need.says = "of candidates exactly as good, ";
  for (const Assumed& one : need.assumed) {
    if (&one != &need.assumed.front()) need.says += ", ";
    need.says += percent(one.passes, 0) + " pass " + where_they_differ(one.discordance);
  }
  need.says += dependence(cases);
}

// An equal candidate is not meant to pass; what a gain takes is a candidate that is better by more than it.
void say_gain(const Pool& cases, double gain, Need& need) {
  std::vector<std::string> better;
  for (Assumed& each : need.assumed) {
    Pairs pairs{cases.least_effective(), -gain, each.discordance, 0.0};
    each.tightest = tightest(pairs.effective, each.discordance);
    each.passes = chance(pairs);
    const double wanted = gain + each.tightest.value_or(1.0);
    better.push_back(percent(wanted) + " " + where_they_differ(each.discordance));
    each.tightest.reset();
    pairs.true_delta = each.discordance;  // the best there is: every difference a gain
    if (&each == &need.assumed.back() && chance(pairs) < even_chance) need.carry = Carry::hardly;
  }
  need.passes = need.assumed.back().passes;
  need.says = "to show a gain of " + percent(gain) + ", the candidate must really be better by about " +
              join_words(better) + dependence(cases);
  // All gains and nothing else is the best sample there is.
  const double z = stats::normal_upper_quantile(alpha);
  const double least = std::max(z * z * (1.0 + gain) / (1.0 - gain), min_effective_cases);
  need.needs = static_cast<std::uint64_t>(std::ceil(least));
  if (cases.most_effective() >= least) return;
  need.carry = Carry::cannot;
  need.says = "even if every case were a gain, " + plural(cases.n(), "case") + " could not show a gain of " +
              percent(gain) + dependence(cases);
}

void add_quality(const Plan& plan, const QualityRule& rule, const Earlier& measured, std::optional<std::uint32_t> suite,
                 Needs& out) {
  const std::vector<bool> random = random_in(plan);
  const Pool cases =
      pool(plan, [&](std::size_t item) { return random[item] && (!suite || plan.case_suite[item] == *suite); });
  Need need;
  need.rule = suite ? "quality suite=" + plan.head.suites[*suite].name : "quality";
  need.has = cases.n();
  need.limit = rule.min_gain ? "min_gain" : "max_loss";
  need.asks = rule.min_gain ? *rule.min_gain : rule.max_loss.value_or(0.0);
  const auto named = suite ? std::optional(plan.head.suites[*suite].name) : std::nullopt;
  for (const double discordance : discordances(measured, named)) need.assumed.push_back({discordance, {}, {}, 0.0});
  if (cases.n() > 0) {
    (rule.min_gain ? say_gain : say_loss)(cases, *need.asks, need);
  }
  if (too_small(cases, need)) {
    need.passes = 0.0;
    need.tightest.reset();
    need.assumed.clear();
  }
  out.push_back(std::move(need));
}

struct Segment {
  std::string name;
  Pool cases;
  bool required = false;
  bool tested = false;
};

// Declared, present or required, in the order of their names, as the rule itself finds them.
std::vector<Segment> segments_of(const Plan& plan, const SegmentsRule& rule) {
  std::map<std::string, Pool> pools;
  const auto asked = [&](const std::string& dimension, const std::string& named) {
    return std::ranges::count(rule.by, dimension) > 0 || std::ranges::count(rule.required, named) > 0;
  };
  for (const SuiteHead& suite : plan.head.suites) {
    for (const auto& [dimension, values] : suite.segments) {
      if (std::ranges::count(rule.by, dimension) == 0) continue;
      for (const std::string& value : values) pools[dimension + "=" + value];
    }
  }
  for (const std::string& named : rule.required) pools[named];
  const std::vector<bool> random = random_in(plan);
  for (std::size_t item = 0; item < plan.cases.size(); ++item) {
    if (!random[item]) continue;
    for (const SegmentValue& segment : plan.cases[item].segments) {
      const std::string named = segment.dimension + "=" + segment.value;
      if (asked(segment.dimension, named)) pools[named].add(plan, item);
    }
  }
  std::vector<Segment> out;
  const auto least = static_cast<std::size_t>(std::max(rule.min_cases, 1L));
  for (auto& [named, cases] : pools) {
    const bool tested = cases.n() >= least && (!cases.shares_clusters() || cases.clusters() > 1);
    out.push_back({named, std::move(cases), std::ranges::count(rule.required, named) > 0, tested});
  }
  return out;
}

void add_tested(const Segment& segment, double max_loss, double level, double discordance, Need& need) {
  const double effective = std::max(1.0, segment.cases.least_effective());
  const auto n = static_cast<std::uint64_t>(effective);
  if (const auto power = stats::power_paired(n, {discordance, max_loss, 0.0, level, usual_power})) {
    need.passes = 1.0 - power->p_fail;
  }
  const double seen = max_loss + stats::smallest_margin(n, discordance, level, usual_power).value_or(1.0);
  need.says = seen < 1.0 ? "a loss of " + percent(seen) + " would be noticed four times of five"
                         : "no loss would be noticed reliably";
}

}  // namespace

void need_quality(const Plan& plan, const QualityRule& rule, const Earlier& measured, Needs& out) {
  if (!rule.per_suite) return add_quality(plan, rule, measured, std::nullopt, out);
  for (std::uint32_t suite = 0; suite < plan.head.suites.size(); ++suite) {
    add_quality(plan, rule, measured, suite, out);
  }
}

void need_segments(const Plan& plan, const SegmentsRule& rule, const Earlier& measured, Needs& out) {
  const std::vector<Segment> all = segments_of(plan, rule);
  const auto least = static_cast<std::uint64_t>(std::max(rule.min_cases, 1L));
  const auto tested = static_cast<std::size_t>(std::ranges::count_if(all, &Segment::tested));
  const double discordance = discordances(measured, std::nullopt).back();
  for (const Segment& segment : all) {
    Need need;
    need.rule = "segments " + segment.name;
    need.has = segment.cases.n();
    need.needs = least;
    need.limit = "max_loss";
    need.asks = rule.max_loss;
    if (segment.tested) {
      add_tested(segment, rule.max_loss, alpha_family / static_cast<double>(tested), discordance, need);
    } else {
      need.carry = segment.required ? Carry::cannot : Carry::can;
      need.says = segment.required ? "required, and has too few cases to be tested"
                                   : "too few cases to be tested: the exposure will leave it out";
    }
    out.push_back(std::move(need));
  }
  if (tested > 0) return;
  Need none{"segments", Carry::cannot, 0, least, "", {}, {}, {}, {}, "", true};
  none.says = "no segment has the " + std::to_string(least) + " cases (of more than one cluster) that a test takes";
  out.push_back(std::move(none));
}

}  // namespace headgate::gate
