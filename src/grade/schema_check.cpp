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
#include "schema_formats.hpp"
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

std::size_t count_values(const Json& value) {
  std::size_t count = 1;
  if (value.is_structured()) {
    for (const Json& member : value) count += count_values(member);
  }
  return count;
}

// The members of one value that its schemas have looked at, for the unevaluated… keywords.
using Seen = std::set<const Json*>;

class Check {
 public:
  Check(const Schema::Prepared& prepared, const Json& value)
      : prepared_(prepared), max_steps_(max_schema_steps + max_schema_steps_a_value * count_values(value)) {}

  // `seen`, where not null, gains what was looked at, if the schema holds.
  bool holds(const Json& schema, const Json& value, Seen* seen = nullptr) {
    if (exhausted_ || ++depth_ > max_schema_depth) {
      exhausted_ = true;
      return false;
    }
    const bool good = schema.is_boolean() ? schema.get<bool>() || fault([] { return std::string("is not allowed"); })
                                          : every_keyword(schema, value, seen);
    --depth_;
    return good;
  }

  bool exhausted() const { return exhausted_; }
  const std::string& first_fault() const { return fault_; }

 private:
  bool every_keyword(const Json& schema, const Json& value, Seen* outer) {
    Seen own;
    Seen* seen = prepared_.tracks ? &own : nullptr;
    const Json* reference = word(schema, "$ref");
    if (reference != nullptr) {
      if (!holds(*prepared_.references.at(reference), value, seen)) return false;
    }
    const bool alone = reference != nullptr && prepared_.references_stand_alone();
    const bool good = alone || (any_value(schema, value) && number(schema, value) && string(schema, value) &&
                                list(schema, value, seen) && object(schema, value, seen) &&
                                combined(schema, value, seen) && unevaluated(schema, value, seen));
    if (good && outer != nullptr) outer->merge(own);
    return good;
  }

  void spend(std::size_t steps) {
    steps_ += steps;
    exhausted_ = exhausted_ || steps_ > max_steps_;
  }

  // A keyword of a schema, counted as a step. One that the schema's dialect does not know is not there.
  const Json* word(const Json& schema, const char* name, std::uint8_t dialects = dialect::any) {
    const auto found = schema.find(name);
    if (found == schema.end() || !prepared_.knows(dialects)) return nullptr;
    spend(1);
    return &*found;
  }

  // Records the first fault unless some alternative is only being tried. Always false.
  template <class Words>
  bool fault(const Words& words) {
    if (trying_ == 0 && fault_.empty()) fault_ = (path_.empty() ? "the value" : in_quotes(path_)) + " " + words();
    return false;
  }

  bool quietly(const Json& schema, const Json& value, Seen* seen = nullptr) {
    ++trying_;
    const bool good = holds(schema, value, seen);
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

  static void look_at(const Json& member, Seen* seen) {
    if (seen != nullptr) seen->insert(&member);
  }

  bool any_value(const Json& schema, const Json& value) {
    if (const Json* type = word(schema, "type")) {
      bool good = false;
      if (type->is_array()) {
        for (const Json& one : *type) good = good || is_of_type(value, one.get_ref<const std::string&>());
      } else {
        good = is_of_type(value, type->get_ref<const std::string&>());
      }
      if (!good) return fault([&] { return "is " + std::string(value.type_name()) + ", not " + canonical(*type); });
    }
    if (const Json* all = word(schema, "enum")) {
      if (!prepared_.enums.at(all).contains(comparable_json(value))) {
        return fault([&] { return "is " + in_quotes(canonical(value)) + ", none of " + in_quotes(canonical(*all)); });
      }
    }
    const Json* only = word(schema, "const");
    if (only != nullptr && !same_json(*only, value)) {
      return fault([&] { return "is " + in_quotes(canonical(value)) + ", not " + in_quotes(canonical(*only)); });
    }
    return true;
  }

  bool number(const Json& schema, const Json& value) {
    if (!value.is_number()) return true;
    const auto fails = [&](const char* name, const auto& good, const char* what) {
      const Json* bound = word(schema, name);
      return bound != nullptr && !good(*bound) &&
             !fault([&] { return "is " + canonical(value) + ", " + what + " " + canonical(*bound); });
    };
    const auto order = [&](const Json& bound) { return compare_numbers(value, bound); };
    return !fails(
               "minimum", [&](const Json& bound) { return order(bound) >= 0; }, "below") &&
           !fails(
               "maximum", [&](const Json& bound) { return order(bound) <= 0; }, "above") &&
           !fails(
               "exclusiveMinimum", [&](const Json& bound) { return order(bound) > 0; }, "not above") &&
           !fails(
               "exclusiveMaximum", [&](const Json& bound) { return order(bound) < 0; }, "not below") &&
           !fails(
               "multipleOf", [&](const Json& bound) { return is_multiple(value, bound); }, "no multiple of");
  }

  // Whether `count` of `what` lies within the keywords `least` and `most`.
  bool counted(const Json& schema, std::size_t count, const char* least, const char* most, const char* what,
               std::uint8_t dialects = dialect::any) {
    const auto limit = [](const Json& bound) { return static_cast<std::size_t>(bound.get<double>()); };
    const Json* min = word(schema, least, dialects);
    if (min != nullptr && count < limit(*min)) {
      return fault([&] { return "has " + plural(count, what) + ", at least " + canonical(*min) + " asked"; });
    }
    const Json* max = word(schema, most, dialects);
    if (max != nullptr && count > limit(*max)) {
      return fault([&] { return "has " + plural(count, what) + ", at most " + canonical(*max) + " asked"; });
    }
    return true;
  }

  bool string(const Json& schema, const Json& value) {
    if (!value.is_string()) return true;
    const auto& text = value.get_ref<const std::string&>();
    if (!counted(schema, count_characters(text), "minLength", "maxLength", "character")) return false;
    const Json* pattern = word(schema, "pattern");
    if (pattern != nullptr && !found_in(*pattern, text)) {
      return fault([&] { return "does not match " + in_quotes(pattern->get_ref<const std::string&>()); });
    }
    const Json* format = prepared_.options.formats ? word(schema, "format") : nullptr;
    if (format != nullptr && !has_format(text, format->get_ref<const std::string&>())) {
      return fault([&] { return "is " + in_quotes(text) + ", no " + format->get<std::string>(); });
    }
    return true;
  }

  // Matching is linear in the text, and so is its price in steps.
  bool found_in(const Json& pattern, const std::string& text) {
    constexpr std::size_t bytes_a_step = 256;
    spend(text.size() / bytes_a_step);
    return prepared_.patterns.at(&pattern).found_in(text);
  }

  bool list(const Json& schema, const Json& value, Seen* seen) {
    if (!value.is_array()) return true;
    if (!counted(schema, value.size(), "minItems", "maxItems", "item")) return false;
    if (const Json* unique = word(schema, "uniqueItems"); unique != nullptr && unique->get<bool>()) {
      std::set<std::string> all;
      for (const Json& one : value) {
        if (!all.insert(comparable_json(one)).second) {
          return fault([&] { return "has " + in_quotes(canonical(one)) + " twice"; });
        }
      }
    }
    return items(schema, value, seen) && contains(schema, value, seen);
  }

  // The first items have schemas of their own (prefixItems, before 2020 `items`), the rest share one.
  bool items(const Json& schema, const Json& value, Seen* seen) {
    const Json* first = word(schema, "prefixItems", dialect::d2020);
    const Json* rest = word(schema, "items");
    if (rest != nullptr && rest->is_array()) {
      first = rest;
      rest = word(schema, "additionalItems", dialect::old | dialect::d2019);
    }
    const std::size_t own = first == nullptr ? 0 : first->size();
    for (std::size_t i = 0; i < value.size() && !exhausted_; ++i) {
      const Json* item = i < own ? &(*first)[i] : rest;
      if (item == nullptr) break;
      if (!below(std::to_string(i), *item, value[i])) return false;
      look_at(value[i], seen);
    }
    return true;
  }

  bool contains(const Json& schema, const Json& value, Seen* seen) {
    const Json* wanted = word(schema, "contains");
    if (wanted == nullptr) return true;
    std::size_t count = 0;
    for (const Json& one : value) {
      if (!quietly(*wanted, one)) continue;
      ++count;
      if (prepared_.knows(dialect::d2020)) look_at(one, seen);
    }
    const Json* min = word(schema, "minContains", dialect::newer);
    if (min == nullptr && count == 0) return fault([] { return std::string("has no item as `contains` asks"); });
    return counted(schema, count, "minContains", "maxContains", "matching item", dialect::newer);
  }

  bool object(const Json& schema, const Json& value, Seen* seen) {
    if (!value.is_object()) return true;
    if (!counted(schema, value.size(), "minProperties", "maxProperties", "key")) return false;
    if (const Json* required = word(schema, "required")) {
      if (!has_all(*required, value)) return false;
    }
    return properties(schema, value, seen) && dependent(schema, value, seen);
  }

  bool has_all(const Json& names, const Json& value) {
    spend(names.size());
    for (const Json& name : names) {
      const auto& key = name.get_ref<const std::string&>();
      if (!value.contains(key)) return fault([&] { return "lacks " + in_quotes(key); });
    }
    return true;
  }

  bool forbids(const std::string& key) {
    return fault([&] { return "has the key " + in_quotes(key) + ", which is not allowed"; });
  }

  bool properties(const Json& schema, const Json& value, Seen* seen) {
    const Json* named = word(schema, "properties");
    const Json* patterned = word(schema, "patternProperties");
    const Json* others = word(schema, "additionalProperties");
    const Json* names = word(schema, "propertyNames");
    for (const auto& [key, member] : value.items()) {
      if (exhausted_) return false;
      if (names != nullptr && !quietly(*names, Json(key))) return forbids(key);
      bool known = false;
      if (named != nullptr && named->contains(key)) {
        known = true;
        if (!below(key, (*named)[key], member)) return false;
      }
      if (patterned != nullptr) {
        spend(patterned->size());
        for (const Json& one : *patterned) {
          if (!found_in(one, key)) continue;
          known = true;
          if (!below(key, one, member)) return false;
        }
      }
      if (!known && others == nullptr) continue;
      look_at(member, seen);
      if (known) continue;
      if (others->is_boolean() && !others->get<bool>()) return forbids(key);
      if (!below(key, *others, member)) return false;
    }
    return true;
  }

  bool dependent(const Json& schema, const Json& value, Seen* seen) {
    const auto kept = [&](const char* name, std::uint8_t dialects) {
      const Json* all = word(schema, name, dialects);
      if (all == nullptr) return true;
      spend(all->size());
      for (const auto& [key, needs] : all->items()) {
        if (!value.contains(key)) continue;
        if (!(needs.is_array() ? has_all(needs, value) : holds(needs, value, seen))) return false;
      }
      return true;
    };
    return kept("dependencies", dialect::old) && kept("dependentRequired", dialect::newer) &&
           kept("dependentSchemas", dialect::newer);
  }

  bool combined(const Json& schema, const Json& value, Seen* seen) {
    if (const Json* all = word(schema, "allOf")) {
      for (const Json& one : *all) {
        if (!holds(one, value, seen)) return false;
      }
    }
    if (const Json* any = word(schema, "anyOf")) {
      bool good = false;
      // Where members are tracked, each alternative that holds has its say.
      for (const Json& one : *any) good = ((!good || seen != nullptr) && quietly(one, value, seen)) || good;
      if (!good) return fault([&] { return "matches none of " + plural(any->size(), "alternative"); });
    }
    if (const Json* exactly_one = word(schema, "oneOf")) {
      std::size_t count = 0;
      for (const Json& one : *exactly_one) count += quietly(one, value, seen) ? 1U : 0U;
      if (count != 1) {
        return fault([&] {
          return "matches " + std::to_string(count) + " of " + plural(exactly_one->size(), "alternative") + ", not one";
        });
      }
    }
    const Json* other = word(schema, "not");
    if (other != nullptr && quietly(*other, value)) {
      return fault([] { return std::string("is what `not` excludes"); });
    }
    if (const Json* condition = word(schema, "if")) {
      const Json* branch = word(schema, quietly(*condition, value, seen) ? "then" : "else");
      if (branch != nullptr && !holds(*branch, value, seen)) return false;
    }
    return true;
  }

  // Last of all: what no other keyword of this schema, nor any schema in place, has looked at.
  bool unevaluated(const Json& schema, const Json& value, Seen* seen) {
    if (seen == nullptr || !value.is_structured()) return true;
    const bool is_list = value.is_array();
    const Json* rest = word(schema, is_list ? "unevaluatedItems" : "unevaluatedProperties", dialect::newer);
    if (rest == nullptr) return true;
    for (auto member = value.begin(); member != value.end(); ++member) {
      if (!seen->insert(&*member).second) continue;
      const std::string key = is_list ? std::to_string(member - value.begin()) : member.key();
      if (!is_list && rest->is_boolean() && !rest->get<bool>()) return forbids(key);
      if (!below(key, *rest, *member)) return false;
    }
    return true;
  }

  const Schema::Prepared& prepared_;
  const std::size_t max_steps_;
  std::string path_, fault_;
  std::size_t depth_ = 0, steps_ = 0;
  int trying_ = 0;
  bool exhausted_ = false;
};

}  // namespace

Judged<std::string> Schema::fault_of(const Json& value) const {
  Check check(*prepared_, value);
  const bool good = check.holds(*prepared_->root, value);
  if (check.exhausted())
    return unjudged("the schema takes too many steps for this value, or refers to itself without end");
  return good ? std::string() : check.first_fault();
}

}  // namespace headgate::grade
