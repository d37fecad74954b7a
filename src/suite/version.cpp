#include "headgate/suite/version.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace headgate::suite {
namespace {

constexpr std::size_t max_digits = 9;  // fits 32 bits
constexpr unsigned top = std::numeric_limits<unsigned>::max();

// One, two or three numbers with points between; without leading zeros, as in semantic versioning.
struct Numbers {
  std::array<unsigned, 3> value{};
  std::size_t count = 0;
};

std::optional<unsigned> parse_number(std::string_view digits) {
  if (digits.empty() || digits.size() > max_digits || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  unsigned value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

std::optional<Numbers> parse_numbers(std::string_view text) {
  Numbers out;
  while (out.count < 3) {
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::optional<unsigned> number = parse_number(text.substr(0, point));
    if (!number) return std::nullopt;
    out.value[out.count++] = *number;
    if (point == text.size()) return out;
    text.remove_prefix(point + 1);
  }
  return std::nullopt;
}

SemVer version_of(const Numbers& numbers) { return {numbers.value[0], numbers.value[1], numbers.value[2]}; }

// The first version beyond all that share the first `kept` numbers.
SemVer beyond(const SemVer& version, std::size_t kept) {
  if (kept == 0) return {top, top, top};
  if (kept == 1) return {version.major + 1, 0, 0};
  if (kept == 2) return {version.major, version.minor + 1, 0};
  return {version.major, version.minor, version.patch + 1};
}

// What "^" keeps: everything up to the first number that is not zero.
std::size_t kept_by_caret(const Numbers& numbers) {
  for (std::size_t i = 0; i < numbers.count; ++i) {
    if (numbers.value[i] != 0) return i + 1;
  }
  return numbers.count;
}

}  // namespace

std::string SemVer::text() const {
  return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
}

std::optional<SemVer> parse_version(std::string_view text) {
  const std::optional<Numbers> numbers = parse_numbers(text);
  if (!numbers || numbers->count != 3) return std::nullopt;
  return version_of(*numbers);
}

std::optional<Range> Range::parse(std::string_view text) {
  Range range;
  range.below_ = beyond({}, 0);
  if (text.empty()) return range;

  const std::size_t prefix = text.starts_with(">=") ? 2 : text[0] == '^' || text[0] == '~' ? 1 : 0;
  const std::optional<Numbers> numbers = parse_numbers(text.substr(prefix));
  if (!numbers) return std::nullopt;
  range.least_ = version_of(*numbers);
  if (prefix == 0) range.below_ = beyond(range.least_, numbers->count);
  if (text[0] == '^') range.below_ = beyond(range.least_, kept_by_caret(*numbers));
  if (text[0] == '~') range.below_ = beyond(range.least_, std::min<std::size_t>(numbers->count, 2));
  return range;
}

bool Range::contains(const SemVer& version) const { return least_ <= version && version < below_; }

bool Window::contains(const SemVer& version) const {
  return (!since || *since <= version) && !(retired && *retired <= version);
}

bool Window::overlaps(const Window& other) const {
  const SemVer start = std::max(since.value_or(SemVer{}), other.since.value_or(SemVer{}));
  const SemVer end = std::min(retired.value_or(SemVer{top, top, top}), other.retired.value_or(SemVer{top, top, top}));
  return start < end;
}

}  // namespace headgate::suite
