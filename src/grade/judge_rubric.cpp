#include "judge_rubric.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/text.hpp"
#include "options.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_name_bytes = 40;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= max_name_bytes && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::optional<Template> compiled(const BuildContext& context, const Json& written) {
  return Template::compile(context.tree, written, context.complaints);
}

const FieldTable& scale_table() {
  static const FieldTable table{"scale",
                                "Whole numbers from min to max.",
                                {{"min", integer_shape().at_least(-100).at_most(100), "the worst", true, {}, "1"},
                                 {"max", integer_shape().at_least(-100).at_most(100), "the best", true, {}, "5"}}};
  return table;
}

Field description_field() {
  return {"description", string_shape(), "what is asked of the reply; may have templates such as {{case.expected}}",
          true};
}
Field name_field() {
  return {"name", string_shape(), "letters, digits, - and _; it names the measure", true, {}, "\"tone\""};
}
Field weight_field() { return {"weight", number_shape().above(0), "its weight among the criteria", false, "1"}; }

const FieldTable& scored_criterion_table() {
  static const FieldTable table{
      "criterion",
      "One thing that is looked at, and how it is scored.",
      {name_field(),
       description_field(),
       weight_field(),
       {"anchors",
        map_of(string_shape()),
        "what points of the scale mean, by the point (\"1\", or pass and fail)",
        false,
        {},
        R"({"1":"rude","5":"warm"})"},
       {"min", integer_shape(),
        "a point of the scale below which the reply does not pass, whatever its other scores"}}};
  return table;
}

const FieldTable& plain_criterion_table() {
  static const FieldTable table{
      "criterion", "One thing that is looked at.", {name_field(), description_field(), weight_field()}};
  return table;
}

std::optional<Scale> build_scale(const BuildContext& context) {
  const Json* written = option(context.options, "scale");
  Scale out;
  if (written == nullptr || !written->is_object()) return out;
  out.pass_fail = false;
  out.min = option(*written, "min")->get<int>();
  out.max = option(*written, "max")->get<int>();
  if (out.max > out.min && out.max - out.min < max_scale_points) return out;
  context.complaints.add(context.tree.error(*written, "a scale goes from `min` up to a greater `max`, in at most " +
                                                          std::to_string(max_scale_points) + " points"));
  return std::nullopt;
}

bool read_anchors(const BuildContext& context, const Json& written, const Scale& scale, Criterion& out) {
  const Json* anchors = option(written, "anchors");
  if (anchors == nullptr) return true;
  bool good = true;
  for (const auto& [point, words] : anchors->items()) {
    if (const auto score = scale.parse(point)) {
      out.anchors.emplace_back(*score, words.get<std::string>());
      continue;
    }
    context.complaints.add(context.tree.error(words, "'" + point + "' is no point of the scale",
                                              "from " + scale.point(scale.min) + " to " + scale.point(scale.max),
                                              At::key));
    good = false;
  }
  std::ranges::sort(out.anchors);
  return good;
}

bool read_min(const BuildContext& context, const Json& written, const Scale& scale, Criterion& out) {
  const Json* min = option(written, "min");
  if (min == nullptr) return true;
  const auto value = min->get<std::int64_t>();
  if (value >= scale.min && value <= scale.max) {
    out.min = static_cast<int>(value);
    return true;
  }
  context.complaints.add(context.tree.error(*min, "`min` is no point of the scale",
                                            "from " + std::to_string(scale.min) + " to " + std::to_string(scale.max)));
  return false;
}

std::optional<Criterion> build_criterion(const BuildContext& context, const Json& written, const Scale& scale) {
  Criterion out;
  const Json& name = *option(written, "name");
  out.name = name.get<std::string>();
  bool good = is_name(out.name);
  if (!good) {
    context.complaints.add(context.tree.error(
        name, "a criterion's name is made of at most " + std::to_string(max_name_bytes) + " letters, digits, - and _"));
  }
  auto description = compiled(context, *option(written, "description"));
  if (description) out.description = std::move(*description);
  out.weight = quantity(written, "weight", 1.0);
  good = read_anchors(context, written, scale, out) && good;
  good = read_min(context, written, scale, out) && good;
  return good && description ? std::optional(std::move(out)) : std::nullopt;
}

bool all_named_apart(const BuildContext& context, const Json& written) {
  std::set<std::string> names;
  bool good = written.size() <= max_criteria;
  if (!good) {
    context.complaints.add(
        context.tree.error(written, "at most " + std::to_string(max_criteria) + " criteria can be judged at once"));
  }
  for (const Json& one : written) {
    const Json& name = *option(one, "name");
    if (names.insert(name.get<std::string>()).second) continue;
    context.complaints.add(context.tree.error(name, "two criteria have this name"));
    good = false;
  }
  return good;
}

}  // namespace

std::string Scale::point(int score) const {
  if (!pass_fail) return std::to_string(score);
  return score == max ? "pass" : "fail";
}

std::optional<int> Scale::parse(std::string_view written) const {
  if (pass_fail) {
    if (written == "pass") return 1;
    return written == "fail" ? std::optional(0) : std::nullopt;
  }
  int score = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), score);
  const bool whole = error == std::errc{} && end == written.data() + written.size();
  return whole && score >= min && score <= max ? std::optional(score) : std::nullopt;
}

Judged<std::string> Rubric::text(const Case& item) const {
  std::string out;
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    const Criterion& one = criteria[i];
    std::string scratch;
    const auto description = one.description.fill(item, scratch);
    if (!description) return tl::unexpected(description.error());
    out += std::to_string(i + 1) + ". " + one.name;
    if (criteria.size() > 1 && one.weight != 1.0) out += " (weight " + shortest(one.weight) + ")";
    out += ": ";
    out += *description;
    out += '\n';
    for (const auto& [point, words] : one.anchors) out += "   " + scale.point(point) + " = " + words + "\n";
  }
  return out;
}

std::string Rubric::lacks(const Case& item) const {
  for (const Criterion& one : criteria) {
    std::string scratch;
    const auto filled = one.description.fill(item, scratch);
    if (!filled) return filled.error().message;
  }
  return {};
}

std::optional<Rubric> build_rubric(const BuildContext& context) {
  const auto scale = build_scale(context);
  if (!scale) return std::nullopt;
  Rubric out{*scale, {}};
  if (const Json* text = option(context.options, "rubric")) {
    auto description = compiled(context, *text);
    if (!description) return std::nullopt;
    out.criteria.push_back({"rubric", std::move(*description), 1.0, {}, {}});
    return out;
  }
  const Json& written = *option(context.options, "criteria");
  bool good = all_named_apart(context, written);
  for (const Json& one : written) {
    auto criterion = build_criterion(context, one, *scale);
    good = good && criterion.has_value();
    if (criterion) out.criteria.push_back(std::move(*criterion));
  }
  return good ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<Template> build_template(const BuildContext& context, std::string_view name, bool& good) {
  const Json* written = option(context.options, name);
  if (written == nullptr) return std::nullopt;
  auto out = compiled(context, *written);
  good = good && out.has_value();
  return out;
}

Digest rubric_digest(const Json& options, const FieldTable& table) {
  Json told = Json::object();
  for (const Field& field : table.fields) {
    if (field.name == "judge") continue;
    if (const Json* written = option(options, field.name)) {
      told[field.name] = *written;
    } else if (!field.fallback.empty()) {
      told[field.name] = Json::parse(field.fallback);
    }
  }
  return digest_of({{"version", judge_version}, {"kind", table.name}, {"options", std::move(told)}});
}

std::vector<Field> rubric_fields(bool scored) {
  std::vector<Field> fields{
      {"judge", string_shape(), "who judges, as the gate file names it under `judges`", true, {}, "\"rubric\""},
      {"task", string_shape(), "what the replies are for, in a sentence or two; may have templates"},
      {"rubric", string_shape(), "short for a single criterion of that name"},
      {"criteria", list_of(object_of(scored ? scored_criterion_table() : plain_criterion_table())).at_least(1),
       "what is looked at, one thing each"}};
  if (scored) {
    fields.push_back({"scale", either({one_of({"pass_fail"}), object_of(scale_table())}),
                      "how each criterion is scored", false, "\"pass_fail\""});
  }
  return fields;
}

KeyDemand rubric_demand() {
  return {KeyDemand::Count::exactly_one,
          {"criteria", "rubric"},
          "a judge needs either `criteria` or a `rubric`",
          R"(for example rubric: "the reply answers the question and promises nothing")"};
}

}  // namespace headgate::grade
