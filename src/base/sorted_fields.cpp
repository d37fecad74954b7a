#include "headgate/base/sorted_fields.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace headgate {
namespace {

constexpr std::string_view between = " | ";

}  // namespace

std::vector<std::string> words_of(const Field& field) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < field.only_for.size();) {
    const std::size_t end = std::min(field.only_for.find(between, at), field.only_for.size());
    out.push_back(field.only_for.substr(at, end - at));
    at = end + between.size();
  }
  return out;
}

bool belongs_to(const Field& field, std::string_view word) {
  if (field.only_for.empty()) return true;
  const std::vector<std::string> words = words_of(field);
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view sorting_word(const FieldTable& table, const Json& object) {
  if (table.sorted_by.empty() || !object.is_object()) return {};
  const auto found = object.find(table.sorted_by);
  return found == object.end() || !found->is_string() ? std::string_view()
                                                      : std::string_view(found->get_ref<const std::string&>());
}

const Field* field_of(const FieldTable& table, const Json& object, std::string_view key) {
  const Field* first = nullptr;
  for (const Field& field : table.fields) {
    if (field.name != key) continue;
    if (table.sorted_by.empty() || belongs_to(field, sorting_word(table, object))) return &field;
    if (first == nullptr) first = &field;
  }
  return first;
}

bool has_field(const FieldTable& table, std::string_view word, std::string_view key) {
  return std::any_of(table.fields.begin(), table.fields.end(),
                     [&](const Field& field) { return field.name == key && belongs_to(field, word); });
}

}  // namespace headgate
