// Where each recorded reply stands: 24 bytes a reply, sorted by a hash of its name. Names are not kept; whoever finds
// an entry reads the line and looks.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace headgate::route {

struct ReplyEntry {
  std::uint64_t key = 0;              // hash of case id and trial
  std::uint64_t file_and_offset = 0;  // 16 bits, 48 bits
  std::uint32_t length = 0;
  std::uint32_t trial = 0;

  static constexpr unsigned offset_bits = 48;
  std::size_t file() const { return static_cast<std::size_t>(file_and_offset >> offset_bits); }
  std::uint64_t offset() const { return file_and_offset & ((std::uint64_t{1} << offset_bits) - 1); }
};
static_assert(sizeof(ReplyEntry) == 24);

// Spreads well enough to find with; equal keys are told apart by reading.
std::uint64_t reply_key(std::string_view case_id, std::uint32_t trial);

class ReplyIndex {
 public:
  void add(const ReplyEntry& entry) { entries_.push_back(entry); }
  void sort();  // by key, then by place; call once, before find
  // All entries under that key, which may be of other names too.
  std::span<const ReplyEntry> find(std::uint64_t key) const;
  std::span<const ReplyEntry> all() const { return entries_; }
  std::size_t size() const { return entries_.size(); }

 private:
  std::vector<ReplyEntry> entries_;
};

}  // namespace headgate::route
