#include "line_reader.hpp"

#include <algorithm>

namespace headgate::journal {

// Reads a block that starts at the next line.
Result<void> LineReader::fill(std::size_t bytes) {
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, file_.size() - next_));
  block_.reserve(length + padding);
  HG_CHECK(file_.read(next_, length, block_));
  block_.resize(length + padding);
  block_start_ = next_;
  filled_ = length;
  return {};
}

Result<bool> LineReader::next() {
  oversized_ = false;
  offset_ = next_;
  if (next_ >= file_.size()) return false;
  if (next_ >= block_start_ + filled_) HG_CHECK(fill(block_bytes_));
  std::size_t wanted = block_bytes_;
  while (true) {
    const auto from = static_cast<std::size_t>(next_ - block_start_);
    const std::string_view rest = std::string_view(block_).substr(from, filled_ - from);
    const std::size_t end = rest.find('\n');
    const bool at_end = block_start_ + filled_ == file_.size();
    if (end != std::string_view::npos || at_end) {
      whole_ = end != std::string_view::npos;
      line_ = rest.substr(0, end);
      next_ += line_.size() + (whole_ ? 1 : 0);
      return true;
    }
    if (rest.size() > max_line_) {
      HG_CHECK(pass_over());
      return true;
    }
    if (from == 0) wanted = filled_ * 2;
    HG_CHECK(fill(wanted));
  }
}

Result<void> LineReader::pass_over() {
  oversized_ = true;
  line_ = {};
  whole_ = false;
  while (next_ < file_.size()) {
    HG_CHECK(fill(block_bytes_));
    const std::size_t end = std::string_view(block_).substr(0, filled_).find('\n');
    if (end != std::string_view::npos) {
      next_ += end + 1;
      whole_ = true;
      return {};
    }
    next_ += filled_;
  }
  return {};
}

}  // namespace headgate::journal
