#include "http_request.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace headgate::fake {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_same(std::string_view a, std::string_view lowercase) {
  return a.size() == lowercase.size() &&
         std::equal(a.begin(), a.end(), lowercase.begin(), [](char x, char y) { return lower(x) == y; });
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (trouble != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Framing {
  std::size_t length = 0;
  bool chunked = false;
  bool expects_continue = false;
};

bool read_line(std::string_view line, HttpRequest& out, Framing& framing) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = without_blanks(line.substr(colon + 1));
  if (is_same(name, "content-length")) {
    const auto length = number(value, 10);
    if (!length) return false;
    framing.length = *length;
  } else if (is_same(name, "transfer-encoding")) {
    framing.chunked = is_same(value, "chunked");
    return framing.chunked;
  } else if (is_same(name, "connection")) {
    if (is_same(value, "close")) out.keep_alive = false;
  } else if (is_same(name, "expect")) {
    framing.expects_continue = is_same(value, "100-continue");
  } else if (is_same(name, "authorization")) {
    out.authorization = value;
  } else if (is_same(name, "x-api-key")) {
    out.x_api_key = value;
  }
  return true;
}

void read_target(std::string_view target, HttpRequest& out) {
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && target.front() != '/') {
    out.through_proxy = true;
    const std::size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  const std::size_t mark = target.find('?');
  out.path = target.substr(0, mark);
  out.query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

bool read_head(std::string_view head, HttpRequest& out, Framing& framing) {
  const std::size_t end = head.find('\n');
  const std::string_view first = without_blanks(head.substr(0, end));
  const std::size_t space = first.find(' ');
  const std::size_t second = space == std::string_view::npos ? space : first.find(' ', space + 1);
  if (second == std::string_view::npos || space == 0 || second == space + 1) return false;
  out.method = first.substr(0, space);
  read_target(first.substr(space + 1, second - space - 1), out);
  const std::string_view version = first.substr(second + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return false;
  out.keep_alive = version == "HTTP/1.1";
  out.head = head.substr(end + 1);
  for (std::string_view rest = out.head; !rest.empty();) {
    const std::size_t stop = rest.find('\n');
    const std::string_view line = without_blanks(rest.substr(0, stop));
    rest = stop == std::string_view::npos ? std::string_view() : rest.substr(stop + 1);
    if (!line.empty() && !read_line(line, out, framing)) return false;
  }
  return true;
}

// Walks from chunk to chunk; copies only when the last one is there.
Parsed read_chunks(std::string_view text, std::size_t at, HttpRequest& out) {
  const std::size_t begin = at;
  std::size_t total = 0;
  for (const bool copying : {false, true}) {
    at = begin;
    for (;;) {
      const std::size_t end = text.find("\r\n", at);
      if (end == std::string_view::npos) return text.size() - at > 1024 ? Parsed::bad : Parsed::more;
      const std::string_view line = text.substr(at, end - at);
      const auto size = number(without_blanks(line.substr(0, line.find(';'))), 16);
      if (!size) return Parsed::bad;
      if (*size > most_body_bytes || total > most_body_bytes) return Parsed::too_large;
      at = end + 2;
      if (*size == 0) break;
      if (text.size() - at < *size + 2) return Parsed::more;
      if (copying) out.unchunked.append(text.substr(at, *size));
      if (!copying) total += *size;
      at += *size + 2;
    }
    for (;;) {  // trailers
      const std::size_t end = text.find("\r\n", at);
      if (end == std::string_view::npos) return Parsed::more;
      const bool last = end == at;
      at = end + 2;
      if (last) break;
    }
  }
  out.body = out.unchunked;
  out.size = at;
  return Parsed::whole;
}

}  // namespace

Parsed parse_request(std::string_view text, HttpRequest& out) {
  out = HttpRequest();
  std::size_t skipped = 0;  // empty lines before a request are allowed
  while (text.substr(skipped).starts_with("\r\n")) skipped += 2;
  const std::size_t end = text.find("\r\n\r\n", skipped);
  if (end == std::string_view::npos) {
    if (text.size() > most_head_bytes) return Parsed::too_large;
    const std::string_view begun = text.substr(skipped);
    const bool plausible = begun.empty() || (begun.front() >= 'A' && begun.front() <= 'Z');
    return plausible ? Parsed::more : Parsed::bad;
  }
  if (end > most_head_bytes) return Parsed::too_large;
  Framing framing;
  if (!read_head(text.substr(skipped, end + 2 - skipped), out, framing)) return Parsed::bad;
  const std::size_t at = end + 4;
  if (framing.length > most_body_bytes) return Parsed::too_large;
  const Parsed waiting = framing.expects_continue ? Parsed::more_continue : Parsed::more;
  if (framing.chunked) {
    const Parsed parsed = read_chunks(text, at, out);
    return parsed == Parsed::more ? waiting : parsed;
  }
  if (text.size() - at < framing.length) return waiting;
  out.body = text.substr(at, framing.length);
  out.size = at + framing.length;
  return Parsed::whole;
}

}  // namespace headgate::fake
