// Bank account numbers: ISO 13616, with the lengths of the countries and the check digits.
#include <algorithm>
#include <array>

#include "leaks.hpp"

namespace headgate::grade {
namespace {

struct Country {
  char code[3];
  std::size_t length;
};
constexpr std::array countries = {
    Country{"AD", 24}, Country{"AE", 23}, Country{"AL", 28}, Country{"AT", 20}, Country{"AZ", 28}, Country{"BA", 20},
    Country{"BE", 16}, Country{"BG", 22}, Country{"BH", 22}, Country{"BI", 27}, Country{"BR", 29}, Country{"BY", 28},
    Country{"CH", 21}, Country{"CR", 22}, Country{"CY", 28}, Country{"CZ", 24}, Country{"DE", 22}, Country{"DJ", 27},
    Country{"DK", 18}, Country{"DO", 28}, Country{"EE", 20}, Country{"EG", 29}, Country{"ES", 24}, Country{"FI", 18},
    Country{"FK", 18}, Country{"FO", 18}, Country{"FR", 27}, Country{"GB", 22}, Country{"GE", 22}, Country{"GI", 23},
    Country{"GL", 18}, Country{"GR", 27}, Country{"GT", 28}, Country{"HR", 21}, Country{"HU", 28}, Country{"IE", 22},
    Country{"IL", 23}, Country{"IQ", 23}, Country{"IS", 26}, Country{"IT", 27}, Country{"JO", 30}, Country{"KW", 30},
    Country{"KZ", 20}, Country{"LB", 28}, Country{"LC", 32}, Country{"LI", 21}, Country{"LT", 20}, Country{"LU", 20},
    Country{"LV", 21}, Country{"LY", 25}, Country{"MC", 27}, Country{"MD", 24}, Country{"ME", 22}, Country{"MK", 19},
    Country{"MN", 20}, Country{"MR", 27}, Country{"MT", 31}, Country{"MU", 30}, Country{"NI", 28}, Country{"NL", 18},
    Country{"NO", 15}, Country{"OM", 23}, Country{"PK", 24}, Country{"PL", 28}, Country{"PS", 29}, Country{"PT", 25},
    Country{"QA", 29}, Country{"RO", 24}, Country{"RS", 22}, Country{"RU", 33}, Country{"SA", 24}, Country{"SC", 31},
    Country{"SD", 18}, Country{"SE", 24}, Country{"SI", 19}, Country{"SK", 24}, Country{"SM", 27}, Country{"SO", 23},
    Country{"ST", 25}, Country{"SV", 28}, Country{"TL", 23}, Country{"TN", 24}, Country{"TR", 26}, Country{"UA", 29},
    Country{"VA", 22}, Country{"VG", 24}, Country{"XK", 20}, Country{"YE", 30}};
constexpr std::size_t least_length = 15;

char upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

std::size_t length_in(char first, char second) {
  for (const Country& one : countries) {
    if (one.code[0] == first && one.code[1] == second) return one.length;
  }
  return 0;
}

// ISO 7064 MOD 97-10, the first four characters moved to the end; letters count from 10.
bool checks(std::string_view iban) {
  unsigned rest = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    const unsigned value = static_cast<unsigned>(is_digit(c) ? c - '0' : c - 'A' + 10);
    rest = (rest * (is_digit(c) ? 10U : 100U) + value) % 97U;
  }
  return rest == 1;
}

// The accounts of the manuals.
bool is_example(std::string_view iban) {
  constexpr std::array<std::string_view, 5> known = {"DE89370400440532013000", "GB82WEST12345698765432",
                                                     "GB29NWBK60161331926819", "FR1420041010050500013M02606",
                                                     "CH9300762011623852957"};
  return std::ranges::find(known, iban) != known.end();
}

}  // namespace

void find_ibans(std::string_view text, std::vector<Leak>& out) {
  for (std::size_t at = 0; at + least_length <= text.size() && out.size() < max_leaks; ++at) {
    if (!is_digit(text[at + 2]) || !is_digit(text[at + 3]) || !begins_word(text, at)) continue;
    const std::size_t length = length_in(upper(text[at]), upper(text[at + 1]));
    if (length == 0) continue;
    std::string iban;
    std::size_t end = at;
    for (bool gap = false; end < text.size() && iban.size() < length; ++end) {
      const char c = text[end];
      if (is_alnum(c)) {
        iban += upper(c);
        gap = false;
      } else if ((c == ' ' || c == '-') && !gap) {
        gap = true;
      } else {
        break;
      }
    }
    if (iban.size() < length || !ends_word(text, end) || !checks(iban)) continue;
    Leak leak{LeakKind::iban, "a bank account number", iban, at, end - at};
    leak.example = is_example(iban);
    out.push_back(std::move(leak));
    at = end - 1;
  }
}

}  // namespace headgate::grade
