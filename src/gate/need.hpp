// Inside of feasibility: the cases a rule looks at, and one function a rule.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "headgate/gate/feasibility.hpp"

namespace headgate::gate {

// A rule that equal candidates pass less often than this hardly carries a decision.
inline constexpr double even_chance = 0.5;

// Cases as a sample: how many, and how many independent ones they may count as.
class Pool {
 public:
  void add(const Plan& plan, std::size_t item);

  std::size_t n() const { return n_; }
  std::size_t clusters() const { return alone_ + groups_.size(); }
  bool shares_clusters() const { return clusters() < n_; }
  bool weighted() const { return weighted_; }

  // Of a mean of these cases: at the worst each cluster counts as one case. At the best none is correlated, which the
  // test believes only of enough clusters.
  double least_effective() const;
  double most_effective() const;
  // The same for a share of cases, which knows no weights; without a single event it is always the least.
  double least_effective_share() const;

 private:
  struct Group {
    std::size_t cases = 0;
    double weight = 0.0;
  };
  std::size_t n_ = 0;
  std::size_t alone_ = 0;  // cases that are clusters of their own
  std::map<std::pair<std::uint32_t, std::string_view>, Group> groups_;
  double weight_ = 0.0, squares_ = 0.0, squares_alone_ = 0.0;
  double first_weight_ = 1.0;
  bool weighted_ = false;
};

template <class Wanted>
Pool pool(const Plan& plan, Wanted wanted) {
  Pool found;
  for (std::size_t item = 0; item < plan.cases.size(); ++item) {
    if (wanted(item)) found.add(plan, item);
  }
  return found;
}

// By case: whether it stands for traffic (sampled at random, not made to fall back).
std::vector<bool> random_in(const Plan& plan);
Pool random_pool(const Plan& plan);

// "; they share 30 clusters and count as 30 to 240 independent ones", or nothing.
std::string dependence(const Pool& cases);

// Asks of effective cases and clusters what every test of a mean does; where that settles the matter the need is
// finished and true returned.
bool too_small(const Pool& cases, Need& need);

// Whether a rate of at most `max_rate` can be shown whatever happens, at a one-sided level.
bool can_show(const Pool& cases, double max_rate, double level);
// Events that still show it, at the least effective size; -1: none may happen and that is not enough.
std::int64_t events_allowed(const Pool& cases, double max_rate, double level);

// Shares on which the arms may differ, in the order they are shown; the last decides.
std::vector<double> discordances(const std::optional<Measured>& measured, const std::optional<std::string>& suite);

using Needs = std::vector<Need>;
using Earlier = std::optional<Measured>;

void need_quality(const Plan& plan, const QualityRule& rule, const Earlier& measured, Needs& out);
void need_segments(const Plan& plan, const SegmentsRule& rule, const Earlier& measured, Needs& out);
void need_floor(const Plan& plan, const FloorRule& rule, const Earlier& measured, Needs& out);
void need_severe(const Plan& plan, const SevereRule& rule, Needs& out);
void need_must_pass(const Plan& plan, const MustPassRule& rule, Needs& out);
void need_latency(const Plan& plan, const LatencyRule& rule, Needs& out);
void need_cost(const Plan& plan, const CostRule& rule, Needs& out);
void need_errors(const Plan& plan, const RateRule& rule, const Earlier& measured, Needs& out);
void need_fallback_rate(const Plan& plan, const RateRule& rule, Needs& out);
void need_evidence(const Plan& plan, Needs& out);

}  // namespace headgate::gate
