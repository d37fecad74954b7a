// What came of one try, for pacing and trying again.
#include <algorithm>
#include <string>
#include <string_view>

#include "error_words.hpp"
#include "headgate/base/digest.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/dialect.hpp"
#include "judged.hpp"
#include "reply_json.hpp"

namespace headgate::route {
namespace {

constexpr std::size_t most_columns = 200;
constexpr std::size_t hashed_bytes = 4096;

ErrorKind kind_of_status(int status) {
  switch (status) {
    case 401:
    case 403:
      return ErrorKind::key_refused;
    case 402:
      return ErrorKind::quota;
    case 408:  // the server waited too long for us: its word about the way, not the route's slowness
      return ErrorKind::server_error;
    case 429:
      return ErrorKind::rate_limited;
    case 503:
    case 529:
      return ErrorKind::overloaded;
    default:
      break;
  }
  return status >= 300 && status < 500 ? ErrorKind::request_rejected : ErrorKind::server_error;
}

// The codes first: a spend cap comes as 429, an overload as 500, a filtered prompt as 400 or 403.
ErrorKind kind_of_answer(int status, const ErrorWords& words) {
  const bool redirects = status >= 300 && status < 400;
  if (redirects) return ErrorKind::request_rejected;
  if (const ErrorKind kind = kind_of(words); kind != ErrorKind::none) return kind;
  const ErrorKind by_status = kind_of_status(status);
  if (by_status == ErrorKind::request_rejected) {
    if (const ErrorKind kind = kind_of_message(words.message); kind != ErrorKind::none) return kind;
  }
  return by_status;
}

// Scheme, host and port; the path and query of a location may hold what is nobody's business.
std::string origin_of(std::string_view location) {
  const std::size_t scheme = location.find("://");
  if (scheme == location.npos) return {};
  std::string_view authority = location.substr(scheme + 3);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  const std::size_t user = authority.rfind('@');
  if (user != authority.npos) authority.remove_prefix(user + 1);
  if (authority.empty()) return {};
  return std::string(location.substr(0, scheme + 3)) + std::string(authority);
}

std::string redirect_sentence(const HttpAnswer& http) {
  const std::string* location = http.header("location");
  const std::string origin = location == nullptr ? std::string() : origin_of(*location);
  if (origin.empty()) return "answers with a redirect; write the endpoint it leads to";
  return "answers with a redirect to " + elide(terminal_line(origin), most_columns) + "; write that endpoint";
}

std::string sentence(const Arrival& arrival, const ErrorWords& words) {
  const int status = arrival.http->status;
  std::string out = "HTTP " + std::to_string(status);
  if (status >= 300 && status < 400) return out + ": " + redirect_sentence(*arrival.http);
  if (const std::string words_said = said(words); !words_said.empty()) return out + ": " + words_said;
  if (is_blank(arrival.bytes)) return out + " without a word";
  return out + ": " + quoted(arrival.bytes, most_columns);
}

bool is_word_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

// How many bytes of `rest`, which begins with a quote, name and hold an id; `key_bytes` of them are the name.
std::size_t id_at(std::string_view rest, std::size_t& key_bytes) {
  for (const std::string_view key : {"\"id\"", "\"request_id\""}) {
    if (!rest.starts_with(key)) continue;
    const std::size_t value = rest.find_first_not_of(" :\t", key.size());
    if (value == rest.npos || rest[value] != '"') continue;
    key_bytes = key.size();
    return std::min(rest.find('"', value + 1), rest.size());
  }
  return 0;
}

// The body without what names the single request, so that the same failure of the same call reads alike: the values of
// "id" and "request_id", and words like req_011CSH.
std::string without_ids(std::string_view body) {
  constexpr std::string_view request = "req_";
  std::string out;
  for (std::size_t i = 0; i < body.size();) {
    const std::string_view rest = body.substr(i);
    std::size_t key_bytes = 0;
    if (rest.front() == '"') {
      if (const std::size_t id = id_at(rest, key_bytes); id > 0) {
        out += rest.substr(0, key_bytes);
        i += id;
        continue;
      }
    } else if (rest.front() == 'r' && rest.starts_with(request) && (i == 0 || !is_word_byte(body[i - 1]))) {
      out += request;
      for (i += request.size(); i < body.size() && is_word_byte(body[i]);) ++i;
      continue;
    }
    out += body[i++];
  }
  return out;
}

std::uint64_t fingerprint_of(int status, std::string_view body) {
  const std::string text = without_ids(body.substr(0, hashed_bytes));
  return Hasher().field(static_cast<std::uint64_t>(status)).field(text).finish().mark();
}

// The request may have been worked on and billed, though no count of what it used ever came. An answer that was read
// whole and is an error (4xx, 5xx) is not billed by any provider; nor is what never reached one.
bool maybe_billed(ErrorKind transport_error) {
  switch (transport_error) {
    case ErrorKind::none:
    case ErrorKind::connect:
    case ErrorKind::dns:
    case ErrorKind::tls:
    case ErrorKind::breaker:
    case ErrorKind::not_started:
      return false;
    default:
      return true;
  }
}

}  // namespace

TrySays examine(const Arrival& arrival, std::int64_t wall_seconds) {
  TrySays out;
  if (arrival.http) {
    out.http_status = arrival.http->status;
    out.rate = read_rate(*arrival.http, wall_seconds);
  }
  const bool succeeded = out.http_status >= 200 && out.http_status < 300;
  if (!arrival.http || succeeded) {
    out.kind = arrival.error;
    out.message = arrival.message;
    // A reply that came may prove unreadable later; then it was billed and says nothing of how much. Whoever reads it
    // knows, so it is said only of what will not be read.
    out.maybe_billed = maybe_billed(arrival.error);
    return out;
  }
  ErrorWords words;
  ReplyJson& json = reply_json_of_thread();
  if (json.parse(arrival.bytes)) words = error_words(json.root());
  out.kind = kind_of_answer(out.http_status, words);
  out.message = sentence(arrival, words);
  out.fingerprint = fingerprint_of(out.http_status, arrival.bytes);
  return out;
}

}  // namespace headgate::route
