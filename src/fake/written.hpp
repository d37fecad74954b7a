// Small parts of JSON that several dialects write alike.
#pragma once

#include <string>
#include <string_view>

#include "headgate/base/json_append.hpp"

namespace headgate::fake {

// What real servers stamp with their clock; here the same each time.
inline constexpr std::string_view fixed_time = "1767225600";

inline std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// Of already written values, in order.
inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view part : parts) out += part;
  return out;
}

}  // namespace headgate::fake
