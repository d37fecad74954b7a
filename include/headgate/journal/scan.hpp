// Reading a journal back: every whole record once, what is damaged by line, and where the good part ends.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/file.hpp"
#include "headgate/domain/evidence.hpp"
#include "headgate/domain/reply.hpp"
#include "headgate/journal/record.hpp"

namespace headgate::journal {

// A result of what a grader asked is an answer, so that nobody takes it for a cell's own.
enum class RecordType { header, intent, failed_try, result, answer, grade, note, end };

// Facts of one record; texts are not decoded (read_result does).
struct RecordView {
  RecordType type = RecordType::note;
  std::uint64_t offset = 0;
  std::uint64_t sequence = 0;
  std::string_view line;  // without newline; valid during the call
  // intent, failed_try, result, answer, grade:
  CellIndex cell = 0;
  CallId call;
  Status status = Status::not_run;
  ErrorKind error = ErrorKind::none;
  Digest reply;
  std::optional<std::uint64_t> said;  // result: Observation::said_mark, where it is not the reply's own mark
  Digest graders;
  bool pass = false;
  bool fallback = false;  // result: somebody else than the route answered
  bool cached = false;    // result
  std::optional<double> score, latency_ms, cost_usd, first_token_ms;
  std::optional<double> reserve_usd;  // intent
  std::optional<double> spent_usd;    // failed_try, result, answer
  std::uint32_t tries = 1;            // result, answer
  // grade:
  bool judged = false;
  bool fails_anyway = false;
  std::vector<Measure> measures;      // of all graders, by "<kind>.<name>", in the order recorded
  std::string label, expected_label;  // of the first grader that classifies
  Digest facts;  // of status, reply, usage, cost (result) or of the grades (grade): what record digests are made of
  // header:
  Digest plan;
};

struct ScanResult {
  JournalHealth health;
  std::uint64_t good_bytes = 0;  // up to and including the last whole record
  std::uint64_t total_bytes = 0;
  std::uint64_t next_sequence = 0;
};

// Calls `each` for every whole, intact record in file order. A bad line before a good one is damage; bytes after the
// last good line are a torn tail, which is normal. Fails with environment when the file cannot be read, and with
// untrusted when its header is of another version of the format; such a file is never touched. `each` may be null: then
// only what recovery needs is looked at.
Result<ScanResult> scan(const RandomAccessFile& file, const std::function<void(const RecordView&)>& each);

// The answer recorded at that offset.
struct RecordedAnswer {
  CallId call;
  std::string ask;  // the key within the cell
  JsonText answer;  // absent where there is an error
  CallError error;
};
Result<RecordedAnswer> read_answer(const RandomAccessFile& file, std::uint64_t offset);

// The failed try recorded at that offset.
struct RecordedTry {
  CallId call;
  std::string ask;  // empty: of the cell's own call
  FailedTry what;
};
Result<RecordedTry> read_try(const RandomAccessFile& file, std::uint64_t offset);
// Where the failed tries of each cell stand, in the order recorded. One pass over the file, texts unread.
Result<std::map<CellIndex, std::vector<std::uint64_t>>> find_tries(const RandomAccessFile& file);

// The outcome recorded at that offset (a result record), for quoting and for resuming into another plan.
Result<Outcome> read_result(const RandomAccessFile& file, std::uint64_t offset);
// What it took to get there (of any result record).
Result<CallFacts> read_call_facts(const RandomAccessFile& file, std::uint64_t offset);

using RecordedGrade = GradeFacts::One;
// The grade record at that offset, also where it says that the cell could not be graded.
Result<GradeFacts> read_grade(const RandomAccessFile& file, std::uint64_t offset);
Result<std::vector<RecordedGrade>> read_grades(const RandomAccessFile& file, std::uint64_t offset);

}  // namespace headgate::journal
