// The lines of a file of any size, whatever its bytes: blocks start where a line starts, and a line without end cannot
// fill the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "headgate/base/file.hpp"

namespace headgate::journal {

class LineReader {
 public:
  // A longer line is passed over and reported as `oversized`, with no text. The bound is a reply of 16 MiB whose every
  // byte needs an escape, and room for the rest.
  static constexpr std::size_t max_line_bytes = std::size_t{128} << 20;  // record.hpp keeps records below it
  // Readable bytes behind every line, as simdjson wants them.
  static constexpr std::size_t padding = 64;

  explicit LineReader(const RandomAccessFile& file, std::uint64_t from = 0, std::size_t block = std::size_t{1} << 20,
                      std::size_t max_line = max_line_bytes)
      : file_(file), block_bytes_(block), max_line_(max_line), block_start_(from), next_(from) {}

  // Moves to the next line; false at the end of the file.
  Result<bool> next();

  std::string_view line() const { return line_; }   // without newline; valid until next()
  std::uint64_t offset() const { return offset_; }  // of its first byte
  bool whole() const { return whole_; }             // a newline ends it
  bool oversized() const { return oversized_; }

 private:
  Result<void> fill(std::size_t bytes);
  Result<void> pass_over();

  const RandomAccessFile& file_;
  std::size_t block_bytes_;
  std::size_t max_line_;
  std::string block_;
  std::size_t filled_ = 0;         // bytes of the file in block_, without padding
  std::uint64_t block_start_ = 0;  // offset of block_ in the file
  std::uint64_t next_ = 0;         // offset of the next line
  std::string_view line_;
  std::uint64_t offset_ = 0;
  bool whole_ = false;
  bool oversized_ = false;
};

}  // namespace headgate::journal
