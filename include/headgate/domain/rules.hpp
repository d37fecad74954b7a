// What a gate demands. A rule that is absent was not asked; evidence rules have the defaults below.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/digest.hpp"

namespace headgate {

enum class Stage { shadow, internal, canary };
const char* name(Stage stage);
bool parse(std::string_view word, Stage& out);

enum class Metric { score, pass };  // the mean grader score of a cell, or its pass/fail as 1/0
const char* name(Metric metric);

struct QualityRule {
  Metric metric = Metric::score;
  std::optional<double> max_loss;  // [0, 1): non-inferiority margin
  std::optional<double> min_gain;  // [0, 1): superiority by at least this; exactly one of the two is set
  bool per_suite = false;
  bool advisory = false;
};

struct FloorRule {
  double min_pass_rate = 0.0;  // (0, 1)
  bool advisory = false;
};

struct SevereRule {
  std::string severe_class = "*";        // "*": every class together
  std::optional<long> max_new_failures;  // failing now, passing on the baseline
  std::optional<long> max_failures;
  std::optional<double> max_rate;  // (0, 1)
  bool advisory = false;
};

struct MustPassRule {
  std::vector<std::string> tags;   // any of them
  std::vector<std::string> cases;  // by id
  bool advisory = false;
};

struct SegmentsRule {
  std::vector<std::string> by;  // dimensions
  double max_loss = 0.0;        // [0, 1)
  long min_cases = 30;
  std::vector<std::string> required;  // "language=ja": too few cases there make the rule inconclusive
  bool advisory = false;
};

struct LatencyRule {
  double p95_max_ms = 0.0;
  bool advisory = false;
};

struct CostRule {
  double max_per_case_usd = 0.0;
  bool advisory = false;
};

struct RateRule {
  double max_rate = 0.0;  // [0, 1)
  bool advisory = false;
};

// A failure somebody answers for until a day. `active` is measured when the plan is sealed (its day against as_of).
struct KnownFailure {
  std::string case_id;
  std::string owner;
  std::string until;  // YYYY-MM-DD, inclusive
  std::string reason;
  bool active = true;
};

// How the trials of a case become one outcome. Severity does not listen: a severe case fails when any trial does.
struct Reducer {
  enum class Kind : std::uint8_t { mean, pass_at_k, pass_hat_k, majority, worst, best } kind = Kind::mean;
  std::uint32_t k = 1;  // of pass@k and pass^k; at most the trials
  std::string text() const;  // "mean", "pass^4"
  friend bool operator==(const Reducer&, const Reducer&) = default;
};
bool parse(std::string_view word, Reducer& out);
// Why so many trials cannot be reduced so ("pass^4 takes at least 4 trials, and there are 2"); empty: they can.
std::string reduce_problem(const Reducer& reduce, std::uint32_t trials);

// What a judge must have shown before a decision may rest on it.
struct JudgesRule {
  long min_labels = 50;
  double min_recall = 0.8;     // of replies that people failed: the lower bound must reach it
  double min_agreement = 0.8;  // of all labels: the lower bound must reach it
  friend bool operator==(const JudgesRule&, const JudgesRule&) = default;
};

struct EvidenceRules {
  long min_cases = 100;
  double provider_errors_max_rate = 0.02;
  double ungraded_max_rate = 0.02;
  bool released = false;  // asked only where written: no draft suites
  JudgesRule judges = {};  // where a judge is used
};

struct Rules {
  std::optional<QualityRule> quality;
  std::optional<FloorRule> floor;
  std::vector<SevereRule> severe;
  std::optional<MustPassRule> must_pass;
  std::optional<SegmentsRule> segments;
  std::optional<LatencyRule> latency;
  std::optional<CostRule> cost;
  std::optional<RateRule> errors;
  std::optional<RateRule> fallback_rate;  // of the candidate's cells, those made to fall back aside
  std::vector<KnownFailure> known_failures;
  Reducer reduce;
  EvidenceRules evidence;
};

// Of the rules' canonical JSON (codec.hpp) without what was measured (KnownFailure::active).
Digest policy_digest(const Rules& rules);

}  // namespace headgate
