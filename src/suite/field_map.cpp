#include "field_map.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>

#include "headgate/base/fields.hpp"
#include "headgate/base/json_pointer.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/reply_table.hpp"
#include "headgate/suite/load.hpp"

namespace headgate::suite {
namespace {

constexpr std::string_view unmappable_keys[] = {"graders", "origin", "retired", "since"};

template <class Words>
bool is_in(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// One map may describe a file that holds cases and replies; a suite reads only its part.
bool is_reply_key(std::string_view key) {
  const auto& fields = reply_table().fields;
  return std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return field.name == key; });
}

bool may_nest(std::string_view key) { return key == "segments" || key == "vars"; }

const FieldTable& form_table() {
  static const FieldTable table{
      "field form",
      "Where the value of a key comes from.",
      {{"from", string_shape(), "the column, or a JSON pointer beginning with /"},
       {"map", map_of(any_shape()), "what each value found becomes"},
       {"scale", number_shape(), "the number found times this"},
       {"drop_prefix", string_shape(), "what the text found begins with, and what is taken off"},
       {"const", any_shape(), "the same value for every case; a severe_class for every severe one"}}};
  return table;
}

void set_source(FieldForm& form, std::string from) {
  form.path = from.starts_with('/') ? pointer_keys(from) : std::vector<std::string>{from};
  form.from = std::move(from);
}

void read_form(const Tree& tree, const Json& value, FieldForm form, FieldMap& out, Complaints& complaints) {
  form.place = tree.place(value);
  if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
    set_source(form, value.get<std::string>());
    out.forms.push_back(std::move(form));
    return;
  }
  if (!value.is_object()) {
    complaints.add(tree.error(value, "'" + form.name() + "' in fields must be a column name or an object",
                              "write a column, /a/pointer, {from: …, map: …} or {const: …}"));
    return;
  }
  if (!check(tree, value, form_table(), complaints)) return;
  if (value.contains("from") == value.contains("const")) {
    complaints.add(tree.error(value, "'" + form.name() + "' in fields needs either 'from' or 'const'"));
    return;
  }
  if (value.contains("const")) {
    if (value.size() > 1) {
      complaints.add(tree.error(value, "'const' in fields stands alone", "remove map, scale and drop_prefix"));
      return;
    }
    form.constant = value.at("const");
    out.forms.push_back(std::move(form));
    return;
  }
  set_source(form, value.at("from").get<std::string>());
  if (value.contains("map")) {
    for (const auto& [from, to] : value.at("map").items()) form.map[from] = to;
  }
  if (value.contains("scale")) form.scale = value.at("scale").get<double>();
  if (value.contains("drop_prefix")) form.drop_prefix = value.at("drop_prefix").get<std::string>();
  out.forms.push_back(std::move(form));
}

bool is_form(const Json& value) { return !value.is_object() || value.contains("from") || value.contains("const"); }

FieldForm form_for(std::string target, std::string member = {}) {
  FieldForm form;
  form.target = std::move(target);
  form.member = std::move(member);
  return form;
}

void complain_unknown(const Tree& tree, const std::string& key, const Json& value, Complaints& complaints) {
  if (is_in(unmappable_keys, key)) {
    complaints.add(tree.error(
        value, "'" + key + "' cannot be mapped by fields",
        key == "graders" ? "write the graders in suite.yaml" : "a suite with fields has its newest version only",
        At::key));
    return;
  }
  std::vector<std::string> names;
  for (const Field& field : case_table().fields) names.push_back(field.name);
  complaints.add(
      tree.error(value, "unknown key '" + elide(key, 40) + "' in fields", did_you_mean(key, names), At::key));
}

bool is_case_key(const std::string& key) {
  const auto& fields = case_table().fields;
  return !is_in(unmappable_keys, key) &&
         std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return field.name == key; });
}

// Text that people would write for a scalar: an id 17 is the id "17".
std::string scalar_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.is_structured() ? std::string() : canonical(value);
}

std::optional<double> number_in(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc{} || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Keys whose value is a text in a case, whatever a record holds.
bool wants_text(const FieldForm& form) {
  constexpr std::string_view texts[] = {"id",      "segments", "severity",   "severe_class",
                                        "cluster", "sampling", "variant_of", "note"};
  return is_in(texts, form.target);
}

std::optional<Json> transformed(const FieldForm& form, const Json& found, std::vector<MapFault>& faults) {
  Json value = found;
  if (!form.drop_prefix.empty()) {
    if (!value.is_string() || !value.get_ref<const std::string&>().starts_with(form.drop_prefix)) {
      faults.push_back({&form, "'" + form.from + "' does not begin with '" + form.drop_prefix + "'",
                        "correct drop_prefix in fields"});
      return std::nullopt;
    }
    value = value.get_ref<const std::string&>().substr(form.drop_prefix.size());
  }
  if (!form.map.empty()) {
    const std::string key = scalar_text(value);
    const auto known = form.map.find(key);
    if (known == form.map.end()) {
      std::vector<std::string> names;
      for (const auto& [name, to] : form.map) names.push_back(name);
      faults.push_back({&form, "the map of '" + form.name() + "' in fields has no '" + elide(key, 40) + "'",
                        "it has " + join_words(names)});
      return std::nullopt;
    }
    value = known->second;
  }
  if (form.scale || form.target == "weight") {
    const std::optional<double> number = number_in(value);
    if (!number) {
      faults.push_back({&form, "'" + form.from + "' is no number", "it is read as '" + form.name() + "'"});
      return std::nullopt;
    }
    value = *number * form.scale.value_or(1.0);
  }
  if (wants_text(form) && !value.is_structured() && !value.is_string()) value = scalar_text(value);
  if (form.target == "tags" && value.is_string()) value = Json::array({value});
  return value;
}

}  // namespace

FieldMap read_field_map(const Tree& tree, const Json& fields, Complaints& complaints) {
  FieldMap out;
  bool has_id = false;
  bool has_input = false;
  for (const auto& [key, value] : fields.get_ref<const Json::object_t&>()) {
    has_id = has_id || key == "id";
    has_input = has_input || key == "input";
    if (!is_case_key(key)) {
      // The form of a reply's key is checked too, then left to the route that reads replies.
      FieldMap unused;
      if (is_reply_key(key)) {
        read_form(tree, value, form_for(key), unused, complaints);
      } else {
        complain_unknown(tree, key, value, complaints);
      }
    } else if (may_nest(key) && !is_form(value)) {
      for (const auto& [member, form] : value.get_ref<const Json::object_t&>()) {
        read_form(tree, form, form_for(key, member), out, complaints);
      }
    } else {
      read_form(tree, value, form_for(key), out, complaints);
    }
  }
  // A case cannot do without these two; unmapped, they are the columns of the same name.
  for (const auto& [has, key] : {std::pair{has_id, "id"}, std::pair{has_input, "input"}}) {
    if (has) continue;
    FieldForm form = form_for(key);
    form.place = tree.place(fields);
    set_source(form, key);
    out.forms.push_back(std::move(form));
  }
  return out;
}

const Json* source_of(const FieldForm& form, const Json& record) {
  if (form.constant) return nullptr;
  const Json* here = &record;
  for (const std::string& step : form.path) {
    if (here->is_object()) {
      const auto found = here->find(step);
      if (found == here->end()) return nullptr;
      here = &*found;
    } else if (here->is_array()) {
      const std::optional<std::size_t> index = list_index(step);
      if (!index || *index >= here->size()) return nullptr;
      here = &(*here)[*index];
    } else {
      return nullptr;
    }
  }
  return here;
}

namespace {

// One class for a whole file is meant for its severe cases.
void drop_class_of_harmless(const FieldMap& map, Json& mapped) {
  const auto severity = mapped.find("severity");
  if (severity != mapped.end() && *severity == "severe") return;
  const bool for_all = std::ranges::any_of(
      map.forms, [](const FieldForm& form) { return form.target == "severe_class" && form.constant.has_value(); });
  if (for_all) mapped.erase("severe_class");
}

}  // namespace

Json map_record(const FieldMap& map, const Json& record, std::vector<std::size_t>& hits,
                std::vector<MapFault>& faults) {
  Json out = Json::object();
  hits.resize(map.forms.size());
  for (std::size_t i = 0; i < map.forms.size(); ++i) {
    const FieldForm& form = map.forms[i];
    const Json* source = form.constant ? &*form.constant : source_of(form, record);
    if (source == nullptr) continue;
    ++hits[i];
    if (source->is_null()) continue;
    std::optional<Json> value = form.constant ? form.constant : transformed(form, *source, faults);
    if (!value || value->is_null()) continue;
    (form.member.empty() ? out[form.target] : out[form.target][form.member]) = std::move(*value);
  }
  drop_class_of_harmless(map, out);
  return out;
}

}  // namespace headgate::suite
