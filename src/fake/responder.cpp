#include "responder.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "choose.hpp"
#include "headgate/base/unicode.hpp"
#include "mix.hpp"
#include "written.hpp"

namespace headgate::fake {
namespace {

constexpr Micros second = 1'000'000;
constexpr std::string_view json_type = "application/json";

std::vector<std::string> names_of(const ScriptData& script) {
  std::vector<std::string> out;
  for (const Profile& each : script.profiles) out.push_back(each.name);
  return out;
}

std::vector<RateModels> models_of(const ScriptData& script) {
  std::vector<RateModels> out;
  for (const Profile& each : script.profiles) out.emplace_back(each.limits);
  out.emplace_back(script.shared_limits);
  return out;
}

int status_in(const std::string& raw) {
  int status = 0;
  if (raw.starts_with("HTTP/1.") && raw.size() > 12) std::from_chars(raw.data() + 9, raw.data() + 12, status);
  return status;
}

}  // namespace

Responder::Responder(Script script)
    : script_(std::move(script)),
      limits_(models_of(*script_)),
      counts_(names_of(*script_), script_->remember, script_->log) {
  for (std::size_t i = 1; i < script_->profiles.size(); ++i) names_.emplace(script_->profiles[i].name, i);
}

std::size_t Responder::profile_of(std::string_view path) const {
  if (names_.empty() || path.empty()) return 0;
  path.remove_prefix(1);
  const auto found = names_.find(path.substr(0, path.find('/')));
  return found == names_.end() ? 0 : found->second;
}

void Responder::reset() {
  ++epoch_;
  counts_.reset();
  limits_ = models_of(*script_);
}

Delivery Responder::control(const HttpRequest& request, const Now& now) {
  const auto answer = [&](int status, std::string_view body) {
    return plain_answer(status, json_type, body, {}, request.keep_alive);
  };
  if (request.path == "/reset" && request.method == "POST") {
    reset();
    return answer(200, "{}\n");
  }
  if (request.path == "/stats") {
    return answer(200, canonical_pretty(counts_.stats(request.query == "each_body=1", now.at)));
  }
  if (request.path == "/log") return answer(200, canonical_pretty(counts_.log()));
  if (request.path.ends_with("/models")) {
    const std::size_t index = profile_of(request.path);
    const Asked asked{&request, &script_->profiles[index], Dialect::generic, {}, 0, 0};
    Ticket ticket;
    if (!has_key(asked)) return refuse_key(asked, ticket);
    Json data = Json::array();
    for (const std::string& model : asked.profile->models) {
      data.push_back({{"id", model}, {"object", "model"}, {"type", "model"}, {"owned_by", "fake"}});
    }
    return answer(200, canonical({{"object", "list"}, {"data", std::move(data)}, {"has_more", false}}));
  }
  return answer(404, error_body(Dialect::generic, {404, "invalid_request_error", "not_found",
                                                   "POST a question, or GET /stats, /log or /v1/models"}));
}

bool Responder::has_key(const Asked& asked) const {
  const KeyCheck& key = asked.profile->key;
  if (key.bearer.empty() && key.x_api_key.empty()) return true;
  const std::string_view sent = asked.http->authorization;
  if (!key.bearer.empty() && sent.starts_with("Bearer ") && sent.substr(7) == key.bearer) return true;
  return !key.x_api_key.empty() && asked.http->x_api_key == key.x_api_key;
}

Delivery Responder::refuse_key(const Asked& asked, Ticket& ticket) const {
  std::string message = "Incorrect API key provided";
  if (asked.profile->key.echo) {
    const HttpRequest& http = *asked.http;
    message += ": " + repair_utf8(http.x_api_key.empty() ? http.authorization : http.x_api_key);
  }
  ticket.status = 401;
  return plain_answer(401, json_type, error_body(asked.dialect, {401, "", "", message}), {}, asked.http->keep_alive);
}

const Limit* Responder::admit(const Asked& asked, const Now& now, Ticket& ticket, Micros& wait, Headers& headers) {
  const auto tokens = static_cast<double>((asked.http->body.size() + 3) / 4 + asked.question.most_tokens);
  RateModels& own = limits_[ticket.profile];
  RateModels& shared = limits_.back();
  const Limit* rejecting = own.admit(now.at, asked.first, tokens, wait);
  if (rejecting == nullptr) {
    rejecting = shared.admit(now.at, asked.first, tokens, wait);
    if (rejecting == nullptr) {
      ticket.admitted = true;
    } else {
      own.release();
    }
  }
  own.tell(now.wall_seconds, headers);
  shared.tell(now.wall_seconds, headers);
  return rejecting;
}

Delivery Responder::reject(const Asked& asked, const Limit& limit, Micros wait, const Now& now, Headers headers,
                           Ticket& ticket) const {
  std::string said = limit.retry_after;
  if (said == "auto") {
    said = limit.in_ms ? std::to_string((wait + 999) / 1000) : std::to_string((wait + second - 1) / second);
  }
  if (said != "none") {
    RetryAfter told = retry_after(said, now.wall_seconds);
    ticket.pause = told.pause / (limit.in_ms ? 1000 : 1);
    headers.emplace_back(limit.in_ms ? "retry-after-ms" : "Retry-After", std::move(told.text));
  }
  ticket.status = limit.status;
  return plain_answer(limit.status, json_type, error_body(asked.dialect, {limit.status, "", "", ""}), headers,
                      asked.http->keep_alive);
}

Delivery Responder::respond(const HttpRequest& request, const Now& now, Ticket& ticket) {
  ticket = Ticket();
  if (request.method != "POST" || request.path == "/reset") return control(request, now);
  const std::size_t profile = profile_of(request.path);
  Asked asked{&request, &script_->profiles[profile], dialect_of(request.path), {}, 0, 0};
  const bool understood = reader_.read(asked.dialect, request.body, asked.question);
  asked.hash = mix(request.body, mix(request.path, script_->seed));
  ticket.epoch = epoch_;
  counts_.arrived({profile, asked.hash, request.path, request.head, request.body, asked.question.input, now.at,
                   request.through_proxy},
                  ticket);
  asked.first = counts_.first();
  if (!has_key(asked)) return refuse_key(asked, ticket);

  Headers headers;
  Micros wait = 0;
  const Limit* limit = admit(asked, now, ticket, wait, headers);
  if (limit != nullptr) return reject(asked, *limit, wait, now, std::move(headers), ticket);
  if (!understood) {
    ticket.status = 400;
    return plain_answer(400, json_type, error_body(asked.dialect, {400, "", "", "The body is no JSON object"}), headers,
                        request.keep_alive);
  }

  const Seen seen{&asked.question, request.body, asked.hash, ticket.index, ticket.attempt, now.at - asked.first};
  const Behaviour& behaviour = behaviour_for(*asked.profile, seen);
  Said said{hex(mix(ticket.attempt, asked.hash)), &asked.question, text_for(behaviour, seen), &behaviour, {}};
  said.usage = tokens_for(behaviour, request.body, said.text);
  Delivery out =
      deliver({asked.dialect, &said, delay_for(behaviour, seen), now.wall_seconds, &headers, request.keep_alive});
  ticket.status = behaviour.raw ? status_in(*behaviour.raw) : out.status;
  ticket.ending = out.ending;
  ticket.pause = retry_after(behaviour.retry_after, now.wall_seconds).pause;
  return out;
}

void Responder::finished(const Ticket& ticket, bool abandoned, Micros now) {
  if (!ticket.counted || ticket.epoch != epoch_) return;
  counts_.finished(ticket, abandoned, now);
  if (!ticket.admitted) return;
  limits_[ticket.profile].release();
  limits_.back().release();
}

}  // namespace headgate::fake
