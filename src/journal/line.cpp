#include "line.hpp"

#include <charconv>

#include "headgate/base/digest.hpp"
#include "headgate/journal/record.hpp"

namespace headgate::journal {
namespace {

constexpr std::string_view checksum_key = ",\"_c\":\"";
constexpr std::size_t checksum_digits = 8;
constexpr std::size_t tail_bytes = suffix_bytes - 1;  // the newline is not part of a line
static_assert(tail_bytes == checksum_key.size() + checksum_digits + 2);

char hex_digit(std::uint32_t value) { return "0123456789abcdef"[value & 15U]; }

bool is_checksum(std::string_view digits, std::uint32_t checksum) {
  for (std::size_t i = 0; i < checksum_digits; ++i) {
    if (digits[i] != hex_digit(checksum >> (28U - 4U * i))) return false;
  }
  return true;
}

std::optional<std::uint64_t> sequence_of(std::string_view body) {
  const std::size_t digits = body.find_last_not_of("0123456789") + 1;
  if (digits == 0 || digits == body.size()) return std::nullopt;
  if (!body.substr(0, digits).ends_with(sequence_key)) return std::nullopt;
  std::uint64_t sequence = 0;
  const char* const end = body.data() + body.size();
  const auto read = std::from_chars(body.data() + digits, end, sequence);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return sequence;
}

}  // namespace

void append_checksum(std::string& out, std::size_t start) {
  const std::uint32_t checksum = crc32c(std::string_view(out).substr(start));
  out += checksum_key;
  for (std::size_t i = 0; i < checksum_digits; ++i) out += hex_digit(checksum >> (28U - 4U * i));
  out += "\"}\n";
}

LineCheck check_line(std::string_view line) {
  if (line.size() <= tail_bytes) return {"too short for a record"};
  const std::string_view body = line.substr(0, line.size() - tail_bytes);
  const std::string_view tail = line.substr(body.size());
  if (!tail.starts_with(checksum_key) || !tail.ends_with("\"}")) return {"no checksum"};
  if (!is_checksum(tail.substr(checksum_key.size(), checksum_digits), crc32c(body))) return {"checksum mismatch"};
  const std::optional<std::uint64_t> sequence = sequence_of(body);
  if (!sequence) return {"no sequence number"};
  return {nullptr, *sequence};
}

}  // namespace headgate::journal
