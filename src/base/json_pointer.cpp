#include "headgate/base/json_pointer.hpp"

#include <charconv>

namespace headgate {

std::string pointer_step(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> pointer_keys(std::string_view pointer) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      keys.emplace_back();
    } else if (pointer[i] == '~' && i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
      keys.back() += pointer[++i] == '0' ? '~' : '/';
    } else {
      keys.back() += pointer[i];
    }
  }
  return keys;
}

std::optional<std::size_t> list_index(std::string_view key) {
  std::size_t index = 0;
  const char* end = key.data() + key.size();
  const auto [stop, fault] = std::from_chars(key.data(), end, index);
  if (fault != std::errc{} || stop != end) return std::nullopt;
  return index;
}

}  // namespace headgate
