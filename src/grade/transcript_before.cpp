// A tool that must not be called before something else has happened: a confirmation, a look-up.
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "options.hpp"
#include "tool_names.hpp"
#include "transcript_rules.hpp"

namespace headgate::grade {
namespace {

struct Needs {
  std::optional<Says> agent, user;
  ToolNames tool;
};

class Before : public TranscriptRule {
 public:
  Before(ToolNames tool, Needs needs, bool each) : tool_(std::move(tool)), needs_(std::move(needs)), each_(each) {}

  Judged<std::string> fault(const Transcript& transcript, const ErrorSigns& errors) const override {
    Seen seen;
    for (const Event& event : transcript.events) {
      if (event.kind == Event::Kind::called && tool_.match(transcript.tool(event))) {
        if (std::string lack = lacking(seen); !lack.empty()) {
          return turn_of(event) + " calls " + in_quotes(transcript.tool(event)) + " before " + lack;
        }
        if (each_) seen = {};
      }
      note(event, transcript, errors, seen);
    }
    return std::string();
  }

 private:
  struct Seen {
    bool agent = false, user = false, tool = false;
  };

  // The user's yes is one to what the agent asked: it counts from there on.
  void note(const Event& event, const Transcript& transcript, const ErrorSigns& errors, Seen& seen) const {
    if (event.kind == Event::Kind::answered) {
      if (needs_.tool.match(transcript.tool(event)) && !errors.in(event)) seen.tool = true;
      return;
    }
    if (needs_.agent && needs_.agent->in(event, Speaker::agent)) {
      seen.agent = true;
    } else if (needs_.user && needs_.user->in(event, Speaker::user) && (!needs_.agent || seen.agent)) {
      seen.user = true;
    }
  }

  std::string lacking(const Seen& seen) const {
    const char* again = each_ ? " (again for each call)" : "";
    if (needs_.agent && !seen.agent) return "the assistant says " + in_quotes(needs_.agent->written) + again;
    if (needs_.user && !seen.user) {
      return "the user says " + in_quotes(needs_.user->written) + (needs_.agent ? " to it" : "") + again;
    }
    if (!needs_.tool.empty() && !seen.tool) return needs_.tool.text() + " has answered without an error" + again;
    return {};
  }

  ToolNames tool_;
  Needs needs_;
  bool each_;
};

const FieldTable& needs_table() {
  static const FieldTable table{
      "requirement",
      "What must have happened. All that are given must; with both, the user's words must come after the assistant's.",
      {{"user_says",
        string_shape(),
        "an RE2 pattern that the user's words match",
        false,
        {},
        R"json("(?i)\\byes\\b")json"},
       {"assistant_says",
        string_shape(),
        "an RE2 pattern that the assistant's words match",
        false,
        {},
        R"json("(?i)shall i refund")json"},
       {"tool", tool_names_shape(), "a tool that has answered without an error", false, {}, R"("look_up_order")"}},
      {{KeyDemand::Count::at_least_one,
        {"user_says", "assistant_says", "tool"},
        "a requirement needs user_says, assistant_says or tool"}}};
  return table;
}

}  // namespace

const FieldTable& before_table() {
  static const FieldTable table{
      "before",
      "A tool that may be called only once something else has happened.",
      {{"tool", tool_names_shape(), "the tool; * stands for any characters", true, {}, R"("refund*")"},
       {"requires", object_of(needs_table()), "what must have happened before", true},
       {"each", boolean_shape(), "again for every call: what happened before the last one no longer counts", false,
        "false"}}};
  return table;
}

bool add_before(const RuleContext& context, TranscriptRules& out) {
  const Json& requires_ = *option(context.written, "requires");
  const RuleContext inner{context.tree, requires_, context.fold_case, context.complaints};
  bool good = true;
  Needs needs;
  needs.agent = inner.says("assistant_says", good);
  needs.user = inner.says("user_says", good);
  needs.tool = ToolNames::read(option(requires_, "tool"));
  if (!good) return false;
  out.push_back(std::make_unique<Before>(ToolNames::read(option(context.written, "tool")), std::move(needs),
                                         flag(context.written, "each", false)));
  return true;
}

}  // namespace headgate::grade
