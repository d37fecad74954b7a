// json: the reply is (or has in it) valid JSON, fits a schema, and has the values that are asked for.
#include <nlohmann/json.hpp>

#include "headgate/domain/template.hpp"
#include "json_in_text.hpp"
#include "options.hpp"
#include "same_json.hpp"
#include "schema.hpp"
#include "text_grader.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

// A value that may have templates in its strings. A string that is one variable and nothing else takes that
// variable's JSON, so that {{case.expected}} can be a number.
class JsonTemplate {
 public:
  static std::optional<JsonTemplate> build(const Tree& tree, const Json& value, Complaints& complaints) {
    JsonTemplate out;
    out.value_ = value;
    bool good = true;
    out.collect(tree, value, out.value_, complaints, good);
    return good ? std::optional(std::move(out)) : std::nullopt;
  }

  Judged<Json> fill(const Case& item) const {
    Json out = value_;
    for (const auto& [pointer, text] : templates_) {
      std::string scratch;
      const Variable* variable = text.only_variable();
      if (variable != nullptr && variable->source != Variable::Source::id) {
        const auto json = json_of(*variable, item, scratch);
        if (!json) return tl::unexpected(json.error());
        auto parsed = parse_own(*json);
        if (!parsed) return unjudged("{{" + variable->written + "}} is not JSON");
        out[pointer] = std::move(*parsed);
        continue;
      }
      const auto filled = text.fill(item, scratch);
      if (!filled) return tl::unexpected(filled.error());
      out[pointer] = std::string(*filled);
    }
    return out;
  }

 private:
  void collect(const Tree& tree, const Json& written, Json& own, Complaints& complaints, bool& good,
               const Json::json_pointer& at = Json::json_pointer()) {
    if (written.is_string()) {
      auto text = Template::compile(tree, written, complaints);
      good = good && text.has_value();
      if (text && text->constant()) {
        std::string scratch;
        own = std::string(*text->fill(Case{}, scratch));
      } else if (text) {
        templates_.emplace_back(at, std::move(*text));
      }
    } else if (written.is_array()) {
      for (std::size_t i = 0; i < written.size(); ++i) collect(tree, written[i], own[i], complaints, good, at / i);
    } else if (written.is_object()) {
      for (const auto& [key, member] : written.items()) collect(tree, member, own[key], complaints, good, at / key);
    }
  }

  Json value_;
  std::vector<std::pair<Json::json_pointer, Template>> templates_;
};

// One place in the JSON: it must be there, and be equal where something is given.
struct PlaceCheck {
  std::string written;
  Json::json_pointer pointer;
  std::optional<JsonTemplate> equals;
};

class JsonGrader : public TextGrader {
 public:
  JsonGrader(TextOptions options, JsonFrom from, std::optional<Schema> schema, std::vector<PlaceCheck> checks)
      : TextGrader(std::move(options)), from_(from), schema_(std::move(schema)), checks_(std::move(checks)) {}

  std::string lacks(const Case& item) const override {
    for (const PlaceCheck& check : checks_) {
      if (!check.equals) continue;
      const auto wanted = check.equals->fill(item);
      if (!wanted) return wanted.error().message;
    }
    return {};
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto found = find_json(text, from_);
    const bool looks_inside = schema_ || !checks_.empty();
    // Where only validity is asked, no JSON is an answer; where values are, there is nothing to look at.
    if (!found && looks_inside) return Absent{"the reply " + found.error()};
    if (!found) return verdict(false, "the reply " + found.error());
    if (schema_) {
      const auto fault = schema_->fault_of(*found);
      if (!fault) return fault.error();
      if (!fault->empty()) return verdict(false, "against the schema, " + *fault);
    }
    for (const PlaceCheck& check : checks_) {
      const auto fault = fault_at(check, *found, item);
      if (!fault) return fault.error();
      if (!fault->empty()) return verdict(false, *fault);
    }
    return verdict(true, looks_inside ? "the JSON is as asked" : "is valid JSON");
  }

 private:
  static Judged<std::string> fault_at(const PlaceCheck& check, const Json& json, const Case& item) {
    const Json* value = nullptr;
    try {
      if (json.contains(check.pointer)) value = &json.at(check.pointer);
    } catch (const Json::exception&) {  // a pointer that does not fit, such as /01 into a list
    }
    const std::string where = check.written.empty() ? "the value" : on_one_line(check.written);
    std::optional<Json> wanted;
    if (check.equals) {
      auto filled = check.equals->fill(item);
      if (!filled) return tl::unexpected(filled.error());
      wanted = std::move(*filled);
    }
    if (value == nullptr) return where + " is missing";
    if (!wanted || same_json(*value, *wanted)) return std::string();
    return where + " is " + on_one_line(canonical(*value)) + ", expected " + on_one_line(canonical(*wanted));
  }

  JsonFrom from_;
  std::optional<Schema> schema_;
  std::vector<PlaceCheck> checks_;
};

const FieldTable& check_table() {
  static const FieldTable table{"check",
                                "One place that must be there, and what it must be.",
                                {{"pointer", string_or_empty(), "an RFC 6901 JSON pointer", true, {}, "\"/order/id\""},
                                 {"equals", any_shape(), "the JSON value; strings may have templates"}}};
  return table;
}

const FieldTable& options_table() {
  static const FieldTable table{
      "json",
      "Options of json.",
      {{"extract", either({one_of({"whole", "fenced", "prose"}), object_of(extract_table())}),
        "where the JSON is: the whole reply, its first ``` block (one marked json before others), or anywhere in its "
        "prose; "
        "or the extract of text graders, whose part must then be JSON",
        false, "\"whole\""},
       {"schema", either({map_of(any_shape()), boolean_shape()}), "a JSON Schema, up to draft 2020-12"},
       {"pointer", string_or_empty(), "short for one of `checks`"},
       {"equals", any_shape(), "what stands at `pointer`"},
       {"checks", list_of(object_of(check_table())).at_least(1), "places that must be there, and what they must be"}}};
  return table;
}

std::optional<PlaceCheck> build_check(const BuildContext& context, const Json& written) {
  PlaceCheck out;
  const Json& pointer = *option(written, "pointer");
  out.written = pointer.get<std::string>();
  try {
    out.pointer = Json::json_pointer(out.written);
  } catch (const Json::exception&) {
    context.complaints.add(
        context.tree.error(pointer, "not a JSON pointer", "write /key/0/key; ~1 is a slash in a key, ~0 a ~"));
    return std::nullopt;
  }
  if (const Json* equals = option(written, "equals")) {
    out.equals = JsonTemplate::build(context.tree, *equals, context.complaints);
    if (!out.equals) return std::nullopt;
  }
  return out;
}

// From `checks`, or the short form of `pointer` and `equals`.
std::optional<std::vector<PlaceCheck>> build_checks(const BuildContext& context) {
  std::vector<PlaceCheck> out;
  bool good = true;
  const auto add = [&](const Json& written) {
    auto check = build_check(context, written);
    good = good && check.has_value();
    if (check) out.push_back(std::move(*check));
  };
  if (const Json* equals = option(context.options, "equals");
      equals != nullptr && option(context.options, "pointer") == nullptr) {
    context.complaints.add(
        context.tree.error(*equals, "`equals` needs a `pointer`", "\"\" is the whole value", At::key));
    return std::nullopt;
  }
  if (option(context.options, "pointer") != nullptr) add(context.options);
  if (const Json* checks = option(context.options, "checks")) {
    for (const Json& one : *checks) add(one);
  }
  return good ? std::optional(std::move(out)) : std::nullopt;
}

JsonFrom from_word(const Json* extract) {
  if (extract == nullptr || *extract != "fenced") {
    return extract != nullptr && *extract == "prose" ? JsonFrom::prose : JsonFrom::whole;
  }
  return JsonFrom::fenced;
}

GraderPtr build(const BuildContext& context) {
  TextOptions text;
  const Json* extract = option(context.options, "extract");
  bool good = true;
  if (extract != nullptr && extract->is_object()) {
    text.extract = Extract::build(context.tree, *extract, context.complaints);
    good = text.extract.has_value();
  }
  std::optional<Schema> schema;
  if (const Json* written = option(context.options, "schema")) {
    schema = Schema::build(context.tree, *written, context.complaints);
    good = good && schema.has_value();
  }
  auto checks = build_checks(context);
  if (!good || !checks) return nullptr;
  return std::make_unique<JsonGrader>(std::move(text), from_word(extract), std::move(schema), std::move(*checks));
}

}  // namespace

Kind json_kind() {
  return {
      "json",
      "the reply is valid JSON, fits a schema, has the values asked for",
      "Passes when the reply is strictly valid JSON (at most 64 levels, no duplicate keys), fits `schema` where one is "
      "given, and has every place of `checks`, equal to what is given there (1 equals 1.0). `extract: fenced` or "
      "`prose` finds JSON inside other text. Where values are asked for, a reply without JSON fails, as not_json too. "
      "Formats in schemas judge nothing. Score: 1 or 0.",
      R"({"kind":"json","extract":"prose","schema":{"type":"object","required":["intent"]},"pointer":"/intent","equals":"{{case.expected}}"})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
