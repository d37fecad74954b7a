// recorded: a grade that came with the reply, from people, another tool or a judge.
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/domain/template.hpp"
#include "headgate/grade/registry.hpp"
#include "json_place.hpp"
#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

// What a recorded value comes to: pass or fail, or a score.
using Worth = std::variant<bool, double>;
using Map = std::map<std::string, Worth>;

// A text stands for itself, a number, true and false for their JSON.
std::string key_of(const Json& value) {
  return value.is_string() ? std::string(trimmed(value.get_ref<const std::string&>())) : canonical(value);
}

// Numbers of another tool: what is worst and what is best there, and where passing begins.
struct Scale {
  double worst = 0.0, best = 1.0;
  std::optional<double> bound;  // in the unit of the scale

  bool rises() const { return best > worst; }
  double low() const { return rises() ? worst : best; }
  double high() const { return rises() ? best : worst; }
  bool passes(double value) const { return rises() ? value >= bound.value_or(best) : value <= bound.value_or(best); }
  double score(double value) const { return (value - worst) / (best - worst); }
};

CallError unparsable(std::string why) { return {ErrorKind::unparsable_verdict, std::move(why)}; }

struct RecordedOptions {
  JsonPlace from;
  Scale scale;
  std::optional<Map> map;
  std::optional<std::map<std::string, Map>> by_expected;
  Template expected = Template(Variable{Variable::Source::expected, "", "case.expected"});
  std::string by, judge;
  Digest rubric;
};

class Recorded : public Grader {
 public:
  explicit Recorded(RecordedOptions options) : options_(std::move(options)) {}

  Step step(const Subject& subject, const Answers&) const override {
    const Reply& reply = *subject.replies.front();
    if (reply.empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
    const auto map = map_of(subject.item);
    if (!map) return map.error();
    if (reply.recorded.absent()) {
      return CallError{ErrorKind::reply_missing, "no grade came with this reply (`fields: {recorded: …}` of a replay)"};
    }
    const Result<Json> all = parse_own(reply.recorded.text);
    if (!all) return unparsable("what was recorded is no JSON");
    const Json* value = options_.from.in(*all);
    if (value == nullptr) return unparsable("nothing is recorded at " + options_.from.text());
    if (value->is_null()) return unparsable("null is recorded at " + options_.from.text() + ": no verdict");
    const auto worth = *map != nullptr ? mapped(**map, *value) : plain(*value);
    return worth ? grade(*worth, *value) : Step(worth.error());
  }

  std::string lacks(const Case& item) const override {
    const auto map = map_of(item);
    return map ? std::string() : map.error().message;
  }

  Needs needs() const override {
    Needs out;
    if (!options_.judge.empty()) out.judges.insert({options_.judge, options_.rubric, true});
    return out;
  }
  bool reads_recorded_only() const override { return true; }

 private:
  // The map for this case; nullptr where values are taken as they are.
  Judged<const Map*> map_of(const Case& item) const {
    if (!options_.by_expected) return options_.map ? &*options_.map : nullptr;
    std::string scratch;
    const auto expected = options_.expected.fill(item, scratch);
    if (!expected) return tl::unexpected(expected.error());
    const auto found = options_.by_expected->find(std::string(trimmed(*expected)));
    if (found == options_.by_expected->end())
      return unjudged("`by_expected` does not know the expected " + in_quotes(*expected));
    return &found->second;
  }

  static Judged<Worth> mapped(const Map& map, const Json& value) {
    if (value.is_structured())
      return tl::unexpected(
          unparsable(on_one_line(canonical(value)) + " is recorded: a map takes texts, numbers and true or false"));
    const auto found = map.find(key_of(value));
    if (found == map.end())
      return tl::unexpected(unparsable(on_one_line(canonical(value)) + " is recorded, which the map does not know"));
    return found->second;
  }

  Judged<Worth> plain(const Json& value) const {
    if (value.is_boolean()) return Worth(value.get<bool>());
    if (!value.is_number()) {
      return tl::unexpected(unparsable(on_one_line(canonical(value)) +
                                       " is recorded, and without a map only true, false and numbers are grades"));
    }
    return Worth(value.get<double>());
  }

  Step grade(const Worth& worth, const Json& value) const {
    std::string reason = "recorded by " + options_.by + ": " + on_one_line(canonical(value));
    if (const bool* pass = std::get_if<bool>(&worth)) return verdict(*pass, std::move(reason));
    const double number = std::get<double>(worth);
    const Scale& scale = options_.scale;
    if (!std::isfinite(number) || number < scale.low() || number > scale.high()) {
      return CallError{ErrorKind::score_out_of_range,
                       std::move(reason) + ", outside " + shortest(scale.low()) + " to " + shortest(scale.high())};
    }
    const bool pass = scale.passes(number);
    if (!pass)
      reason += std::string(scale.rises() ? ", at least " : ", at most ") + shortest(scale.bound.value_or(scale.best)) +
                " asked";
    return Grade{pass, scale.score(number), std::move(reason)};
  }

  RecordedOptions options_;
};

const FieldTable& options_table() {
  static const Shape worth = either({boolean_shape(), fraction()});
  static const FieldTable table{
      "recorded",
      "Options of recorded; at most one of `map`, `by_expected` and `scale`.",
      {{"from", string_or_empty(), "where the grade stands in what was recorded, as a JSON pointer", false, "\"\"",
        "\"/human_final\""},
       {"map",
        map_of(worth),
        "what each recorded value means: true, false, or a score from 0 to 1; any other value is an error",
        false,
        {},
        R"({"good":true,"bad":false})"},
       {"by_expected", map_of(map_of(worth)), "such a map for each expected value of a case"},
       {"expected", string_shape(), "the text that chooses among `by_expected`", false, "\"{{case.expected}}\""},
       {"scale", list_of(number_shape()).at_least(2).at_most(2),
        "the worst and the best number that the other tool gives; the score is the place between them", false, "[0, 1]",
        "[1, 5]"},
       {"at_least", number_shape(),
        "the least number that passes, in the unit of `scale`; without it only the best passes"},
       {"at_most", number_shape(), "the same where lower is better"},
       {"by", one_of({"human", "tool", "judge"}), "who gave the grade; `judge` where a `judge` is named", false,
        "\"tool\""},
       {"judge", string_shape(),
        "the name of the judge in the gate file: a judge's word decides nothing without a calibration"}}};
  return table;
}

Map read_map(const Json& written) {
  Map out;
  for (const auto& [key, value] : written.items()) {
    out.emplace(std::string(trimmed(key)), value.is_boolean() ? Worth(value.get<bool>()) : Worth(value.get<double>()));
  }
  return out;
}

// Keys that differ only by the white space around them would leave one of two meanings to chance.
bool is_clear(const BuildContext& context, const Json& written, const Map& read) {
  if (written.empty()) {
    context.complaints.add(context.tree.error(written, "an empty map knows no value"));
  } else if (read.size() < written.size()) {
    context.complaints.add(context.tree.error(written, "two keys differ only in white space around them"));
  }
  return !written.empty() && read.size() == written.size();
}

bool read_maps(const BuildContext& context, RecordedOptions& out) {
  bool good = true;
  if (const Json* map = option(context.options, "map")) {
    out.map = read_map(*map);
    good = is_clear(context, *map, *out.map);
  }
  if (const Json* maps = option(context.options, "by_expected")) {
    out.by_expected.emplace();
    if (maps->empty()) context.complaints.add(context.tree.error(*maps, "an empty map knows no expected value"));
    good = good && !maps->empty();
    for (const auto& [expected, written] : maps->items()) {
      Map map = read_map(written);
      good = is_clear(context, written, map) && good;
      if (!out.by_expected->emplace(std::string(trimmed(expected)), std::move(map)).second) {
        context.complaints.add(
            context.tree.error(written, "two keys differ only in white space around them", {}, At::key));
        good = false;
      }
    }
  }
  if (const Json* expected = option(context.options, "expected")) {
    auto text = Template::compile(context.tree, *expected, context.complaints);
    good = good && text.has_value();
    if (text) out.expected = std::move(*text);
  }
  return good;
}

bool read_scale(const BuildContext& context, Scale& out) {
  const Json* scale = option(context.options, "scale");
  if (scale != nullptr) out = {(*scale)[0].get<double>(), (*scale)[1].get<double>(), {}};
  if (out.worst == out.best) {
    context.complaints.add(context.tree.error(*scale, "worst and best are the same number"));
    return false;
  }
  const char* const asked = out.rises() ? "at_least" : "at_most";
  const char* const other = out.rises() ? "at_most" : "at_least";
  if (const Json* wrong = option(context.options, other)) {
    context.complaints.add(
        context.tree.error(*wrong, std::string("`") + other + "` does not fit the scale",
                           out.rises() ? "write scale: [worst, best]; where lower is better, the larger number first"
                                       : "lower is better there: write at_most",
                           At::key));
    return false;
  }
  if (const Json* bound = option(context.options, asked)) {
    out.bound = bound->get<double>();
    if (*out.bound >= out.low() && *out.bound <= out.high()) return true;
    context.complaints.add(context.tree.error(
        *bound, std::string("`") + asked + "` is outside " + shortest(out.low()) + " to " + shortest(out.high())));
    return false;
  }
  return true;
}

// At most one way to read a value.
bool reads_one_way(const BuildContext& context) {
  const Json* first = nullptr;
  for (const char* name : {"map", "by_expected", "scale"}) {
    const Json* written = option(context.options, name);
    if (written != nullptr && first != nullptr) {
      context.complaints.add(context.tree.error(
          *written, "at most one of `map`, `by_expected` and `scale` says what a value means", {}, At::key));
      return false;
    }
    if (written != nullptr) first = written;
  }
  const Json* expected = option(context.options, "expected");
  if (expected == nullptr || option(context.options, "by_expected") != nullptr) return true;
  context.complaints.add(context.tree.error(*expected, "`expected` says nothing without `by_expected`", {}, At::key));
  return false;
}

// All that changes how a verdict is read: not who gave it.
Digest rubric_of(const Json& options) {
  Json read = options;
  for (const char* name : {"kind", "since", "retired", "judge", "by"}) read.erase(name);
  return digest_of(read);
}

bool read_source(const BuildContext& context, RecordedOptions& out) {
  out.judge = word(context.options, "judge", "");
  out.by = word(context.options, "by", out.judge.empty() ? "tool" : "judge");
  const Json* by = option(context.options, "by");
  if (by != nullptr && (out.by == "judge") != !out.judge.empty()) {
    context.complaints.add(context.tree.error(
        *by,
        out.judge.empty() ? "which judge? Its word decides nothing unless it is calibrated"
                          : "a `judge` is named, so the grade is a judge's",
        out.judge.empty() ? "write judge: NAME, as the gate file calls it under `judges`" : "leave `by` out"));
    return false;
  }
  if (!out.judge.empty()) {
    out.rubric = rubric_of(context.options);
    out.by = "judge '" + out.judge + "'";
  }
  return true;
}

GraderPtr build(const BuildContext& context) {
  RecordedOptions out;
  bool good = reads_one_way(context) && read_maps(context, out);
  good = read_scale(context, out.scale) && good;
  good = read_source(context, out) && good;
  if (const Json* from = option(context.options, "from")) {
    const auto place = JsonPlace::build(context.tree, *from, context.complaints);
    good = good && place.has_value();
    if (place) out.from = *place;
  }
  return good ? std::make_unique<Recorded>(std::move(out)) : nullptr;
}

}  // namespace

Kind recorded_kind() {
  Kind out{
      "recorded",
      "a grade that came with the reply: a human label, another tool's score",
      "Takes the verdict that was recorded with the reply (`fields: {recorded: …}` of a replay route) as it is: true, "
      "false, or a number from 0 to 1, of which only 1 passes unless `at_least` says otherwise; or what `map` or "
      "`by_expected` says of it. A value that the map does not know, a place with nothing in it, null, prose and a "
      "number outside the scale leave the cell ungraded: never a pass, not_recorded included. Decisions say that "
      "such a grade was not made here. With `judge` it is a judge's word, and decides only once that judge is "
      "calibrated.",
      R"({"kind":"recorded","from":"/human_final","by":"human","by_expected":{"comply":{"full_compliance":true,"full_refusal":false},"refuse":{"full_compliance":false,"full_refusal":true}}})",
      &options_table(),
      &build};
  out.basis = Basis::recorded;
  return out;
}

}  // namespace headgate::grade
