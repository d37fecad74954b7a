// Regular expressions over hostile text: RE2 only, so time is linear in the text, and memory is bounded.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace re2 {
class RE2;
}

namespace headgate::grade {

inline constexpr std::size_t max_pattern_memory = std::size_t{8} << 20;

// Immutable; one Pattern may be used by many threads.
class Pattern {
 public:
  struct Fault {
    std::size_t offset = 0;  // into the pattern
    std::string message;
    std::string hint;
  };

  static tl::expected<Pattern, Fault> compile(std::string_view pattern, bool fold_case = false);
  // The pattern that stands at `value`; a bad one is a complaint at the place of its fault.
  static std::optional<Pattern> compile(const Tree& tree, const Json& value, bool fold_case, Complaints& complaints);

  bool found_in(std::string_view text) const;
  bool covers(std::string_view text) const;  // from first to last character
  // The first group of the first (or last) match, or the whole match where there is no group.
  std::optional<std::string_view> group_in(std::string_view text, bool last) const;

  // Every match in turn, none inside another: the whole of it, and its first group (the whole where there is none).
  void each_in(std::string_view text,
               const std::function<void(std::string_view whole, std::string_view group)>& take) const;

  static std::string quote(std::string_view text);  // a pattern for exactly this text

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}
  // Shared because copies of a pattern are the same immutable program.
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace headgate::grade
