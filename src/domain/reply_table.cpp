#include "headgate/domain/reply_table.hpp"

namespace headgate {
namespace {

// What is null was not recorded, as what is missing.
Shape or_null(Shape shape) { return either({std::move(shape), null_shape()}); }
Shape id_shape() { return either({string_shape(), integer_shape()}); }
Shape count() { return or_null(integer_shape().at_least(0)); }

const FieldTable& usage_table() {
  static const FieldTable table{"usage",
                                "The tokens a reply took; the names of the usual providers are understood too.",
                                {{"input_tokens", count(), "tokens sent"},
                                 {"output_tokens", count(), "tokens received"},
                                 {"cached_input_tokens", count(), "tokens sent that were read from a cache"},
                                 {"reasoning_tokens", count(), "tokens received that are not shown"}},
                                {},
                                true};
  return table;
}

const FieldTable& function_table() {
  static const FieldTable table{
      "function",
      "The tool that is called.",
      {{"name", string_or_empty(), "which tool", true}, {"arguments", any_shape(), "JSON, or a text that holds it"}},
      {},
      true};
  return table;
}

const FieldTable& tool_call_table() {
  static const FieldTable table{
      "tool call",
      "One call of a tool, flat or as chat interfaces send it.",
      {{"id", or_null(either({string_or_empty(), integer_shape()})), "how the reply calls it"},
       {"name", string_or_empty(), "which tool"},
       {"arguments", any_shape(), "JSON, or a text that holds it"},
       {"function", object_of(function_table()), "name and arguments together"}},
      {{KeyDemand::Count::at_least_one, {"name", "function"}, "a tool call needs a name"}},
      true};
  return table;
}

const FieldTable& document_table() {
  static const FieldTable table{"document",
                                "A document the route was given.",
                                {{"id", or_null(either({string_or_empty(), integer_shape()})), "how people call it"},
                                 {"text", or_null(string_or_empty()), "what it says"},
                                 {"score", or_null(number_shape()), "how well it fits"}},
                                {},
                                true};
  return table;
}

const FieldTable& turn_table() {
  static const FieldTable table{"turn",
                                "One message of a transcript, as chat interfaces write it.",
                                {{"role", string_shape(), "user, assistant, tool or system", true},
                                 {"content", any_shape(), "what was said, or what a tool answered; `text` is the same"},
                                 {"tool_calls", any_shape(), "of an assistant: the tools it called"},
                                 {"tool_call_id", any_shape(), "of a tool: which call it answers"},
                                 {"name", any_shape(), "of a tool: which one it is"},
                                 {"error", any_shape(), "of a tool: true, or what went wrong"}},
                                {},
                                true};
  return table;
}

const FieldTable& error_table() {
  static const FieldTable table{
      "error",
      "What went wrong.",
      {{"kind", any_shape(), "one of headgate's words, as timeout or content_filter", false, "", R"("timeout")"},
       {"message", any_shape(), "in words"}},
      {},
      true};
  return table;
}

}  // namespace

const FieldTable& reply_table() {
  static const FieldTable table{
      "reply",
      "One recorded reply, one line of the file that `replies` of a route names. Further keys are ignored.",
      {{"case_id", id_shape(), "Whose reply it is: the id of a case.", true, "", R"("refund-017")"},
       {"trial", or_null(integer_shape().at_least(0).at_most(4294967295.0)), "Which repeat of the case, from 0.", false,
        "0"},
       {"output", any_shape(), "The text; of any other value, its JSON.", false, "", R"("It takes five days.")"},
       {"latency_ms", or_null(number_shape().at_least(0)), "How long the reply took."},
       {"cost_usd", or_null(number_shape().at_least(0)), "What the reply cost."},
       {"usage", or_null(object_of(usage_table())), "The tokens it took.", false, "", R"({"input_tokens":412})"},
       {"tool_calls", or_null(list_of(either({string_shape(), object_of(tool_call_table())}))),
        "The tools it called, each a call or just the tool's name.", false, "",
        R"([{"name":"look_up_order","arguments":{"order":"A-17"}}])"},
       {"documents", or_null(list_of(either({string_or_empty(), object_of(document_table())}))),
        "The documents the route was given."},
       {"transcript", or_null(list_of(either({string_or_empty(), object_of(turn_table())}))),
        "What an agent did on the way, turn by turn: chat messages as they were sent.", false, "",
        R"([{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left today."}])"},
       {"state", any_shape(), "What the agent acted on, as it was at the end; any JSON.", false, "",
        R"({"orders":{"A-17":{"status":"refunded"}}})"},
       {"recorded", any_shape(),
        "Grades that came with the reply: people's labels, other tools' scores; any JSON, read by graders of kind "
        "recorded. A line that has it and no output at all stands for a reply of which only these grades were kept; "
        "no other grader can judge it.",
        false, "", R"({"human":"helpful","reward":1.0})"},
       {"finish_reason", or_null(string_or_empty()), "Why the reply ended, in the provider's word.", false, "",
        R"("stop")"},
       {"error", either({string_or_empty(), boolean_shape(), object_of(error_table()), null_shape()}),
        "What went wrong instead of a reply."}},
      {{KeyDemand::Count::at_least_one,
        {"output", "tool_calls", "recorded", "error"},
        "a recorded reply needs an output, tool calls, recorded grades or an error"}},
      true};
  return table;
}

}  // namespace headgate
