#include "judge_verdict.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "headgate/base/lookalike.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/base/unicode.hpp"
#include "options.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_depth = 16;
constexpr std::string_view fence = "```";

tl::unexpected<CallError> unreadable(std::string why) {
  return tl::unexpected(CallError{ErrorKind::unparsable_verdict, std::move(why)});
}

// What a model thought aloud before its answer.
std::string_view without_thoughts(std::string_view text) {
  constexpr std::string_view open = "<think>", close = "</think>";
  if (!text.starts_with(open)) return text;
  const std::size_t end = text.find(close);
  return end == text.npos ? text : trimmed(text.substr(end + close.size()));
}

// The inside of a ``` block that is the whole text.
std::string_view without_fence(std::string_view text) {
  if (!text.starts_with(fence) || !text.ends_with(fence)) return text;
  const std::size_t line_end = text.find('\n');
  if (line_end == text.npos || line_end + fence.size() >= text.size()) return text;
  return trimmed(text.substr(line_end, text.size() - fence.size() - line_end));
}

// The members of `object` are exactly these.
Read<const Json*> exactly(const Json& object, const std::vector<std::string>& names, const std::string& where) {
  if (!object.is_object()) return unreadable("has no object " + where);
  for (const std::string& name : names) {
    if (!object.contains(name)) return unreadable("has no '" + name + "' " + where);
  }
  for (const auto& [key, value] : object.items()) {
    if (std::find(names.begin(), names.end(), key) == names.end()) {
      return unreadable("has a member " + on_one_line(canonical(Json(key))) + " " + where + " that was not asked for");
    }
  }
  return &object;
}

Read<std::string> reason_of(const Json& object, const std::string& where) {
  const Json& reason = object.at("reason");
  // What nobody can see is no reason: zero-width characters, soft hyphens, fillers.
  if (!reason.is_string() || is_blank(look_folded(reason.get_ref<const std::string&>()))) {
    return unreadable("gives no reason " + where);
  }
  return reason.get<std::string>();
}

const char* score_name(const Scale& scale) { return scale.pass_fail ? "verdict" : "score"; }

Read<double> point_of(const Scale& scale, const Json& value, const std::string& where) {
  if (scale.pass_fail) {
    const auto point = value.is_string() ? scale.parse(value.get_ref<const std::string&>()) : std::nullopt;
    if (!point) return unreadable("says neither \"pass\" nor \"fail\" " + where);
    return *point;
  }
  if (!value.is_number()) return unreadable("has a score that is no number " + where);
  const double score = value.get<double>();
  if (!(score >= scale.min && score <= scale.max)) {
    return tl::unexpected(CallError{ErrorKind::score_out_of_range,
                                    "has the score " + on_one_line(canonical(value)) + " " + where + ", outside " +
                                        std::to_string(scale.min) + " to " + std::to_string(scale.max)});
  }
  if (std::floor(score) != score) return unreadable("has a score that is no point of the scale " + where);
  return score;
}

}  // namespace

Read<Json> one_object(std::string_view answer) {
  if (answer.size() > max_verdict_bytes) {
    return unreadable("has " + std::to_string(answer.size()) + " bytes; at most " + std::to_string(max_verdict_bytes) +
                      " are read");
  }
  const std::string_view text = without_fence(without_thoughts(trimmed(answer)));
  if (text.empty()) return unreadable("is empty");
  if (!text.starts_with('{')) return unreadable("is not one JSON object: " + in_quotes(text));
  TextLimits limits;
  limits.max_depth = max_depth;
  Complaints complaints;
  auto tree = parse_json("answer", std::string(text), complaints, 1, limits);
  if (!tree) {
    return unreadable("is not one JSON object (" + complaints.errors().front().message + "): " + in_quotes(text));
  }
  return tree->root();
}

std::string scores_schema(const Rubric& rubric) {
  Json properties = Json::object();
  Json names = Json::array();
  const std::string member = score_name(rubric.scale);
  Json points = Json::array();
  for (int point = rubric.scale.min; point <= rubric.scale.max; ++point) {
    points.push_back(rubric.scale.pass_fail ? Json(rubric.scale.point(point)) : Json(point));
  }
  for (const Criterion& one : rubric.criteria) {
    names.push_back(one.name);
    properties[one.name] = {{"type", "object"},
                            {"properties",
                             {{"reason", {{"type", "string"}}},
                              {member, {{"type", rubric.scale.pass_fail ? "string" : "integer"}, {"enum", points}}}}},
                            {"required", {"reason", member}},
                            {"additionalProperties", false}};
  }
  return canonical({{"type", "object"},
                    {"properties", std::move(properties)},
                    {"required", std::move(names)},
                    {"additionalProperties", false}});
}

std::string scores_form(const Rubric& rubric) {
  const std::string value = rubric.scale.pass_fail ? std::string("\"pass\" or \"fail\"")
                                                   : "a whole number from " + std::to_string(rubric.scale.min) +
                                                         " to " + std::to_string(rubric.scale.max);
  std::string out = "{";
  for (const Criterion& one : rubric.criteria) {
    if (out.size() > 1) out += ",\n ";
    out += '"' + one.name + "\": {\"reason\": \"…\", \"" + score_name(rubric.scale) + "\": " + value + "}";
  }
  return out + "}\n";
}

Read<std::vector<Scored>> read_scores(const Rubric& rubric, std::string_view answer) {
  const auto object = one_object(answer);
  if (!object) return tl::unexpected(object.error());
  std::vector<std::string> names;
  for (const Criterion& one : rubric.criteria) names.push_back(one.name);
  if (const auto all = exactly(*object, names, "in it"); !all) return tl::unexpected(all.error());
  const std::string member = score_name(rubric.scale);
  std::vector<Scored> out;
  for (const std::string& name : names) {
    const std::string where = "for '" + name + "'";
    const auto one = exactly(object->at(name), {"reason", member}, where);
    if (!one) return tl::unexpected(one.error());
    auto reason = reason_of(**one, where);
    if (!reason) return tl::unexpected(reason.error());
    const auto score = point_of(rubric.scale, (*one)->at(member), where);
    if (!score) return tl::unexpected(score.error());
    out.push_back({*score, std::move(*reason)});
  }
  return out;
}

std::string choice_schema() {
  return canonical(
      {{"type", "object"},
       {"properties",
        {{"reason", {{"type", "string"}}}, {"verdict", {{"type", "string"}, {"enum", {"first", "second", "tie"}}}}}},
       {"required", {"reason", "verdict"}},
       {"additionalProperties", false}});
}

std::string choice_form() { return "{\"reason\": \"…\", \"verdict\": \"first\" or \"second\" or \"tie\"}\n"; }

Read<Choice> read_choice(std::string_view answer) {
  const auto object = one_object(answer);
  if (!object) return tl::unexpected(object.error());
  if (const auto all = exactly(*object, {"reason", "verdict"}, "in it"); !all) return tl::unexpected(all.error());
  auto reason = reason_of(*object, "for its choice");
  if (!reason) return tl::unexpected(reason.error());
  const Json& verdict = object->at("verdict");
  if (verdict == "first") return Choice{Better::first, std::move(*reason)};
  if (verdict == "second") return Choice{Better::second, std::move(*reason)};
  if (verdict == "tie") return Choice{Better::tie, std::move(*reason)};
  return unreadable("says neither \"first\" nor \"second\" nor \"tie\"");
}

}  // namespace headgate::grade
