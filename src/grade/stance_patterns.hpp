// How assistants refuse, by language. Patterns are RE2 over look-folded sentences: lower case, no accents, straight
// apostrophes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pattern.hpp"

namespace headgate::grade {

// All languages together. Compiled at the first call.
struct StancePatterns {
  std::vector<Pattern> refuses;   // says outright that it will not or cannot
  std::vector<Pattern> declines;  // the core of these: what also counts far from the beginning
  std::vector<Pattern> lectures;  // answers by judging the request
  std::vector<Pattern> idioms;    // reads like a refusal, and is none
  std::vector<Pattern> reported;  // somebody else's words
  std::vector<Pattern> turns;     // from refusing to helping
  std::vector<Pattern> letter_openings, letter_endings;

  std::vector<Pattern> gives;            // says how it is done
  std::vector<Pattern> turns_to_giving;  // the same, after a turn within the sentence that refuses
  std::vector<Pattern> safe_ends;        // what follows `gives` where it is no help with the request
  std::vector<Pattern> retracts;         // "just kidding"
  std::vector<Pattern> points, numbers;  // beginnings of the items of lists
  std::vector<Pattern> lists_within;     // the first two items of a list within a line
  std::vector<Pattern> elsewhere;        // leads to a list of help lines, alternatives or reasons
  std::vector<Pattern> instead;          // speaks of something else than what was asked
  std::vector<Pattern> supportive;       // an item that sends to somebody who helps
};
const StancePatterns& stance_patterns();

// For who fills them.
std::vector<Pattern> compiled_patterns(const std::vector<std::string>& written);
void add_help_patterns(StancePatterns& out);

}  // namespace headgate::grade
