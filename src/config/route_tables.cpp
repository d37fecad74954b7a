#include <utility>
#include <vector>

#include "headgate/config/route_file.hpp"
#include "headgate/domain/reply_table.hpp"
#include "http_tables.hpp"
#include "program_reader.hpp"

namespace headgate::config {
namespace {

const FieldTable& message_table() {
  static const FieldTable table{"prompt message",
                                "One message of a prompt.",
                                {{"role", one_of({"system", "user", "assistant"}), "who speaks", true},
                                 {"content", string_or_empty(), "what is said; may hold {{case.…}}"},
                                 {"file", string_shape(), "a file with what is said"}}};
  return table;
}

const FieldTable& prompt_table() {
  static const FieldTable table{
      "prompt",
      "What is put around a case's input.",
      {{"version", string_shape(), "how people call this prompt"},
       {"system", string_shape(), "the file with the system prompt"},
       {"user", string_or_empty(), "the user's message", false, R"("{{case.input}}")"},
       {"messages", list_of(object_of(message_table())).at_least(1), "all messages, instead of system and user"}}};
  return table;
}

const FieldTable& from_table() {
  static const FieldTable table{"from",
                                "An arm of an earlier run.",
                                {{"run", string_shape(), "the run's folder", true},
                                 {"arm", one_of({"baseline", "candidate"}), "which of its arms", true}}};
  return table;
}

const FieldTable& reply_form_table() {
  static const FieldTable table{"field form",
                                "Where a value of a recorded reply stands.",
                                {{"from", string_shape(), "the key, or a JSON pointer beginning with /"},
                                 {"map", map_of(any_shape()), "what each value found becomes; null: nothing there"},
                                 {"scale", number_shape(), "the number found times this"},
                                 {"const", any_shape(), "the same value for every reply"}}};
  return table;
}

const FieldTable& reply_fields_table() {
  static const FieldTable table = [] {
    FieldTable out{"fields", "Where the values of a recorded reply stand, for files of other people's shape.", {}};
    for (const Field& field : reply_table().fields) {
      out.fields.push_back({field.name, either({string_shape(), object_of(reply_form_table())}), field.help});
    }
    return out;
  }();
  return table;
}

constexpr const char* live_kinds = "process | openai | anthropic | generic_http";

Field part(const char* name, Shape shape, const char* help) { return {name, std::move(shape), help}; }

Field only_for(const char* kind, Field field) {
  field.only_for = kind;
  return field;
}

}  // namespace

const FieldTable& route_table() {
  static const FieldTable table = [] {
    FieldTable out{
        "route",
        "What is under test: model, prompt, retrieval, tools, parameters, and how to reach it.",
        {{"route", string_shape(), "The name of the route.", true, "", R"("support_b")"},
         {"kind", one_of({"replay", "process", "openai", "anthropic", "generic_http"}),
          "How to reach it: replay reads recorded replies, process runs a program, openai, anthropic and generic_http "
          "call a server.",
          true, "", R"("openai")"},
         {"description", string_or_empty(), "For people."},
         only_for("replay", {"replies", either({string_shape(), list_of(string_shape()).at_least(1)}),
                             "JSON lines of case_id, trial, output and where known more; paths relative to this file, "
                             "or data:ROOT/file."}),
         only_for("replay", {"fields", object_of(reply_fields_table()), "Reads recorded replies of another shape."}),
         only_for("replay", {"from", object_of(from_table()), "Replies of an earlier run, instead of files."}),
         only_for("replay", {"of", string_shape(), "The route file whose replies these are."})}};
    out.sorted_by = "kind";
    for (Field& field : program_fields()) out.fields.push_back(only_for("process", std::move(field)));
    out.fields.push_back(only_for("process", speaks_field()));
    for (Field& field : http_fields()) out.fields.push_back(std::move(field));
    for (Field& field : std::vector<Field>{
             only_for(live_kinds, {"fallback", string_shape(),
                                   "The route file that answers where this route ends in an error; it has no fallback "
                                   "of its own.",
                                   false, "", R"("support_a.yaml")"}),
             only_for(chat_kinds, {"model", string_shape(), "The model.", true, "", R"("example-small-2026-01")"}),
             only_for("replay | process | generic_http", {"model", string_shape(), "The model."}),
             part("prompt", object_of(prompt_table()), "The prompt, with its files."),
             part("retrieval", map_of(any_shape()), "Where documents come from."),
             part("tool_policy", any_shape(), "Which tools may be called."),
             part("params", map_of(any_shape()), "Parameters of the model.")}) {
      out.fields.push_back(std::move(field));
    }
    return out;
  }();
  return table;
}

}  // namespace headgate::config
