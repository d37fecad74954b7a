// The languages that can be told apart, by their codes and names, and the detector.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headgate::grade {

// One or more of the detector's languages: "zh" is both ways of writing it, "zh-Hant" is one.
struct Tongue {
  std::string code;                  // as reasons name it: "de", "zh-Hant"
  std::vector<std::string> matches;  // codes of Shares
};

// From a code ("de", "pt-BR", "nb") or an English name ("German"), in any case; nothing for a language that the
// detector cannot tell.
std::optional<Tongue> tongue_named(std::string_view written);
// All codes, for hints.
std::span<const std::string> tongue_codes();

struct Share {
  std::string code;  // BCP 47: "de", "zh" (simplified), "zh-Hant"
  int percent = 0;   // of the letters
};

// Which languages a text (valid UTF-8) is in, the greatest share first, at most three. Empty where that cannot be said:
// too short, no letters, no language that is known. The same text gives the same answer; thread-safe.
//
// It is CLD2 (Compact Language Detector 2), whose shares of a text in one language come to 95 to 99 %.
std::vector<Share> languages_of(std::string_view text);

// Longer texts are not looked at.
inline constexpr std::size_t max_detected_bytes = std::size_t{1} << 28;

}  // namespace headgate::grade
