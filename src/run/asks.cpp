#include "asks.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/json_append.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/consult.hpp"
#include "headgate/route/question.hpp"
#include "headgate/route/reply_cache.hpp"
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
  if (arrival.error == ErrorKind::too_large) out += ",\"too_large\":true";
  append_json_string(out += ",\"output\":", repair_utf8(arrival.bytes));
  append_json_string(out += ",\"errors\":", arrival.exit ? repair_utf8(arrival.exit->errors) : std::string());
  append_json_string(out += ",\"verdict\":", arrival.exit ? repair_utf8(arrival.exit->verdict) : std::string());
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
  const bool was_run =
      arrival.error == ErrorKind::none || arrival.error == ErrorKind::timeout || arrival.error == ErrorKind::too_large;
  if (!was_run || !arrival.exit) return failed(AskKind::program, std::move(arrival.message));
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
             errors = value->find("errors"), verdict = value->find("verdict"), large = value->find("too_large");
  for (const auto& member : {code, late, output, errors, verdict}) {
    if (member == value->end()) return misfit;
  }
  if (!code->is_number_integer() || !late->is_boolean() || !output->is_string() || !errors->is_string() ||
      !verdict->is_string()) {
    return misfit;
  }
  return grade::ProgramResult{code->get<int>(),           late->get<bool>(),           output->get<std::string>(),
                              errors->get<std::string>(), verdict->get<std::string>(), large != value->end()};
}

std::variant<grade::Vectors, CallError> vectors_of(const JsonText& json) {
  auto reply = judge_reply_of(json);
  const auto* said = std::get_if<Reply>(&reply);
  auto rows = route::read_vectors(said == nullptr ? std::string_view() : said->text);
  if (!rows) return CallError{ErrorKind::grader_failed, "the recorded answer of an embedding does not read"};
  return grade::Vectors{std::move(*rows)};
}

}  // namespace

Asks::Asks(const Helpers& helpers, std::size_t first_lane) {
  std::size_t lane = first_lane;
  for (const auto& [routes, targets] :
       {std::pair(&helpers.judges, &judges_), std::pair(&helpers.embeddings, &embeddings_)}) {
    for (const auto& [name, route] : *routes) {
      Target target{lane++, route.use.digest, {}, &route};
      if (route.program) target.speaks = route.program->speaks;
      if (route.is_live()) (*targets)[name] = target;
    }
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
  if (const auto* embed = std::get_if<grade::Embed>(&ask.what)) return in(embeddings_, embed->target);
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
    return question_to(*target->route, target->lane, id, chat->messages, chat->schema);
  }
  if (const auto* embed = std::get_if<grade::Embed>(&ask.what)) {
    if (embed->texts.empty()) return CallError{ErrorKind::grader_failed, "asks " + target_of(ask) + " with no text"};
    return texts_to(*target->route, target->lane, id, embed->texts);
  }
  Prepared prepared;
  route::Call& call = prepared.call;
  call.lane = target->lane;
  call.id = id.hex();
  if (const auto* program = std::get_if<grade::Program>(&ask.what)) {
    call.payload = program->input;
    for (const grade::File& file : program->files) call.files.emplace_back(file.path, file.content);
    call.timeout_ms = program->limits.time_ms;
    call.memory_bytes = program->limits.memory_bytes;
    call.output_bytes = program->limits.output_bytes;
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

PendingAsk Asks::pending(const CallId& id, std::string key, Asker asker, const grade::Ask& ask) const {
  const Target* target = find(ask);
  HG_ASSERT(target != nullptr);
  const auto* embed = std::get_if<grade::Embed>(&ask.what);
  const std::size_t texts = embed == nullptr ? 0 : embed->texts.size();
  return {id, std::move(key), asker, kind_of(ask), target->route, texts, {}, false};
}

std::optional<Digest> Asks::cache_key_of(const Prepared& prepared, const grade::CellAsk& ask, Arm arm,
                                         std::uint32_t trial) const {
  const Target* target = find(ask.ask);
  if (target == nullptr || target->route == nullptr) return std::nullopt;
  const config::Route& route = *target->route;
  std::string whom = "ask\n" + ask.key() + '\n' + name(arm) + '\n' + (route.http ? route.http->spec.url : "") + '\n';
  if (route.http || target->speaks == route::Speaks::text_once) {
    return route::cache_key(whom + prepared.call.payload, target->digest, trial);
  }
  const auto again = call_of(CallId{}, ask.ask);  // without what names this very call
  return route::cache_key(whom + std::get<Prepared>(again).call.payload, target->digest, trial);
}

AskKind Asks::kind_of(const grade::Ask& ask) {
  static_assert(std::variant_size_v<decltype(grade::Ask::what)> == 4);
  return static_cast<AskKind>(ask.what.index());
}

CallError Asks::failed(AskKind kind, CallError&& why) {
  return run::failed(kind, std::string(name(why.kind)) + ": " + std::move(why.message));
}

namespace {

// Why a reply is no answer to the question, or "".
std::string misfit(const PendingAsk& ask, const Reply& reply) {
  if (ask.kind != AskKind::embed) return {};
  const auto rows = route::read_vectors(reply.text);
  if (!rows) return rows.error().message;
  if (rows->size() == ask.texts) return {};
  return plural(ask.texts, "text") + " made " + plural(rows->size(), "embedding");
}

}  // namespace

Asks::ReadAnswer Asks::read(const PendingAsk& ask, route::Arrival&& arrival) {
  if (ask.kind == AskKind::program) return {read_program(std::move(arrival)), {}, {}};
  if (ask.kind == AskKind::consult) return {read_consult(std::move(arrival)), {}, {}};
  ReadReply read = ask.kind == AskKind::embed ? read_embedding(*ask.route, arrival) : read_reply(*ask.route, arrival);
  ReadAnswer answer{JsonText{}, read.cost_usd, read.tokens};
  if (const auto* reply = std::get_if<Reply>(&read.outcome)) {
    if (std::string why = misfit(ask, *reply); !why.empty()) {
      read.outcome = CallError{ErrorKind::malformed_reply, std::move(why)};
      read.was_cut = true;
    }
  }
  if (auto* error = std::get_if<CallError>(&read.outcome)) {
    if (read.was_cut) answer.cut = error->kind;
    answer.body = failed(ask.kind, std::move(*error));
    return answer;
  }
  Reply& reply = std::get<Reply>(read.outcome);
  answer.body = judge_reply_json(reply);
  if (ask.cache_key) answer.to_keep = std::move(reply);
  return answer;
}

std::optional<AnswerBody> Asks::read_kept(const PendingAsk& ask, const Reply& reply) {
  if (!misfit(ask, reply).empty()) return std::nullopt;
  return judge_reply_json(reply);
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
  if (kind == AskKind::embed) return told(vectors_of(json));
  return {key, std::move(json)};
}

}  // namespace headgate::run
