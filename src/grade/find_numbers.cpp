#include "find_numbers.hpp"

#include <algorithm>
#include <array>

namespace headgate::grade {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_digit(c) || is_letter(c) || c == '_'; }

// Codes that people write right before an amount.
constexpr std::array<std::string_view, 12> currency_codes = {"USD", "EUR", "GBP", "JPY", "CHF", "INR",
                                                             "CAD", "AUD", "CNY", "Rs",  "US",  "RMB"};

// A cursor over the text; reading outside gives '\0'.
class Reader {
 public:
  Reader(std::string_view text, const NumberStyle& style) : text_(text), style_(style) {}

  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  char before(std::size_t i) const { return i > 0 ? at(i - 1) : '\0'; }
  std::string_view cut(std::size_t from, std::size_t to) const { return text_.substr(from, to - from); }
  std::string_view from(std::size_t i) const { return i < text_.size() ? text_.substr(i) : std::string_view(); }
  const NumberStyle& style() const { return style_; }
  std::size_t size() const { return text_.size(); }

  std::size_t past_digits(std::size_t i) const {
    while (is_digit(at(i))) ++i;
    return i;
  }
  std::size_t past_spaces(std::size_t i) const {
    while (at(i) == ' ' || at(i) == fixed_space) ++i;
    return i;
  }
  bool starts_word(std::size_t i) const {
    const char c = before(i);
    if (is_digit(c) || c == '_' || c == '^') return false;
    if (!is_letter(c)) return true;
    std::size_t start = i;
    while (is_letter(before(start))) --start;
    const std::string_view letters = cut(start, i);
    for (const std::string_view code : currency_codes) {
      if (letters == code) return true;
    }
    return false;
  }

 private:
  std::string_view text_;
  NumberStyle style_;
};

// Thousands: after 1 to 3 digits, groups of 3 (or of 2 before the last, as in 12,34,567), all with the same separator.
// Returns the end of the longest such run, or `end` when there is none.
std::size_t past_groups(const Reader& reader, std::size_t start, std::size_t end) {
  const char separator = reader.at(end);
  const char comma = reader.style().decimal == '.' ? ',' : '.';
  if (separator != comma && separator != '\'' && separator != fixed_space) return end;
  if (end - start > 3 || reader.at(start) == '0') return end;
  std::size_t good = end;
  for (std::size_t at = end; reader.at(at) == separator;) {
    const std::size_t next = reader.past_digits(at + 1);
    const std::size_t length = next - at - 1;
    if (length == 3) good = next;
    if (length != 3 && length != 2) break;
    at = next;
  }
  return good;
}

std::string without_separators(std::string_view grouped) {
  std::string out;
  for (const char c : grouped) {
    if (is_digit(c)) out += c;
  }
  return out;
}

struct Exponent {
  std::int64_t value = 0;
  std::size_t end = 0;
};

std::optional<Exponent> signed_integer(const Reader& reader, std::size_t at) {
  const bool negative = reader.at(at) == '-';
  if (negative || reader.at(at) == '+') ++at;
  const std::size_t end = reader.past_digits(at);
  if (end == at || is_letter(reader.at(end))) return std::nullopt;
  std::int64_t value = 0;
  for (std::size_t i = at; i < end; ++i) {
    value = value > max_number_exponent ? value : value * 10 + (reader.at(i) - '0');
  }
  return Exponent{negative ? -value : value, end};
}

// e5, E-3, and "x 10^5" in its spellings.
std::optional<Exponent> exponent_at(const Reader& reader, std::size_t at) {
  if (reader.at(at) == 'e' || reader.at(at) == 'E') return signed_integer(reader, at + 1);
  at = reader.past_spaces(at);
  const std::string_view rest = reader.from(at);
  if (rest.starts_with("\\times")) {
    at += 6;
  } else if (rest.starts_with("x") || rest.starts_with("*")) {
    at += 1;
  } else {
    return std::nullopt;
  }
  at = reader.past_spaces(at);
  if (!reader.from(at).starts_with("10^")) return std::nullopt;
  at += 3;
  const bool braces = reader.at(at) == '{';
  auto found = signed_integer(reader, braces ? at + 1 : at);
  if (!found || (braces && reader.at(found->end) != '}')) return std::nullopt;
  found->end += braces ? 1U : 0U;
  return found;
}

struct Fraction {
  std::string_view over, under;
  std::size_t end = 0;
};

std::optional<Fraction> latex_fraction_at(const Reader& reader, std::size_t at) {
  for (const std::string_view command : {"\\frac{", "\\dfrac{", "\\tfrac{"}) {
    if (!reader.from(at).starts_with(command)) continue;
    const std::size_t over = at + command.size();
    const std::size_t over_end = reader.past_digits(over);
    if (!reader.from(over_end).starts_with("}{")) return std::nullopt;
    const std::size_t under_end = reader.past_digits(over_end + 2);
    if (reader.at(under_end) != '}') return std::nullopt;
    return Fraction{reader.cut(over, over_end), reader.cut(over_end + 2, under_end), under_end + 1};
  }
  return std::nullopt;
}

// 3/4, but not the 12/05 of the date 12/05/2024.
std::optional<Fraction> fraction_at(const Reader& reader, std::size_t at) {
  if (const auto latex = latex_fraction_at(reader, at)) return latex;
  const std::size_t over_end = reader.past_digits(at);
  if (over_end == at || reader.before(at) == '/') return std::nullopt;
  std::size_t slash = over_end + (reader.at(over_end) == ' ' ? 1U : 0U);
  if (reader.at(slash) != '/') return std::nullopt;
  const std::size_t under = slash + 1 + (reader.at(slash + 1) == ' ' ? 1U : 0U);
  const std::size_t end = reader.past_digits(under);
  const char next = reader.at(end);
  if (end == under || next == '/' || is_letter(next) || (next == '.' && is_digit(reader.at(end + 1))))
    return std::nullopt;
  return Fraction{reader.cut(at, over_end), reader.cut(under, end), end};
}

struct Magnitude {
  Decimal value;
  std::size_t end = 0;
};

std::optional<Magnitude> fraction_value(const Reader& reader, std::size_t start, bool negative) {
  if (!reader.style().fractions) return std::nullopt;
  std::string_view whole;
  auto fraction = fraction_at(reader, start);
  if (!fraction) {  // 1 1/2, 1\frac{1}{2}
    const std::size_t end = reader.past_digits(start);
    if (end == start) return std::nullopt;
    const bool space = reader.at(end) == ' ';
    if (!space && reader.at(end) != '\\') return std::nullopt;
    fraction = fraction_at(reader, space ? end + 1 : end);
    whole = reader.cut(start, end);
  }
  if (!fraction) return std::nullopt;
  const auto value = Decimal::fraction(negative, whole, fraction->over, fraction->under);
  return value ? std::optional(Magnitude{*value, fraction->end}) : std::nullopt;
}

std::optional<Magnitude> decimal_value(const Reader& reader, std::size_t start, bool negative) {
  const char point = reader.style().decimal;
  const std::size_t whole_end = past_groups(reader, start, reader.past_digits(start));
  std::size_t end = whole_end;
  std::string_view part;
  if (reader.at(end) == point && is_digit(reader.at(end + 1))) {
    const std::size_t part_end = reader.past_digits(end + 1);
    part = reader.cut(end + 1, part_end);
    end = part_end;
    if (reader.at(end) == point && is_digit(reader.at(end + 1))) return std::nullopt;  // 1.2.3
  }
  const auto exponent = exponent_at(reader, end);
  if (exponent) end = exponent->end;
  const auto value =
      Decimal::make(negative, without_separators(reader.cut(start, whole_end)), part, exponent ? exponent->value : 0);
  return value ? std::optional(Magnitude{*value, end}) : std::nullopt;
}

struct Sign {
  bool negative = false;
  std::size_t start = 0;  // with sign and currency
};

// -5, -$5, $-5, but neither 10-5 nor "word--5".
Sign sign_before(const Reader& reader, std::size_t start) {
  const auto is_sign_at = [&](std::size_t i) {
    const char c = reader.before(i), earlier = i > 0 ? reader.before(i - 1) : '\0';
    return (c == '-' || c == '+') && !is_word(earlier) && earlier != ')' && earlier != '-' && earlier != '%';
  };
  std::size_t at = start;
  if (!is_sign_at(at)) {
    while (is_letter(reader.before(at))) --at;  // a currency code, as starts_word saw
    if (reader.before(at) == ' ' && at > 0 && reader.before(at - 1) == '$') --at;
    if (reader.before(at) == '$') --at;
    if (at == start || !is_sign_at(at)) return {false, at};
  }
  const bool negative = reader.before(at) == '-';
  --at;
  if (reader.before(at) == '$') --at;
  return {negative, at};
}

// Past a run of digits that is no number: the rest of its word, or of its version number.
std::size_t past_word(const Reader& reader, std::size_t at) {
  while (is_word(reader.at(at)) ||
         (is_digit(reader.before(at)) && reader.at(at) == '.' && is_digit(reader.at(at + 1)))) {
    ++at;
  }
  return at;
}

bool may_start(const Reader& reader, std::size_t at) {
  const char c = reader.at(at);
  if (c == '\\') return latex_fraction_at(reader, at).has_value();
  return is_digit(c) || (c == reader.style().decimal && is_digit(reader.at(at + 1)) && !is_digit(reader.before(at)));
}

}  // namespace

std::optional<FoundNumber> next_number(std::string_view text, std::size_t from, const NumberStyle& style) {
  const Reader reader(text, style);
  for (std::size_t at = from; at < text.size();) {
    if (!may_start(reader, at)) {
      ++at;
      continue;
    }
    if (text[at] != '\\' && !reader.starts_word(at)) {
      at = std::max(at + 1, past_word(reader, at));
      continue;
    }
    const Sign sign = sign_before(reader, at);
    auto value = fraction_value(reader, at, sign.negative);
    if (!value && text[at] != '\\') value = decimal_value(reader, at, sign.negative);
    if (!value) {
      at = std::max(at + 1, past_word(reader, at));
      continue;
    }
    std::size_t end = value->end;
    const bool in_parentheses = reader.before(sign.start) == '(' && reader.at(end) == ')';
    if (style.parentheses_negative && in_parentheses && !sign.negative) {
      // Read again with the sign that the parentheses stand for.
      auto negative = fraction_value(reader, at, true);
      if (!negative && text[at] != '\\') negative = decimal_value(reader, at, true);
      value = std::move(negative);
    }
    const std::size_t percent = end + (reader.at(end) == ' ' || reader.at(end) == fixed_space ? 1U : 0U);
    if (reader.at(percent) == '%') {
      end = percent + 1;
      if (style.percent_as_fraction) value->value = value->value.hundredth();
    } else if (reader.from(end).starts_with("\\%")) {
      end += 2;
      if (style.percent_as_fraction) value->value = value->value.hundredth();
    }
    return FoundNumber{value->value, reader.cut(sign.start, end), end};
  }
  return std::nullopt;
}

std::optional<Decimal> whole_number(std::string_view text, const NumberStyle& style) {
  const auto found = next_number(text, 0, style);
  if (!found) return std::nullopt;
  const auto is_around = [](char c) { return c == ' ' || c == '$' || c == fixed_space || c == '(' || c == ')'; };
  const std::size_t start = static_cast<std::size_t>(found->written.data() - text.data());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((i < start || i >= found->end) && !is_around(text[i])) return std::nullopt;
  }
  return found->value;
}

}  // namespace headgate::grade
