// json: the reply is (or has in it) valid JSON, fits a schema, and has the values that are asked for.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "compare_json.hpp"
#include "headgate/base/json_pointer.hpp"
#include "headgate/base/text.hpp"
#include "json_in_text.hpp"
#include "options.hpp"
#include "schema.hpp"
#include "text_grader.hpp"
#include "value_check.hpp"

namespace headgate::grade {
namespace {

// One place in the JSON, and what is asked of it.
struct PlaceCheck {
  std::string written;
  Json::json_pointer pointer;
  ValueCheck check;

  std::string name() const { return written.empty() ? "the value" : on_one_line(written); }

  const Json* in(const Json& json) const {
    try {
      if (json.contains(pointer)) return &json.at(pointer);
    } catch (const Json::exception&) {  // a pointer that does not fit, such as /01 into a list
    }
    return nullptr;
  }
};

struct Asked {
  JsonFrom from = JsonFrom::whole;
  Pick pick = Pick::first;
  std::optional<Schema> schema;
  std::vector<PlaceCheck> places;
  JsonComparison comparison;
  bool score_by_share = false;

  bool looks_inside() const { return schema || !places.empty(); }
};

class JsonGrader : public TextGrader {
 public:
  JsonGrader(TextOptions options, Asked asked) : TextGrader(std::move(options)), asked_(std::move(asked)) {}

  std::string lacks(const Case& item) const override {
    for (const PlaceCheck& place : asked_.places) {
      if (std::string missing = place.check.lacks(item); !missing.empty()) return missing;
    }
    return {};
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto found = find_json(text, asked_.from, asked_.pick);
    // Where only validity is asked, no JSON is an answer; where values are, there is nothing to look at.
    if (!found && asked_.looks_inside()) return Absent{"the reply " + found.error()};
    if (!found) return verdict(false, "the reply " + found.error());
    if (asked_.schema) {
      const auto fault = asked_.schema->fault_of(*found);
      if (!fault) return fault.error();
      if (!fault->empty()) return verdict(false, "against the schema, " + *fault);
    }
    return judge_places(*found, item);
  }

 private:
  Step judge_places(const Json& json, const Case& item) const {
    std::string first;
    std::size_t held = 0;
    for (const PlaceCheck& place : asked_.places) {
      const auto fault =
          place.check.fault_of(place.in(json), place.name(), pointer_keys(place.written), asked_.comparison, item);
      if (!fault) return fault.error();
      if (fault->empty()) {
        ++held;
      } else if (first.empty()) {
        first = *fault;
        if (!asked_.score_by_share) break;
      }
    }
    if (first.empty()) return verdict(true, asked_.looks_inside() ? "the JSON is as asked" : "is valid JSON");
    if (!asked_.score_by_share) return verdict(false, first);
    const std::size_t all = asked_.places.size();
    return Grade{false, static_cast<double>(held) / static_cast<double>(all),
                 std::to_string(held) + " of " + plural(all, "place") + " as asked; " + first};
  }

  Asked asked_;
};

const FieldTable& check_table() {
  static const FieldTable table = [] {
    FieldTable out{"check", "One place, and what is asked of it; nothing but the pointer: it must be there.", {}};
    out.fields = value_check_fields();
    out.fields.insert(
        out.fields.begin(),
        {"pointer", string_or_empty(), "an RFC 6901 JSON pointer; \"\" is the whole", true, {}, "\"/order/id\""});
    return out;
  }();
  return table;
}

std::vector<Field> own_fields() {
  std::vector<Field> out = {
      {"extract", either({one_of({"whole", "fenced", "prose"}), object_of(extract_table())}),
       "where the JSON is: the whole reply; its ``` blocks (those marked json before others); anywhere in its prose "
       "(such blocks where they parse, else balanced {…} and […]); or the extract of text graders, whose part must "
       "then "
       "be JSON",
       false, "\"whole\""},
      {"which", one_of({"first", "last", "only"}),
       "of several in fences or prose; with `only`, two that differ are none", false, "\"first\""},
      {"schema", either({map_of(any_shape()), boolean_shape()}),
       "a JSON Schema: draft-07 where its `$schema` says so, else 2020-12"},
      {"formats", boolean_shape(), "whether `format` in the schema judges, or is a note", false, "false"},
      {"pointer", string_or_empty(), "short for one of `checks`"},
      {"equals", any_shape(), "what stands at `pointer`, or the whole JSON", false, {}, "\"{{case.expected}}\""},
      {"values",
       map_of(value_check_shape()),
       "by JSON pointer: the value that must stand there, or an object with `near`, `matches`, `one_of`, `exists` or "
       "`equals` that asks something else of it",
       false,
       {},
       R"({"/total":{"near":12.5,"tolerance":0.01},"/items/0/name":"tea"})"},
      {"checks", list_of(object_of(check_table())).at_least(1), "places, and what is asked of them"},
      {"score", one_of({"all", "share"}), "1 or 0, or the share of places that are as asked; it passes only with all",
       false, "\"all\""}};
  for (Field& field : comparison_fields()) out.push_back(std::move(field));
  return out;
}

const FieldTable& options_table() {
  static const FieldTable table{"json", "Options of json.", own_fields()};
  return table;
}

class Builder {
 public:
  explicit Builder(const BuildContext& context) : context_(context) {}

  GraderPtr build() {
    TextOptions text;
    const Json* extract = option(context_.options, "extract");
    if (extract != nullptr && extract->is_object()) {
      text.extract = Extract::build(context_.tree, *extract, context_.complaints);
      good_ = good_ && text.extract;
    }
    asked_.from = extract == nullptr     ? JsonFrom::whole
                  : *extract == "fenced" ? JsonFrom::fenced
                  : *extract == "prose"  ? JsonFrom::prose
                                         : JsonFrom::whole;
    which();
    schema();
    places();
    comparison();
    if (!good_) return nullptr;
    return std::make_unique<JsonGrader>(std::move(text), std::move(asked_));
  }

 private:
  void complain(const Json& at, std::string message, std::string hint = {}, At where = At::key) {
    context_.complaints.add(context_.tree.error(at, std::move(message), std::move(hint), where));
    good_ = false;
  }

  void which() {
    const Json* written = option(context_.options, "which");
    if (written == nullptr) return;
    asked_.pick = *written == "first" ? Pick::first : *written == "last" ? Pick::last : Pick::only;
    if (asked_.from == JsonFrom::whole) {
      complain(*written, "`which` says nothing where the JSON is the whole text", "extract: fenced, or extract: prose");
    }
  }

  void schema() {
    const Json *written = option(context_.options, "schema"), *formats = option(context_.options, "formats");
    if (formats != nullptr && written == nullptr) complain(*formats, "`formats` says nothing without `schema`");
    if (written == nullptr) return;
    asked_.schema = Schema::build(context_.tree, *written, context_.complaints,
                                  {.formats = flag(context_.options, "formats", false)});
    good_ = good_ && asked_.schema;
  }

  // `pointer` is the string that names the place, or the value whose key does.
  void add(const Json& pointer, const std::string& text, At where, std::optional<ValueCheck> check) {
    good_ = good_ && check;
    try {
      Json::json_pointer compiled(text);
      if (check) asked_.places.push_back({text, std::move(compiled), std::move(*check)});
    } catch (const Json::exception&) {
      complain(pointer, "not a JSON pointer", "write /key/0/key; ~1 is a slash in a key, ~0 a ~", where);
    }
  }

  void places() {
    const Json& options = context_.options;
    const Json *pointer = option(options, "pointer"), *equals = option(options, "equals");
    if (pointer != nullptr || equals != nullptr) {
      std::optional<ValueCheck> check = ValueCheck::present();
      if (equals != nullptr) check = ValueCheck::equal_to(context_.tree, *equals, context_.complaints);
      add(pointer == nullptr ? *equals : *pointer, pointer == nullptr ? std::string() : pointer->get<std::string>(),
          At::value, std::move(check));
    }
    if (const Json* values = option(options, "values")) {
      if (values->empty()) complain(*values, "`values` is empty", "name a JSON pointer and its value", At::value);
      for (const auto& [key, value] : values->items()) {
        add(value, key, At::key, ValueCheck::build(context_.tree, value, context_.complaints));
      }
    }
    if (const Json* checks = option(options, "checks")) {
      for (const Json& one : *checks) {
        const Json& place = *option(one, "pointer");
        add(place, place.get<std::string>(), At::value,
            ValueCheck::from_fields(context_.tree, one, context_.complaints));
      }
    }
    const Json* score = option(options, "score");
    asked_.score_by_share = score != nullptr && *score == "share";
    if (asked_.score_by_share && good_ && asked_.places.empty()) {
      complain(*score, "a share of no places", "name them by `values` or `checks`");
    }
  }

  void comparison() {
    auto built = JsonComparison::build(context_.tree, context_.options, context_.complaints);
    good_ = good_ && built;
    if (built) asked_.comparison = std::move(*built);
    const auto written = JsonComparison::written(context_.options);
    if (good_ && asked_.places.empty() && !written.empty()) {
      complain(*written.front(), "nothing is compared here", "write `equals` or `values` beside it");
    }
  }

  const BuildContext& context_;
  Asked asked_;
  bool good_ = true;
};

GraderPtr build(const BuildContext& context) { return Builder(context).build(); }

}  // namespace

Kind json_kind() {
  return {
      "json",
      "the reply is valid JSON, fits a schema, has the values asked for",
      "Passes when the reply is strictly valid JSON, fits `schema` where one is given, and every place of `values` and "
      "`checks` is as asked; `equals` alone compares the whole. Strict means: no comments, no trailing commas, no "
      "duplicate keys, no NaN, no whole number beyond 64 bits, at most 64 levels; whatever a fence is marked, what is "
      "in "
      "it is read so, and a reply that breaks this fails. 1 equals 1.0, keys have no order; `tolerance`, `any_order`, "
      "`extra_keys` and `ignore` compare more loosely. Where several JSONs are found, `which` says which one counts: "
      "the "
      "first, unless told. Where values or a schema are asked for, a reply without JSON fails, as not_json too. A "
      "schema "
      "is draft-07 or 2020-12; it fetches nothing, and $dynamicRef and $recursiveRef are refused. Score: 1 or 0, or "
      "the "
      "share of places.",
      R"({"kind":"json","extract":"prose","schema":{"type":"object","required":["intent"]},"values":{"/intent":"{{case.expected}}"}})",
      &options_table(),
      &build,
      Basis::text,
      {{"is-json"}, {"contains-json", R"({"extract":"prose"})"}}};
}

}  // namespace headgate::grade
