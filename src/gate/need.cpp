#include "need.hpp"

#include <algorithm>
#include <cmath>

#include "headgate/base/text.hpp"
#include "headgate/gate/forced.hpp"
#include "headgate/stats/binomial.hpp"
#include "headgate/stats/clusters.hpp"
#include "headgate/stats/planning.hpp"
#include "judgement.hpp"

namespace headgate::gate {

void Pool::add(const Plan& plan, std::size_t item) {
  const Case& added = plan.cases[item];
  if (n_ == 0) first_weight_ = added.weight;
  weighted_ = weighted_ || added.weight != first_weight_;
  ++n_;
  weight_ += added.weight;
  squares_ += added.weight * added.weight;
  if (added.cluster.empty()) {
    ++alone_;
    squares_alone_ += added.weight * added.weight;
    return;
  }
  Group& group = groups_[{plan.case_suite[item], added.cluster}];
  ++group.cases;
  group.weight += added.weight;
}

double Pool::least_effective() const {
  if (!weighted_) return least_effective_share();
  double squares = squares_alone_;
  for (const auto& [key, group] : groups_) squares += group.weight * group.weight;
  return weight_ * weight_ / squares;
}

double Pool::most_effective() const {
  if (n_ == 0) return 0.0;
  const bool always_guarded = shares_clusters() && clusters() < stats::trusted_informative_clusters;
  if (always_guarded) return least_effective();
  return weighted_ ? weight_ * weight_ / squares_ : static_cast<double>(n_);
}

double Pool::least_effective_share() const {
  if (n_ == 0) return 0.0;
  double squares = static_cast<double>(alone_);
  for (const auto& [key, group] : groups_) squares += static_cast<double>(group.cases * group.cases);
  return static_cast<double>(n_ * n_) / squares;
}

std::vector<bool> random_in(const Plan& plan) {
  const std::vector<bool> forced = forced_in(plan);
  std::vector<bool> random(plan.cases.size());
  for (std::size_t item = 0; item < plan.cases.size(); ++item) {
    random[item] = plan.cases[item].sampling == Sampling::random && (forced.empty() || !forced[item]);
  }
  return random;
}

Pool random_pool(const Plan& plan) {
  const std::vector<bool> random = random_in(plan);
  return pool(plan, [&](std::size_t item) { return random[item]; });
}

std::string dependence(const Pool& cases) {
  if (!cases.shares_clusters()) return "";
  const std::string least = fixed(std::floor(cases.least_effective()), 0);
  const std::string most = fixed(std::floor(cases.most_effective()), 0);
  return "; they share " + plural(cases.clusters(), "cluster") + " and count as " +
         (least == most ? least : least + " to " + most) + " independent ones";
}

bool too_small(const Pool& cases, Need& need) {
  const auto least = static_cast<std::uint64_t>(min_effective_cases);
  if (cases.most_effective() < min_effective_cases) {
    need.carry = Carry::cannot;
    need.needs = std::max(need.needs.value_or(0), least);
    need.says = plural(cases.n(), "case") + " where at least " + std::to_string(least) +
                " independent ones must count" + dependence(cases);
    if (cases.weighted()) need.says += "; unequal weights make them count as " + fixed(cases.most_effective(), 1);
    return true;
  }
  if (cases.shares_clusters() && cases.clusters() < min_clusters) {
    need.carry = Carry::cannot;
    need.says = plural(cases.clusters(), "cluster") + " of cases where at least " + std::to_string(min_clusters) +
                " must be independent";
    return true;
  }
  return false;
}

bool can_show(const Pool& cases, double max_rate, double level) {
  const auto within = [&](double events, double n) {
    const auto bounds = stats::clopper_pearson({events, n}, level);
    return bounds && bounds->upper <= max_rate;
  };
  if (within(0.0, cases.least_effective_share())) return true;
  // Many events in many clusters can show that cases of a cluster are not alike.
  const auto informative = static_cast<double>(stats::trusted_informative_clusters);
  return cases.shares_clusters() && cases.clusters() >= stats::trusted_informative_clusters &&
         within(informative, static_cast<double>(cases.n()));
}

std::int64_t events_allowed(const Pool& cases, double max_rate, double level) {
  return stats::max_failures_allowed(static_cast<std::uint64_t>(cases.least_effective_share()), max_rate, level);
}

std::vector<double> discordances(const std::optional<Measured>& measured, const std::optional<std::string>& suite) {
  if (measured) {
    if (const auto* pairs = measured->of(suite)) return {pairs->discordance};
  }
  return {std::begin(stats::usual_discordances), std::end(stats::usual_discordances)};
}

}  // namespace headgate::gate
