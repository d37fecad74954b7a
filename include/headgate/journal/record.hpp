// Records of a run's journal: one JSON object a line, facts first, foreign text last, then the sequence number and a
// CRC-32C over everything before `,"_c"`. docs/journal.md is the page of the format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/domain/plan.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate::journal {

// Bodies are complete objects up to, but without, `,"q":…,"_c":"…"}\n`. They are built anywhere (workers); seal() adds
// the rest where the order is known.
std::string header_body(const Digest& plan_digest, std::string_view program_version);
// A cached reply is recorded without latencies.
std::string result_body(CellIndex cell, const CallId& call, std::string_view case_id, const CellRef& ref,
                        const Outcome& outcome);
// What it took to get there; shown, and never part of a record's facts.
struct CallFacts {
  std::uint32_t tries = 1;
  double waited_ms = 0.0;           // from the first wish to send to the last sending: queue, pauses, failed tries
  std::optional<double> spent_usd;  // what was counted against the budget for the tries of this record; absent: nothing
};
// The same for a worker that already has the reply's digest (unused for an error).
std::string result_body(CellIndex cell, const CallId& call, std::string_view case_id, const CellRef& ref,
                        const Outcome& outcome, const Digest& reply, const CallFacts& facts = {});
struct GradeFacts {
  ErrorKind error = ErrorKind::none;  // not none: ungraded
  std::string message;
  bool pass = false;
  double score = 0.0;
  struct One {
    std::string kind;
    bool pass = false;
    double score = 0.0;
    std::string reason;
    bool judged = false;
    std::vector<Measure> measures = {};
    std::string label = {}, expected_label = {};
  };
  std::vector<One> grades;
  bool judged = false, fails_anyway = false;  // as grade::GradedCell
};
// Measures with a longer name, or beyond this many a grade, are not recorded; longer labels are cut.
inline constexpr std::size_t max_measures = 64, max_measure_name_bytes = 64, max_label_bytes = 200;
std::string grade_body(CellIndex cell, const CallId& call, const Digest& reply, const Digest& graders,
                       const GradeFacts& facts);
// A call is about to be sent, for which somebody may be paid: the cell's own, or (`ask` not empty) one that a grader of
// the cell asks. An intent without a result was in flight when the run ended.
// `reserve_usd` is the most it is expected to cost, where a price is known.
std::string intent_body(CellIndex cell, const CallId& call, std::string_view ask = {},
                        std::optional<double> reserve_usd = {});
// A try that did not end its call: the call is tried again, or its fallback is. It settles the intent before it.
struct FailedTry {
  std::uint32_t number = 1;  // of the call, from 1
  ErrorKind error = ErrorKind::none;
  int http_status = 0;  // 0: none
  double latency_ms = 0.0;
  std::optional<double> spent_usd;  // it may have been billed
  std::string message;
};
std::string try_body(CellIndex cell, const CallId& call, std::string_view ask, const FailedTry& what);
// What a grader's question was answered: any JSON, or why there is none. A result record with `ask`.
std::string answer_body(CellIndex cell, const CallId& call, std::string_view ask, const JsonText& answer,
                        const CallFacts& facts = {});
std::string answer_body(CellIndex cell, const CallId& call, std::string_view ask, const CallError& error,
                        const CallFacts& facts = {});
std::string note_body(std::string_view what, std::string_view text);
std::string end_body(std::string_view why);

// Appends body, sequence number, checksum and newline.
void seal(std::string& out, std::string_view body, std::uint64_t sequence);

// A reader passes over longer lines; nothing longer may be recorded.
inline constexpr std::size_t max_record_bytes = (std::size_t{128} << 20) - (std::size_t{1} << 10);

inline constexpr std::size_t suffix_bytes = 18;  // ,"_c":"9f3a01bc"}\n

}  // namespace headgate::journal
