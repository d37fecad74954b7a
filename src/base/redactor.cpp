#include "headgate/base/redactor.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>

#include "headgate/base/json_append.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate {
namespace {

constexpr std::string_view standard_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::uint32_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

// Without padding.
std::string base64(std::string_view text, std::string_view alphabet) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const std::uint32_t group = byte_at(text, at) << 16U | byte_at(text, at + 1) << 8U | byte_at(text, at + 2);
    const std::size_t digits = std::min<std::size_t>(text.size() - at, 3) + 1;
    for (std::size_t i = 0; i < digits; ++i) out += alphabet[group >> (18U - 6U * i) & 63U];
  }
  return out;
}

// What base64 makes of the value inside a longer text ("user:value"): the digits that depend on the value alone, for
// each of the three ways it can lie in the groups of three bytes.
std::vector<std::string> base64_inside(std::string_view value, std::string_view alphabet) {
  constexpr std::size_t digits_of_others[] = {0, 2, 3};  // at the start, for 0, 1 and 2 bytes before the value
  std::vector<std::string> out;
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string digits = base64(std::string(before, '\0') + std::string(value), alphabet);
    const std::size_t whole = (before + value.size()) * 8 / 6;  // the digit after these depends on what follows
    out.push_back(digits.substr(digits_of_others[before], whole - digits_of_others[before]));
  }
  return out;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string percent_encoded(std::string_view text, std::string_view digits, std::string_view kept) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != kept.npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

// As a form of a web page writes it: a blank is a plus.
std::string form_encoded(std::string_view text) {
  std::string out = percent_encoded(text, "0123456789ABCDEF", " ");
  std::replace(out.begin(), out.end(), ' ', '+');
  return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

void append_unit(std::string& out, std::uint32_t unit, std::string_view digits) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> static_cast<unsigned>(shift) & 15U];
}

// As writers that keep to ASCII do; `text` is valid UTF-8 that is JSON-escaped but for that.
std::string ascii_json(std::string_view text, std::string_view digits) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) point = point << 6U | (byte_at(text, at + i) & 0x3FU);
    if (length == 1) {
      out += text[at];
    } else if (point < 0x10000) {
      append_unit(out, point, digits);
    } else {
      append_unit(out, 0xD800 + ((point - 0x10000) >> 10U), digits);
      append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FFU), digits);
    }
    at += length;
  }
  return out;
}

// Inside a JSON string, as different writers put it.
std::vector<std::string> json_forms(std::string_view value) {
  std::string quoted;
  append_json_string(quoted, repair_utf8(value));
  const std::string escaped = quoted.substr(1, quoted.size() - 2);
  std::vector<std::string> out{escaped, replaced(escaped, "/", "\\/")};
  for (const char* digits : {"0123456789abcdef", "0123456789ABCDEF"}) out.push_back(ascii_json(escaped, digits));
  return out;
}

std::set<std::string> forms_of(std::string_view value) {
  std::set<std::string> out{std::string(value), form_encoded(value)};
  for (const std::string_view alphabet : {standard_alphabet, url_alphabet}) {
    std::string whole = base64(value, alphabet);
    for (std::string& core : base64_inside(value, alphabet)) out.insert(std::move(core));
    out.insert(whole + std::string((4 - whole.size() % 4) % 4, '='));
    out.insert(std::move(whole));
  }
  for (const char* digits : {"0123456789abcdef", "0123456789ABCDEF"}) {
    for (const char* kept : {"", "/", "!'()*"}) out.insert(percent_encoded(value, digits, kept));
  }
  for (std::string& form : json_forms(value)) out.insert(std::move(form));
  return out;
}

// The mark goes into JSON, terminals and logs alike.
std::string mark_of(const std::string& name) {
  std::string out = "[secret ";
  for (const char c : name) out += is_unreserved(c) || c == '/' ? c : '_';
  return out + "]";
}

struct Span {
  std::size_t begin, end;
  const std::string* stands_for;
};

}  // namespace

Redactor::Redactor(const std::vector<std::pair<std::string, std::string>>& named_values) {
  std::set<std::string> known;
  for (const auto& [name, value] : named_values) {
    if (value.size() < least_bytes) continue;
    for (const std::string& form : forms_of(value)) {
      if (form.size() >= least_bytes && known.insert(form).second) forms_.push_back({form, mark_of(name)});
    }
  }
  std::stable_sort(forms_.begin(), forms_.end(),
                   [](const Form& a, const Form& b) { return a.bytes.size() > b.bytes.size(); });
}

std::string Redactor::operator()(std::string text) const {
  if (text.size() < least_bytes) return text;
  std::vector<Span> spans;
  for (const Form& form : forms_) {
    for (std::size_t at = text.find(form.bytes); at != text.npos; at = text.find(form.bytes, at + 1)) {
      spans.push_back({at, at + form.bytes.size(), &form.stands_for});
    }
  }
  if (spans.empty()) return text;
  // Of those that begin together the longest names the secret; what overlaps goes with it, so that no end stays behind.
  std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return std::tuple(a.begin, b.end) < std::tuple(b.begin, a.end);
  });
  std::string out;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < spans.size();) {
    const Span& first = spans[i];
    std::size_t end = first.end;
    for (++i; i < spans.size() && spans[i].begin < end; ++i) end = std::max(end, spans[i].end);
    out.append(text, copied, first.begin - copied).append(*first.stands_for);
    copied = end;
  }
  return out.append(text, copied);
}

}  // namespace headgate
