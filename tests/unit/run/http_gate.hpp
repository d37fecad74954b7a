// A gate whose routes are model servers, answered for by the transport of live_gate.hpp.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "headgate/route/dialect.hpp"
#include "live_gate.hpp"

namespace headgate::run::samples {

// The number of the question that a call asks.
inline std::size_t asked(const route::Call& call) {
  const Json body = Json::parse(call.payload);
  const std::string& text = body.at("messages").back().at("content").get_ref<const std::string&>();
  return std::stoul(text.substr(text.find_first_of("0123456789")));
}

using Headers = std::vector<std::pair<std::string, std::string>>;
inline route::Arrival answered(int status, std::string body, Headers headers = {}) {
  route::Arrival arrival;
  arrival.bytes = std::move(body);
  arrival.latency_ms = 12.5;
  arrival.http.emplace();
  arrival.http->status = status;
  arrival.http->headers = std::move(headers);
  return arrival;
}

// 1000 tokens in, 100 out.
inline route::Arrival chat_reply(const std::string& text) {
  const Json body = {
      {"id", "chatcmpl-1"},
      {"choices", {{{"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", "stop"}}}},
      {"usage", {{"prompt_tokens", 1000}, {"completion_tokens", 100}}}};
  return answered(200, body.dump(), {{"content-type", "application/json"}});
}
inline route::Arrival chat_error(int status, const std::string& code, const std::string& words, Headers headers = {}) {
  const Json body = {{"error", {{"message", words}, {"type", code}, {"code", code}}}};
  return answered(status, body.dump(), std::move(headers));
}
inline route::Arrival not_now() { return chat_error(429, "rate_limit", "slow down", {{"retry-after-ms", "20"}}); }

// A right answer, but for every seventh.
inline std::optional<route::Arrival> good_model(const route::Call& call) {
  const std::size_t i = asked(call) + call.lane * 3;
  return chat_reply("I say: answer " + (i % 7 == 6 ? "unknown" : std::to_string(asked(call))));
}

constexpr double reply_usd = 0.0011;  // 1000 tokens for 1 USD a million, and 100 for as much

inline config::Route model_route(const std::string& name, const std::string& pool = "host/key/model") {
  config::Route route;
  route.use.name = name;
  route.use.kind = "openai";
  route.use.parts.model.text = "\"" + name + "\"";
  route.use.digest = route_digest(route.use.parts);
  route.file = name + ".yaml";
  config::HttpRoute& http = route.http.emplace();
  http.spec.name = "route " + name;
  http.spec.url = "http://127.0.0.1:9/v1/chat/completions";
  http.pool = pool;
  http.key_name = "env:" + name + "_KEY";
  http.price.input_per_mtok = http.price.output_per_mtok = 1.0;
  http.max_output_tokens = 200;
  http.limits.in_flight = 8;
  route::ChatDialect dialect;
  dialect.model = name;
  http.dialect = route::make_dialect(dialect);
  return route;
}

inline void fall_back(config::Route& route, config::Route to) {
  route.use.fallback = to.use.name;
  route.use.parts.fallback.text = "\"" + to.use.digest.hex() + "\"";
  route.use.digest = route_digest(route.use.parts);
  route.fallback = std::make_shared<config::Route>(std::move(to));
}

struct HttpWorld {
  test::TempFolder files;
  config::Gate gate;
  Plan plan;
  test::TempFolder run;
  CallLog log;
  Notes notes;

  explicit HttpWorld(std::size_t cases) : gate(gate_of(files, 2)) {
    gate.suites = {suite_of(cases)};
    gate.routes = {model_route("support_a"), model_route("support_b")};
    seal();
  }
  // After a change of the gate.
  void seal() {
    plan = plan_of(gate);
    REQUIRE(journal::write_plan(run.path(), plan));
  }
  DriveOptions options(Answering answering = good_model) { return options(log, std::move(answering)); }
  DriveOptions options(CallLog& into, Answering answering) {
    DriveOptions options = live_options(into, std::move(answering));
    options.observer = &notes;
    return options;
  }
  DriveResult drive(const DriveOptions& with) { return drive_in(plan, gate, run.path(), with); }
  Evidence evidence() const { return evidence_in(run.path()); }
  const Observation& seen(const Evidence& evidence, std::size_t question, Arm arm) const {
    const auto item = evidence.cases.find("q" + std::to_string(question));
    REQUIRE(item);
    return evidence.at(*item, 0, arm);
  }
  // Records of that type.
  std::vector<Json> records(const std::string& type) const {
    std::vector<Json> found;
    const std::string text = run.read("journal.jsonl");
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      Json record = Json::parse(text.substr(at, text.find('\n', at) - at));
      if (record.at("t") == type) found.push_back(std::move(record));
    }
    return found;
  }
  Digest undisturbed() const {
    const test::TempFolder folder;
    REQUIRE(journal::write_plan(folder.path(), plan));
    CallLog quiet;
    drive_in(plan, gate, folder.path(), live_options(quiet, good_model));
    return records_digest(evidence_in(folder.path()));
  }
};

// Answers every question with `first` the first so many times, then well.
inline Answering after_failing(std::size_t times, std::function<route::Arrival()> first) {
  return [times, first = std::move(first), seen = std::map<std::string, std::size_t>()](
             const route::Call& call) mutable -> std::optional<route::Arrival> {
    if (seen[call.id]++ < times) return first();
    return good_model(call);
  };
}

}  // namespace headgate::run::samples
