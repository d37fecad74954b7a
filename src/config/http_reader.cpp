#include "http_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "amounts.hpp"
#include "endpoint.hpp"
#include "headers.hpp"
#include "headgate/base/digest.hpp"
#include "headgate/base/text.hpp"
#include "params.hpp"
#include "request_reader.hpp"
#include "secret_reader.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;

constexpr std::size_t max_certificate_bytes = std::size_t{16} << 20;
constexpr DurationBounds try_bounds{Millis(1ms), Millis(24h)};
constexpr DurationBounds wait_bounds{Millis(0ms), Millis(24h)};
constexpr SizeBounds reply_bounds{1, std::uint64_t{64} << 20};  // a record of the journal must hold it, escaped

std::string word(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found == nullptr ? "" : found->get<std::string>();
}

bool flag(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found != nullptr && found->get<bool>();
}

std::optional<double> number(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found == nullptr ? std::nullopt : std::optional(found->get<double>());
}

JsonText part(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found == nullptr ? JsonText{} : to_text(*found);
}

std::string absolute(const std::string& path) {
  std::error_code fault;
  const auto whole = std::filesystem::absolute(path, fault);
  return fault ? path : join_path("", whole.string());
}

class Reader {
 public:
  Reader(const HttpText& text, Route& route, Complaints& complaints)
      : text_(text),
        tree_(text.tree),
        root_(text.tree.root()),
        route_(route),
        secrets_(text.tree, text.files, text.environment, text.need, &route.missing, complaints),
        complaints_(complaints) {}

  void read() {
    HttpRoute http;
    http.spec.name = "route " + route_.use.name;
    check_params(tree_, complaints_);
    http.dialect = dialect();
    if (http.dialect != nullptr) {
      http.spec.streams = http.dialect->streams();
      http.max_output_tokens = http.dialect->most_output_tokens();
    }
    const auto endpoint = this->endpoint();
    if (endpoint) http.spec.url = endpoint->url(path_of_api(*endpoint));
    read_headers(http);
    read_limits(http);
    read_price(http);
    if (const Json* file = member(root_, "ca_file")) http.spec.ca_file = certificates(*file);
    http.spec.http2 = flag(root_, "http2");
    if (const Json* name = member(root_, "idempotency_header")) read_idempotency(*name, http);
    http.pool = pool(endpoint ? endpoint->host_and_port() : word(root_, "endpoint"));
    route_.http = std::move(http);
  }

 private:
  void complain(const Json& value, std::string message, std::string hint = {}, At at = At::value) {
    complaints_.add(tree_.error(value, std::move(message), std::move(hint), at));
  }

  bool is_generic() const { return route_.use.kind == "generic_http"; }
  bool embeds() const { return word(root_, "api") == "embeddings"; }
  bool is_anthropic() const { return route_.use.kind == "anthropic"; }

  std::shared_ptr<const route::Dialect> dialect() {
    if (is_generic()) return read_request(tree_, route_, complaints_);
    if (embeds()) {
      if (flag(root_, "stream")) complain(root_.at("stream"), "embeddings come whole", "remove it", At::key);
      return route::make_dialect(route::EmbeddingsDialect{word(root_, "model"), part(root_, "params")});
    }
    route::ChatDialect what;
    const bool has_responses = word(root_, "api") == "responses";
    what.api = is_anthropic()  ? route::ChatApi::messages
               : has_responses ? route::ChatApi::responses
                               : route::ChatApi::chat_completions;
    what.model = word(root_, "model");
    what.params = part(root_, "params");
    what.streams = flag(root_, "stream");
    what.strict_usage = what.streams;
    return route::make_dialect(std::move(what));
  }

  std::optional<Endpoint> endpoint() {
    const Json* written = member(root_, "endpoint");
    if (written == nullptr) return std::nullopt;
    const auto& text = written->get_ref<const std::string&>();
    const bool is_elsewhere = text.starts_with("env:");
    std::string url = text;
    if (is_elsewhere) {
      auto found = secrets_.read(*written, "endpoint");
      if (!found) return std::nullopt;
      url = std::move(found->value);
    }
    auto out = parse_endpoint(url);
    if (!out) {
      const std::string where = is_elsewhere ? " (the value of " + text + ")" : "";
      complain(*written, out.error().message + where, out.error().hint);
      return std::nullopt;
    }
    if (!is_generic() && out->path.ends_with(last_step())) {
      complain(*written, std::string("the endpoint already ends in ") + last_step() + ", which is added to it",
               "leave that end out");
      return std::nullopt;
    }
    return std::move(*out);
  }

  const char* last_step() const {
    if (is_anthropic()) return "/messages";
    if (embeds()) return "/embeddings";
    return word(root_, "api") == "responses" ? "/responses" : "/chat/completions";
  }

  std::string path_of_api(const Endpoint& endpoint) const {
    if (is_generic()) return {};
    if (is_anthropic() && !endpoint.path.ends_with("/v1")) return "/v1/messages";
    return last_step();
  }

  void read_headers(HttpRoute& http) {
    std::vector<std::pair<std::string, std::string>> hidden;
    std::vector<std::string> taken;
    if (http.dialect != nullptr) {
      for (auto& [name, value] : http.dialect->headers()) {
        taken.push_back(name);
        http.spec.headers.emplace_back(std::move(name), Secret(std::move(value)));
      }
    }
    if (const Json* key = member(root_, "key")) read_key(*key, http, taken, hidden);
    if (const Json* headers = member(root_, "headers")) {
      for (const auto& [name, value] : headers->get_ref<const Json::object_t&>()) {
        if (const auto fault = header_name_fault(name, taken)) {
          complain(value, fault->message, fault->hint, At::key);
          continue;
        }
        taken.push_back(name);
        if (value.is_null()) continue;  // complained about
        auto secret = header_value(value, "header " + name);
        if (!secret) continue;
        hide(secret->name, secret->value, hidden);
        http.spec.headers.emplace_back(name, Secret(std::move(secret->value)));
      }
    }
    if (!hidden.empty()) http.spec.secrets = std::make_shared<const Redactor>(hidden);
  }

  void read_key(const Json& written, HttpRoute& http, std::vector<std::string>& taken,
                std::vector<std::pair<std::string, std::string>>& hidden) {
    http.key_name = written.get<std::string>();
    const auto [name, before] =
        http.dialect == nullptr ? std::pair<std::string, std::string>() : http.dialect->key_header();
    if (!name.empty()) taken.push_back(name);
    auto key = header_value(written, "key");
    if (!key) return;
    key_ = key->value;
    hide(key->name, key->value, hidden);
    if (!name.empty()) http.spec.headers.emplace_back(name, Secret(before + key->value));
  }

  std::optional<NamedSecret> header_value(const Json& written, const std::string& name) {
    auto secret = secrets_.read(written, name);
    if (!secret) return std::nullopt;
    const char* fault = header_value_fault(secret->value);
    if (fault == nullptr) return secret;
    complain(written, "the value of " + written.get<std::string>() + " " + fault,
             "it goes into a header as it is: set it anew without that");
    return std::nullopt;
  }

  // Servers that quote a header back may leave its first word out: "Bearer …", "Basic …".
  static void hide(const std::string& name, const std::string& value,
                   std::vector<std::pair<std::string, std::string>>& hidden) {
    hidden.emplace_back(name, value);
    const std::size_t blank = value.find(' ');
    if (blank != std::string::npos) hidden.emplace_back(name, value.substr(blank + 1));
  }

  void read_idempotency(const Json& written, HttpRoute& http) {
    std::vector<std::string> taken;
    for (const auto& [name, value] : http.spec.headers) taken.push_back(name);
    const auto& name = written.get_ref<const std::string&>();
    if (const auto fault = header_name_fault(name, taken)) return complain(written, fault->message, fault->hint);
    http.spec.idempotency_header = name;
  }

  void read_limits(HttpRoute& http) {
    route::HttpLimits& one = http.spec.limits;
    const Json* limits = member(root_, "limits");
    if (limits == nullptr) return;
    const Json& written = *limits;
    duration(written, "timeout", try_bounds, one.timeout);
    duration(written, "connect_timeout", try_bounds, one.connect);
    duration(written, "first_byte_timeout", try_bounds, one.first_byte);
    // A try must have room in what bounds all of them.
    http.limits.deadline = std::max(http.limits.deadline, one.timeout);
    http.limits.no_progress = std::max(http.limits.no_progress, 2 * one.timeout);
    duration(written, "deadline", try_bounds, http.limits.deadline);
    duration(written, "no_progress", try_bounds, http.limits.no_progress);
    for (const char* shorter : {"connect_timeout", "first_byte_timeout"}) not_beyond(written, shorter, one.timeout);
    if (http.limits.deadline < one.timeout) {
      complain(written.at("deadline"), "the deadline of a call is shorter than the timeout of one try",
               "a deadline holds several tries: 10m is usual");
    }
    read_retry_after(written, http);
    if (const Json* size = member(written, "response"))
      one.reply_bytes = read_size(tree_, *size, reply_bounds, complaints_).value_or(one.reply_bytes);
    if (const Json* in_flight = member(written, "in_flight")) {
      http.spec.in_flight = in_flight->get<std::size_t>();
      http.limits.in_flight = http.spec.in_flight;
    }
    http.limits.requests_per_minute = number(written, "requests_per_minute");
    http.limits.tokens_per_minute = number(written, "tokens_per_minute");
  }

  void not_beyond(const Json& limits, const char* key, Millis timeout) {
    const Json* written = member(limits, key);
    const auto duration = written == nullptr ? std::nullopt : parse_duration(written->get_ref<const std::string&>());
    if (duration && *duration > timeout) {
      complain(*written, std::string(key) + " is longer than the timeout of a try",
               "write limits: {timeout: …} with more than that");
    }
  }

  void read_retry_after(const Json& limits, HttpRoute& http) {
    const std::string way = word(limits, "retry_after");
    http.limits.retry_after = way == "cap"      ? route::RetryAfter::cap
                              : way == "ignore" ? route::RetryAfter::ignore
                                                : route::RetryAfter::honour;
    const Json* cap = member(limits, "retry_after_cap");
    if (cap == nullptr) return;
    duration(limits, "retry_after_cap", wait_bounds, http.limits.retry_after_cap);
    if (way != "cap") complain(*cap, "'retry_after_cap' means nothing without retry_after: cap", "add it", At::key);
  }

  void duration(const Json& limits, const char* key, const DurationBounds& bounds, Millis& out) {
    const Json* written = member(limits, key);
    if (written != nullptr) out = read_duration(tree_, *written, bounds, complaints_).value_or(out);
  }

  void read_price(HttpRoute& http) {
    const Json* price = member(root_, "price");
    if (price == nullptr) return;
    const bool per_token = price->contains("input_per_mtok") || price->contains("output_per_mtok") ||
                           price->contains("cached_input_per_mtok");
    for (const char* needed : {"input_per_mtok", "output_per_mtok"}) {
      if (!per_token || price->contains(needed)) continue;
      if (embeds() && needed == std::string_view("output_per_mtok")) continue;  // there is none to pay for
      complain(*price, std::string("a price of tokens needs ") + needed + " too: else no reply's cost is known",
               std::string("what costs nothing is written: ") + needed + ": 0");
    }
    http.price = {number(*price, "input_per_mtok"), number(*price, "output_per_mtok"),
                  number(*price, "cached_input_per_mtok"), number(*price, "per_call_usd")};
    if (embeds() && per_token && !http.price.output_per_mtok) http.price.output_per_mtok = 0.0;
  }

  std::string certificates(const Json& written) {
    if (text_.need == RouteNeed::replies) return {};
    const std::string path = join_path(folder_of(tree_.name()), written.get<std::string>());
    const auto bytes = text_.files.read(path, max_certificate_bytes);
    if (!bytes) {
      complain(written, bytes.error().message, "paths are relative to the route file");
    } else if (bytes->find("-----BEGIN ") == std::string::npos) {
      complain(written, "the file '" + path + "' holds no certificate", "it takes PEM: -----BEGIN CERTIFICATE-----");
    }
    return absolute(path);
  }

  // Whoever may not know the key may not learn it from here.
  std::string pool(const std::string& host) const {
    const std::string key = key_ ? Hasher().field("headgate/pool/1").field(*key_).finish().brief() : word(root_, "key");
    return host + " " + (key.empty() ? "-" : key) + " " + route::model_family(word(root_, "model"));
  }

  const HttpText& text_;
  const Tree& tree_;
  const Json& root_;
  Route& route_;
  const SecretReader secrets_;
  Complaints& complaints_;
  std::optional<std::string> key_;
};

}  // namespace

void read_http(const HttpText& text, Route& route, Complaints& complaints) { Reader(text, route, complaints).read(); }

}  // namespace headgate::config
