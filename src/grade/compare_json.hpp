// Two JSON values compared as loosely as a grader is told to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decimal.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/json.hpp"
#include "verdict.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_compared_values =
    4'000'000;  // for one reply: lists in any order are tried pair by pair

struct JsonComparison {
  Tolerance tolerance;                            // of numbers
  bool any_order = false;                         // of the members of lists
  bool extra_keys = false;                        // objects may have keys that nobody asked for
  std::vector<std::vector<std::string>> ignored;  // places in the found value, as keys; "*" is any key

  // Reads `tolerance`, `relative`, `any_order`, `extra_keys` and `ignore`. Nothing after a complaint.
  static std::optional<JsonComparison> build(const Tree& tree, const Json& options, Complaints& complaints);
  // Those of them that are written.
  static std::vector<const Json*> written(const Json& options);

  // "" where `found`, which stands at `at`, is what is wanted; else the first difference, in a sentence without a full
  // stop. Strings are compared in NFC, 1 is 1.0.
  Judged<std::string> difference(const Json& found, const Json& wanted, const std::vector<std::string>& at = {}) const;
};

std::vector<Field> comparison_fields();

}  // namespace headgate::grade
