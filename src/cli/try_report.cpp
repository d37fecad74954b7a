#include "try_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/report/explain.hpp"

namespace headgate::cli {
namespace {

std::string indented(const std::string& text, const char* before) {
  std::string out;
  const std::string safe = terminal_text(text);
  for (std::size_t from = 0; from <= safe.size();) {
    const std::size_t end = std::min(safe.find('\n', from), safe.size());
    out += std::string(before) + "| " + safe.substr(from, end - from) + "\n";
    from = end + 1;
  }
  return out;
}

std::string verdict(const TriedCell& cell) {
  if (cell.status == Status::ok) return cell.grade.pass ? "pass" : "FAIL";
  return name(cell.error);
}

// "pass", "FAIL", "2 pass, 1 FAIL"
std::string verdicts(const TriedArm& arm) {
  if (arm.cells.size() == 1) return verdict(arm.cells.front());
  std::vector<std::string> words;
  for (const TriedCell& cell : arm.cells) words.push_back(verdict(cell));
  return join_words(words, words.size());
}

std::string headline(const Tried& tried) {
  std::string text = terminal_line(tried.item.id) + ":";
  for (const TriedArm& arm : tried.arms) {
    text += std::string(&arm == &tried.arms.front() ? " " : "; ") + name(arm.arm) + " " + verdicts(arm);
  }
  return text + "\n";
}

std::string case_text(const Tried& tried) {
  std::string text = "suite " + terminal_line(tried.suite);
  if (tried.item.severity != Severity::normal) text += ", " + std::string(name(tried.item.severity));
  if (!tried.item.severe_class.empty()) text += " " + terminal_line(tried.item.severe_class);
  for (const SegmentValue& each : tried.item.segments) text += ", " + terminal_line(each.dimension + "=" + each.value);
  text += "\ninput\n" + indented(tried.input, "  ");
  if (!tried.expected.empty()) text += "expected\n" + indented(tried.expected, "  ");
  return text;
}

std::string prompt_text(const TriedArm& arm) {
  if (arm.recorded) return "  recorded: nothing was sent, the input above is what the recording answers\n";
  if (!arm.body.empty()) return "  sent\n" + indented(arm.body, "    ");
  std::string text;
  for (const Message& message : arm.messages) {
    text += "  sent, " + terminal_line(message.role) + "\n" + indented(message.text, "    ");
  }
  return text;
}

constexpr std::size_t most_json_columns = 400;

std::string json_line(const char* what, const JsonText& json) {
  if (json.absent()) return {};
  const std::string start = json.text.substr(0, 4 * most_json_columns);  // a long text costs no more than a short one
  return "    " + std::string(what) + " " + elide(terminal_line(start), most_json_columns) + "\n";
}

std::string reply_text(const Reply& reply) {
  std::string text = reply.text_kept ? indented(reply.text, "    ") : "    its text was not recorded\n";
  for (const ToolCall& call : reply.tool_calls) {
    text += "    calls " + terminal_line(call.name + "(" + call.arguments.text + ")") + "\n";
  }
  for (const Passage& passage : reply.documents) text += "    document " + terminal_line(passage.id) + "\n";
  return text + json_line("transcript", reply.transcript) + json_line("state", reply.state) +
         json_line("recorded", reply.recorded);
}

std::string figures(const Reply& reply) {
  std::string text;
  if (reply.latency_ms) text += ", " + fixed(*reply.latency_ms, 1) + " ms";
  if (reply.cost_usd) text += ", " + report::dollars(*reply.cost_usd);
  if (reply.usage.input_tokens) text += ", " + std::to_string(*reply.usage.input_tokens) + " tokens in";
  if (reply.usage.output_tokens) text += ", " + std::to_string(*reply.usage.output_tokens) + " tokens out";
  if (!reply.finish_reason.empty()) text += ", finish_reason " + terminal_line(reply.finish_reason);
  return text;
}

std::string grades_text(const journal::GradeFacts& grade, const std::vector<std::string>& labels) {
  std::string text;
  if (grade.error != ErrorKind::none) {
    text += "    not graded: " + terminal_line(grade.message) + "\n";
  }
  for (std::size_t i = 0; i < grade.grades.size(); ++i) {
    const auto& one = grade.grades[i];
    const std::string& label = labels.size() == grade.grades.size() ? labels[i] : one.kind;
    text += "    " + std::string(one.pass ? "pass " : "FAIL ") + terminal_line(label) + " (score " +
            fixed(one.score, 3) + "): " + terminal_line(one.reason) + "\n";
  }
  return text;
}

// Who answered, and what was tried before, in the words of `explain`.
std::string call_text(const report::CellQuote& call) {
  std::string text;
  if (const std::string facts = report::call_of(call); !facts.empty())
    text += "    call: " + terminal_line(facts) + "\n";
  for (const report::CellQuote::Try& tried : call.failed_tries) {
    text += "    " + (tried.ask.empty() ? "" : "question " + terminal_line(tried.ask) + ", ") + "try " +
            std::to_string(tried.number) + ": " + terminal_line(report::failed_try(tried)) + "\n";
  }
  return text;
}

std::string cell_text(const TriedCell& cell, const std::vector<std::string>& labels) {
  std::string text = "  trial " + std::to_string(cell.trial) + ": " + verdict(cell);
  if (const auto* error = std::get_if<CallError>(&cell.outcome)) {
    return text + " (" + name(cell.status) + "): " + terminal_line(error->message) + "\n" + call_text(cell.call);
  }
  const Reply& reply = std::get<Reply>(cell.outcome);
  if (cell.status == Status::ok) text += ", score " + fixed(cell.grade.score, 3);
  return text + figures(reply) + "\n" + call_text(cell.call) + reply_text(reply) + grades_text(cell.grade, labels);
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json reply_json(const Reply& reply) {
  Json calls = Json::array(), documents = Json::array();
  for (const ToolCall& call : reply.tool_calls) {
    calls.push_back({{"id", call.id}, {"name", call.name}, {"arguments", call.arguments.text}});
  }
  for (const Passage& passage : reply.documents) documents.push_back({{"id", passage.id}, {"text", passage.text}});
  Json out = {{"text", reply.text_kept ? Json(reply.text) : Json()},
              {"tool_calls", std::move(calls)},
              {"documents", std::move(documents)},
              {"finish_reason", reply.finish_reason},
              {"served_by", reply.served_by.empty() ? Json() : Json(reply.served_by)},
              {"cached", reply.cached},
              {"latency_ms", or_null(reply.latency_ms)},
              {"cost_usd", or_null(reply.cost_usd)},
              {"usage",
               {{"input_tokens", or_null(reply.usage.input_tokens)},
                {"output_tokens", or_null(reply.usage.output_tokens)},
                {"cached_input_tokens", or_null(reply.usage.cached_input_tokens)},
                {"reasoning_tokens", or_null(reply.usage.reasoning_tokens)}}}};
  const auto add = [&out](const char* key, const JsonText& json) {
    if (json.absent()) return;
    auto value = parse_own(json.text);
    out[key] = value ? std::move(*value) : Json(json.text);
  };
  add("transcript", reply.transcript);
  add("state", reply.state);
  add("recorded", reply.recorded);
  return out;
}

Json cell_json(const TriedCell& cell) {
  const auto* reply = std::get_if<Reply>(&cell.outcome);
  const bool graded = cell.status == Status::ok;
  Json grades = Json::array();
  for (const auto& one : cell.grade.grades) {
    grades.push_back({{"grader", one.kind}, {"pass", one.pass}, {"score", one.score}, {"reason", one.reason}});
  }
  Json error;
  if (!graded) {
    const std::string message = reply != nullptr ? cell.grade.message : std::get<CallError>(cell.outcome).message;
    error = {{"kind", name(cell.error)}, {"message", message}};
  }
  return {{"trial", cell.trial},
          {"status", name(cell.status)},
          {"error", std::move(error)},
          {"reply", reply != nullptr ? reply_json(*reply) : Json()},
          {"call", report::call_json(cell.call)},
          {"pass", graded ? Json(cell.grade.pass) : Json()},
          {"score", graded ? Json(cell.grade.score) : Json()},
          {"graders", std::move(grades)}};
}

Json body_json(const std::string& body) {
  auto value = parse_own(body);
  return value ? std::move(*value) : Json(body);
}

Json arm_json(const TriedArm& arm) {
  Json messages = Json::array(), trials = Json::array();
  for (const Message& message : arm.messages) messages.push_back({{"role", message.role}, {"content", message.text}});
  for (const TriedCell& cell : arm.cells) trials.push_back(cell_json(cell));
  return {{"route", arm.route},
          {"kind", arm.kind},
          {"recorded", arm.recorded},
          {"messages", arm.recorded || !arm.body.empty() ? Json() : std::move(messages)},
          {"body", arm.body.empty() ? Json() : body_json(arm.body)},
          {"trials", std::move(trials)}};
}

}  // namespace

bool all_graded(const Tried& tried) {
  return std::ranges::all_of(tried.arms, [](const TriedArm& arm) {
    return std::ranges::all_of(arm.cells, [](const TriedCell& cell) { return cell.status == Status::ok; });
  });
}

std::string try_text(const Tried& tried) {
  std::string text = headline(tried) + case_text(tried);
  for (const TriedArm& arm : tried.arms) {
    text += "\n" + std::string(name(arm.arm)) + ": route " + terminal_line(arm.route) + " (" + terminal_line(arm.kind) +
            ")\n" + prompt_text(arm);
    for (const TriedCell& cell : arm.cells) text += cell_text(cell, tried.labels);
  }
  return text + "\nno decision; nothing was kept\n";
}

std::string try_json(const Tried& tried) {
  Json arms = Json::object();
  for (const TriedArm& arm : tried.arms) arms[name(arm.arm)] = arm_json(arm);
  const Json all = {{"format", "headgate/try/1"},
                    {"case", tried.item.id},
                    {"suite", tried.suite},
                    {"severity", name(tried.item.severity)},
                    {"input", tried.input},
                    {"expected", tried.expected},
                    {"all_graded", all_graded(tried)},
                    {"arms", std::move(arms)}};
  return canonical(all) + "\n";
}

}  // namespace headgate::cli
