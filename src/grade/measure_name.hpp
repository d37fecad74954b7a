// What a measure may be called: it becomes a column of reports.
#pragma once

#include <algorithm>
#include <string_view>

namespace headgate::grade {

inline constexpr std::size_t max_measure_name = 64;

inline bool is_measure_name(std::string_view name) {
  return !name.empty() && name.size() <= max_measure_name && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-@.^").find(c) != std::string_view::npos;
  });
}

}  // namespace headgate::grade
