// Versions of suites: MAJOR.MINOR.PATCH, ranges, and windows.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace headgate::suite {

struct SemVer {
  unsigned major = 0, minor = 0, patch = 0;
  friend auto operator<=>(const SemVer&, const SemVer&) = default;
  std::string text() const;
};

std::optional<SemVer> parse_version(std::string_view text);  // exactly three numbers

// "", "1.4.0", "1.4" (any patch), "^1.4", "~1.4.2", ">=1.2.0"; nothing when it is none of these.
class Range {
 public:
  static std::optional<Range> parse(std::string_view text);
  bool contains(const SemVer& version) const;

 private:
  SemVer least_, below_;
};

// In version V exactly when since <= V and not (retired <= V).
struct Window {
  std::optional<SemVer> since;
  std::optional<SemVer> retired;
  bool contains(const SemVer& version) const;
  bool overlaps(const Window& other) const;
};

}  // namespace headgate::suite
