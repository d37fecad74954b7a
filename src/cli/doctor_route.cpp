// What a route needs: its secrets, a price, a bound on its output, somebody who answers at its endpoint.
#include <cmath>
#include <cstdlib>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>

#include "doctor.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/route/dialect.hpp"
#include "headgate/route/http.hpp"
#include "headgate/route/limits.hpp"

namespace headgate::cli {
namespace {

using Health = Finding::Health;

constexpr Millis patience{15'000};
constexpr double most_skew_s = 300.0;

// Where an API lists its models; the endpoint itself where it has no such place.
std::string url_to_look_at(const config::Route& route) {
  const std::string& url = route.http->spec.url;
  for (const std::string_view path : {"/chat/completions", "/responses", "/messages", "/embeddings"}) {
    if (url.ends_with(path)) return url.substr(0, url.size() - path.size()) + "/models";
  }
  return url;
}

route::Arrival look(const config::Route& route) {
  route::HttpSpec spec = route.http->spec;
  spec.url = url_to_look_at(route);
  spec.gets = true;
  spec.streams = false;
  spec.limits.timeout = std::min(spec.limits.timeout, patience);
  spec.limits.connect = std::min(spec.limits.connect, patience);
  const auto answered = std::make_shared<std::promise<route::Arrival>>();
  auto arrival = answered->get_future();
  const auto transport = route::start_http(
      {std::move(spec)}, [answered](std::vector<route::Arrival>&& all) { answered->set_value(std::move(all.front())); },
      nullptr);
  std::vector<route::Call> calls(1);
  transport->send(std::move(calls));
  return arrival.get();
}

// "lists no model 'x'", where the answer is a list of models.
std::string missing_model(const config::Route& route, const route::Arrival& arrival) {
  const auto model = parse_own(route.use.parts.model.text);
  const auto listed = parse_own(arrival.bytes);
  if (!model || !model->is_string() || !listed || !listed->is_object()) return {};
  const auto data = listed->find("data");
  if (data == listed->end() || !data->is_array() || data->empty()) return {};
  for (const Json& each : *data) {
    if (!each.is_object() || !each.contains("id")) return {};
    if (each.at("id") == *model) return {};
  }
  return "lists no model '" + model->get<std::string>() + "'";
}

void examine_clock(const std::string& about, const route::Arrival& arrival, std::vector<Finding>& out) {
  const std::string* const date = arrival.http->header("date");
  const auto there = date == nullptr ? std::nullopt : route::read_http_date(*date);
  if (!there) return;
  const double skew = std::abs(*there - static_cast<double>(real_clock().wall_seconds()));
  if (skew <= most_skew_s) return;
  out.push_back({Health::warning, about + ": clock",
                 "the clock here and the server's differ by " + fixed(skew / 60.0, 0) + " minutes",
                 "set the clock; stamps of runs and known failures depend on it"});
}

void examine_endpoint(const config::Route& route, const std::string& about, std::vector<Finding>& out) {
  const route::Arrival arrival = look(route);
  const route::TrySays says = route::examine(arrival, real_clock().wall_seconds());
  const std::string what = about + ": endpoint";
  if (says.kind == ErrorKind::key_refused) {
    out.push_back({Health::bad, what, "the key is refused: " + says.message,
                   route.http->key_name.empty() ? "give the route a key: key: env:NAME"
                                                : "check the value of " + route.http->key_name});
    return;
  }
  if (says.kind == ErrorKind::quota) {
    out.push_back({Health::bad, what, "a quota is used up: " + says.message, "raise it with the provider"});
    return;
  }
  if (!arrival.http) {
    out.push_back({Health::bad, what, says.message,
                   says.kind == ErrorKind::tls ? "certificates are always verified; ca_file names further roots"
                                               : "check endpoint, network and proxy settings"});
    return;
  }
  const bool is_tls = route.http->spec.url.starts_with("https:");
  std::string words = "answers in " + fixed(arrival.latency_ms, 0) + " ms" + (is_tls ? ", its certificate holds" : "");
  const bool is_listed = arrival.http->status / 100 == 2;
  if (!is_listed) words += " (status " + std::to_string(arrival.http->status) + " to a look at its models)";
  const std::string missing = is_listed ? missing_model(route, arrival) : std::string();
  if (missing.empty()) {
    out.push_back({Health::good, what, std::move(words)});
  } else {
    out.push_back({Health::warning, what, words + ", but " + missing, "check the route's model"});
  }
  examine_clock(about, arrival, out);
}

void examine_price(const config::HttpRoute& http, const std::string& about, std::vector<Finding>& out) {
  const route::Price& price = http.price;
  const std::string what = about + ": price";
  if (!price.is_written()) {
    out.push_back({Health::warning, what, "no price, so what calls cost stays unknown",
                   "price: {input_per_mtok: …, output_per_mtok: …}; 0 for a server of your own"});
    return;
  }
  if (price.output_per_mtok.value_or(0.0) > 0.0 && !http.max_output_tokens) {
    out.push_back({Health::warning, what, "the output of a call costs and has no bound",
                   "params: {max_tokens: …}, so that a budget can be kept before a call is sent"});
    return;
  }
  const auto worst = route::worst_cost(price, 1000.0, http.max_output_tokens);
  out.push_back(
      {Health::good, what, worst ? "a call of 1,000 input tokens costs at most " + route::usd(*worst) : "known"});
}

}  // namespace

void examine_route(const config::Route& route, bool is_offline, std::vector<Finding>& out) {
  const std::string about = "route " + route.use.name;
  for (const std::string& each : route.missing) {
    out.push_back({Health::bad, about + ": secret", each, "set it before the run"});
  }
  if (route.replies) {
    out.push_back({Health::good, about, plural(route.replies->size(), "recorded reply", "recorded replies")});
  }
  if (route.program) out.push_back({Health::good, about, "program " + route.program->command.words.front()});
  if (route.http) {
    examine_price(*route.http, about, out);
    if (is_offline) {
      out.push_back({Health::warning, about + ": endpoint", "not looked at (--offline)"});
    } else if (route.missing.empty()) {
      examine_endpoint(route, about, out);
    }
  }
}

}  // namespace headgate::cli
