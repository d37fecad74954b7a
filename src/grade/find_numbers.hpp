// Finding the numbers in a reply: 1,234.5  -$12  12 %  3/4  1 1/2  \frac{1}{2}  6.02e23  6.02 × 10^23  １２  ½
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "decimal.hpp"

namespace headgate::grade {

// What plain_digits makes of spaces of fixed width, which group digits; no other text has it.
inline constexpr char fixed_space = '\x1f';

struct NumberStyle {
  char decimal = '.';                 // '.' or ','; the other one, spaces of fixed width and ' group thousands
  bool percent_as_fraction = false;   // 50 % is 0.5, else 50
  bool fractions = true;              // 3/4 is one number, else two
  bool parentheses_negative = false;  // (12) is -12, as accountants write
};

struct FoundNumber {
  Decimal value;
  std::string_view written;
  std::size_t end = 0;  // in the text that was searched
};

// Signs, digits, spaces and fractions of other scripts brought to ASCII. Borrows `text` where that changes nothing,
// else fills `scratch`.
std::string_view plain_digits(std::string_view text, std::string& scratch);

// The first number of `text` (from plain_digits) at or after `from`. Digits that belong to a word ("x2", "GSM8K"), to a
// version or address ("1.2.3") or to an exponent ("m^2") are not numbers.
std::optional<FoundNumber> next_number(std::string_view text, std::size_t from, const NumberStyle& style);

// `text` as one number and nothing else but its currency sign.
std::optional<Decimal> whole_number(std::string_view text, const NumberStyle& style);

}  // namespace headgate::grade
