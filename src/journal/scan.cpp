#include "headgate/journal/scan.hpp"

#include "decode.hpp"
#include "line.hpp"
#include "line_reader.hpp"

namespace headgate::journal {
namespace {

// Bad lines are only damage once a good one follows; until then they may be the torn tail.
class Judge {
 public:
  explicit Judge(ScanResult& result) : result_(result) {}

  void bad(std::size_t line, const char* why) {
    if (pending_.size() < JournalHealth::max_listed) pending_.push_back({line, why});
    ++pending_total_;
  }

  // A line whose checksum holds. False when its number was seen before: a copy, which counts for nothing.
  bool good(std::uint64_t sequence, std::uint64_t end) {
    for (JournalHealth::Damage& each : pending_) damage(std::move(each));
    result_.health.damaged_total += pending_total_ - pending_.size();
    const std::size_t lost = pending_total_;
    pending_.clear();
    pending_total_ = 0;
    result_.good_bytes = end;
    if (sequence < result_.next_sequence) {
      ++result_.health.repeats;
      return false;
    }
    const std::uint64_t missing = sequence - result_.next_sequence;
    if (missing > lost) result_.health.gaps += static_cast<std::size_t>(missing - lost);
    result_.next_sequence = sequence + 1;
    return true;
  }

  void damage(JournalHealth::Damage what) {
    ++result_.health.damaged_total;
    if (result_.health.damaged.size() < JournalHealth::max_listed) result_.health.damaged.push_back(std::move(what));
  }

 private:
  ScanResult& result_;
  std::vector<JournalHealth::Damage> pending_;
  std::size_t pending_total_ = 0;
};

const char* fault_of(const LineReader& reader, LineCheck& check) {
  if (reader.oversized()) return "a line too long for a record";
  check = check_line(reader.line());
  if (check.fault == nullptr && !reader.whole()) return "an unfinished line";
  return check.fault;
}

}  // namespace

Result<ScanResult> scan(const RandomAccessFile& file, const std::function<void(const RecordView&)>& each) {
  ScanResult result;
  result.total_bytes = file.size();
  Judge judge(result);
  LineReader reader(file);
  FactsDecoder decoder;
  for (std::size_t number = 1;; ++number) {
    HG_TRY(more, reader.next());
    if (!more) break;
    LineCheck check;
    if (const char* fault = fault_of(reader, check)) {
      judge.bad(number, fault);
      continue;
    }
    if (!judge.good(check.sequence, reader.offset() + reader.line().size() + 1)) continue;
    RecordView view;
    view.offset = reader.offset();
    view.sequence = check.sequence;
    view.line = reader.line();
    if (const char* fault = decoder.decode(view.line, each != nullptr, view)) {
      if (fault == FactsDecoder::other_format) {
        return failure(ErrorCode::untrusted, "the journal is of a format that this program does not read",
                       "a newer headgate wrote it; use that one");
      }
      judge.damage({number, fault});
      continue;
    }
    result.health.ended = view.type == RecordType::end;
    if (each) each(view);
  }
  result.health.torn_bytes = result.total_bytes - result.good_bytes;
  return result;
}

}  // namespace headgate::journal
