// What is said, by whom, and how a conversation ends.
#include <nlohmann/json.hpp>

#include "comparable.hpp"
#include "headgate/base/text.hpp"
#include "options.hpp"
#include "transcript_rules.hpp"

namespace headgate::grade {

bool ErrorSigns::in(const Event& answer) const {
  if (answer.failed || !pattern) return answer.failed;
  std::string scratch;
  return pattern->found_in(comparable(answer.text, false, scratch));
}

bool Says::in(const Event& event, Speaker speaker) const {
  // A tool's word is its answer.
  const bool is_its = speaker == Speaker::tool ? event.kind == Event::Kind::answered
                                               : event.kind == Event::Kind::said && event.speaker == speaker;
  if (!is_its) return false;
  std::string scratch;
  return pattern.found_in(comparable(event.text, false, scratch));
}

std::optional<Says> RuleContext::says(const char* key, bool& good) const {
  const Json* pattern = option(written, key);
  if (pattern == nullptr) return std::nullopt;
  auto compiled = Pattern::compile(tree, *pattern, fold_case, complaints);
  good = good && compiled.has_value();
  if (!compiled) return std::nullopt;
  return Says{std::move(*compiled), pattern->get<std::string>()};
}

std::string turn_of(const Event& event) { return "turn " + std::to_string(event.turn); }

namespace {

class Words : public TranscriptRule {
 public:
  Words(Speaker speaker, Says says, bool must) : speaker_(speaker), says_(std::move(says)), must_(must) {}

  Judged<std::string> fault(const Transcript& transcript, const ErrorSigns&) const override {
    for (const Event& event : transcript.events) {
      if (!says_.in(event, speaker_)) continue;
      if (must_) return std::string();
      return turn_of(event) + ": the " + name(speaker_) + " says " + in_quotes(says_.written);
    }
    return must_ ? "the " + std::string(name(speaker_)) + " never says " + in_quotes(says_.written) : std::string();
  }

 private:
  Speaker speaker_;
  Says says_;
  bool must_;
};

class MostTurns : public TranscriptRule {
 public:
  explicit MostTurns(std::size_t most) : most_(most) {}

  Judged<std::string> fault(const Transcript& transcript, const ErrorSigns&) const override {
    if (transcript.agent_turns <= most_) return std::string();
    return "the assistant took " + plural(transcript.agent_turns, "turn") + ", at most " + std::to_string(most_) +
           " asked";
  }

 private:
  std::size_t most_;
};

class EndsWithAnswer : public TranscriptRule {
 public:
  Judged<std::string> fault(const Transcript& transcript, const ErrorSigns&) const override {
    if (transcript.events.empty()) return std::string("nothing is said");
    const Event& last = transcript.events.back();
    if (last.kind == Event::Kind::said && last.speaker == Speaker::agent) return std::string();
    return "it ends in " + turn_of(last) + " with " +
           (last.kind == Event::Kind::called     ? "a call of " + in_quotes(transcript.tool(last))
            : last.kind == Event::Kind::answered ? "an answer of " + in_quotes(transcript.tool(last))
                                                 : "a word of the " + std::string(name(last.speaker))) +
           ", not with the assistant's answer";
  }
};

class NoCallsAfter : public TranscriptRule {
 public:
  explicit NoCallsAfter(Says says) : says_(std::move(says)) {}

  Judged<std::string> fault(const Transcript& transcript, const ErrorSigns&) const override {
    const Event* said = nullptr;
    for (const Event& event : transcript.events) {
      if (said == nullptr && says_.in(event, Speaker::agent)) said = &event;
      if (said == nullptr || event.kind != Event::Kind::called) continue;
      return turn_of(event) + " calls " + in_quotes(transcript.tool(event)) + " though " + turn_of(*said) + " says " +
             in_quotes(says_.written);
    }
    return std::string();
  }

 private:
  Says says_;
};

Speaker speaker_named(const std::string& role) {
  for (const Speaker each : {Speaker::system, Speaker::user, Speaker::tool}) {
    if (role == name(each)) return each;
  }
  return Speaker::agent;
}

}  // namespace

const FieldTable& words_table() {
  static const FieldTable table{"words",
                                "What somebody says.",
                                {{"role", one_of({"assistant", "user", "tool", "system"}),
                                  "who says it; a tool says what it answers", false, R"("assistant")"},
                                 {"pattern",
                                  string_shape(),
                                  "an RE2 pattern that matches somewhere in one turn's words",
                                  true,
                                  {},
                                  R"json("(?i)anything else i can")json"}}};
  return table;
}

bool add_words(const RuleContext& context, bool must, TranscriptRules& out) {
  bool good = true;
  auto says = context.says("pattern", good);
  if (!says) return false;
  const Speaker speaker = speaker_named(word(context.written, "role", "assistant"));
  out.push_back(std::make_unique<Words>(speaker, std::move(*says), must));
  return good;
}

bool add_course(const RuleContext& context, TranscriptRules& out) {
  bool good = true;
  if (const Json* most = option(context.written, "max_turns")) {
    out.push_back(std::make_unique<MostTurns>(most->get<std::size_t>()));
  }
  if (flag(context.written, "ends_with_answer", false)) out.push_back(std::make_unique<EndsWithAnswer>());
  if (auto says = context.says("no_calls_after", good)) out.push_back(std::make_unique<NoCallsAfter>(std::move(*says)));
  return good;
}

}  // namespace headgate::grade
