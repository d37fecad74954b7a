// What the rules look at: one case on one arm, its trials as one, with what is missing filled in either way.
//
// Nothing leaves the denominator. For a pass everything unknown counts against the candidate (its score 0, the
// baseline's 1), for a fail it counts for it, so no error can prove anything about quality.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "headgate/domain/decision.hpp"
#include "headgate/domain/evidence.hpp"
#include "headgate/gate/flips.hpp"

namespace headgate::gate {

enum class Completion { adverse, favourable };  // of the candidate

// An observation's status; one that calls itself ok without a score in [0, 1] was not graded.
Status status_of(const Observation& seen);
bool passed(const Observation& seen);
bool failed(const Observation& seen);  // graded, and did not pass; an error is neither

struct ArmOfCase {
  std::uint16_t graded = 0, passed = 0, route_errors = 0, provider_errors = 0, ungraded = 0, not_run = 0;
  double score_sum = 0.0;  // over graded trials; the same for every order of the trials

  std::uint32_t failed() const { return std::uint32_t{graded} - passed; }
};

// What the counters of ArmOfCase hold; a plan with more trials than this is a mistake of ours (asserted).
inline constexpr std::uint32_t max_trials = 0xffff;

// Borrows the evidence.
class View {
 public:
  explicit View(const Evidence& evidence) : View(evidence, evidence.plan.rules.reduce) {}
  // With trials reduced as these rules say, who may not be the plan's.
  View(const Evidence& evidence, const Reducer& reduce);

  const Evidence& evidence() const { return evidence_; }
  const Reducer& reduce() const { return reduce_; }
  std::uint32_t trials() const { return evidence_.plan.trials; }
  std::size_t cases() const { return evidence_.cases.size(); }
  const CaseTable::Facts& facts(CaseIndex item) const { return evidence_.cases[item]; }
  std::string id(CaseIndex item) const { return std::string(evidence_.cases.id(item)); }
  const ArmOfCase& of(CaseIndex item, Arm arm) const { return arms_[item * 2 + static_cast<std::size_t>(arm)]; }

  // Stands for traffic: sampled at random, and not made to fall back.
  bool is_random(CaseIndex item) const { return facts(item).sampling == Sampling::random && !is_forced(item); }
  bool is_forced(CaseIndex item) const { return !forced_.empty() && forced_[item]; }  // forced.hpp

  // Every trial graded, and enough of them to be reduced.
  bool complete(CaseIndex item, Arm arm) const { return of(item, arm).graded == trials() && reduce_.k <= trials(); }
  bool complete(CaseIndex item) const { return complete(item, Arm::baseline) && complete(item, Arm::candidate); }
  // Every trial of both arms says something about its route: a grade, or an error of the route's own.
  bool measured(CaseIndex item) const;
  // All trials pass. An errored cell is no pass of the candidate's, and no failure of the baseline's.
  bool all_pass(CaseIndex item, Arm arm) const;
  // The trials as reduced leave no doubt that it passes: value() is 1, errors counted against the candidate. By the
  // mean that is all_pass(), by the majority most of the trials.
  bool passes(CaseIndex item, Arm arm) const;

  // The trials, reduced.
  double value(CaseIndex item, Arm arm, Metric metric, Completion completion) const;
  // Candidate minus baseline.
  double difference(CaseIndex item, Metric metric, Completion completion) const;

  const ArmSummary& summary(Arm arm) const { return summaries_[static_cast<std::size_t>(arm)]; }

 private:
  const Evidence& evidence_;
  Reducer reduce_;
  std::vector<ArmOfCase> arms_;  // case * 2 + arm
  std::vector<bool> forced_;     // empty where there is none
  ArmSummary summaries_[2];
};

// The cases that stand for traffic; in one suite, or in all.
std::vector<CaseIndex> random_cases(const View& view, std::optional<std::uint32_t> suite = std::nullopt);
std::vector<CaseIndex> all_cases(const View& view);
// Without those that were made to fall back.
std::vector<CaseIndex> unforced_cases(const View& view);

// Pairs without a graded cell on a side, and route errors, among these cases; absent when there are none.
std::optional<Finding::Missing> missing_pairs(const View& view, std::span<const CaseIndex> cases);
std::optional<Finding::RouteErrors> route_errors(const View& view, std::span<const CaseIndex> cases);
Finding::Discordant discordance(const View& view, std::span<const CaseIndex> cases);

// As flips(const Evidence&), where a view is there already.
std::vector<Flip> flips(const View& view);

}  // namespace headgate::gate
