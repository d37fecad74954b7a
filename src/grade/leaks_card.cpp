// Card numbers: an issuer's range and length, and the Luhn digit (ISO/IEC 7812-1).
#include <algorithm>
#include <array>

#include "leaks.hpp"

namespace headgate::grade {
namespace {

// First digits from and to, both of the same count.
struct Issuer {
  std::string_view first, last;
  std::size_t least, most;
};
constexpr std::array issuers = {
    Issuer{"4", "4", 13, 13},       Issuer{"4", "4", 16, 16},       Issuer{"4", "4", 19, 19},
    Issuer{"51", "55", 16, 16},     Issuer{"2221", "2720", 16, 16}, Issuer{"34", "34", 15, 15},
    Issuer{"37", "37", 15, 15},     Issuer{"6011", "6011", 16, 19}, Issuer{"644", "649", 16, 19},
    Issuer{"65", "65", 16, 19},     Issuer{"62", "62", 16, 19},     Issuer{"3528", "3589", 16, 19},
    Issuer{"300", "305", 14, 19},   Issuer{"3095", "3095", 14, 19}, Issuer{"36", "36", 14, 19},
    Issuer{"38", "39", 14, 19},     Issuer{"2200", "2204", 16, 19}, Issuer{"5018", "5018", 12, 19},
    Issuer{"5020", "5020", 12, 19}, Issuer{"5038", "5038", 12, 19}, Issuer{"5893", "5893", 12, 19},
    Issuer{"6304", "6304", 12, 19}, Issuer{"6759", "6759", 12, 19}, Issuer{"6761", "6763", 12, 19}};
constexpr std::size_t least_digits = 12, most_digits = 19;

bool is_issued(std::string_view digits) {
  return std::ranges::any_of(issuers, [&](const Issuer& one) {
    const std::string_view start = digits.substr(0, one.first.size());
    return start >= one.first && start <= one.last && digits.size() >= one.least && digits.size() <= one.most;
  });
}

bool luhn_checks(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

// The numbers that payment providers publish for tests.
bool is_test_card(std::string_view digits) {
  constexpr std::array<std::string_view, 10> known = {
      "4242424242424242", "4111111111111111", "4012888888881881", "4000056655665556", "5555555555554444",
      "5105105105105100", "378282246310005",  "371449635398431",  "6011111111111117", "3530111333300000"};
  return std::ranges::find(known, digits) != known.end();
}

// Digits in groups of four, or of 4-6-5, with one and the same sign between all groups: as cards are written with signs
// that elsewhere make dates, versions and addresses.
Digits grouped_from(std::string_view text, std::size_t from) {
  Digits out;
  std::array<std::size_t, most_digits> groups{};
  std::size_t group = 0;
  char sign = '\0';
  for (std::size_t at = from; at < text.size() && out.count < most_digits; ++at) {
    if (is_digit(text[at])) {
      out.signs[out.count] = text[at];
      out.ends[out.count++] = at + 1;
      ++groups[group];
      continue;
    }
    const bool goes_on = at + 1 < text.size() && is_digit(text[at + 1]);
    if (!goes_on || std::string_view("._/\n").find(text[at]) == std::string_view::npos) break;
    if (sign == '\0') sign = text[at];
    if (text[at] != sign || groups[group] < 4) break;
    ++group;
  }
  const std::size_t last = groups[group];
  const bool fours = group >= 3 && last >= 1 && last <= 4 && out.count == group * 4 + last;
  const bool amex = group == 2 && groups[0] == 4 && groups[1] == 6 && last == 5;
  if (sign == '\0' ||
      (!amex && !(fours && std::all_of(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(group),
                                       [](std::size_t n) { return n == 4; }))))
    out.count = 0;
  return out;
}

// Whether no further group stands before or after: the signs of a longer number, or, of a column, its further rows.
bool stands_alone(std::string_view text, std::size_t from, std::size_t end) {
  const bool column = text.substr(from, end - from).find('\n') != text.npos;
  const std::string_view signs = column ? "._/\n" : "._/";
  const bool after = from > 1 && signs.find(text[from - 1]) != signs.npos && is_digit(text[from - 2]);
  const bool before = end + 1 < text.size() && signs.find(text[end]) != signs.npos && is_digit(text[end + 1]);
  return !after && !before;
}

}  // namespace

void find_cards(std::string_view text, std::vector<Leak>& out) {
  for (std::size_t at = 0; at < text.size() && out.size() < max_leaks;) {
    if (!is_digit(text[at]) || !begins_word(text, at)) {
      ++at;
      continue;
    }
    const Digits grouped = grouped_from(text, at);
    const bool in_groups = grouped.count > 0 && stands_alone(text, at, grouped.ends[grouped.count - 1]);
    const Digits found = in_groups ? grouped : digits_from(text, at, " -", 1, most_digits);
    std::size_t next = at + 1;
    for (std::size_t count = found.count; count >= (in_groups ? found.count : least_digits) && count > 0; --count) {
      const std::string_view digits = found.first(count);
      const std::size_t end = found.ends[count - 1];
      if (!ends_word(text, end) || !luhn_checks(digits) || !is_issued(digits)) continue;
      Leak leak{LeakKind::card, "a card number", std::string(digits), at, end - at};
      leak.example = is_test_card(digits);
      out.push_back(std::move(leak));
      next = end;
      break;
    }
    while (next < text.size() && is_digit(text[next]) && is_digit(text[next - 1])) ++next;
    at = next;
  }
}

}  // namespace headgate::grade
