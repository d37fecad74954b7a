// What the gate says, and why.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "headgate/base/digest.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/domain/sections.hpp"

namespace headgate {

enum class Verdict { pass, fail, inconclusive };
enum class Outlook { eligible, not_eligible, inconclusive };
enum class Action { advance, narrow, collect_evidence, repair, reject };

// What the evidence says about one rule (once a suite where the rule is per suite; once a segment that matters).
struct Finding {
  std::string rule;                    // "quality"
  std::optional<std::string> suite;    // absent: pooled over several
  std::optional<std::string> segment;  // "steps=2"
  Verdict verdict = Verdict::inconclusive;
  std::string code;      // "quality_noninferior", "severe_new_failures", …: stable, for machines
  std::string sentence;  // one that a product manager understands
  std::optional<double> estimate;
  std::optional<double> lower;  // at the unspent alpha; may be infinite
  std::optional<double> upper;
  double alpha_pass = 0.025;
  double alpha_fail = 0.025;
  std::string method;  // "score_paired", "clopper_pearson", "deterministic", …
  std::string estimand = "population";
  std::size_t n = 0;
  std::optional<double> n_eff;
  std::size_t clusters = 0;
  std::optional<std::size_t> informative_clusters;
  std::optional<double> df;  // absent: normal
  std::optional<double> statistic;
  std::optional<double> p_pass;  // one-sided p for "not acceptable"
  std::optional<double> p_harm;  // adjusted (Holm) where the rule is a family
  std::optional<double> threshold;
  struct Discordant {
    std::size_t both = 0, candidate_only = 0, baseline_only = 0,
                neither = 0;  // a case passes when all its trials do, or as the rules reduce them
  };
  std::optional<Discordant> discordant;
  struct Missing {
    std::size_t candidate = 0, baseline = 0, both = 0;
  };
  std::optional<Missing> missing;  // pairs without a graded cell on that side, whatever the kind
  struct RouteErrors {
    std::size_t candidate = 0, baseline = 0;
  };
  std::optional<RouteErrors> route_errors;
  std::optional<std::size_t> needed_n;  // cases that would settle it, if the estimate holds
  std::vector<std::string> cases;       // that decide it, worst first; at most max_cases, cases_total counts all
  std::size_t cases_total = 0;
  std::vector<CaseIndex> items;  // the same cases by their place in the plan; not written, so absent in a decision read
  std::vector<std::string> notes;
  bool advisory = false;
  static constexpr std::size_t max_cases = 50;
};

struct Reason {
  std::string rule;
  Verdict verdict = Verdict::inconclusive;
  std::string code;
  std::string text;
  std::vector<std::string> cases;
};

struct ArmSummary {
  std::string route;
  Digest digest;
  std::size_t cells = 0, passed = 0, failed = 0, route_errors = 0, provider_errors = 0, ungraded = 0, not_run = 0;
  std::optional<double> score_mean;  // over graded cells; absent when there is none
};

struct Decision {
  std::string gate;
  std::string release_question;
  Stage stage = Stage::internal;
  Outlook answer = Outlook::inconclusive;
  std::vector<Stage> eligible_for;
  Action action = Action::collect_evidence;
  std::vector<Reason> reasons;  // the main one first
  std::vector<Finding> findings;
  std::vector<std::string> not_asked;   // rules this gate does not have
  std::vector<std::string> next_stage;  // what the next stage still lacks, item by item
  std::array<ArmSummary, 2> arms;
  std::vector<std::string> route_diff;
  std::vector<KnownFailure> known_failures;
  std::vector<std::string> notes;  // draft suites, uncounted attempts, damaged journal lines, no attribution, …
  struct Flips {
    std::size_t regressions = 0, improvements = 0;
  } flips;
  // Told, not decided on; each is empty where the evidence holds nothing of it.
  std::optional<TrialsSection> trials;
  std::vector<Classification> classification;  // by suite, baseline first
  std::vector<MeasureSummary> measures;        // by name
  std::vector<VariantAgreement> variants;
  std::vector<DuplicateReplies> duplicate_replies;
  Digest policy_digest;
  Digest records_digest;
  Digest plan_digest;
  std::vector<SuiteHead> suites;  // name, version, digest, cases, released are written
  bool rules_as_sealed = true;    // false: decided again under other rules
};

const char* name(Verdict verdict);
const char* name(Outlook answer);
const char* name(Action action);

}  // namespace headgate
