#include "values.hpp"

#include <nlohmann/json.hpp>

#include "comparable.hpp"
#include "headgate/base/unicode.hpp"
#include "options.hpp"

namespace headgate::grade {
namespace {

std::string scalar_text(const Json& value) { return value.is_string() ? value.get<std::string>() : canonical(value); }

}  // namespace

Field value_field(std::string help, bool lists, bool required) {
  std::vector<Shape> shapes;
  for (Shape shape : {string_or_empty(), number_shape(), boolean_shape()}) shapes.push_back(std::move(shape));
  if (lists) shapes.push_back(list_of(either(shapes)).at_least(1));
  Field field{"value", either(std::move(shapes)), std::move(help), required};
  if (!required) field.fallback = "\"{{case.expected}}\"";
  return field;
}

std::optional<Values> Values::build(const BuildContext& context, Rules rules, const char* name) {
  Values out(rules);
  const Json* value = option(context.options, name);
  if (value == nullptr) {
    out.all_.push_back({Template(Variable{Variable::Source::expected, "", "case.expected"}), {}});
    return out;
  }
  bool good = true;
  const auto add_one = [&](const Json& one) {
    auto text = one.is_string() ? Template::compile(context.tree, one, context.complaints)
                                : std::optional(Template(scalar_text(one)));
    if (!text) {
      good = false;
      return;
    }
    std::string scratch;
    std::string ready = text->constant() ? out.prepared(*text->fill(Case{}, scratch)) : std::string();
    if (text->constant() && ready.empty() && !rules.empty_ok) {
      context.complaints.add(context.tree.error(one, "an empty text is in every reply", "name what to look for"));
      good = false;
    }
    out.all_.push_back({std::move(*text), std::move(ready)});
  };
  if (value->is_array()) {
    for (const Json& one : *value) add_one(one);
  } else {
    add_one(*value);
  }
  return good ? std::optional(std::move(out)) : std::nullopt;
}

std::string Values::prepared(std::string_view text) const {
  return comparable_copy(rules_.trim ? trimmed(text) : text, rules_.fold_case);
}

Judged<Needles> Values::fill(const Case& item) const {
  Needles out;
  for (const One& one : all_) {
    if (one.text.constant()) {
      out.texts.push_back(one.ready);
      continue;
    }
    if (const Variable* variable = one.text.only_variable()) {
      const auto listed = add_list(*variable, item, out);
      if (!listed) return tl::unexpected(listed.error());
      if (*listed) continue;
    }
    std::string scratch;
    const auto text = one.text.fill(item, scratch);
    if (!text) return tl::unexpected(text.error());
    if (text->data() == scratch.data()) {
      out.owned.push_back(std::move(scratch));
      if (const auto added = add(out.owned.back(), out); !added) return tl::unexpected(added.error());
    } else if (const auto added = add(*text, out); !added) {
      return tl::unexpected(added.error());
    }
  }
  return out;
}

// True when the variable was a list, whose members are then the values.
Judged<bool> Values::add_list(const Variable& variable, const Case& item, Needles& out) const {
  if (variable.source == Variable::Source::id) return false;
  std::string scratch;
  const auto json = json_of(variable, item, scratch);
  if (!json) return tl::unexpected(json.error());
  if (json->front() != '[') return false;
  if (!rules_.lists) {
    return unjudged("{{" + variable.written + "}} is a list here: contains_any, contains_all and equals take lists");
  }
  const auto list = parse_own(*json);
  if (!list || list->empty()) return unjudged("{{" + variable.written + "}} is an empty list");
  for (const Json& one : *list) {
    if (one.is_null()) return unjudged("{{" + variable.written + "}} has a null among its values");
    out.owned.push_back(scalar_text(one));
    if (const auto added = add(out.owned.back(), out); !added) return tl::unexpected(added.error());
  }
  return true;
}

Judged<bool> Values::add(std::string_view text, Needles& out) const {
  if (rules_.trim) text = trimmed(text);
  std::string scratch;
  std::string_view ready = comparable(text, rules_.fold_case, scratch);
  if (ready.empty() && !rules_.empty_ok) return unjudged("the value is empty for this case: every reply would have it");
  if (ready.data() == scratch.data() && !scratch.empty()) {
    out.owned.push_back(std::move(scratch));
    ready = out.owned.back();
  }
  out.texts.push_back(ready);
  return true;
}

std::string Values::lacks(const Case& item) const {
  const auto filled = fill(item);
  return filled ? std::string() : filled.error().message;
}

}  // namespace headgate::grade
