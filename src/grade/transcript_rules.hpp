// The rules of the `transcript` grader, one class each. A rule is broken or it is not; one that speaks of something
// which did not happen is not.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "headgate/base/fields.hpp"
#include "pattern.hpp"
#include "transcript.hpp"

namespace headgate::grade {

// What decides whether a tool's answer is an error, besides its own word.
struct ErrorSigns {
  std::optional<Pattern> pattern;
  bool in(const Event& answer) const;  // of an event that is an answer
};

class TranscriptRule {
 public:
  virtual ~TranscriptRule() = default;
  // "" where it is kept, else how it is broken, with the turn.
  virtual Judged<std::string> fault(const Transcript& transcript, const ErrorSigns& errors) const = 0;
};
using TranscriptRules = std::vector<std::unique_ptr<const TranscriptRule>>;

// A pattern of an option, with how it was written.
struct Says {
  Pattern pattern;
  std::string written;
  bool in(const Event& event, Speaker speaker) const;  // that speaker said so
};

// What a factory of rules is given: `written` stands inside `tree` and has passed its table.
struct RuleContext {
  const Tree& tree;
  const Json& written;
  bool fold_case;
  Complaints& complaints;

  // The pattern under that key; nothing where there is none. `good` becomes false where there is a bad one.
  std::optional<Says> says(const char* key, bool& good) const;
};

// "turn 7"
std::string turn_of(const Event& event);

// before: a tool is called only once something else happened.
const FieldTable& before_table();
bool add_before(const RuleContext& context, TranscriptRules& out);
// recovery: what the agent does once a tool was in trouble.
const FieldTable& recovery_table();
bool add_recovery(const RuleContext& context, TranscriptRules& out);
// retries: how often a call that ended in an error is made again.
const FieldTable& retries_table();
bool add_retries(const RuleContext& context, TranscriptRules& out);
// says and never_says: what a speaker must and must not say.
const FieldTable& words_table();
bool add_words(const RuleContext& context, bool must, TranscriptRules& out);
// max_turns, ends_with_answer, no_calls_after: `context.written` is all options.
bool add_course(const RuleContext& context, TranscriptRules& out);

}  // namespace headgate::grade
