// UTF-8 validity, repair, and the normalisation under which texts are compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headgate {

bool is_ascii(std::string_view text);
bool is_utf8(std::string_view text);
// Replaces each ill-formed sequence by U+FFFD. `repaired` (may be null) says whether anything was.
std::string repair_utf8(std::string_view text, bool* repaired = nullptr);

// NFC; with `fold_case` also full Unicode case folding (then NFC again). Input must be valid UTF-8.
std::string normalised(std::string_view text, bool fold_case = false);
// Code points.
std::size_t count_characters(std::string_view text);
// Whether nothing in it could be seen: empty, or only white space, control and zero-width characters.
bool is_blank(std::string_view text);
// Without leading and trailing white space (ASCII and Unicode spaces).
std::string_view trimmed(std::string_view text);

}  // namespace headgate
