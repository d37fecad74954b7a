#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "headgate/base/cannot_read.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/route/source.hpp"
#include "reply_index.hpp"
#include "reply_line.hpp"

namespace headgate::route {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t excerpt_bytes = 200;
constexpr std::size_t max_files = 0xffff;
constexpr std::size_t max_line_bytes = std::size_t{64} << 20;  // of one recorded reply

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

Error complaint(const std::string& path, std::size_t number, std::string_view line, std::string message,
                std::string hint) {
  Place place{path, number, 1, std::string(line.substr(0, excerpt_bytes)), 1};
  return {ErrorCode::input, std::move(message), std::move(place), std::move(hint)};
}

LineDecoder& decoder_of_this_thread() {
  thread_local LineDecoder decoder;
  return decoder;
}

class ReplyFiles : public RecordedReplies {
 public:
  explicit ReplyFiles(ReplyFields fields) : fields_(std::move(fields)) { hash_meanings(); }

  void open(const std::string& path, Complaints& complaints);
  void close_index(Complaints& complaints);

  Outcome find(const std::string& case_id, std::uint32_t trial) const override;
  std::size_t size() const override { return index_.size(); }
  Digest digest() const override { return digest_; }

 private:
  // What a map makes of a line is said by the route file, not by the bytes of the recording.
  void hash_meanings();

  struct Source {
    std::string path;
    std::shared_ptr<const RandomAccessFile> file;
  };
  struct Twice {
    ReplyEntry first, second;
    LineName name;
  };

  void add(std::uint64_t offset, std::size_t number, std::string_view line, Complaints& complaints);
  std::vector<Twice> find_twice() const;
  void complain(const std::vector<Twice>& twice, Complaints& complaints) const;
  // The line of an entry and whose it is; false when the file is no longer what it was.
  bool read(const ReplyEntry& entry, LineDecoder& decoder, LineName& name) const;

  ReplyFields fields_;
  std::vector<Source> sources_;
  ReplyIndex index_;
  Hasher hasher_;
  Digest digest_;
};

void ReplyFiles::hash_meanings() {
  for (std::size_t i = 0; i < std::size(all_fields); ++i) {
    const ReplyFields::From& from = fields_.*all_fields[i];
    if (from.map.empty() && from.constant.absent()) continue;
    hasher_.field(i).field(from.pointer).field(from.constant.text).field(from.map.size());
    for (const auto& [found, meant] : from.map) hasher_.field(found).field(meant.text);
  }
}

void ReplyFiles::open(const std::string& path, Complaints& complaints) {
  if (sources_.size() >= max_files) {
    complaints.add(complaint(path, 0, {}, "more than " + std::to_string(max_files) + " files of replies", {}));
    return;
  }
  Result<std::shared_ptr<const RandomAccessFile>> file = RandomAccessFile::open(path);
  if (!file) {
    complaints.add(std::move(file).error());
    return;
  }
  sources_.push_back({path, *file});
  Hasher bytes;
  std::size_t number = 0;
  const std::size_t before = index_.size();
  const std::size_t complaints_before = complaints.total();
  const Result<void> read = for_each_line(
      **file,
      [&](std::uint64_t offset, std::string_view line) {
        bytes.bytes(line);
        if (offset + line.size() < (*file)->size()) bytes.bytes("\n");
        ++number;
        if (offset == 0 && line.starts_with(byte_order_mark)) {
          offset += byte_order_mark.size();
          line.remove_prefix(byte_order_mark.size());
        }
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (!is_blank(line)) add(offset, number, line, complaints);
        return true;
      },
      max_line_bytes);
  if (!read) {
    Error error = complaint(path, number + 1, {}, read.error().message, read.error().hint);
    error.code = read.error().code;
    complaints.add(std::move(error));
  }
  if (index_.size() == before && complaints.total() == complaints_before) {
    complaints.add(complaint(path, 0, {}, "no replies are recorded here", {}));
  }
  hasher_.field(bytes.finish());
}

void ReplyFiles::add(std::uint64_t offset, std::size_t number, std::string_view line, Complaints& complaints) {
  LineDecoder& decoder = decoder_of_this_thread();
  const std::string& path = sources_.back().path;
  if (!decoder.parse(line)) {
    const std::size_t before = complaints.total();
    TextLimits limits;
    limits.max_depth = LineDecoder::max_depth;
    const bool strict = parse_json(path, std::string(line), complaints, number, limits).has_value();
    if (strict || complaints.total() == before) {
      complaints.add(complaint(path, number, line, "a recorded reply is one JSON object a line", {}));
    }
    return;
  }
  if (const std::optional<std::string> key = decoder.repeated_key()) {
    complaints.add(complaint(path, number, line, "the key '" + *key + "' stands twice", "keep the one that is meant"));
    return;
  }
  if (const std::optional<std::string> what = decoder.unmapped(fields_)) {
    complaints.add(complaint(path, number, line, *what, "add it to the map in fields of the route"));
    return;
  }
  LineName name;
  if (const char* why = decoder.name(fields_, name)) {
    complaints.add(complaint(path, number, line, why, "`fields:` says where the case id and the trial stand"));
    return;
  }
  const std::uint64_t place = (std::uint64_t{sources_.size() - 1} << ReplyEntry::offset_bits) | offset;
  index_.add({reply_key(name.case_id, name.trial), place, static_cast<std::uint32_t>(line.size()), name.trial});
}

void ReplyFiles::close_index(Complaints& complaints) {
  digest_ = hasher_.finish();
  index_.sort();
  const std::vector<Twice> twice = find_twice();
  if (!twice.empty()) complain(twice, complaints);
}

bool ReplyFiles::read(const ReplyEntry& entry, LineDecoder& decoder, LineName& name) const {
  thread_local std::string line;
  if (const auto got = sources_[entry.file()].file->read(entry.offset(), entry.length, line); !got) {
    throw CannotRead(got.error().message);
  }
  return decoder.parse(line) && decoder.name(fields_, name) == nullptr;
}

std::vector<ReplyFiles::Twice> ReplyFiles::find_twice() const {
  std::vector<Twice> out;
  const std::span<const ReplyEntry> all = index_.all();
  LineDecoder& decoder = decoder_of_this_thread();
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    for (end = begin + 1; end < all.size() && all[end].key == all[begin].key;) ++end;
    if (end - begin == 1) continue;
    std::map<std::pair<std::string, std::uint32_t>, std::size_t> seen;
    for (std::size_t i = begin; i < end; ++i) {
      LineName name;
      if (!read(all[i], decoder, name)) continue;
      const auto [first, is_new] = seen.emplace(std::pair(name.case_id, name.trial), i);
      if (!is_new) out.push_back({all[first->second], all[i], name});
    }
  }
  return out;
}

// Line numbers are not kept for every reply; they are counted when somebody must hear of them.
void ReplyFiles::complain(const std::vector<Twice>& twice, Complaints& complaints) const {
  std::map<std::uint64_t, std::size_t> numbers;  // by file and offset
  for (const Twice& each : twice) numbers[each.first.file_and_offset] = numbers[each.second.file_and_offset] = 0;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    std::size_t number = 0;
    const Result<void> counted = for_each_line(
        *sources_[i].file,
        [&](std::uint64_t offset, std::string_view line) {
          ++number;
          if (offset == 0 && line.starts_with(byte_order_mark)) offset += byte_order_mark.size();
          const auto wanted = numbers.find((std::uint64_t{i} << ReplyEntry::offset_bits) | offset);
          if (wanted != numbers.end()) wanted->second = number;
          return true;
        },
        max_line_bytes);
    if (!counted) complaints.add(counted.error());
  }
  for (const Twice& each : twice) {
    const std::string first =
        sources_[each.first.file()].path + ":" + std::to_string(numbers[each.first.file_and_offset]);
    complaints.add(complaint(sources_[each.second.file()].path, numbers[each.second.file_and_offset], {},
                             "case '" + each.name.case_id + "', trial " + std::to_string(each.name.trial) +
                                 " is recorded twice; first at " + first,
                             "keep one of the two, or give them different trials"));
  }
}

Outcome ReplyFiles::find(const std::string& case_id, std::uint32_t trial) const {
  LineDecoder& decoder = decoder_of_this_thread();
  for (const ReplyEntry& entry : index_.find(reply_key(case_id, trial))) {
    LineName name;
    if (entry.trial != trial || !read(entry, decoder, name)) continue;
    if (name.case_id == case_id && name.trial == trial) return decoder.outcome(fields_);
  }
  return CallError{ErrorKind::reply_missing,
                   "no reply is recorded for case '" + case_id + "', trial " + std::to_string(trial)};
}

}  // namespace

std::shared_ptr<const RecordedReplies> open_reply_files(const std::vector<std::string>& paths,
                                                        const ReplyFields& fields, Complaints& complaints) {
  const std::size_t before = complaints.total();
  auto replies = std::make_shared<ReplyFiles>(fields);
  for (const std::string& path : paths) replies->open(path, complaints);
  try {
    replies->close_index(complaints);
  } catch (const CannotRead& trouble) {
    complaints.add({ErrorCode::environment, trouble.what(), {}, {}});
  }
  if (complaints.total() != before) return nullptr;
  return replies;
}

}  // namespace headgate::route
