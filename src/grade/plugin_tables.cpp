#include "headgate/grade/plugin.hpp"

namespace headgate::grade {
namespace {

const FieldTable& case_table() {
  static const FieldTable table{"plugin case",
                                "The case that the reply is to.",
                                {{"id", string_shape(), "its id in the suite", true},
                                 {"input", any_shape(), "a text, or a list of chat messages"},
                                 {"vars", map_of(any_shape()), "the variables of the case, where it has any"},
                                 {"context", list_of(any_shape()), "the texts it may rest on, each with id and text"},
                                 {"expected", any_shape(), "what is expected, where something is"}},
                                {},
                                true};
  return table;
}

const FieldTable& tool_call_table() {
  static const FieldTable table{"plugin tool call",
                                "A tool that the reply calls.",
                                {{"id", string_or_empty(), "how the reply calls it", true},
                                 {"name", string_or_empty(), "which tool", true},
                                 {"arguments", any_shape(), "as JSON, where there are any"}},
                                {},
                                true};
  return table;
}

const FieldTable& document_table() {
  static const FieldTable table{"plugin document",
                                "A document that the route was given.",
                                {{"id", string_or_empty(), "how people call it", true},
                                 {"text", string_or_empty(), "what it says", true},
                                 {"score", number_shape(), "how well it fits, where known"}},
                                {},
                                true};
  return table;
}

const FieldTable& reply_table() {
  static const FieldTable table{
      "plugin reply",
      "The reply that is to be judged. Never which arm or route gave it.",
      {{"text", string_or_empty(), "what was said", true},
       {"tool_calls", list_of(object_of(tool_call_table())), "in order", true},
       {"documents", list_of(object_of(document_table())), "in order", true},
       {"finish_reason", string_or_empty(), "why it ended, as the provider says", true},
       {"transcript", list_of(any_shape()), "what an agent did on the way, where it was recorded"},
       {"state", any_shape(), "of what the agent acted on, at the end, where it was recorded"}},
      {},
      true};
  return table;
}

}  // namespace

const FieldTable& plugin_question_table() {
  static const FieldTable table{
      "plugin question",
      "What a plugin reads: one a line, or one a process with `mode: per_case`.",
      {{"id", string_shape(), "to be answered with; a question to a process of its own has none"},
       {"case", object_of(case_table()), "the case", true},
       {"reply", object_of(reply_table()), "the reply", true},
       {"options", map_of(any_shape()), "of the grader in the suite, as they are", true}},
      {},
      true};
  return table;
}

const FieldTable& plugin_answer_table() {
  static const FieldTable table{
      "plugin answer",
      "What a plugin writes: one line a question, in any order. Anything else leaves the cell ungraded, never passed.",
      {{"id", string_shape(), "that of the question; not needed with `mode: per_case`"},
       {"pass", boolean_shape(), "the verdict"},
       {"score", fraction(), "from 0 to 1; without it 1 for a pass and 0 for a failure"},
       {"reason", string_or_empty(), "one sentence for people"},
       {"measures", map_of(number_shape()), "numbers found on the way, at most 32; their means stand in the report"},
       {"absent", boolean_shape(), "true: what is to be judged is not in the reply, which fails, turned round too"},
       {"error", any_shape(), "why it cannot judge: the cell is ungraded then, whatever else is there"}},
      {{KeyDemand::Count::at_least_one, {"pass", "absent", "error"}, "an answer has a verdict, or says why it has none"}},
      true};
  return table;
}

}  // namespace headgate::grade
