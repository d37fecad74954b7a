// What a report shows besides the decision itself: texts of the cases that decide it. Built once, rendered many times.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/domain/decision.hpp"
#include "headgate/domain/evidence.hpp"

namespace headgate::report {

struct CellQuote {
  Status status = Status::not_run;
  ErrorKind error = ErrorKind::none;
  std::string text;  // the reply, or the error's message; hostile
  struct Why {
    std::string kind;
    bool pass = false;
    std::string reason;
    double score = 0.0;
    std::string label = {};  // the kind and what tells it from others of its cell; empty: the kind

    const std::string& shown() const { return label.empty() ? kind : label; }
  };
  std::vector<Why> grades;
  bool pass = false;  // where status is ok: by the suite's pass rule, over all grades
  // Of a call to a live route: what it took, and who answered.
  std::uint32_t tries = 1;
  double waited_ms = 0.0;  // until the last sending: queue, pauses, failed tries
  std::optional<double> first_token_ms = {}, spent_usd = {};
  std::string via = {};  // the fallback that answered; empty: the route itself
  bool cached = false;
  std::string request_id = {};  // the provider's
  struct Try {
    std::uint32_t number = 1;
    std::string ask = {};  // the question of a grader that was tried; empty: the call itself
    ErrorKind error = ErrorKind::none;
    int http_status = 0;  // 0: none
    double latency_ms = 0.0;
    std::string message = {};  // hostile
  };
  std::vector<Try> failed_tries = {};
};

struct CaseQuote {
  std::string id, suite, input, expected, severe_class;
  Severity severity = Severity::normal;
  std::vector<SegmentValue> segments;
  bool regression = false;
  CellQuote baseline, candidate;
  // What only the story of a single case tells; texts as in the plan.
  std::string vars, context;
  std::vector<std::string> tags;
  std::string cluster;
  Sampling sampling = Sampling::random;
  double weight = 1.0;
};

// "contains: has no \"x\"": who says it and why. Of an ungraded cell the reason alone, which names its grader itself.
std::string because(const CellQuote& cell, const CellQuote::Why& why);

// What a call took: "3 tries, waited 1.5 s, first token after 120 ms"; empty where there is nothing to tell.
std::string call_of(const CellQuote& cell);
// "server_error (HTTP 503) after 812 ms: …"
std::string failed_try(const CellQuote::Try& tried);
// "$0.0002325": all digits that are no noise of adding up.
std::string dollars(double amount);

// Reads one case's texts; nothing when they are gone. Implemented over a run folder (run/quotes.hpp).
using Quotes = std::function<std::optional<CaseQuote>(CaseIndex item, std::uint32_t trial)>;

// How long replies took. Measured, so it is told and never decided on; cases that were made to fall back are left out.
struct Times {
  std::size_t n = 0;  // replies with a known time
  double median_ms = 0.0, p95_ms = 0.0;
};
struct ArmTimes {
  Times reply, first_token;
  std::size_t cached = 0;  // replies of the response cache, which have no time of their own
};
std::array<ArmTimes, 2> times_of(const Evidence& evidence);  // by Arm

// What the replies of one trial on one arm cost and took, as far as that is known. Measured, so it is told and never
// decided on.
struct TrialTotals {
  double cost_usd = 0.0, seconds = 0.0;
  std::size_t costs = 0, times = 0;  // replies they are sums of
};
// By arm and trial; empty where each case has one trial.
std::array<std::vector<TrialTotals>, 2> trial_totals(const Evidence& evidence);

struct Story {
  std::vector<CaseQuote> severe;  // new severe failures, at most max_quoted
  std::vector<CaseQuote> flips;   // worst first, at most max_quoted
  std::size_t severe_total = 0;
  std::array<ArmTimes, 2> times = {};  // by Arm
  std::array<std::vector<TrialTotals>, 2> trials = {};
  static constexpr std::size_t max_quoted = 10;
};

Story tell(const Evidence& evidence, const Quotes& quotes);

// Measured facts that may differ between equal runs; shown, never decided on.
struct RunFacts {
  std::string run_id;
  std::string folder;  // as the user may type it
  double seconds = 0.0;
  std::size_t cells_run = 0, cells_reused = 0;
  std::size_t workers = 0;
  // Where this run only graded again what another one recorded: "of run X of 2026-11-20T12:00:00Z, graded again", and
  // what that changed.
  std::string origin = {}, changes = {};
  // Of a run with calls; all empty or absent otherwise.
  std::string stopped = {};  // why cells were left, one sentence
  std::string calls = {};    // "2,104 calls in 2,110 tries, $0.84 of $25.00; 12 s paused by the provider"
};

using Sink = std::function<void(std::string_view)>;

}  // namespace headgate::report
