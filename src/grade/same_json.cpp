#include "same_json.hpp"

#include <nlohmann/json.hpp>

#include "comparable.hpp"

namespace headgate::grade {

// Recursion is bounded by the depth limit of the strict parser.
bool same_json(const Json& a, const Json& b) {
  if (a.is_string() && b.is_string()) {
    std::string a_scratch, b_scratch;
    return comparable(a.get_ref<const std::string&>(), false, a_scratch) ==
           comparable(b.get_ref<const std::string&>(), false, b_scratch);
  }
  if (a.is_array() && b.is_array()) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!same_json(a[i], b[i])) return false;
    }
    return true;
  }
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    for (const auto& [key, value] : a.items()) {
      const auto other = b.find(key);
      if (other == b.end() || !same_json(value, *other)) return false;
    }
    return true;
  }
  return a == b;
}

}  // namespace headgate::grade
