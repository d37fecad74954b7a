// The form in which texts are compared: Unicode NFC, on request case folded.
#pragma once

#include <string>
#include <string_view>

namespace headgate::grade {

// `text` (valid UTF-8) in comparable form. Borrows `text` where it already has that form, else fills `scratch`.
std::string_view comparable(std::string_view text, bool fold_case, std::string& scratch);

// For values known at build time.
std::string comparable_copy(std::string_view text, bool fold_case);

}  // namespace headgate::grade
