// state: what an agent left behind is as it should be.
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "headgate/grade/registry.hpp"
#include "json_place.hpp"
#include "options.hpp"
#include "schema.hpp"
#include "value_check.hpp"

namespace headgate::grade {
namespace {

struct Place {
  JsonPlace place;
  ValueCheck check;
};

struct Asked {
  std::vector<Place> places;
  JsonComparison how;
  std::optional<Schema> schema;
};

class State : public Grader {
 public:
  explicit State(Asked asked) : asked_(std::move(asked)) {}

  Step step(const Subject& subject, const Answers&) const override {
    const Reply& reply = *subject.replies.front();
    if (reply.empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
    if (reply.state.absent()) return CallError{ErrorKind::reply_missing, "no state came with the reply"};
    const auto state = parse_own(reply.state.text);
    if (!state) return cannot_judge("the state is not JSON");
    if (asked_.schema) {
      const auto fault = asked_.schema->fault_of(*state);
      if (!fault) return fault.error();
      if (!fault->empty()) return verdict(false, "against the schema, " + *fault);
    }
    for (const Place& place : asked_.places) {
      const JsonPlace& where = place.place;
      const auto fault = place.check.fault_of(where.in(*state), where.text(), where.keys(), asked_.how, subject.item);
      if (!fault) return fault.error();
      if (!fault->empty()) return verdict(false, *fault);
    }
    return verdict(true, "the state is as asked");
  }

  std::string lacks(const Case& item) const override {
    for (const Place& place : asked_.places) {
      if (std::string why = place.check.lacks(item); !why.empty()) return why;
    }
    return {};
  }

 private:
  Asked asked_;
};

const FieldTable& options_table() {
  static const FieldTable table = [] {
    FieldTable out{
        "state",
        "Options of state.",
        {{"pointer", string_or_empty(), "an RFC 6901 JSON pointer into the state; \"\" is all of it", false, "\"\"",
          R"("/orders/A-17/status")"},
         {"equals", any_shape(), "what stands there; strings may have templates", false, {}, R"("refunded")"},
         {"values",
          map_of(value_check_shape()),
          "by JSON pointer: the value that must stand there, or an object with `near`, `matches`, `one_of`, `exists` "
          "or "
          "`equals` that asks something else of it",
          false,
          {},
          R"({"/balance":{"near":12.5,"tolerance":0.01},"/draft":{"exists":false}})"},
         {"schema", either({map_of(any_shape()), boolean_shape()}), "a JSON Schema for all of the state"}}};
    for (Field& field : comparison_fields()) out.fields.push_back(std::move(field));
    return out;
  }();
  return table;
}

class Builder {
 public:
  explicit Builder(const BuildContext& context) : context_(context) {}

  GraderPtr build() {
    const Json& options = context_.options;
    if (option(options, "pointer") != nullptr || option(options, "equals") != nullptr) one_place();
    if (const Json* values = option(options, "values")) several(*values);
    if (const Json* schema = option(options, "schema")) {
      asked_.schema = Schema::build(context_.tree, *schema, context_.complaints);
      good_ = good_ && asked_.schema;
    }
    auto how = JsonComparison::build(context_.tree, options, context_.complaints);
    good_ = good_ && how;
    if (how) asked_.how = std::move(*how);
    const auto written = JsonComparison::written(options);
    if (good_ && asked_.places.empty() && !written.empty()) {
      complain(*written.front(), "nothing is compared here", "write `equals` or `values` beside it", At::key);
    }
    if (good_ && asked_.places.empty() && !asked_.schema) {
      complain(options, "state asks for nothing", "give a pointer, equals, values or a schema");
    }
    return good_ ? std::make_unique<State>(std::move(asked_)) : nullptr;
  }

 private:
  void complain(const Json& at, std::string message, std::string hint, At where = At::value) {
    context_.complaints.add(context_.tree.error(at, std::move(message), std::move(hint), where));
    good_ = false;
  }

  // A pointer alone: something must be there.
  void one_place() {
    const Json *pointer = option(context_.options, "pointer"), *equals = option(context_.options, "equals");
    const std::optional<ValueCheck> check =
        equals == nullptr ? ValueCheck::present() : ValueCheck::equal_to(context_.tree, *equals, context_.complaints);
    const std::optional<JsonPlace> place =
        pointer == nullptr ? JsonPlace() : JsonPlace::build(context_.tree, *pointer, context_.complaints);
    good_ = good_ && check && place;
    if (check && place) asked_.places.push_back({*place, *check});
  }

  void several(const Json& values) {
    if (values.empty()) complain(values, "`values` is empty", "name a JSON pointer and its value");
    for (const auto& [pointer, value] : values.items()) {
      auto check = ValueCheck::build(context_.tree, value, context_.complaints);
      auto place = JsonPlace::of_text(pointer);
      if (!place) complain(value, "not a JSON pointer", "write /key/0/key; ~1 is a slash in a key, ~0 a ~", At::key);
      good_ = good_ && check && place;
      if (check && place) asked_.places.push_back({std::move(*place), std::move(*check)});
    }
  }

  const BuildContext& context_;
  Asked asked_;
  bool good_ = true;
};

GraderPtr build(const BuildContext& context) { return Builder(context).build(); }

}  // namespace

Kind state_kind() {
  return {
      "state",
      "what an agent left behind is as it should be, place by place",
      "Passes when the state that came with the reply fits `schema` where one is given, and every place asked about is "
      "there and is as asked (1 equals 1.0; `tolerance`, `any_order`, `extra_keys` and `ignore` compare more loosely). "
      "A reply without a state is not graded, not_state included; `null` counts as none. Score: 1 or 0.",
      R"({"kind":"state","pointer":"/orders/A-17","equals":{"status":"refunded","total":0},"extra_keys":true,"tolerance":0.005})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
