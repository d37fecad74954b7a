// All that a decision needs: the plan's head, the facts of its cases, and one observation a cell. Compact on purpose:
// deciding again costs at most 200 bytes a cell.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "headgate/domain/plan.hpp"
#include "headgate/domain/recorded_by.hpp"
#include "headgate/domain/status.hpp"

namespace headgate {

// One cell in columns.
struct Observation {
  Status status = Status::not_run;
  ErrorKind error = ErrorKind::not_started;
  bool pass = false;            // meaningful where status is ok
  bool fallback = false;        // the reply is the fallback route's
  bool cached = false;          // the reply was kept from an earlier run
  bool judged = false;          // one of its grades is a judge's
  bool fails_anyway = false;    // and it would not pass even without the judges' grades
  std::optional<double> score;  // set exactly where status is ok
  std::optional<float> first_token_ms;
  std::optional<double> latency_ms;
  std::optional<double> cost_usd;
  Digest record;                 // of status, reply, grades, usage and cost (journal/fold.hpp says how); zero: not run
  std::uint64_t reply_mark = 0;  // the first bytes of the reply's digest: which reply a grade is of
  std::uint64_t said_mark = 0;   // the same of its text and tool calls alone; 0: no reply, or its text was not kept
  std::uint64_t result_offset = 0;  // where the result stands in the journal; for quoting only
  std::uint64_t grade_offset = 0;
};

// Interned facts of the cases, by CaseIndex. Not the texts: those stay in plan.jsonl, at `plan_offset`.
class CaseTable {
 public:
  struct Facts {
    std::uint32_t suite = 0;
    std::uint32_t cluster = 0;   // dense; equal exactly where suite and cluster name are equal, else unique
    std::uint32_t segments = 0;  // index for segment_values()
    std::uint32_t tags = 0;      // index for tag_names()
    std::uint32_t severe_class = no_class;
    Severity severity = Severity::normal;
    Sampling sampling = Sampling::random;
    RecordedBy recorded_by = RecordedBy::nobody;  // by graders of its own
    double weight = 1.0;
    std::uint64_t plan_offset = 0;
    std::uint64_t expected_mark = 0;  // equal where the expected values are; 0: none
    CaseIndex variant_of = no_case;   // of the same suite; set by link_variants()
  };
  static constexpr std::uint32_t no_class = 0xffffffff;
  static constexpr CaseIndex no_case = 0xffffffff;

  void reserve(std::size_t cases);
  // Takes the facts out of a case. Of its texts only the expected value is looked at; all may be absent.
  void add(const Case& item, std::uint32_t suite, std::uint64_t plan_offset);

  // Once all cases are there: finds the parent of each variant. One whose parent is not among the cases has none.
  void link_variants();
  bool has_variants() const { return !variants_.empty(); }

  std::size_t size() const { return facts_.size(); }
  const Facts& operator[](CaseIndex item) const { return facts_[item]; }
  std::string_view id(CaseIndex item) const;
  const std::vector<SegmentValue>& segment_values(std::uint32_t set) const { return segment_sets_[set]; }
  const std::vector<std::string>& tag_names(std::uint32_t set) const { return tag_sets_[set]; }
  const std::string& severe_class_name(std::uint32_t index) const { return classes_[index]; }
  std::size_t clusters() const { return clusters_; }
  std::optional<CaseIndex> find(std::string_view id) const;  // first with that id, in any suite; linear

 private:
  std::vector<Facts> facts_;
  std::string ids_;
  std::vector<std::uint32_t> id_ends_;
  std::vector<std::vector<SegmentValue>> segment_sets_;
  std::vector<std::vector<std::string>> tag_sets_;
  std::vector<std::string> classes_;
  std::unordered_map<std::string, std::uint32_t> segment_index_, tag_index_, class_index_, cluster_index_;
  std::vector<std::pair<CaseIndex, std::string>> variants_;  // and the id of what each rewords
  std::uint32_t clusters_ = 0;
};

// What graders measured besides their scores, one column a name. Nothing where no grader measures. Of more than
// max_measure_columns names the first by the alphabet are kept.
inline constexpr std::size_t max_measure_columns = 64;
struct MeasureColumn {
  std::string name;           // "judge.tone": the kind of the grader, and its own name for it
  std::vector<float> values;  // by CellIndex; NaN: not measured
};

// What a classification found, cell by cell. Empty where there is none.
struct LabelColumns {
  static constexpr std::uint16_t none = 0xffff;
  std::vector<std::string> names;              // sorted
  std::vector<std::uint16_t> given, expected;  // by CellIndex: index into names, or none
  bool too_many = false;                       // more names than an index can tell apart: then nothing is kept

  bool empty() const { return names.empty(); }
};

// What is wrong with the journal itself. Dropped records are cells that were not run.
struct JournalHealth {
  struct Damage {
    std::size_t line;
    std::string what;  // "checksum mismatch"
  };
  std::vector<Damage> damaged;  // at most max_listed; damaged_total counts all
  std::size_t damaged_total = 0;
  std::size_t repeats = 0;       // further ok results of a call whose first stands
  std::size_t gaps = 0;          // missing sequence numbers
  std::size_t foreign = 0;       // records of calls that are not in the plan
  std::uint64_t torn_bytes = 0;  // of an unfinished last line
  bool ended = false;            // an `end` record closes it
  static constexpr std::size_t max_listed = 20;
};

struct Evidence {
  PlanHead plan;
  CaseTable cases;
  std::vector<Observation> observations;  // by CellIndex, exactly cells() of them
  std::vector<MeasureColumn> measures;    // sorted by name
  bool measures_left_out = false;         // there were more names than columns
  LabelColumns labels;
  JournalHealth journal;
  bool plan_intact = true;  // plan.jsonl still digests to what it says of itself

  std::span<const Observation> of_case(CaseIndex item) const {  // trials × 2, arms alternating
    const std::size_t width = plan.trials * std::size_t{2};
    return std::span(observations).subspan(item * width, width);
  }
  const Observation& at(CaseIndex item, std::uint32_t trial, Arm arm) const {
    return observations[cell_index({item, trial, arm}, plan.trials)];
  }
};

// Of the records of all cells in (suite, case, arm, trial) order, with latencies when a latency rule reads them.
Digest records_digest(const Evidence& evidence);

// Why a run may stop early. Handed to the runner by cli, made by the gate.
struct Stop {
  std::string reason;
};
using Stopper = std::function<std::optional<Stop>(CaseIndex, std::span<const Observation>)>;

}  // namespace headgate
