#include "reply_index.hpp"

#include <algorithm>

namespace headgate::route {

std::uint64_t reply_key(std::string_view case_id, std::uint32_t trial) {
  std::uint64_t hash = 0xCBF29CE484222325ULL ^ trial;  // FNV-1a, then mixed
  for (const char c : case_id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  hash = (hash ^ (hash >> 27U)) * 0x94D049BB133111EBULL;
  return hash ^ (hash >> 31U);
}

void ReplyIndex::sort() {
  entries_.shrink_to_fit();
  std::sort(entries_.begin(), entries_.end(), [](const ReplyEntry& a, const ReplyEntry& b) {
    return a.key != b.key ? a.key < b.key : a.file_and_offset < b.file_and_offset;
  });
}

std::span<const ReplyEntry> ReplyIndex::find(std::uint64_t key) const {
  const auto less = [](const ReplyEntry& entry, std::uint64_t wanted) { return entry.key < wanted; };
  const auto first = std::lower_bound(entries_.begin(), entries_.end(), key, less);
  auto last = first;
  while (last != entries_.end() && last->key == key) ++last;
  return std::span(entries_).subspan(static_cast<std::size_t>(first - entries_.begin()),
                                     static_cast<std::size_t>(last - first));
}

}  // namespace headgate::route
