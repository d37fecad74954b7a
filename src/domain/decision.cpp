#include "headgate/domain/decision.hpp"

#include "decision_words.hpp"

namespace headgate {

const char* name(Verdict verdict) { return name_in(verdict_names, verdict); }
const char* name(Outlook answer) { return name_in(outlook_names, answer); }
const char* name(Action action) { return name_in(action_names, action); }

}  // namespace headgate
