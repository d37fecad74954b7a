// What an agent does once a tool was in trouble: it failed, answered nothing, late, or in another shape than it should.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "options.hpp"
#include "schema.hpp"
#include "tool_names.hpp"
#include "transcript_rules.hpp"

namespace headgate::grade {
namespace {

enum class Trouble { error, empty, late, shape };
constexpr const char* trouble_words[] = {"error", "empty", "late", "shape"};

struct Kinds {
  bool of[4] = {};
  bool& operator[](Trouble trouble) { return of[static_cast<std::size_t>(trouble)]; }
  bool operator[](Trouble trouble) const { return of[static_cast<std::size_t>(trouble)]; }
};

struct Recovery {
  ToolNames tools;
  Kinds after;
  std::optional<Schema> schema;
  std::optional<double> late_ms;
  bool retry = false;
  std::optional<Says> tell;
  ToolNames call;
  std::optional<Says> never_say;
  std::size_t at_least = 0;

  bool asks_for_more() const { return retry || tell || !call.empty(); }
};

// A call that went wrong.
struct Setback {
  Trouble trouble;
  std::size_t from = 0;    // the event behind which the agent must do something
  std::size_t call = 0;    // index of the call
  bool came_well = false;  // it was only late, and a good answer came
};

bool is_empty(const Event& answer) {
  if (is_blank(answer.text)) return true;
  const auto json = parse_own(answer.text);
  return json && (json->is_null() || *json == Json("") || (json->is_structured() && json->empty()));
}

class AfterTrouble : public TranscriptRule {
 public:
  explicit AfterTrouble(Recovery what) : what_(std::move(what)) {}

  Judged<std::string> fault(const Transcript& transcript, const ErrorSigns& errors) const override {
    const auto troubles = find(transcript, errors);
    if (!troubles) return tl::unexpected(troubles.error());
    if (troubles->size() < what_.at_least) {
      return what_.tools.text() + " was in trouble " + plural(troubles->size(), "time") + ", at least " +
             std::to_string(what_.at_least) + " asked: nothing is seen of how the agent recovers";
    }
    for (const Setback& one : *troubles) {
      auto fault = fault_after(one, transcript, errors);
      if (!fault || !fault->empty()) return fault;
    }
    return std::string();
  }

 private:
  // By event: the answer of each call, or events.size().
  static std::vector<std::size_t> answers_of(const Transcript& transcript) {
    std::vector<std::size_t> out(transcript.calls.size(), transcript.events.size());
    for (std::size_t i = 0; i < transcript.events.size(); ++i) {
      const Event& event = transcript.events[i];
      if (event.kind == Event::Kind::answered) out[event.call] = i;
    }
    return out;
  }

  Judged<std::vector<Setback>> find(const Transcript& transcript, const ErrorSigns& errors) const {
    const auto answers = answers_of(transcript);
    std::vector<Setback> out;
    for (std::size_t i = 0; i < transcript.events.size(); ++i) {
      const Event& event = transcript.events[i];
      if (event.kind != Event::Kind::called || !what_.tools.match(transcript.tool(event))) continue;
      const std::size_t answer = answers[event.call];
      const bool is_there = answer < transcript.events.size();
      auto bad =
          is_there ? trouble_in(transcript.events[answer], errors) : Judged<std::optional<Trouble>>(std::nullopt);
      if (!bad) return tl::unexpected(bad.error());
      if (what_.after[Trouble::late] && is_late(transcript, i, answer)) {
        out.push_back({Trouble::late, i, event.call, is_there && !*bad});
      }
      if (*bad) out.push_back({**bad, answer, event.call, false});
    }
    return out;
  }

  // The agent or the user went on before the answer came, or it says itself how long it took.
  bool is_late(const Transcript& transcript, std::size_t call, std::size_t answer) const {
    const std::size_t turn = transcript.events[call].turn;
    for (std::size_t i = call + 1; i < answer && i < transcript.events.size(); ++i) {
      const Event& event = transcript.events[i];
      if (event.kind != Event::Kind::answered && event.turn != turn) return true;
    }
    if (answer >= transcript.events.size() || !what_.late_ms) return false;
    return transcript.events[answer].latency_ms.value_or(0.0) > *what_.late_ms;
  }

  Judged<std::optional<Trouble>> trouble_in(const Event& answer, const ErrorSigns& errors) const {
    using Found = std::optional<Trouble>;
    if (errors.in(answer)) return what_.after[Trouble::error] ? Found(Trouble::error) : Found();
    if (is_empty(answer)) return what_.after[Trouble::empty] ? Found(Trouble::empty) : Found();
    if (!what_.after[Trouble::shape]) return Found();
    const auto json = parse_own(answer.text);
    const auto fault = what_.schema->fault_of(json ? *json : Json(answer.text));
    if (!fault) return tl::unexpected(fault.error());
    return fault->empty() ? Found() : Found(Trouble::shape);
  }

  Judged<std::string> fault_after(const Setback& one, const Transcript& transcript, const ErrorSigns& errors) const {
    const std::string& tool = transcript.calls[one.call].name;
    bool recovered = !what_.asks_for_more() || one.came_well;
    bool answered_well = false;
    for (std::size_t i = one.from + 1; i < transcript.events.size(); ++i) {
      const Event& event = transcript.events[i];
      if (event.kind == Event::Kind::called) {
        recovered =
            recovered || (what_.retry && transcript.tool(event) == tool) || what_.call.match(transcript.tool(event));
      } else if (event.kind == Event::Kind::answered) {
        if (transcript.tool(event) != tool) continue;
        const auto bad = trouble_in(event, errors);
        if (!bad) return tl::unexpected(bad.error());
        answered_well = answered_well || !*bad;
      } else {
        if (what_.never_say && !answered_well && what_.never_say->in(event, Speaker::agent)) {
          return turn_of(event) + " says " + in_quotes(what_.never_say->written) + " though " + why(one, transcript);
        }
        recovered = recovered || (what_.tell && what_.tell->in(event, Speaker::agent));
      }
    }
    if (recovered) return std::string();
    return why(one, transcript) + ", and the agent then does not " + wanted();
  }

  static std::string why(const Setback& one, const Transcript& transcript) {
    const Event& event = transcript.events[one.from];
    const std::string tool = in_quotes(transcript.calls[one.call].name);
    switch (one.trouble) {
      case Trouble::error:
        return tool + " answered with an error in " + turn_of(event);
      case Trouble::empty:
        return tool + " answered nothing in " + turn_of(event);
      case Trouble::shape:
        return tool + " answered in another shape in " + turn_of(event);
      case Trouble::late:
        break;
    }
    return tool + ", called in " + turn_of(event) + ", had not answered in time";
  }

  std::string wanted() const {
    std::vector<std::string> ways;
    if (what_.retry) ways.emplace_back("call it again");
    if (!what_.call.empty()) ways.push_back("call " + what_.call.text());
    if (what_.tell) ways.push_back("say " + in_quotes(what_.tell->written));
    std::string out;
    for (const std::string& way : ways) out += (out.empty() ? "" : " or ") + way;
    return out;
  }

  Recovery what_;
};

class Retries : public TranscriptRule {
 public:
  Retries(ToolNames tools, std::size_t most, bool same) : tools_(std::move(tools)), most_(most), same_(same) {}

  // A retry is the next call of a tool whose last answer was an error; a good answer ends the row.
  Judged<std::string> fault(const Transcript& transcript, const ErrorSigns& errors) const override {
    std::vector<Row> rows;
    for (const Event& event : transcript.events) {
      if (event.kind == Event::Kind::said || !tools_.match(transcript.tool(event))) continue;
      const auto row = row_of(transcript.calls[event.call], rows);
      if (!row) return tl::unexpected(row.error());
      if (event.kind == Event::Kind::answered) {
        (*row)->has_failed = errors.in(event);
        if (!(*row)->has_failed) (*row)->retries = 0;
      } else if ((*row)->has_failed && ++(*row)->retries > most_) {
        return turn_of(event) + " calls " + in_quotes(transcript.tool(event)) +
               (same_ ? " with the same arguments" : "") + " again after an error, for the " +
               ordinal((*row)->retries) + " time; at most " + std::to_string(most_) + " asked";
      }
    }
    return std::string();
  }

 private:
  struct Row {
    std::string tool, arguments;
    std::size_t retries = 0;
    bool has_failed = false;
  };

  static std::string ordinal(std::size_t n) {
    return std::to_string(n) + (n % 100 / 10 == 1 || n % 10 == 0 || n % 10 > 3 ? "th"
                                : n % 10 == 1                                  ? "st"
                                : n % 10 == 2                                  ? "nd"
                                                                               : "rd");
  }

  Judged<Row*> row_of(const MadeCall& call, std::vector<Row>& rows) const {
    std::string arguments;
    if (same_) {
      const auto json = arguments_of(call);
      if (!json) return tl::unexpected(json.error());
      arguments = canonical(*json);
    }
    for (Row& row : rows) {
      if (row.tool == call.name && row.arguments == arguments) return &row;
    }
    rows.push_back({call.name, std::move(arguments)});
    return &rows.back();
  }

  ToolNames tools_;
  std::size_t most_;
  bool same_;
};

bool read_after(const RuleContext& context, Recovery& out) {
  const Json* after = option(context.written, "after");
  const Json* schema = option(context.written, "schema");
  if (after == nullptr) {
    out.after[Trouble::error] = out.after[Trouble::empty] = out.after[Trouble::late] = true;
    out.after[Trouble::shape] = schema != nullptr;
  } else {
    for (const Json& word : *after) {
      const auto found = std::ranges::find(trouble_words, word.get<std::string>());
      out.after.of[found - std::begin(trouble_words)] = true;
    }
  }
  if (out.after[Trouble::shape] != (schema != nullptr)) {
    context.complaints.add(
        schema == nullptr
            ? context.tree.error(*after, "which shape? `after: [shape]` needs a `schema` for answers of the tool", {},
                                 At::key)
            : context.tree.error(*schema, "`schema` says nothing where `after` has no shape", {}, At::key));
    return false;
  }
  if (schema != nullptr) out.schema = Schema::build(context.tree, *schema, context.complaints);
  return schema == nullptr || out.schema.has_value();
}

}  // namespace

const FieldTable& recovery_table() {
  static const FieldTable table{
      "recovery",
      "What the agent does once a tool was in trouble: one of retry, call and tell, and never what never_say says.",
      {{"tools", tool_names_shape(), "the tools; * stands for any characters", false, R"("*")", R"("search_*")"},
       {"after", list_of(one_of({"error", "empty", "late", "shape"})).at_least(1),
        "the troubles. error: the answer is one; empty: it says nothing; late: the agent or the user went on before it "
        "came, or it took longer than late_ms; shape: it does not fit `schema`",
        false, R"(["error","empty","late"])"},
       {"schema", either({map_of(any_shape()), boolean_shape()}), "a JSON Schema that a good answer fits; adds shape"},
       {"late_ms", number_shape().at_least(0), "an answer whose latency_ms is above this is late"},
       {"retry", boolean_shape(), "calling the same tool again is a recovery", false, "false"},
       {"call", tool_names_shape(), "calling one of these is a recovery", false, {}, R"("hand_over")"},
       {"tell",
        string_shape(),
        "an assistant's word that matches this RE2 pattern is a recovery",
        false,
        {},
        R"json("(?i)could not|unable to")json"},
       {"never_say",
        string_shape(),
        "what the assistant must not say until the tool has answered well: an RE2 pattern",
        false,
        {},
        R"json("(?i)is (done|booked|refunded)")json"},
       {"at_least", integer_shape().at_least(0), "how often there must have been trouble: less fails", false, "0"}},
      {{KeyDemand::Count::at_least_one,
        {"retry", "call", "tell", "never_say"},
        "a recovery needs retry, call, tell or never_say"}}};
  return table;
}

bool add_recovery(const RuleContext& context, TranscriptRules& out) {
  Recovery what;
  bool good = read_after(context, what);
  what.tools = ToolNames::read(option(context.written, "tools"), {"*"});
  what.call = ToolNames::read(option(context.written, "call"));
  what.retry = flag(context.written, "retry", false);
  what.tell = context.says("tell", good);
  what.never_say = context.says("never_say", good);
  if (const Json* least = option(context.written, "at_least")) what.at_least = least->get<std::size_t>();
  if (const Json* late = option(context.written, "late_ms")) {
    what.late_ms = late->get<double>();
    if (!what.after[Trouble::late]) {
      context.complaints.add(
          context.tree.error(*late, "`late_ms` says nothing where `after` has no late", {}, At::key));
      good = false;
    }
  }
  if (good && !what.asks_for_more() && !what.never_say) {
    context.complaints.add(context.tree.error(context.written, "this asks nothing of the agent",
                                              "give retry: true, call, tell or never_say"));
    good = false;
  }
  if (good) out.push_back(std::make_unique<AfterTrouble>(std::move(what)));
  return good;
}

const FieldTable& retries_table() {
  static const FieldTable table{
      "retries",
      "How often a tool that answered with an error may be called again.",
      {{"tools", tool_names_shape(), "the tools; * stands for any characters", false, R"("*")"},
       {"max", integer_shape().at_least(0), "the most retries in a row; a good answer ends the row", true},
       {"same_arguments", boolean_shape(), "only a call with equal arguments is a retry", false, "false"}}};
  return table;
}

bool add_retries(const RuleContext& context, TranscriptRules& out) {
  out.push_back(std::make_unique<Retries>(ToolNames::read(option(context.written, "tools"), {"*"}),
                                          option(context.written, "max")->get<std::size_t>(),
                                          flag(context.written, "same_arguments", false)));
  return true;
}

}  // namespace headgate::grade
