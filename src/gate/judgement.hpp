// What one rule came to, before the rules are combined.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "view.hpp"

namespace headgate::gate {

// One-sided levels. A harmful candidate is admitted only if the rule it violates passes, so the largest of these bounds
// the false admissions of the whole gate, however many rules it has.
inline constexpr double alpha = 0.025;
inline constexpr double alpha_severe = 0.05;
inline constexpr double alpha_family = 0.05;  // harm in any segment, after Holm

// Below these the score test says nothing in either direction.
inline constexpr double min_effective_cases = 30.0;
inline constexpr std::size_t min_clusters = 20;
// Below this many values (clusters, where they are shared) the bounds of a mean cost cannot be trusted.
inline constexpr std::size_t min_costs = 200;

// What would settle an inconclusive verdict.
enum class Remedy { more_cases, repair };

struct Judgement {
  Finding finding;
  Remedy remedy = Remedy::more_cases;
  bool counted = true;                 // false: a detail of another finding, which is the one that counts
  bool carries_shadow = true;          // nothing in it stops exposure that no user sees
  std::vector<std::string> uncovered;  // segments with too few cases to have been tested
};

struct Context {
  const View& view;
  const Rules& rules;
  std::vector<bool> excused;  // by case: an active known failure; empty when there is none

  bool is_excused(CaseIndex item) const { return !excused.empty() && excused[item]; }
};

using Judgements = std::vector<Judgement>;

// One file each. They append one judgement, or one a suite, or one and its details.
void judge_quality(const Context& context, const QualityRule& rule, Judgements& out);
void judge_floor(const Context& context, const FloorRule& rule, Judgements& out);
void judge_severe(const Context& context, const SevereRule& rule, Judgements& out);
void judge_must_pass(const Context& context, const MustPassRule& rule, Judgements& out);
void judge_segments(const Context& context, const SegmentsRule& rule, Judgements& out);
void judge_latency(const Context& context, const LatencyRule& rule, Judgements& out);
void judge_cost(const Context& context, const CostRule& rule, Judgements& out);
void judge_errors(const Context& context, const RateRule& rule, Judgements& out);
void judge_fallback_rate(const Context& context, const RateRule& rule, Judgements& out);
void judge_evidence(const Context& context, Judgements& out);

// A finding of `rule` over these cases, with n, clusters, suite, missing pairs and route errors filled in.
Finding finding_over(const View& view, std::string rule, std::span<const CaseIndex> cases);

// Sets verdict and code, and whether the finding carries shadow: anything but a fail does.
void settle(Judgement& judgement, Verdict verdict, std::string code);

// Names the cases behind a finding, in the order given, at most Finding::max_cases.
void name_cases(Finding& finding, const View& view, std::span<const CaseIndex> cases);

}  // namespace headgate::gate
