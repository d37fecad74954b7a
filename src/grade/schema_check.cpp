// Judging a value by a schema that schema_prepare.cpp has found good.
#include "schema.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "headgate/base/json_pointer.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "same_json.hpp"
#include "schema_prepared.hpp"

namespace headgate::grade {
namespace {

// A number that is whole as mathematics has it: 1.0 is an integer.
bool is_integer(const Json& value) {
  return value.is_number_integer() ||
         (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>());
}

bool is_of_type(const Json& value, std::string_view type) {
  if (type == "integer") return is_integer(value);
  if (type == "number") return value.is_number();
  return type == value.type_name();
}

bool is_multiple(const Json& value, const Json& of) {
  if (value.is_number_integer() && of.is_number_integer()) {
    const auto bits = static_cast<std::uint64_t>(value.get<std::int64_t>());
    const bool negative = !value.is_number_unsigned() && value.get<std::int64_t>() < 0;
    return (negative ? 0 - bits : bits) % of.get<std::uint64_t>() == 0;
  }
  const double quotient = value.get<double>() / of.get<double>();
  if (!std::isfinite(quotient)) return false;
  // 0.0075 is a multiple of 0.0001, whatever binary fractions make of it.
  constexpr double rounding = 1e-12;
  return std::fabs(quotient - std::round(quotient)) <= rounding * std::max(1.0, std::fabs(quotient));
}

class Check {
 public:
  explicit Check(const Schema::Prepared& prepared) : prepared_(prepared) {}

  bool holds(const Json& schema, const Json& value) {
    if (exhausted_ || ++depth_ > max_schema_depth) {
      exhausted_ = true;
      return false;
    }
    const bool good =
        schema.is_boolean() ? schema.get<bool>() || fault("is not allowed") : every_keyword(schema, value);
    --depth_;
    return good;
  }

  bool exhausted() const { return exhausted_; }
  const std::string& first_fault() const { return fault_; }

 private:
  bool every_keyword(const Json& schema, const Json& value) {
    const Json* reference = word(schema, "$ref");
    if (reference != nullptr) {
      if (!holds(*prepared_.references.at(reference), value)) return false;
      if (prepared_.references_stand_alone) return true;
    }
    return any_value(schema, value) && number(schema, value) && string(schema, value) && list(schema, value) &&
           object(schema, value) && combined(schema, value);
  }

  // A keyword of a schema, counted as a step.
  const Json* word(const Json& schema, const char* name) {
    const auto found = schema.find(name);
    if (found == schema.end()) return nullptr;
    exhausted_ = exhausted_ || ++steps_ > max_schema_steps;
    return &*found;
  }

  // Records the first fault unless some alternative is only being tried. Always false.
  bool fault(const std::string& what) {
    if (trying_ == 0 && fault_.empty()) fault_ = (path_.empty() ? "the value" : in_quotes(path_)) + " " + what;
    return false;
  }

  bool quietly(const Json& schema, const Json& value) {
    ++trying_;
    const bool good = holds(schema, value);
    --trying_;
    return good;
  }

  bool below(const std::string& key, const Json& schema, const Json& value) {
    const std::size_t length = path_.size();
    path_ += pointer_step(key);
    const bool good = holds(schema, value);
    path_.resize(length);
    return good;
  }

  bool any_value(const Json& schema, const Json& value) {
    if (const Json* type = word(schema, "type")) {
      bool good = false;
      if (type->is_array()) {
        for (const Json& one : *type) good = good || is_of_type(value, one.get_ref<const std::string&>());
      } else {
        good = is_of_type(value, type->get_ref<const std::string&>());
      }
      if (!good) return fault("is " + std::string(value.type_name()) + ", not " + canonical(*type));
    }
    if (const Json* all = word(schema, "enum")) {
      bool good = false;
      for (const Json& one : *all) good = good || same_json(one, value);
      if (!good) return fault("is " + in_quotes(canonical(value)) + ", none of " + in_quotes(canonical(*all)));
    }
    const Json* only = word(schema, "const");
    if (only != nullptr && !same_json(*only, value)) {
      return fault("is " + in_quotes(canonical(value)) + ", not " + in_quotes(canonical(*only)));
    }
    return true;
  }

  bool number(const Json& schema, const Json& value) {
    if (!value.is_number()) return true;
    const auto fails = [&](const char* name, const auto& good, const char* what) {
      const Json* bound = word(schema, name);
      return bound != nullptr && !good(*bound) &&
             !fault("is " + canonical(value) + ", " + what + " " + canonical(*bound));
    };
    return !fails(
               "minimum", [&](const Json& bound) { return value >= bound; }, "below") &&
           !fails(
               "maximum", [&](const Json& bound) { return value <= bound; }, "above") &&
           !fails(
               "exclusiveMinimum", [&](const Json& bound) { return value > bound; }, "not above") &&
           !fails(
               "exclusiveMaximum", [&](const Json& bound) { return value < bound; }, "not below") &&
           !fails(
               "multipleOf", [&](const Json& bound) { return is_multiple(value, bound); }, "no multiple of");
  }

  // Whether `count` of `what` lies within the keywords `least` and `most`.
  bool counted(const Json& schema, std::size_t count, const char* least, const char* most, const char* what) {
    const auto limit = [](const Json& bound) { return static_cast<std::size_t>(bound.get<double>()); };
    const Json* min = word(schema, least);
    if (min != nullptr && count < limit(*min))
      return fault("has " + plural(count, what) + ", at least " + canonical(*min) + " asked");
    const Json* max = word(schema, most);
    if (max != nullptr && count > limit(*max))
      return fault("has " + plural(count, what) + ", at most " + canonical(*max) + " asked");
    return true;
  }

  bool string(const Json& schema, const Json& value) {
    if (!value.is_string()) return true;
    const auto& text = value.get_ref<const std::string&>();
    if (!counted(schema, count_characters(text), "minLength", "maxLength", "character")) return false;
    const Json* pattern = word(schema, "pattern");
    if (pattern != nullptr && !prepared_.patterns.at(pattern).found_in(text)) {
      return fault("does not match " + in_quotes(pattern->get_ref<const std::string&>()));
    }
    return true;
  }

  bool list(const Json& schema, const Json& value) {
    if (!value.is_array()) return true;
    if (!counted(schema, value.size(), "minItems", "maxItems", "item")) return false;
    if (const Json* unique = word(schema, "uniqueItems"); unique != nullptr && unique->get<bool>()) {
      std::set<std::string> seen;
      for (const Json& one : value) {
        if (!seen.insert(canonical(one)).second) return fault("has " + in_quotes(canonical(one)) + " twice");
      }
    }
    return items(schema, value) && contains(schema, value);
  }

  // The first items have schemas of their own (prefixItems, before 2020 `items`), the rest share one.
  bool items(const Json& schema, const Json& value) {
    const Json* first = word(schema, "prefixItems");
    const Json* rest = word(schema, "items");
    if (rest != nullptr && rest->is_array()) {
      first = rest;
      rest = word(schema, "additionalItems");
    }
    const std::size_t own = first == nullptr ? 0 : first->size();
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Json* item = i < own ? &(*first)[i] : rest;
      if (item == nullptr) break;
      if (!below(std::to_string(i), *item, value[i])) return false;
    }
    return true;
  }

  bool contains(const Json& schema, const Json& value) {
    const Json* wanted = word(schema, "contains");
    if (wanted == nullptr) return true;
    std::size_t count = 0;
    for (const Json& one : value) count += quietly(*wanted, one) ? 1U : 0U;
    const Json* min = word(schema, "minContains");
    if (min == nullptr && count == 0) return fault("has no item as `contains` asks");
    return counted(schema, count, "minContains", "maxContains", "matching item");
  }

  bool object(const Json& schema, const Json& value) {
    if (!value.is_object()) return true;
    if (!counted(schema, value.size(), "minProperties", "maxProperties", "key")) return false;
    if (const Json* required = word(schema, "required")) {
      if (!has_all(*required, value)) return false;
    }
    return properties(schema, value) && dependent(schema, value);
  }

  bool has_all(const Json& names, const Json& value) {
    for (const Json& name : names) {
      const auto& key = name.get_ref<const std::string&>();
      if (!value.contains(key)) return fault("lacks " + in_quotes(key));
    }
    return true;
  }

  bool properties(const Json& schema, const Json& value) {
    const Json* named = word(schema, "properties");
    const Json* patterned = word(schema, "patternProperties");
    const Json* others = word(schema, "additionalProperties");
    const Json* names = word(schema, "propertyNames");
    for (const auto& [key, member] : value.items()) {
      if (names != nullptr && !quietly(*names, Json(key)))
        return fault("has the key " + in_quotes(key) + ", which is not allowed");
      bool known = false;
      if (named != nullptr && named->contains(key)) {
        known = true;
        if (!below(key, (*named)[key], member)) return false;
      }
      if (patterned != nullptr) {
        for (const Json& one : *patterned) {
          if (!prepared_.patterns.at(&one).found_in(key)) continue;
          known = true;
          if (!below(key, one, member)) return false;
        }
      }
      if (known || others == nullptr) continue;
      if (others->is_boolean() && !others->get<bool>())
        return fault("has the key " + in_quotes(key) + ", which is not allowed");
      if (!below(key, *others, member)) return false;
    }
    return true;
  }

  bool dependent(const Json& schema, const Json& value) {
    for (const char* name : {"dependencies", "dependentRequired", "dependentSchemas"}) {
      const Json* all = word(schema, name);
      if (all == nullptr) continue;
      for (const auto& [key, needs] : all->items()) {
        if (!value.contains(key)) continue;
        if (!(needs.is_array() ? has_all(needs, value) : holds(needs, value))) return false;
      }
    }
    return true;
  }

  bool combined(const Json& schema, const Json& value) {
    if (const Json* all = word(schema, "allOf")) {
      for (const Json& one : *all) {
        if (!holds(one, value)) return false;
      }
    }
    if (const Json* any = word(schema, "anyOf")) {
      bool good = false;
      for (const Json& one : *any) good = good || quietly(one, value);
      if (!good) return fault("matches none of " + plural(any->size(), "alternative"));
    }
    if (const Json* exactly_one = word(schema, "oneOf")) {
      std::size_t count = 0;
      for (const Json& one : *exactly_one) count += quietly(one, value) ? 1U : 0U;
      if (count != 1)
        return fault("matches " + std::to_string(count) + " of " + plural(exactly_one->size(), "alternative") +
                     ", not one");
    }
    const Json* other = word(schema, "not");
    if (other != nullptr && quietly(*other, value)) return fault("is what `not` excludes");
    if (const Json* condition = word(schema, "if")) {
      const Json* branch = word(schema, quietly(*condition, value) ? "then" : "else");
      if (branch != nullptr && !holds(*branch, value)) return false;
    }
    return true;
  }

  const Schema::Prepared& prepared_;
  std::string path_, fault_;
  std::size_t depth_ = 0, steps_ = 0;
  int trying_ = 0;
  bool exhausted_ = false;
};

}  // namespace

Judged<std::string> Schema::fault_of(const Json& value) const {
  Check check(*prepared_);
  const bool good = check.holds(*prepared_->root, value);
  if (check.exhausted())
    return unjudged("the schema takes too many steps for this value, or refers to itself without end");
  return good ? std::string() : check.first_fault();
}

}  // namespace headgate::grade
