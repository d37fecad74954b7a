#include "json_place.hpp"

#include <nlohmann/json.hpp>

#include "headgate/base/json_pointer.hpp"
#include "verdict.hpp"

namespace headgate::grade {

std::optional<JsonPlace> JsonPlace::of_text(std::string written) {
  JsonPlace out;
  try {
    static_cast<void>(Json::json_pointer(written));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  out.keys_ = pointer_keys(written);
  out.written_ = std::move(written);
  return out;
}

std::optional<JsonPlace> JsonPlace::build(const Tree& tree, const Json& value, Complaints& complaints) {
  auto out = of_text(value.get<std::string>());
  if (!out) {
    complaints.add(tree.error(value, "not a JSON pointer", "write /key/0/key; ~1 is a slash in a key, ~0 a ~"));
  }
  return out;
}

const Json* JsonPlace::in(const Json& json) const {
  const Json* at = &json;
  for (const std::string& key : keys_) {
    if (at->is_object()) {
      const auto member = at->find(key);
      if (member == at->end()) return nullptr;
      at = &*member;
    } else if (at->is_array()) {
      const auto index = list_index(key);
      if (!index || *index >= at->size()) return nullptr;
      at = &(*at)[*index];
    } else {
      return nullptr;
    }
  }
  return at;
}

std::string JsonPlace::text() const { return written_.empty() ? "the whole" : on_one_line(written_); }

}  // namespace headgate::grade
