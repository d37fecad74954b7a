#include "same_json.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "comparable.hpp"

namespace headgate::grade {
namespace {

template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

bool is_negative(const Json& whole) { return !whole.is_number_unsigned() && whole.get<std::int64_t>() < 0; }

// Bit by bit: what is not negative has the same bits in both types.
std::uint64_t bits(const Json& whole) {
  return whole.is_number_unsigned() ? whole.get<std::uint64_t>()
                                    : static_cast<std::uint64_t>(whole.get<std::int64_t>());
}

Json in_nfc(const Json& value) {
  if (value.is_string()) return comparable_copy(value.get_ref<const std::string&>(), false);
  if (value.is_array()) {
    Json out = Json::array();
    for (const Json& member : value) out.push_back(in_nfc(member));
    return out;
  }
  if (!value.is_object()) return value;
  Json out = Json::object();
  for (const auto& [key, member] : value.items()) out[key] = in_nfc(member);
  return out;
}

bool has_foreign_text(const Json& value) {
  if (value.is_string()) {
    std::string scratch;
    const auto& text = value.get_ref<const std::string&>();
    return comparable(text, false, scratch).data() != text.data();
  }
  if (!value.is_structured()) return false;
  for (const Json& member : value) {
    if (has_foreign_text(member)) return true;
  }
  return false;
}

}  // namespace

int compare_numbers(const Json& a, const Json& b) {
  if (!a.is_number_integer() || !b.is_number_integer()) return order(a.get<double>(), b.get<double>());
  if (is_negative(a) != is_negative(b)) return is_negative(a) ? -1 : 1;
  return order(bits(a), bits(b));  // two's complement keeps the order of negatives
}

// Recursion is bounded by the depth limit of the strict parser.
bool same_json(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return compare_numbers(a, b) == 0;
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

std::string comparable_json(const Json& value) { return canonical(has_foreign_text(value) ? in_nfc(value) : value); }

}  // namespace headgate::grade
