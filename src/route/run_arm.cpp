// An arm of an earlier run, replayed from its journal.
#include <algorithm>
#include <utility>

#include "headgate/base/cannot_read.hpp"
#include "headgate/base/file.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/scan.hpp"
#include "headgate/route/source.hpp"

namespace headgate::route {
namespace {

// What a case asks a route, as eight bytes of a digest: 64 bits tell an edited question from the old one.
std::uint64_t question_of(const Case& item) {
  Hasher hasher;
  hasher.field(item.input.text).field(item.vars.text).field(item.context.text);
  return hasher.finish().mark();
}

class RunArm : public RecordedReplies {
 public:
  struct Entry {
    std::uint32_t item = 0;
    std::uint32_t trial = 0;
    std::uint64_t offset = 0;
  };

  RunArm(std::shared_ptr<const RandomAccessFile> journal, CaseTable cases, std::vector<std::uint64_t> questions,
         std::vector<Entry> entries, Digest digest)
      : journal_(std::move(journal)),
        cases_(std::move(cases)),
        questions_(std::move(questions)),
        entries_(std::move(entries)),
        digest_(digest) {}

  Outcome find(const std::string& case_id, std::uint32_t trial) const override {
    const Entry* entry = entry_of(case_id, trial);
    return entry == nullptr ? missing(case_id, trial) : recorded(*entry);
  }

  Outcome reply_to(const Case& item, std::uint32_t trial) const override {
    const Entry* entry = entry_of(item.id, trial);
    if (entry == nullptr) return missing(item.id, trial);
    if (questions_[entry->item] == question_of(item)) return recorded(*entry);
    return CallError{ErrorKind::reply_missing,
                     "the earlier run asked case '" + item.id + "' something else: its input was changed since"};
  }

  std::size_t size() const override { return entries_.size(); }
  Digest digest() const override { return digest_; }

 private:
  static Outcome missing(const std::string& case_id, std::uint32_t trial) {
    return CallError{ErrorKind::reply_missing,
                     "the earlier run has no reply for case '" + case_id + "', trial " + std::to_string(trial)};
  }

  Outcome recorded(const Entry& entry) const {
    Result<Outcome> outcome = journal::read_result(*journal_, entry.offset);
    if (!outcome && outcome.error().code == ErrorCode::environment) throw CannotRead(outcome.error().message);
    if (!outcome) return CallError{ErrorKind::reply_missing, std::move(outcome).error().message};
    return std::move(*outcome);
  }

  const Entry* entry_of(const std::string& case_id, std::uint32_t trial) const {
    const auto wanted = std::pair(std::string_view(case_id), trial);
    const auto found = std::lower_bound(
        entries_.begin(), entries_.end(), wanted,
        [&](const Entry& entry, const auto& name) { return std::pair(cases_.id(entry.item), entry.trial) < name; });
    if (found == entries_.end() || cases_.id(found->item) != case_id || found->trial != trial) return nullptr;
    return &*found;
  }

  std::shared_ptr<const RandomAccessFile> journal_;
  CaseTable cases_;
  std::vector<std::uint64_t> questions_;  // by case of the earlier run
  std::vector<Entry> entries_;  // by case id, then trial
  Digest digest_;
};

std::vector<RunArm::Entry> entries_of(const Evidence& evidence, Arm arm) {
  std::vector<RunArm::Entry> entries;
  for (CellIndex cell = 0; cell < evidence.observations.size(); ++cell) {
    const CellRef ref = cell_ref(cell, evidence.plan.trials);
    const Observation& seen = evidence.observations[cell];
    if (ref.arm != arm || seen.error == ErrorKind::not_started) continue;
    entries.push_back({ref.item, ref.trial, seen.result_offset});
  }
  std::sort(entries.begin(), entries.end(), [&](const auto& a, const auto& b) {
    return std::pair(evidence.cases.id(a.item), a.trial) < std::pair(evidence.cases.id(b.item), b.trial);
  });
  return entries;
}

// Of the replies and errors themselves, not of their grades or of the other arm.
Result<Digest> digest_of(const RandomAccessFile& file, const Evidence& evidence,
                         const std::vector<RunArm::Entry>& entries) {
  std::vector<std::pair<std::uint64_t, Digest>> facts;
  HG_TRY(scanned, journal::scan(file, [&](const journal::RecordView& record) {
           if (record.type != journal::RecordType::result || record.cell >= evidence.observations.size()) return;
           const Observation& seen = evidence.observations[record.cell];
           if (seen.error != ErrorKind::not_started && seen.result_offset == record.offset) {
             facts.emplace_back(record.offset, record.facts);
           }
         }));
  static_cast<void>(scanned);
  Hasher hasher;
  hasher.field("headgate/run_arm/1");
  for (const RunArm::Entry& entry : entries) {
    const auto found = std::lower_bound(facts.begin(), facts.end(), entry.offset,
                                        [](const auto& fact, std::uint64_t offset) { return fact.first < offset; });
    hasher.field(evidence.cases.id(entry.item)).field(entry.trial);
    if (found != facts.end() && found->first == entry.offset) hasher.field(found->second);
  }
  return hasher.finish();
}

}  // namespace

Result<std::shared_ptr<const RecordedReplies>> open_run_arm(const std::string& run_folder, Arm arm) {
  HG_TRY(evidence, journal::read_evidence(run_folder));
  HG_TRY(file, RandomAccessFile::open(join_path(run_folder, "journal.jsonl")));
  std::vector<RunArm::Entry> entries = entries_of(evidence, arm);
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const auto& [a, b] = std::pair(entries[i - 1], entries[i]);
    if (evidence.cases.id(a.item) == evidence.cases.id(b.item) && a.trial == b.trial) {
      return failure(ErrorCode::input, "two suites of '" + run_folder + "' have a case '" +
                                           std::string(evidence.cases.id(a.item)) +
                                           "', so its reply is not known by name");
    }
  }
  HG_TRY(digest, digest_of(*file, evidence, entries));
  HG_TRY(plan, journal::read_plan(run_folder));
  std::vector<std::uint64_t> questions;
  questions.reserve(plan.cases.size());
  for (const Case& item : plan.cases) questions.push_back(question_of(item));
  return std::shared_ptr<const RecordedReplies>(std::make_shared<RunArm>(
      file, std::move(evidence.cases), std::move(questions), std::move(entries), digest));
}

}  // namespace headgate::route
