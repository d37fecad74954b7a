// Texts as they look, not as they are coded: for recognising words that somebody wrote in a disguise.
#pragma once

#include <string>
#include <string_view>

namespace headgate {

// Compatibility forms, case, accents and other marks are folded away; what cannot be seen (zero-width characters, soft
// hyphens, direction marks) is gone; Cyrillic and Greek letters that look Latin are Latin; every apostrophe is ', every
// double quotation mark ", every dash -, every space but a line break one blank. Not for display, and not for
// comparing texts that should be equal: "résumé" and "resume" become the same. Input must be valid UTF-8.
std::string look_folded(std::string_view text);

}  // namespace headgate
