#include "schema_formats.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "headgate/base/assert.hpp"
#include "pattern.hpp"
#include "uri.hpp"

namespace headgate::grade {
namespace {

using View = std::string_view;

// What is longer is no date, address or pattern that anybody means.
constexpr std::size_t max_format_text = std::size_t{64} << 10;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool are_digits(View text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

// Takes `count` digits off the front.
std::optional<int> take_number(View& text, std::size_t count) {
  if (text.size() < count || !are_digits(text.substr(0, count))) return std::nullopt;
  int out = 0;
  std::from_chars(text.data(), text.data() + count, out);
  text.remove_prefix(count);
  return out;
}

bool take(View& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::vector<View> split(View text, char mark) {
  std::vector<View> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(mark, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool is_date(View text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return false;
  const auto month = take_number(text, 2);
  if (!month || *month < 1 || *month > 12 || !take(text, '-')) return false;
  const auto day = take_number(text, 2);
  const bool leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
  const int days = *month == 2 ? (leap ? 29 : 28) : *month == 4 || *month == 6 || *month == 9 || *month == 11 ? 30 : 31;
  return day && *day >= 1 && *day <= days && text.empty();
}

// RFC 3339 full-time. A second 60 is one only where it is 23:59 in UTC.
bool is_time(View text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return false;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return false;
  const auto second = take_number(text, 2);
  if (!second || *second > 60) return false;
  if (take(text, '.')) {
    const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    if (end == 0) return false;
    text.remove_prefix(end);
  }
  int offset = 0;
  if (text != "Z" && text != "z") {
    const int sign = text.starts_with('-') ? -1 : 1;
    if (!take(text, '+') && !take(text, '-')) return false;
    const auto off_hour = take_number(text, 2);
    if (!off_hour || *off_hour > 23 || !take(text, ':')) return false;
    const auto off_minute = take_number(text, 2);
    if (!off_minute || *off_minute > 59 || !text.empty()) return false;
    offset = sign * (*off_hour * 60 + *off_minute);
  }
  constexpr int day = 24 * 60;
  const int in_utc = ((*hour * 60 + *minute - offset) % day + day) % day;
  return *second < 60 || in_utc == day - 1;
}

bool is_date_time(View text) {
  constexpr std::size_t length = 10;
  return text.size() > length && (text[length] == 'T' || text[length] == 't') && is_date(text.substr(0, length)) &&
         is_time(text.substr(length + 1));
}

// ISO 8601 as RFC 3339, appendix A writes it: PnW, or PnYnMnDTnHnMnS in that order and without gaps.
bool is_duration(View text) {
  if (!take(text, 'P') || text.empty()) return false;
  const auto steps = [&](View units) {
    std::size_t next = 0;
    bool any = false;
    while (!text.empty() && text[0] != 'T') {
      const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
      if (end == 0 || end == text.size()) return false;
      const std::size_t unit = units.find(text[end], next);
      if (unit == units.npos || (any && unit != next)) return false;
      next = unit + 1;
      any = true;
      text.remove_prefix(end + 1);
    }
    return any;
  };
  if (text.ends_with('W')) return are_digits(text.substr(0, text.size() - 1));
  if (text[0] != 'T' && !steps("YMD")) return false;
  if (text.empty()) return true;
  return take(text, 'T') && steps("HMS") && text.empty();
}

bool is_host_name(View text) {
  constexpr std::size_t max_name = 253, max_label = 63;
  if (text.empty() || text.size() > max_name) return false;
  const auto labels = split(text, '.');
  return std::all_of(labels.begin(), labels.end(), [](View label) {
    return !label.empty() && label.size() <= max_label && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
  });
}

bool is_ipv4(View text) {
  const auto parts = split(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](View part) {
           int value = 256;
           return are_digits(part) && part.size() <= 3 && (part.size() == 1 || part[0] != '0') &&
                  std::from_chars(part.data(), part.data() + part.size(), value).ec == std::errc() && value < 256;
         });
}

bool is_ipv6(View text) {
  constexpr std::size_t groups = 8;
  const std::size_t gap = text.find("::");
  if (gap != text.npos && text.find("::", gap + 1) != text.npos) return false;
  std::size_t count = 0;
  const auto are_groups = [&](View part, bool ends) {
    if (part.empty()) return true;
    const auto all = split(part, ':');
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (ends && i + 1 == all.size() && all[i].find('.') != View::npos) {
        if (!is_ipv4(all[i])) return false;
        ++count;
      } else if (all[i].empty() || all[i].size() > 4 || !std::all_of(all[i].begin(), all[i].end(), is_hex)) {
        return false;
      }
      ++count;
    }
    return true;
  };
  if (gap == text.npos) return are_groups(text, true) && count == groups;
  return are_groups(text.substr(0, gap), false) && are_groups(text.substr(gap + 2), true) && count < groups;
}

// A mailbox as people have one: a dotted atom or a quoted text, and a host name or an address in brackets.
bool is_email(View text, bool beyond_ascii) {
  const std::size_t at = text.rfind('@');
  if (at == text.npos || at == 0) return false;
  const View local = text.substr(0, at), host = text.substr(at + 1);
  const auto is_atom = [&](char c) {
    if (static_cast<unsigned char>(c) >= 0x80) return beyond_ascii;
    return is_letter_or_digit(c) || View("!#$%&'*+-/=?^_`{|}~").find(c) != View::npos;
  };
  if (local.size() >= 2 && local.front() == '"' && local.back() == '"') {
    for (std::size_t i = 1; i + 1 < local.size(); ++i) {
      if (local[i] == '\\' && i + 2 < local.size()) {
        ++i;
      } else if (local[i] == '"' || local[i] == '\\' || static_cast<unsigned char>(local[i]) < ' ') {
        return false;
      }
    }
  } else {
    for (const View atom : split(local, '.')) {
      if (atom.empty() || !std::all_of(atom.begin(), atom.end(), is_atom)) return false;
    }
  }
  if (host.starts_with("[IPv6:") && host.ends_with(']')) return is_ipv6(host.substr(6, host.size() - 7));
  if (host.starts_with('[') && host.ends_with(']')) return is_ipv4(host.substr(1, host.size() - 2));
  if (!beyond_ascii) return is_host_name(host);
  const auto labels = split(host, '.');
  return std::all_of(labels.begin(), labels.end(), [&](View label) {
    return !label.empty() && std::all_of(label.begin(), label.end(), [](char c) {
      return static_cast<unsigned char>(c) >= 0x80 || is_letter_or_digit(c) || c == '-';
    });
  });
}

bool is_pointer(View text) {
  if (!text.empty() && text[0] != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
  }
  return true;
}

bool is_relative_pointer(View text) {
  const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  if (end == 0 || (end > 1 && text[0] == '0')) return false;
  text.remove_prefix(end);
  return text == "#" || is_pointer(text);
}

// RFC 6570 with its operators and modifiers; literals are any characters but those it shuts out.
bool is_uri_template(View text) {
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    if (text.substr(0, open).find_first_of("}\"'<>\\^`| ") != View::npos) return false;
    if (open == text.size()) return true;
    const std::size_t close = text.find('}', open);
    if (close == View::npos) return false;
    View names = text.substr(open + 1, close - open - 1);
    if (!names.empty() && View("+#./;?&").find(names[0]) != View::npos) names.remove_prefix(1);
    for (View name : split(names, ',')) {
      if (name.ends_with('*')) name.remove_suffix(1);
      if (const std::size_t colon = name.find(':'); colon != View::npos) {
        const View length = name.substr(colon + 1);
        if (!are_digits(length) || length.size() > 4 || length[0] == '0') return false;
        name = name.substr(0, colon);
      }
      const bool good = std::all_of(name.begin(), name.end(),
                                    [](char c) { return is_letter_or_digit(c) || c == '_' || c == '.' || c == '%'; });
      if (name.empty() || !good) return false;
    }
    text.remove_prefix(close + 1);
  }
  return true;
}

bool is_uuid(View text) {
  constexpr std::size_t length = 36;
  if (text.size() != length) return false;
  for (std::size_t i = 0; i < length; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

// As the patterns of schemas are read here: RE2, and no .NET anchors that ECMA 262 does not have.
bool is_pattern(View text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    if (text[i + 1] == 'Z' || text[i + 1] == 'z' || text[i + 1] == 'A') return false;
    ++i;
  }
  return Pattern::compile(text).has_value();
}

struct Format {
  View name;
  bool (*holds)(View);
};

constexpr Format formats[] = {
    {"date", is_date},
    {"date-time", is_date_time},
    {"duration", is_duration},
    {"email", [](View text) { return is_email(text, false); }},
    {"hostname", is_host_name},
    {"idn-email", [](View text) { return is_email(text, true); }},
    {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},
    {"iri", [](View text) { return is_uri(text, true); }},
    {"iri-reference", [](View text) { return is_uri_reference(text, true); }},
    {"json-pointer", is_pointer},
    {"regex", is_pattern},
    {"relative-json-pointer", is_relative_pointer},
    {"time", is_time},
    {"uri", [](View text) { return is_uri(text); }},
    {"uri-reference", [](View text) { return is_uri_reference(text); }},
    {"uri-template", is_uri_template},
    {"uuid", is_uuid},
};

}  // namespace

std::span<const std::string> schema_formats() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const Format& one : formats) out.emplace_back(one.name);
    return out;
  }();
  return names;
}

bool has_format(std::string_view text, std::string_view format) {
  const auto* const found =
      std::find_if(std::begin(formats), std::end(formats), [&](const Format& one) { return one.name == format; });
  HG_ASSERT(found != std::end(formats));
  return text.size() <= max_format_text && found->holds(text);
}

}  // namespace headgate::grade
