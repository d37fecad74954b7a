#include "call_spec.hpp"

#include <nlohmann/json.hpp>

#include "options.hpp"
#include "tool_names.hpp"

namespace headgate::grade {
namespace {

const FieldTable& call_table() {
  static const FieldTable table = [] {
    FieldTable out{
        "call",
        "A call of a tool. Arguments are compared as JSON: 1 equals 1.0, and the order of keys is nothing.",
        {{"name", string_shape(), "the tool; * stands for any characters, ? for one", true, {}, R"("refund")"},
         {"arguments",
          map_of(any_shape()),
          "what the arguments must hold; more may be there, at any depth; strings may have templates",
          false,
          {},
          R"({"order":"{{case.vars.order}}"})"},
         {"whole", boolean_shape(), "`arguments` are all: nothing else may be there", false, "false"},
         {"values",
          map_of(value_check_shape()),
          "by JSON pointer into the arguments: the value, or what it must be like",
          false,
          {},
          R"({"/amount":{"near":12.5,"tolerance":0.01}})"},
         {"schema", either({map_of(any_shape()), boolean_shape()}), "a JSON Schema for the arguments"}}};
    for (Field& field : comparison_fields()) {
      if (field.name != "extra_keys") out.fields.push_back(std::move(field));
    }
    return out;
  }();
  return table;
}

// Options that only say how something is compared, where nothing is.
bool is_compared(const Tree& tree, const Json& written, Complaints& complaints) {
  if (option(written, "arguments") != nullptr) return true;
  std::vector<const Json*> strays = JsonComparison::written(written);
  if (option(written, "values") != nullptr) strays.clear();
  if (const Json* whole = option(written, "whole")) strays.push_back(whole);
  for (const Json* stray : strays) {
    complaints.add(tree.error(*stray, "this says nothing without `arguments`", {}, At::key));
  }
  return strays.empty();
}

}  // namespace

Shape call_shape() { return either({string_shape(), object_of(call_table())}); }

std::optional<CallSpec> CallSpec::build(const Tree& tree, const Json& written, Complaints& complaints) {
  CallSpec out;
  if (written.is_string()) {
    out.name_ = written.get<std::string>();
    return out;
  }
  out.name_ = word(written, "name", "");
  if (!out.build_arguments(tree, written, complaints)) return std::nullopt;
  return out;
}

bool CallSpec::build_arguments(const Tree& tree, const Json& written, Complaints& complaints) {
  bool good = is_compared(tree, written, complaints);
  auto how = JsonComparison::build(tree, written, complaints);
  good = good && how;
  if (how) how_ = std::move(*how);
  how_.extra_keys = !flag(written, "whole", false);
  if (const Json* arguments = option(written, "arguments")) {
    arguments_ = JsonTemplate::build(tree, *arguments, complaints);
    good = good && arguments_;
  }
  if (const Json* values = option(written, "values")) good = build_values(tree, *values, complaints) && good;
  if (const Json* schema = option(written, "schema")) {
    schema_ = Schema::build(tree, *schema, complaints);
    good = good && schema_;
  }
  return good;
}

bool CallSpec::build_values(const Tree& tree, const Json& written, Complaints& complaints) {
  bool good = !written.empty();
  if (!good) complaints.add(tree.error(written, "`values` is empty", "name a JSON pointer and its value"));
  for (const auto& [pointer, value] : written.items()) {
    auto check = ValueCheck::build(tree, value, complaints);
    auto place = JsonPlace::of_text(pointer);
    if (!place) {
      complaints.add(
          tree.error(value, "not a JSON pointer", "write /key/0/key; ~1 is a slash in a key, ~0 a ~", At::key));
    }
    good = good && check && place;
    if (good) values_.push_back({std::move(*place), std::move(*check)});
  }
  return good;
}

Judged<CallSpec> CallSpec::of_case(const Json& value) {
  CallSpec out;
  out.is_literal_ = true;
  out.how_.extra_keys = true;
  const Json* name = value.is_object() ? option(value, "name") : &value;
  if (name == nullptr || !name->is_string() || name->get_ref<const std::string&>().empty()) {
    return unjudged("the case asks for a call that is neither a name nor {name, arguments}: " +
                    on_one_line(canonical(value)));
  }
  out.name_ = name->get<std::string>();
  for (const char* key : {"arguments", "kwargs"}) {
    const Json* arguments = value.is_object() ? option(value, key) : nullptr;
    if (arguments == nullptr || arguments->is_null()) continue;
    out.of_case_ = to_text(*arguments);
    break;
  }
  return out;
}

bool CallSpec::is_named(std::string_view tool) const {
  return is_literal_ ? name_ == tool : matches_wildcards(name_, tool);
}

Judged<CallMisfit> CallSpec::misfit(const MadeCall& call, const Case& item) const {
  if (!is_named(call.name)) return CallMisfit{"it calls " + in_quotes(call.name) + ", not " + text(), false};
  if (!asks_arguments()) return CallMisfit{};
  const auto arguments = arguments_of(call);
  if (!arguments) return tl::unexpected(arguments.error());
  auto fault = argument_fault(*arguments, item);
  if (!fault) return tl::unexpected(fault.error());
  return CallMisfit{std::move(*fault), true};
}

Judged<std::string> CallSpec::argument_fault(const Json& arguments, const Case& item) const {
  std::optional<Json> wanted;
  if (arguments_) {
    auto filled = arguments_->fill(item);
    if (!filled) return tl::unexpected(filled.error());
    wanted = std::move(*filled);
  } else if (of_case_) {
    auto read = parse_own(of_case_->text);
    if (!read) return unjudged("the arguments that the case asks for are not JSON");
    wanted = std::move(*read);
  }
  if (wanted) {
    auto fault = how_.difference(arguments, *wanted);
    if (!fault || !fault->empty()) return fault;
  }
  for (const Place& place : values_) {
    auto fault = place.check.fault_of(place.place.in(arguments), place.place.text(), place.place.keys(), how_, item);
    if (!fault || !fault->empty()) return fault;
  }
  if (!schema_) return std::string();
  auto fault = schema_->fault_of(arguments);
  if (!fault || fault->empty()) return fault;
  return "against the schema, " + *fault;
}

std::string CallSpec::lacks(const Case& item) const {
  if (arguments_) {
    if (std::string why = arguments_->lacks(item); !why.empty()) return why;
  }
  for (const Place& place : values_) {
    if (std::string why = place.check.lacks(item); !why.empty()) return why;
  }
  return {};
}

std::string CallSpec::text() const { return in_quotes(name_); }

}  // namespace headgate::grade
