#include "value_check.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "comparable.hpp"
#include "find_numbers.hpp"
#include "headgate/base/unicode.hpp"
#include "options.hpp"
#include "same_json.hpp"

namespace headgate::grade {
namespace {

constexpr const char* kinds_of_check[] = {"equals", "near", "matches", "one_of", "exists"};

bool is_check(const Json& value) {
  return value.is_object() && std::any_of(std::begin(kinds_of_check), std::end(kinds_of_check),
                                          [&](const char* name) { return value.contains(name); });
}

std::string shown(const Json& value) { return on_one_line(canonical(value)); }

}  // namespace

std::optional<Decimal> number_in(std::string_view text) {
  std::string scratch;
  return whole_number(plain_digits(trimmed(text), scratch), NumberStyle{});
}

bool text_is(std::string_view text, const Json& wanted, const Tolerance& tolerance) {
  if (wanted.is_number()) {
    const auto found = number_in(text), asked = number_in(canonical(wanted));
    return found && asked && near(*found, *asked, tolerance);
  }
  const std::string as_text = wanted.is_string() ? wanted.get<std::string>() : canonical(wanted);
  std::string a, b;
  return comparable(trimmed(text), false, a) == comparable(trimmed(as_text), false, b);
}

std::vector<Field> value_check_fields() {
  return {{"equals", any_shape(), "the JSON value it must be; strings may have templates"},
          {"near", either({number_shape(), string_shape()}), "a number it must be near, or a template of one"},
          {"tolerance", number_shape().at_least(0), "how far off a number may be, inclusive", false, "0"},
          {"relative", number_shape().at_least(0), "the same as a share of the expected number", false, "0"},
          {"matches", string_shape(), "an RE2 pattern that is found in its text"},
          {"one_of", list_of(any_shape()).at_least(1), "values of which it must be one"},
          {"exists", boolean_shape(), "whether it must be there (true) or must not (false)"}};
}

const FieldTable& value_check_table() {
  static const FieldTable table{"check", "What is asked of one value.", value_check_fields()};
  return table;
}

Shape value_check_shape() { return any_shape(); }

std::optional<ValueCheck> ValueCheck::build(const Tree& tree, const Json& written, Complaints& complaints) {
  if (is_check(written)) {
    if (!check(tree, written, value_check_table(), complaints)) return std::nullopt;
    return from_fields(tree, written, complaints);
  }
  return equal_to(tree, written, complaints);
}

std::optional<ValueCheck> ValueCheck::equal_to(const Tree& tree, const Json& value, Complaints& complaints) {
  ValueCheck out;
  out.equals_ = JsonTemplate::build(tree, value, complaints);
  return out.equals_ ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<ValueCheck> ValueCheck::from_fields(const Tree& tree, const Json& options, Complaints& complaints) {
  ValueCheck out;
  bool good = true;
  const auto complain = [&](const Json& at, const char* message, const char* hint = "") {
    complaints.add(tree.error(at, message, hint, At::key));
    good = false;
  };
  const auto value = [&](const char* name, std::optional<JsonTemplate>& to) {
    const Json* written = option(options, name);
    if (written == nullptr) return;
    to = JsonTemplate::build(tree, *written, complaints);
    good = good && to;
  };
  value("equals", out.equals_);
  value("near", out.near_);
  const Json *tolerance = option(options, "tolerance"), *relative = option(options, "relative");
  if (tolerance != nullptr || relative != nullptr) {
    out.tolerance_ = {quantity(options, "tolerance", 0.0), quantity(options, "relative", 0.0)};
    if (!options.contains("near") && !options.contains("equals")) {
      complain(tolerance != nullptr ? *tolerance : *relative, "a tolerance says nothing without a number",
               "write `near` beside it");
    }
  }
  if (const Json* near = option(options, "near"); near != nullptr && near->is_string() && good) {
    const Json* fixed = out.near_->constant();
    if (fixed != nullptr)
      complain(*near, "`near` must be a number", "a template such as {{case.expected}} may give it");
  }
  if (const Json* matches = option(options, "matches")) {
    out.matches_ = Pattern::compile(tree, *matches, false, complaints);
    good = good && out.matches_;
  }
  if (const Json* all = option(options, "one_of")) {
    for (const Json& one : *all) {
      auto built = JsonTemplate::build(tree, one, complaints);
      good = good && built;
      if (built) out.one_of_.push_back(std::move(*built));
    }
  }
  if (const Json* exists = option(options, "exists")) {
    out.exists_ = exists->get<bool>();
    if (!*out.exists_ && (out.equals_ || out.near_ || out.matches_ || !out.one_of_.empty())) {
      complain(*exists, "what must not be there has no value to check", "take one of the two out");
    }
  }
  return good ? std::optional(std::move(out)) : std::nullopt;
}

Judged<Json> ValueCheck::wanted_number(const Case& item) const {
  auto wanted = near_->fill(item);
  if (!wanted) return wanted;
  if (wanted->is_number()) return wanted;
  // A suite's own "12.50" is as good as 12.5.
  if (wanted->is_string()) {
    if (const auto number = number_in(wanted->get_ref<const std::string&>())) return Json(number->approximate());
  }
  return unjudged("the expected " + shown(*wanted) + " is not a number");
}

Judged<std::string> ValueCheck::fault_of(const Json* found, const std::string& name, const std::vector<std::string>& at,
                                         const JsonComparison& how, const Case& item) const {
  if (wants_absence()) return found == nullptr ? std::string() : name + " is there, and must not be";
  if (found == nullptr) {
    if (const std::string missing = lacks(item); !missing.empty()) return unjudged(missing);
    return name + " is missing";
  }
  JsonComparison own = how;
  if (tolerance_) own.tolerance = *tolerance_;
  if (equals_) {
    const auto wanted = equals_->fill(item);
    if (!wanted) return tl::unexpected(wanted.error());
    auto fault = own.difference(*found, *wanted, at);
    if (!fault || !fault->empty()) return fault;
  }
  if (near_) {
    const auto wanted = wanted_number(item);
    if (!wanted) return tl::unexpected(wanted.error());
    const bool good = found->is_number() && (compare_numbers(*found, *wanted) == 0 ||
                                             near(found->get<double>(), wanted->get<double>(), own.tolerance));
    if (!good) return name + " is " + shown(*found) + ", expected near " + shown(*wanted);
  }
  if (matches_ &&
      (!found->is_string() || !matches_->found_in(comparable_copy(found->get_ref<const std::string&>(), false))))
    return name + " is " + shown(*found) + ", which does not match";
  if (!one_of_.empty()) {
    for (const JsonTemplate& one : one_of_) {
      const auto wanted = one.fill(item);
      if (!wanted) return tl::unexpected(wanted.error());
      const auto fault = own.difference(*found, *wanted, at);
      if (!fault) return fault;
      if (fault->empty()) return std::string();
    }
    return name + " is " + shown(*found) + ", none of the " + std::to_string(one_of_.size()) + " allowed";
  }
  return std::string();
}

Judged<std::string> ValueCheck::fault_of(std::optional<std::string_view> found, const std::string& name,
                                         const Tolerance& how, const Case& item) const {
  if (wants_absence()) return !found ? std::string() : name + " is there, and must not be";
  if (!found) {
    if (const std::string missing = lacks(item); !missing.empty()) return unjudged(missing);
    return name + " is missing";
  }
  return fault_of_text(*found, name, tolerance_ ? *tolerance_ : how, item);
}

Judged<std::string> ValueCheck::fault_of_text(std::string_view text, const std::string& name, const Tolerance& how,
                                              const Case& item) const {
  const auto is = [&] { return name + " is " + in_quotes(trimmed(text)); };
  if (equals_) {
    const auto wanted = equals_->fill(item);
    if (!wanted) return tl::unexpected(wanted.error());
    if (!text_is(text, *wanted, how)) return is() + ", expected " + shown(*wanted);
  }
  if (near_) {
    const auto wanted = wanted_number(item);
    if (!wanted) return tl::unexpected(wanted.error());
    if (!text_is(text, *wanted, how)) return is() + ", expected near " + shown(*wanted);
  }
  if (matches_ && !matches_->found_in(comparable_copy(text, false))) return is() + ", which does not match";
  if (!one_of_.empty()) {
    for (const JsonTemplate& one : one_of_) {
      const auto wanted = one.fill(item);
      if (!wanted) return tl::unexpected(wanted.error());
      if (text_is(text, *wanted, how)) return std::string();
    }
    return is() + ", none of the " + std::to_string(one_of_.size()) + " allowed";
  }
  return std::string();
}

std::string ValueCheck::lacks(const Case& item) const {
  std::string missing = equals_ ? equals_->lacks(item) : std::string();
  if (missing.empty() && near_ && near_->constant() == nullptr) {
    const auto wanted = wanted_number(item);
    if (!wanted) missing = wanted.error().message;
  }
  for (const JsonTemplate& one : one_of_) {
    if (missing.empty()) missing = one.lacks(item);
  }
  return missing;
}

}  // namespace headgate::grade
