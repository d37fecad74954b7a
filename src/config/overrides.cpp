#include "overrides.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/json_pointer.hpp"

namespace headgate::config {
namespace {

constexpr const char* how_to_write = "write --set rules.quality.max_loss=0.02";

Error about(const std::string& written, std::size_t column, std::size_t width, std::string message, std::string hint) {
  return {ErrorCode::input, std::move(message),
          Place{overrides_name, 1, column, written, std::max<std::size_t>(width, 1), 1}, std::move(hint)};
}

std::vector<std::string> steps_of(const std::string& key) {
  std::vector<std::string> steps;
  for (std::size_t start = 0; start <= key.size();) {
    const std::size_t point = std::min(key.find('.', start), key.size());
    steps.push_back(key.substr(start, point - start));
    start = point + 1;
  }
  return steps;
}

// The place for a value, made where it is missing; null where the way is blocked by a list or a plain value.
Json* reach(Json& root, const std::vector<std::string>& steps) {
  Json* here = &root;
  for (const std::string& step : steps) {
    if (here->is_array()) {
      const std::optional<std::size_t> index = list_index(step);
      if (!index || *index >= here->size()) return nullptr;
      here = &(*here)[*index];
    } else if (here->is_object() || here->is_null()) {
      here = &(*here)[step];
    } else {
      return nullptr;
    }
  }
  return here;
}

std::string pointer_of(const std::vector<std::string>& steps) {
  Json::json_pointer pointer;
  for (const std::string& step : steps) pointer.push_back(step);
  return pointer.to_string();
}

bool is_at_or_below(const std::string& pointer, const std::string& above) {
  return pointer == above || pointer.starts_with(above + "/");
}

// Every value inside, itself included; in the order of the text as far as it matters here.
void collect(const Json& value, std::vector<const Json*>& out) {
  out.push_back(&value);
  if (!value.is_structured()) return;
  for (const auto& item : value.items()) collect(item.value(), out);
}

const Json* there(const Json& root, const std::string& pointer) {
  try {
    return &root.at(Json::json_pointer(pointer));
  } catch (const Json::exception&) {
    return nullptr;
  }
}

}  // namespace

Overrides::Overrides(const Tree& file, const std::vector<std::string>& written, Complaints& complaints) {
  Json root = file.root();
  for (const std::string& each : written) {
    const std::size_t equals = each.find('=');
    const std::vector<std::string> steps = steps_of(each.substr(0, equals));
    const bool has_key = std::none_of(steps.begin(), steps.end(), [](const std::string& step) { return step.empty(); });
    if (equals == std::string::npos || !has_key) {
      complaints.add(about(each, 1, each.size(), "'" + each + "' is no key=value", how_to_write));
      continue;
    }
    Complaints about_value;
    const std::optional<Tree> value = parse_yaml(overrides_name, each.substr(equals + 1), about_value);
    for (const Error& error : about_value.errors()) {
      complaints.add(about(each, equals + 1 + error.place.column, error.place.width, error.message, error.hint));
    }
    if (!value) continue;
    Json* place = reach(root, steps);
    if (place == nullptr) {
      complaints.add(about(each, 1, equals, "'" + each.substr(0, equals) + "' leads nowhere in '" + file.name() + "'",
                           how_to_write));
      continue;
    }
    *place = value->root();
    entries_.push_back({each, pointer_of(steps), equals + 2});
  }
  if (entries_.empty()) return;
  std::string text = canonical_pretty(root);
  effective_.emplace(file.name(), Tree::Format::json, std::move(text), 1, std::move(root));
}

Complaints Overrides::moved(Complaints found, const Tree& file) const {
  Complaints out;
  std::vector<Error> errors = found.errors();
  for (Error& error : errors)
    out.add(error.place.file == file.name() ? moved(std::move(error), file) : std::move(error));
  return out;
}

Error Overrides::moved(Error error, const Tree& file) const {
  std::vector<const Json*> values;
  collect(effective_->root(), values);
  const auto stands_there = [&](const Json& value, At at) {
    const Place place = effective_->place(value, at);
    return place.line == error.place.line && place.column == error.place.column;
  };
  // The innermost value that begins there: a value's own place, or its key's.
  const Json* found = nullptr;
  At at = At::value;
  for (const Json* value : values) {
    if (stands_there(*value, At::value)) {
      found = value;
      at = At::value;
    } else if (value != &effective_->root() && stands_there(*value, At::key)) {
      found = value;
      at = At::key;
    }
  }
  if (found == nullptr) {
    error.place = file.place(file.root());
    return error;
  }
  const std::string pointer = effective_->pointer(*found);
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (!is_at_or_below(pointer, entry->pointer) && !is_at_or_below(entry->pointer, pointer)) continue;
    const bool below = is_at_or_below(pointer, entry->pointer);
    if (!below && there(file.root(), pointer) != nullptr) continue;
    const std::size_t column = at == At::key ? 1 : entry->value_column;
    error.place = Place{
        overrides_name, 1, column, entry->written, std::max<std::size_t>(entry->written.size() + 1 - column, 1), 1};
    return error;
  }
  const Json* original = there(file.root(), pointer);
  error.place = original == nullptr ? file.place(file.root()) : file.place(*original, at);
  return error;
}

}  // namespace headgate::config
