// plugin: a program of the operator's judges the reply. The suite names it; the gate file says which program that is.
#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/json_append.hpp"
#include "headgate/base/text.hpp"
#include "headgate/grade/registry.hpp"
#include "measure_name.hpp"
#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

constexpr const char* verdict_key = "verdict";
constexpr std::size_t max_reason_bytes = 4096;  // it is shown on one line, and kept with every cell
constexpr std::size_t max_measures = 32;

void append_key(std::string& out, std::string_view key) {
  if (out.back() != '{') out += ',';
  append_json_string(out, key);
  out += ':';
}

void append_json(std::string& out, std::string_view key, const JsonText& value) {
  if (value.absent()) return;
  append_key(out, key);
  out += value.text;
}

void append_text(std::string& out, std::string_view key, std::string_view text) {
  append_key(out, key);
  append_json_string(out, text);
}

template <class Items, class Append>
void append_list(std::string& out, std::string_view key, const Items& items, const Append& append) {
  append_key(out, key);
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!std::exchange(first, false)) out += ',';
    out += '{';
    append(item);
    out += '}';
  }
  out += ']';
}

void append_case(std::string& out, const Case& item) {
  append_key(out, "case");
  out += '{';
  append_text(out, "id", item.id);
  append_json(out, "input", item.input);
  append_json(out, "vars", item.vars);
  append_json(out, "context", item.context);
  append_json(out, "expected", item.expected);
  out += '}';
}

void append_reply(std::string& out, const Reply& reply) {
  append_key(out, "reply");
  out += '{';
  append_text(out, "text", reply.text);
  append_list(out, "tool_calls", reply.tool_calls, [&](const ToolCall& call) {
    append_text(out, "id", call.id);
    append_text(out, "name", call.name);
    append_json(out, "arguments", call.arguments);
  });
  append_list(out, "documents", reply.documents, [&](const Passage& document) {
    append_text(out, "id", document.id);
    append_text(out, "text", document.text);
    if (!document.score) return;
    append_key(out, "score");
    append_json_number(out, *document.score);
  });
  append_text(out, "finish_reason", reply.finish_reason);
  append_json(out, "transcript", reply.transcript);
  append_json(out, "state", reply.state);
  out += '}';
}

CallError failed(std::string why) { return {ErrorKind::plugin_failed, std::move(why)}; }

// The verdict of an answer. Whatever is not exactly one is no verdict: least of all a pass.
Step verdict_of(const std::string& plugin, const JsonText& text) {
  const auto fault = [&](const std::string& what) { return failed("the answer of '" + plugin + "' " + what); };
  const Result<Json> answer = parse_own(text.text);
  if (!answer || !answer->is_object()) return fault("is no JSON object");
  if (option(*answer, "error") != nullptr) return fault("reports an error");
  if (const Json* absent = option(*answer, "absent")) {
    if (!absent->is_boolean() || !absent->get<bool>()) return fault("has an 'absent' that is not true");
    return Absent{"'" + plugin + "' says that there is nothing to judge"};
  }
  const Json* pass = option(*answer, "pass");
  if (pass == nullptr) return fault("has no 'pass'");
  if (!pass->is_boolean()) return fault("has a 'pass' that is neither true nor false");
  Grade grade;
  grade.pass = pass->get<bool>();
  grade.score = grade.pass ? 1.0 : 0.0;
  if (const Json* score = option(*answer, "score")) {
    if (!score->is_number()) return fault("has a 'score' that is no number");
    grade.score = score->get<double>();
    if (!(grade.score >= 0.0 && grade.score <= 1.0)) return fault("has a 'score' outside 0 to 1");
  }
  if (const Json* measures = option(*answer, "measures")) {
    if (!measures->is_object()) return fault("has 'measures' that are no object");
    if (measures->size() > max_measures) return fault("has more than " + std::to_string(max_measures) + " measures");
    for (const auto& [name, value] : measures->items()) {
      if (!is_measure_name(name)) return fault("has a measure whose name is not of letters, digits and _-@.^");
      if (!value.is_number()) return fault("has a measure that is no number");
      grade.measures.push_back({name, value.get<double>()});
    }
  }
  grade.reason = "'" + plugin + "' says " + (grade.pass ? "pass" : "fail");
  if (const Json* reason = option(*answer, "reason")) {
    if (!reason->is_string()) return fault("has a 'reason' that is no text");
    const auto& said = reason->get_ref<const std::string&>();
    if (!said.empty()) grade.reason = elide(said, max_reason_bytes);
  }
  return grade;
}

class Plugin : public Grader {
 public:
  Plugin(std::string name, JsonText options) : name_(std::move(name)), options_(std::move(options)) {}

  Step step(const Subject& subject, const Answers& answers) const override {
    if (subject.replies[0]->empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
    const Answer* answer = answers.find(verdict_key);
    if (answer == nullptr) return question(subject);
    if (const auto* error = std::get_if<CallError>(&answer->what)) {
      return failed("'" + name_ + "' did not answer: " +
                    (error->message.empty() ? std::string(headgate::name(error->kind)) : error->message));
    }
    const auto* text = std::get_if<JsonText>(&answer->what);
    if (text == nullptr) return failed("'" + name_ + "' was answered for by something else");
    return verdict_of(name_, *text);
  }

  Needs needs() const override { return {.plugins = {name_}}; }

 private:
  std::vector<Ask> question(const Subject& subject) const {
    std::string json = "{";
    append_case(json, subject.item);
    append_reply(json, *subject.replies[0]);
    append_json(json, "options", options_);
    json += '}';
    std::vector<Ask> asks;
    asks.push_back(Ask{verdict_key, Consult{name_, std::move(json)}});
    return asks;
  }

  std::string name_;
  JsonText options_;
};

const FieldTable& options_table() {
  static const FieldTable table{
      "plugin",
      "Options of plugin.",
      {{"name", string_shape(), "the plugin, as the gate file names it under `plugins`", true, {}, "\"lint\""},
       {"options", map_of(any_shape()), "handed to the plugin as they are", false, "{}"}}};
  return table;
}

GraderPtr build(const BuildContext& context) {
  const Json* options = option(context.options, "options");
  return std::make_unique<Plugin>(word(context.options, "name", ""),
                                  options == nullptr ? JsonText{"{}"} : to_text(*options));
}

}  // namespace

Kind plugin_kind() {
  return {"plugin",
          "a program of the operator's judges the reply",
          "Asks the program that the gate file calls by `name`, and takes its word: a JSON object with `pass` (true or "
          "false), and where known `score` (0 to 1; without it 1 or 0) and `reason`. It is given the case with what is "
          "expected, the reply, and `options`. Any other answer, or none, leaves the cell ungraded: never a pass, "
          "not_plugin included. docs/plugins.md shows some; `headgate schema plugin_question` and `plugin_answer` are "
          "the two lines.",
          R"({"kind":"plugin","name":"lint","options":{"language":"de"}})",
          &options_table(),
          &build,
          Basis::plugin};
}

}  // namespace headgate::grade
