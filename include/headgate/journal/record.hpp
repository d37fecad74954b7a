// Records of a run's journal: one JSON object a line, facts first, foreign text last, then the sequence number and a
// CRC-32C over everything before `,"_c"`. docs/journal.md is the page of the format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/domain/plan.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate::journal {

// Bodies are complete objects up to, but without, `,"q":…,"_c":"…"}\n`. They are built anywhere (workers); seal() adds
// the rest where the order is known.
std::string header_body(const Digest& plan_digest, std::string_view program_version);
std::string result_body(CellIndex cell, const CallId& call, std::string_view case_id, const CellRef& ref,
                        const Outcome& outcome);
// The same for a worker that already has the reply's digest (unused for an error).
std::string result_body(CellIndex cell, const CallId& call, std::string_view case_id, const CellRef& ref,
                        const Outcome& outcome, const Digest& reply);
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
  };
  std::vector<One> grades;
};
std::string grade_body(CellIndex cell, const CallId& call, const Digest& reply, const Digest& graders,
                       const GradeFacts& facts);
// A call is about to be sent, for which somebody may be paid: the cell's own, or (`ask` not empty) one that a grader of
// the cell asks. An intent without a result was in flight when the run ended.
std::string intent_body(CellIndex cell, const CallId& call, std::string_view ask = {});
// What a grader's question was answered: any JSON, or why there is none. A result record with `ask`.
std::string answer_body(CellIndex cell, const CallId& call, std::string_view ask, const JsonText& answer);
std::string answer_body(CellIndex cell, const CallId& call, std::string_view ask, const CallError& error);
std::string note_body(std::string_view what, std::string_view text);
std::string end_body(std::string_view why);

// Appends body, sequence number, checksum and newline.
void seal(std::string& out, std::string_view body, std::uint64_t sequence);

// A reader passes over longer lines; nothing longer may be recorded.
inline constexpr std::size_t max_record_bytes = (std::size_t{128} << 20) - (std::size_t{1} << 10);

inline constexpr std::size_t suffix_bytes = 18;  // ,"_c":"9f3a01bc"}\n

}  // namespace headgate::journal
