// transcript: rules on what happened between a user, an agent and its tools.
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "headgate/grade/registry.hpp"
#include "options.hpp"
#include "transcript_rules.hpp"

namespace headgate::grade {
namespace {

class TranscriptGrader : public Grader {
 public:
  TranscriptGrader(TranscriptRules rules, ErrorSigns errors) : rules_(std::move(rules)), errors_(std::move(errors)) {}

  Step step(const Subject& subject, const Answers&) const override {
    const Reply& reply = *subject.replies.front();
    if (reply.empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
    if (reply.transcript.absent()) return CallError{ErrorKind::reply_missing, "no transcript came with the reply"};
    const auto transcript = read_transcript(reply.transcript);
    if (!transcript) return transcript.error();
    if (transcript->agent_turns == 0) return cannot_judge("the transcript has no turn of the assistant");
    for (const auto& rule : rules_) {
      const auto fault = rule->fault(*transcript, errors_);
      if (!fault) return fault.error();
      if (!fault->empty()) return verdict(false, *fault);
    }
    return verdict(
        true, rules_.size() == 1 ? "the rule is kept" : "all " + std::to_string(rules_.size()) + " rules are kept");
  }

 private:
  TranscriptRules rules_;
  ErrorSigns errors_;
};

Shape one_or_more(const FieldTable& table) { return either({object_of(table), list_of(object_of(table)).at_least(1)}); }

const FieldTable& options_table() {
  static const FieldTable table{
      "transcript",
      "Options of transcript. All rules that are given must be kept.",
      {{"before",
        one_or_more(before_table()),
        "tools that may be called only once something else has happened",
        false,
        {},
        R"({"tool":"refund","requires":{"assistant_says":"(?i)shall i","user_says":"(?i)yes"}})"},
       {"retries",
        one_or_more(retries_table()),
        "how often a tool may be called again after an error",
        false,
        {},
        R"({"max":2})"},
       {"recovery",
        one_or_more(recovery_table()),
        "what the agent does once a tool was in trouble",
        false,
        {},
        R"({"retry":true,"tell":"(?i)could not"})"},
       {"says",
        one_or_more(words_table()),
        "what somebody must say, in some turn",
        false,
        {},
        R"({"pattern":"(?i)ticket #\\d+"})"},
       {"never_says",
        one_or_more(words_table()),
        "what nobody of that role may say, in any turn",
        false,
        {},
        R"({"role":"assistant","pattern":"(?i)guarantee"})"},
       {"max_turns", integer_shape().at_least(1), "the most turns of the assistant"},
       {"ends_with_answer", boolean_shape(), "the last word is the assistant's: no call, no answer of a tool, no user",
        false, "false"},
       {"no_calls_after",
        string_shape(),
        "once the assistant's words match this RE2 pattern, it calls no tool",
        false,
        {},
        R"json("(?i)your case is closed")json"},
       {"errors",
        string_shape(),
        "an RE2 pattern of answers that are errors, besides those that say so themselves (error, is_error, status)",
        false,
        {},
        R"("^Error")"},
       {"fold_case", boolean_shape(), "upper and lower case are the same in all patterns but `errors`", false,
        "false"}}};
  return table;
}

using AddRule = bool (*)(const RuleContext& context, TranscriptRules& out);

bool add_all(const BuildContext& context, const char* key, bool fold_case, AddRule add, TranscriptRules& out) {
  const Json* written = option(context.options, key);
  if (written == nullptr) return true;
  const auto add_one = [&](const Json& one) { return add({context.tree, one, fold_case, context.complaints}, out); };
  if (written->is_object()) return add_one(*written);
  bool good = true;
  for (const Json& one : *written) good = add_one(one) && good;
  return good;
}

GraderPtr build(const BuildContext& context) {
  const bool fold_case = flag(context.options, "fold_case", false);
  TranscriptRules rules;
  ErrorSigns errors;
  bool good = true;
  const std::pair<const char*, AddRule> all[] = {
      {"before", add_before},
      {"retries", add_retries},
      {"recovery", add_recovery},
      {"says", [](const RuleContext& one, TranscriptRules& out) { return add_words(one, true, out); }},
      {"never_says", [](const RuleContext& one, TranscriptRules& out) { return add_words(one, false, out); }}};
  for (const auto& [key, add] : all) good = add_all(context, key, fold_case, add, rules) && good;
  good = add_course({context.tree, context.options, fold_case, context.complaints}, rules) && good;
  if (const Json* pattern = option(context.options, "errors")) {
    errors.pattern = Pattern::compile(context.tree, *pattern, false, context.complaints);
    good = good && errors.pattern.has_value();
  }
  if (!good) return nullptr;
  if (rules.empty()) {
    context.complaints.add(context.tree.error(
        context.options, "transcript asks for nothing",
        "give before, retries, recovery, says, never_says, max_turns, ends_with_answer or no_calls_after"));
    return nullptr;
  }
  return std::make_unique<TranscriptGrader>(std::move(rules), std::move(errors));
}

}  // namespace

Kind transcript_kind() {
  return {
      "transcript",
      "rules on what happened between user, agent and tools: confirmations, retries, recovery",
      "Passes when every rule that is given is kept in the transcript that came with the reply. A rule about something "
      "that did not happen is kept. Chat messages, blocks and items of the usual interfaces are read, and plain turns "
      "of {role, text}; a reply without a transcript, or with a turn that cannot be read, is not graded, "
      "not_transcript included. Patterns are RE2. Score: 1 or 0.",
      R"({"kind":"transcript","before":{"tool":"refund","requires":{"assistant_says":"(?i)shall i refund","user_says":"(?i)\\byes\\b"}},"retries":{"max":2},"recovery":{"retry":true,"tell":"(?i)could not|unable"},"max_turns":12})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
