// Which option a reply chooses: by letter ("B", "(B)", "**Answer: B.**", "B is correct") or by the option's text.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace headgate::grade {

inline constexpr std::size_t max_choices = 26;

struct Choices {
  std::size_t count = max_choices;  // letters A, B, … that are options
  std::vector<std::string> texts;   // of the options, trimmed and case folded; empty where only letters are known
};

enum class Claim { only, first, last };  // what to do with several claims: refuse different ones, or take one

// The option's index, or in one sentence why there is none.
using Chosen = std::variant<std::size_t, std::string>;

// The surest sign that the reply (in NFC) has is taken, in this order:
//  1. the whole reply is a letter or an option's text;
//  2. it says so: "the answer is B", "Answer: (b)", "I choose B", "B is correct", \boxed{B};
//  3. a line is a letter, or begins with one as in "B) Paris";
//  4. a letter in parentheses stands somewhere: "so (B) fits";
//  5. an option's text stands somewhere.
// The article "A", the pronoun "I" and small letters count only where they cannot be words. A claim of two different
// options is no choice, and neither is a letter with another option's text behind it.
Chosen find_choice(std::string_view reply, const Choices& choices, Claim claim);

char letter_of(std::size_t index);

}  // namespace headgate::grade
