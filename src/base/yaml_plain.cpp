#include "yaml_plain.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "numbers.hpp"

namespace headgate {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::string_view without_sign(std::string_view word) {
  return !word.empty() && (word.front() == '-' || word.front() == '+') ? word.substr(1) : word;
}

// (. [0-9]+ | [0-9]+ (. [0-9]*)?) ([eE] [-+]? [0-9]+)?, as YAML 1.2 writes its floats.
bool is_float(std::string_view word) {
  const std::size_t mark = word.find_first_of("eE");
  if (mark != std::string_view::npos && !all_digits(without_sign(word.substr(mark + 1)))) return false;
  const std::string_view mantissa = word.substr(0, mark);
  const std::size_t point = mantissa.find('.');
  if (point == std::string_view::npos) return all_digits(mantissa);
  const std::string_view before = mantissa.substr(0, point);
  const std::string_view after = mantissa.substr(point + 1);
  return (before.empty() || all_digits(before)) && (after.empty() ? !before.empty() : all_digits(after));
}

// 1:30 and 1:30:00.5, which YAML 1.1 reads as base sixty.
bool is_sexagesimal(std::string_view word) {
  const std::size_t point = word.find('.');
  if (point != std::string_view::npos && word.find_first_not_of("0123456789_", point + 1) != std::string_view::npos) {
    return false;
  }
  word = word.substr(0, point);
  std::size_t colon = word.find(':');
  if (colon == std::string_view::npos || !all_digits(word.substr(0, colon))) return false;
  while (colon != std::string_view::npos) {
    word.remove_prefix(colon + 1);
    colon = word.find(':');
    const std::string_view part = word.substr(0, colon);
    if (!all_digits(part) || part.size() > 2 || (part.size() == 2 && part[0] > '5')) return false;
  }
  return true;
}

bool only(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// 0x1F, 0o17, 0b11
bool has_base(std::string_view word) {
  if (word.size() < 3 || word[0] != '0') return false;
  const std::string_view digits = word.substr(2);
  switch (word[1]) {
    case 'x':
    case 'X':
      return only(digits, "0123456789abcdefABCDEF_");
    case 'o':
    case 'O':
      return only(digits, "01234567_");
    case 'b':
    case 'B':
      return only(digits, "01_");
    default:
      return false;
  }
}

// 1_000 and 1_000.5
bool has_underscores(std::string_view word) {
  return word.find('_') != std::string_view::npos && is_digit(word.front()) && only(word, "0123456789_.") &&
         std::count(word.begin(), word.end(), '.') <= 1;
}

std::optional<PlainFault> ambiguous_word(const std::string& word) {
  constexpr std::array<std::string_view, 3> yes{"yes", "on", "y"};
  constexpr std::array<std::string_view, 3> no{"no", "off", "n"};
  const std::string small = lower(word);
  const auto fault = [&word](const std::string& write) {
    return PlainFault{"the word " + word + " is read differently by different YAML readers",
                      "write " + write + " or quote it"};
  };
  if (std::find(yes.begin(), yes.end(), small) != yes.end() || small == "true") return fault("true");
  if (std::find(no.begin(), no.end(), small) != no.end() || small == "false") return fault("false");
  if (small == "null") return fault("null");
  if (word == "<<") return PlainFault{"merge keys are not allowed", "write the members out"};
  return std::nullopt;
}

std::optional<PlainFault> ambiguous_number(std::string_view bare) {
  if (bare.empty()) return std::nullopt;
  const std::string small = lower(bare);
  if (small == ".inf" || small == ".nan") return PlainFault{"not a finite number", "write a number, or quote it"};
  if (bare.size() > 1 && bare[0] == '0' && is_digit(bare[1]) && is_float(bare)) {
    return PlainFault{"a number with a leading zero may be read as octal", "remove the zero, or quote it"};
  }
  if (has_base(bare)) return PlainFault{"a number that is not decimal", "write it in decimal, or quote it"};
  if (has_underscores(bare)) return PlainFault{"a number with underscores", "remove the underscores, or quote it"};
  if (is_sexagesimal(bare)) {
    return PlainFault{"digits with colons may be read as a number of base sixty", "quote it"};
  }
  return std::nullopt;
}

std::optional<PlainFault> read_integer(std::string_view word, Json& value) {
  if (word.front() == '+') word.remove_prefix(1);
  const char* const end = word.data() + word.size();
  std::uint64_t natural = 0;
  std::int64_t whole = 0;
  if (word.front() != '-' && std::from_chars(word.data(), end, natural).ec == std::errc()) {
    value = natural;
  } else if (word.front() == '-' && std::from_chars(word.data(), end, whole).ec == std::errc()) {
    value = whole;
  } else {
    return PlainFault{"number does not fit 64 bits", "quote it if it is an identifier"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<PlainFault> resolve_plain(const std::string& word, Json& value) {
  if (word == "true" || word == "false") {
    value = word == "true";
    return std::nullopt;
  }
  if (word.empty() || word == "~" || word == "null") {
    value = nullptr;
    return std::nullopt;
  }
  if (std::optional<PlainFault> fault = ambiguous_word(word)) return fault;
  const std::string_view bare = without_sign(word);
  if (std::optional<PlainFault> fault = ambiguous_number(bare)) return fault;
  if (all_digits(bare)) return read_integer(word, value);
  if (is_float(bare)) {
    const std::optional<double> number = finite_double(word);
    if (!number) return PlainFault{"number does not fit a double", "the largest is about 1.8e308"};
    value = *number;
    return std::nullopt;
  }
  value = word;
  return std::nullopt;
}

}  // namespace headgate
