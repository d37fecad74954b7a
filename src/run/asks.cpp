#include "asks.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/json_append.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/consult.hpp"
#include "judge_reply.hpp"

namespace headgate::run {
namespace {

CallError nobody(AskKind kind, const std::string& what) {
  return {kind == AskKind::chat ? ErrorKind::judge_failed : ErrorKind::grader_failed, "nobody here can answer " + what};
}

std::string target_of(const grade::Ask& ask) {
  if (const auto* chat = std::get_if<grade::Chat>(&ask.what)) return "judge '" + chat->target + "'";
  if (const auto* embed = std::get_if<grade::Embed>(&ask.what)) return "embedding '" + embed->target + "'";
  if (const auto* consult = std::get_if<grade::Consult>(&ask.what)) return "plugin '" + consult->target + "'";
  return "a program in '" + std::get<grade::Program>(ask.what).language + "'";
}

JsonText program_result(const route::Arrival& arrival) {
  std::string out = "{\"exit_code\":";
  append_json_number(out, std::int64_t{arrival.exit ? arrival.exit->status : 0});
  out += arrival.error == ErrorKind::timeout ? ",\"timed_out\":true" : ",\"timed_out\":false";
  append_json_string(out += ",\"output\":", repair_utf8(arrival.bytes));
  append_json_string(out += ",\"errors\":", arrival.exit ? repair_utf8(arrival.exit->errors) : std::string());
  out += '}';
  return {std::move(out)};
}

ErrorKind failure_of(AskKind kind) {
  switch (kind) {
    case AskKind::chat:
      return ErrorKind::judge_failed;
    case AskKind::consult:
      return ErrorKind::plugin_failed;
    case AskKind::embed:
    case AskKind::program:
      break;
  }
  return ErrorKind::grader_failed;
}

CallError failed(AskKind kind, std::string&& message) { return {failure_of(kind), std::move(message)}; }

AnswerBody read_program(route::Arrival&& arrival) {
  const bool was_run = arrival.error == ErrorKind::none || arrival.error == ErrorKind::timeout;
  if (!was_run) return failed(AskKind::program, std::move(arrival.message));
  return program_result(arrival);
}

AnswerBody read_consult(route::Arrival&& arrival) {
  if (arrival.error != ErrorKind::none) return failed(AskKind::consult, std::move(arrival.message));
  if (arrival.exit && arrival.exit->status != 0) {
    return failed(AskKind::consult, "the plugin ended with " + std::to_string(arrival.exit->status));
  }
  return route::read_consult_line(arrival.bytes);
}

// Our own record, hence strict; one that was edited is no answer.
std::variant<grade::ProgramResult, CallError> result_of(const JsonText& json) {
  const Result<Json> value = parse_own(json.text);
  const CallError misfit{ErrorKind::grader_failed, "the recorded result of a program does not read"};
  if (!value || !value->is_object()) return misfit;
  const auto code = value->find("exit_code"), late = value->find("timed_out"), output = value->find("output"),
             errors = value->find("errors");
  for (const auto& member : {code, late, output, errors}) {
    if (member == value->end()) return misfit;
  }
  if (!code->is_number_integer() || !late->is_boolean() || !output->is_string() || !errors->is_string()) return misfit;
  return grade::ProgramResult{code->get<int>(), late->get<bool>(), output->get<std::string>(),
                              errors->get<std::string>()};
}

}  // namespace

Asks::Asks(const Helpers& helpers, std::size_t first_lane) {
  std::size_t lane = first_lane;
  for (const auto& [name, judge] : helpers.judges) {
    Target target{lane++, judge.use.digest, {}, judge.http ? &*judge.http : nullptr};
    if (target.judge != nullptr) judges_[name] = target;
  }
  for (const auto& [name, plugin] : helpers.plugins) {
    plugins_[name] = {lane++, plugin.digest, plugin.program.speaks, nullptr};
  }
  for (const auto& [name, program] : helpers.languages) languages_[name] = {lane++, {}, program.speaks, nullptr};
}

const Asks::Target* Asks::find(const grade::Ask& ask) const {
  const auto in = [](const Targets& targets, const std::string& name) {
    const auto found = targets.find(name);
    return found == targets.end() ? nullptr : &found->second;
  };
  if (const auto* chat = std::get_if<grade::Chat>(&ask.what)) return in(judges_, chat->target);
  if (const auto* consult = std::get_if<grade::Consult>(&ask.what)) return in(plugins_, consult->target);
  if (const auto* program = std::get_if<grade::Program>(&ask.what)) return in(languages_, program->language);
  return nullptr;
}

CallId Asks::id_of(const CallId& call, const Digest& reply, const grade::CellAsk& ask) const {
  const Target* target = find(ask.ask);
  return ask_id(call, reply, target == nullptr ? Digest{} : target->digest, ask.spec, ask.key());
}

std::variant<Prepared, CallError> Asks::call_of(const CallId& id, const grade::Ask& ask) const {
  const Target* target = find(ask);
  if (target == nullptr) return nobody(kind_of(ask), "what " + target_of(ask) + " is asked");
  if (const auto* chat = std::get_if<grade::Chat>(&ask.what)) {
    return question_to(*target->judge, target->lane, id, chat->messages, chat->schema);
  }
  Prepared prepared;
  route::Call& call = prepared.call;
  call.lane = target->lane;
  call.id = id.hex();
  if (const auto* program = std::get_if<grade::Program>(&ask.what)) {
    call.payload = program->input;
    for (const grade::File& file : program->files) call.files.emplace_back(file.path, file.content);
    call.timeout_ms = program->limits.time_ms;
    return prepared;
  }
  const std::string& json = std::get<grade::Consult>(ask.what).json;
  const Result<Json> question = parse_own(json);
  if (!question || !question->is_object() || question->contains("id")) {
    return CallError{ErrorKind::grader_failed, "asks " + target_of(ask) + " with what is no JSON object without 'id'"};
  }
  const std::string text = canonical(*question);
  call.payload = target->speaks == route::Speaks::json_lines ? route::consult_line(call.id, text) : text;
  return prepared;
}

PendingAsk Asks::pending(const CallId& id, std::string key, const grade::Ask& ask) const {
  const Target* target = find(ask);
  HG_ASSERT(target != nullptr);
  return {id, std::move(key), kind_of(ask), target->judge, false};
}

AskKind Asks::kind_of(const grade::Ask& ask) {
  static_assert(std::variant_size_v<decltype(grade::Ask::what)> == 4);
  return static_cast<AskKind>(ask.what.index());
}

CallError Asks::failed(AskKind kind, CallError&& why) {
  return run::failed(kind, std::string(name(why.kind)) + ": " + std::move(why.message));
}

Asks::ReadAnswer Asks::read(const PendingAsk& ask, route::Arrival&& arrival) {
  if (ask.kind == AskKind::program) return {read_program(std::move(arrival)), {}, {}};
  if (ask.kind != AskKind::chat) return {read_consult(std::move(arrival)), {}, {}};
  ReadReply read = read_reply(*ask.judge, arrival);
  ReadAnswer answer{JsonText{}, read.cost_usd, read.tokens};
  if (auto* error = std::get_if<CallError>(&read.outcome)) {
    if (read.was_cut) answer.cut = error->kind;
    answer.body = failed(ask.kind, std::move(*error));
  } else {
    answer.body = judge_reply_json(std::get<Reply>(read.outcome));
  }
  return answer;
}

grade::Answer Asks::answer_of(const std::string& key, AskKind kind, AnswerBody&& body) {
  if (auto* error = std::get_if<CallError>(&body)) return {key, std::move(*error)};
  JsonText& json = std::get<JsonText>(body);
  const auto told = [&](auto&& value) -> grade::Answer {
    if (auto* error = std::get_if<CallError>(&value)) return {key, std::move(*error)};
    return {key, std::move(std::get<0>(value))};
  };
  if (kind == AskKind::program) return told(result_of(json));
  if (kind == AskKind::chat) return told(judge_reply_of(json));
  return {key, std::move(json)};
}

}  // namespace headgate::run
