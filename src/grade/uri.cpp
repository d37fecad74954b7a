#include "uri.hpp"

#include <algorithm>

namespace headgate::grade {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return is_digit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_escape(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() && hex(text[at + 1]) >= 0 && hex(text[at + 2]) >= 0;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

// RFC 3986, 5.2.4.
std::string without_dots(std::string_view path) {
  std::string out;
  const auto drop_last = [&] { out.resize(out.rfind('/') == out.npos ? 0 : out.rfind('/')); };
  while (!path.empty()) {
    if (path.starts_with("../")) {
      path.remove_prefix(3);
    } else if (path.starts_with("./") || path.starts_with("/./")) {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.starts_with("/../")) {
      path.remove_prefix(3);
      drop_last();
    } else if (path == "/..") {
      path = "/";
      drop_last();
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      const std::size_t end = std::min(path.find('/', 1), path.size());
      out += path.substr(0, end);
      path.remove_prefix(end);
    }
  }
  return out;
}

bool are_characters(std::string_view text, std::string_view also, bool beyond_ascii) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool good = static_cast<unsigned char>(c) >= 0x80
                          ? beyond_ascii
                          : is_letter(c) || is_digit(c) || is_escape(text, i) ||
                                std::string_view("-._~!$&'()*+,;=:@").find(c) != std::string_view::npos ||
                                also.find(c) != also.npos;
    if (!good) return false;
  }
  return true;
}

bool is_authority(std::string_view text, bool beyond_ascii) {
  if (const std::size_t at = text.rfind('@'); at != text.npos) {
    const std::string_view user = text.substr(0, at);
    if (user.find('@') != user.npos || !are_characters(user, "", beyond_ascii)) return false;
    text.remove_prefix(at + 1);
  }
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos || !are_characters(text.substr(1, end - 1), "", false)) return false;
    port = text.substr(end + 1);
    if (!port.empty() && port[0] != ':') return false;
    if (!port.empty()) port.remove_prefix(1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (!are_characters(text.substr(0, colon), "", beyond_ascii)) return false;
    port = colon < text.size() ? text.substr(colon + 1) : std::string_view();
  }
  return std::all_of(port.begin(), port.end(), is_digit);
}

}  // namespace

Uri Uri::of(std::string_view text) {
  Uri out;
  if (const std::size_t hash = text.find('#'); hash != text.npos) {
    out.fragment = std::string(text.substr(hash + 1));
    text = text.substr(0, hash);
  }
  if (const std::size_t mark = text.find('?'); mark != text.npos) {
    out.query = std::string(text.substr(mark + 1));
    text = text.substr(0, mark);
  }
  if (const std::size_t colon = text.find(':'); colon < text.find('/') && is_scheme(text.substr(0, colon))) {
    out.scheme = std::string(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    const std::size_t end = std::min(text.find('/', 2), text.size());
    out.authority = std::string(text.substr(2, end - 2));
    text.remove_prefix(end);
  }
  out.path = std::string(text);
  return out;
}

std::string Uri::without_fragment() const {
  std::string out = scheme.empty() ? std::string() : scheme + ":";
  if (authority) out += "//" + *authority;
  out += path;
  if (query) out += "?" + *query;
  return out;
}

Uri resolved(const Uri& base, const Uri& reference) {
  Uri out = reference;
  if (!reference.scheme.empty()) {
    out.path = without_dots(reference.path);
    return out;
  }
  out.scheme = base.scheme;
  if (reference.authority) {
    out.path = without_dots(reference.path);
    return out;
  }
  out.authority = base.authority;
  if (reference.path.empty()) {
    out.path = base.path;
    if (!reference.query) out.query = base.query;
    return out;
  }
  if (!reference.path.starts_with('/')) {
    const bool rooted = base.authority && base.path.empty();
    out.path = (rooted ? "/" : base.path.substr(0, base.path.rfind('/') + 1)) + reference.path;  // npos + 1 is 0
  }
  out.path = without_dots(out.path);
  return out;
}

bool is_uri_reference(std::string_view text, bool beyond_ascii) {
  const Uri uri = Uri::of(text);
  if (uri.authority && !is_authority(*uri.authority, beyond_ascii)) return false;
  // "a:b/c" without a scheme would be taken for one.
  if (uri.scheme.empty() && !uri.authority && uri.path.find(':') < uri.path.find('/')) return false;
  return are_characters(uri.path, "/", beyond_ascii) && are_characters(uri.query.value_or(""), "/?", beyond_ascii) &&
         are_characters(uri.fragment.value_or(""), "/?", beyond_ascii);
}

bool is_uri(std::string_view text, bool beyond_ascii) {
  return !Uri::of(text).scheme.empty() && is_uri_reference(text, beyond_ascii);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_escape(text, i)) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace headgate::grade
