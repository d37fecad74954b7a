#include "feasibility.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "headgate/base/text.hpp"
#include "headgate/stats/binomial.hpp"
#include "headgate/stats/planning.hpp"

namespace headgate::cli {
namespace {

// The gate's own constants, as its pages state them.
constexpr double alpha = 0.025;
constexpr double severe_alpha = 0.05;
constexpr std::uint64_t least_effective_cases = 30;
constexpr std::size_t least_clusters = 20;
constexpr std::size_t least_shadow_cases = 20;
// Shares of cases on which two routes differ, as seen in practice: near relatives, and different models.
constexpr double few_differ = 0.1;
constexpr double many_differ = 0.2;

std::string points(double fraction) { return percent(fraction, 1); }

struct Sample {
  std::size_t n = 0;
  std::set<std::string> clusters;
  bool shares_clusters() const { return clusters.size() < n; }

  void add(const Case& item) {
    ++n;
    clusters.insert(item.cluster.empty() ? "\n" + item.id : item.cluster);
  }
};

template <class Wanted>
Sample sample(const Plan& plan, Wanted wanted) {
  Sample found;
  for (const auto& item : plan.cases) {
    if (wanted(item)) found.add(item);
  }
  return found;
}

bool is_random(const Case& item) { return item.sampling == Sampling::random; }

std::string cluster_words(const Sample& cases) {
  return cases.shares_clusters() ? "; they share " + plural(cases.clusters.size(), "cluster") + ", so it may take more"
                                 : "";
}

// What every test of a mean asks: effective cases and clusters. True where that already settles the matter.
bool too_small(const Sample& cases, Need& need) {
  if (cases.n < least_effective_cases) {
    need.carry = Carry::cannot;
    need.needs = std::max(need.needs.value_or(0), least_effective_cases);
    need.says = plural(cases.n, "case") + " where at least " + std::to_string(least_effective_cases) + " must count";
    return true;
  }
  if (cases.shares_clusters() && cases.clusters.size() < least_clusters) {
    need.carry = Carry::cannot;
    need.says = plural(cases.clusters.size(), "cluster") + " of cases where at least " +
                std::to_string(least_clusters) + " must be independent";
    return true;
  }
  return false;
}

Need quality(const Plan& plan, const QualityRule& rule, const std::string& suite, std::uint32_t index) {
  const Sample cases = [&] {
    Sample found;
    for (std::size_t i = 0; i < plan.cases.size(); ++i) {
      if (is_random(plan.cases[i]) && (suite.empty() || plan.case_suite[i] == index)) found.add(plan.cases[i]);
    }
    return found;
  }();
  Need need{suite.empty() ? "quality" : "quality suite=" + suite, Carry::can, cases.n, std::nullopt, {}, true};
  const double margin = rule.max_loss.value_or(0.0);
  if (rule.max_loss) {
    need.needs = stats::plan_n_paired({few_differ, margin, 0.0, alpha, 0.8});
  }
  if (too_small(cases, need)) return need;
  const double near = stats::smallest_margin(cases.n, few_differ).value_or(1.0);
  const double far = stats::smallest_margin(cases.n, many_differ).value_or(1.0);
  const std::string carries = plural(cases.n, "case") + (cases.n == 1 ? " carries " : " carry ");
  if (rule.min_gain) {
    need.says = "to show a gain of " + points(*rule.min_gain) + ", " + plural(cases.n, "case") +
                " need a candidate that is better by about " + points(*rule.min_gain + near) +
                " where the routes differ on 10 % of cases, " + points(*rule.min_gain + far) + " on 20 %" +
                cluster_words(cases);
    return need;
  }
  need.says = carries + "max_loss " + shortest(std::stod(fixed(near, 3))) +
              " where the routes differ on 10 % of them, " + shortest(std::stod(fixed(far, 3))) +
              " on 20 %; the gate asks " + shortest(margin) + cluster_words(cases);
  if (margin < near) need.carry = Carry::hardly;
  return need;
}

Need floor(const Plan& plan, const FloorRule& rule) {
  const Sample cases = sample(plan, is_random);
  Need need{"floor", Carry::can, cases.n, stats::min_n_zero_failures(1.0 - rule.min_pass_rate, alpha), {}, true};
  if (!need.needs || cases.n < *need.needs) {
    need.carry = Carry::cannot;
    need.says = "even without a failure, " + plural(cases.n, "case") + " cannot show a pass rate of " +
                points(rule.min_pass_rate);
    return need;
  }
  const auto allowed = stats::max_failures_allowed(cases.n, 1.0 - rule.min_pass_rate, alpha);
  need.says = "at most " + std::to_string(std::max<std::int64_t>(allowed, 0)) + " of " + plural(cases.n, "case") +
              " may fail to show a pass rate of " + points(rule.min_pass_rate) + cluster_words(cases);
  return need;
}

Need severe(const Plan& plan, const SevereRule& rule) {
  const Sample cases = sample(plan, [&](const Case& item) {
    return item.severity == Severity::severe && (rule.severe_class == "*" || item.severe_class == rule.severe_class);
  });
  Need need{rule.severe_class == "*" ? "severe" : "severe severe_class=" + rule.severe_class,
            Carry::can,
            cases.n,
            1,
            {},
            !rule.max_rate};
  need.statistical = rule.max_rate.has_value();
  if (rule.max_rate) need.needs = stats::min_n_zero_failures(*rule.max_rate, severe_alpha);
  if (cases.n == 0) {
    need.carry = Carry::cannot;
    need.statistical = false;
    need.says = "there is no such case";
    return need;
  }
  if (!rule.max_rate) {
    need.says = plural(cases.n, "case") + "; no failure among them would still allow a true rate of up to " +
                points(stats::clopper_pearson({0.0, static_cast<double>(cases.n)}, severe_alpha)->upper);
    return need;
  }
  if (!need.needs || cases.n < *need.needs) need.carry = Carry::cannot;
  need.says = plural(cases.n, "case") + ", all clean, show a rate of at most " +
              points(stats::clopper_pearson({0.0, static_cast<double>(cases.n)}, severe_alpha)->upper) +
              "; the gate asks " + points(*rule.max_rate) + cluster_words(cases);
  return need;
}

Need must_pass(const Plan& plan, const MustPassRule& rule) {
  std::set<std::string> missing(rule.cases.begin(), rule.cases.end());
  const Sample cases = sample(plan, [&](const Case& item) {
    if (std::ranges::count(rule.cases, item.id) > 0) {
      missing.erase(item.id);
      return true;
    }
    return std::ranges::any_of(rule.tags, [&](const auto& tag) { return std::ranges::count(item.tags, tag) > 0; });
  });
  Need need{"must_pass", Carry::can, cases.n, 1, {}, false};
  if (!missing.empty() || cases.n == 0) {
    need.carry = Carry::cannot;
    const std::vector<std::string> names(missing.begin(), missing.end());
    need.says = missing.empty() ? "no case bears these tags" : "not among the cases: " + join_words(names);
    return need;
  }
  need.says = plural(cases.n, "case") + ", each of which must pass";
  return need;
}

// Values of one dimension with how many random cases bear each.
std::map<std::string, std::size_t> values_of(const Plan& plan, const std::string& dimension) {
  std::map<std::string, std::size_t> values;
  for (const auto& item : plan.cases) {
    if (!is_random(item)) continue;
    for (const auto& segment : item.segments) {
      if (segment.dimension == dimension) ++values[segment.value];
    }
  }
  return values;
}

void segments(const Plan& plan, const SegmentsRule& rule, std::vector<Need>& needs) {
  const auto least = static_cast<std::uint64_t>(std::max(rule.min_cases, 0L));
  for (const auto& dimension : rule.by) {
    for (const auto& [value, n] : values_of(plan, dimension)) {
      const std::string segment = dimension + "=" + value;
      Need need{"segments " + segment, Carry::can, n, least, {}, true};
      const bool required = std::ranges::count(rule.required, segment) > 0;
      if (n < least) {
        need.carry = required ? Carry::cannot : Carry::can;
        need.says = plural(n, "case") + ", fewer than min_cases " + std::to_string(least) +
                    (required ? ", and it is required" : ": not covered, the exposure will leave it out");
      } else {
        need.says = plural(n, "case") + ": a harm of about " +
                    points(rule.max_loss + stats::smallest_margin(n, few_differ).value_or(1.0)) + " would be noticed";
      }
      needs.push_back(std::move(need));
    }
  }
  for (const auto& segment : rule.required) {
    const std::string named = "segments " + segment;
    if (std::ranges::any_of(needs, [&](const Need& need) { return need.rule == named; })) continue;
    needs.push_back({named, Carry::cannot, 0, least, "required, and no case is of it", true});
  }
}

Need latency(const Plan& plan) {
  Need need{"latency", Carry::can, plan.cases.size(), stats::min_n_zero_failures(0.05, alpha), {}, true};
  if (need.has < need.needs.value_or(0)) need.carry = Carry::cannot;
  need.says = "a bound of the 95th percentile takes " + std::to_string(need.needs.value_or(0)) + " cases";
  return need;
}

Need errors(const Plan& plan, const RateRule& rule) {
  Need need{"errors", Carry::can, plan.cases.size(), stats::min_n_zero_failures(rule.max_rate, alpha), {}, true};
  if (!need.needs || need.has < *need.needs) need.carry = Carry::cannot;
  need.says = need.needs ? "an error rate of at most " + points(rule.max_rate) + " takes " +
                               std::to_string(*need.needs) + " cases without one"
                         : "no number of cases shows an error rate of 0";
  return need;
}

void evidence(const Plan& plan, std::vector<Need>& needs) {
  const auto& rules = plan.head.rules.evidence;
  const auto least = static_cast<std::uint64_t>(std::max(rules.min_cases, 0L));
  Need cases{"evidence min_cases", Carry::can, sample(plan, is_random).n, least, {}, true};
  if (cases.has < least) cases.carry = Carry::cannot;
  cases.says = plural(cases.has, "case") + " sampled at random, of at least " + std::to_string(least);
  needs.push_back(std::move(cases));

  if (rules.released) {
    std::vector<std::string> drafts;
    for (const auto& suite : plan.head.suites) {
      if (!suite.released) drafts.push_back(suite.name + "@" + suite.version);
    }
    Need released{"evidence released", drafts.empty() ? Carry::can : Carry::cannot, 0, std::nullopt, {}, false};
    released.says = drafts.empty() ? "every suite is released" : "not released: " + join_words(drafts);
    needs.push_back(std::move(released));
  }
  if (plan.head.partial) {
    needs.push_back({"evidence whole", Carry::cannot, plan.cases.size(), std::nullopt,
                     "a filter or limit leaves cases out", false});
  }
}

template <class Rule>
bool counts(const std::optional<Rule>& rule) {
  return rule && !rule->advisory;
}

std::vector<Need> all_needs(const Plan& plan) {
  const Rules& rules = plan.head.rules;
  std::vector<Need> needs;
  if (counts(rules.quality)) {
    if (rules.quality->per_suite) {
      for (std::uint32_t i = 0; i < plan.head.suites.size(); ++i) {
        needs.push_back(quality(plan, *rules.quality, plan.head.suites[i].name, i));
      }
    } else {
      needs.push_back(quality(plan, *rules.quality, {}, 0));
    }
  }
  if (counts(rules.floor)) needs.push_back(floor(plan, *rules.floor));
  for (const auto& rule : rules.severe) {
    if (!rule.advisory) needs.push_back(severe(plan, rule));
  }
  if (counts(rules.must_pass)) needs.push_back(must_pass(plan, *rules.must_pass));
  if (counts(rules.segments)) {
    std::vector<Need> of_segments;
    segments(plan, *rules.segments, of_segments);
    std::ranges::move(of_segments, std::back_inserter(needs));
  }
  if (counts(rules.latency)) needs.push_back(latency(plan));
  if (counts(rules.errors)) needs.push_back(errors(plan, *rules.errors));
  evidence(plan, needs);
  return needs;
}

std::string named(const std::vector<Need>& needs, Carry carry, bool shadow) {
  std::vector<std::string> names;
  for (const auto& need : needs) {
    if (need.carry == carry && !(shadow && need.statistical)) names.push_back(need.rule);
  }
  return join_words(names);
}

std::string headline(const Feasibility& all, const Plan& plan, bool shadow) {
  const std::string stage = name(plan.head.stage);
  switch (all.carry) {
    case Carry::can:
      return "This gate can say eligible for " + stage + ".";
    case Carry::hardly:
      return "This gate can say eligible for " + stage +
             ", but hardly for a candidate that is only as good: " + named(all.needs, Carry::hardly, shadow) + ".";
    case Carry::cannot:
      return "This gate cannot say eligible for " + stage + ": " + named(all.needs, Carry::cannot, shadow) + ".";
  }
  return {};
}

}  // namespace

const char* name(Carry carry) {
  switch (carry) {
    case Carry::can:
      return "can";
    case Carry::hardly:
      return "hardly";
    case Carry::cannot:
      return "cannot";
  }
  return "";
}

Feasibility feasibility(const Plan& plan) {
  const bool shadow = plan.head.stage == Stage::shadow;
  Feasibility all{Carry::can, all_needs(plan), {}};
  if (shadow && plan.cases.size() < least_shadow_cases) {
    all.needs.push_back({"shadow", Carry::cannot, plan.cases.size(), least_shadow_cases,
                         "even shadow takes " + std::to_string(least_shadow_cases) + " measured cases", false});
  }
  for (const auto& need : all.needs) {
    if (!(shadow && need.statistical)) all.carry = std::max(all.carry, need.carry);
  }
  all.headline = headline(all, plan, shadow);
  return all;
}

}  // namespace headgate::cli
