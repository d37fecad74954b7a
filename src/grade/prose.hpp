// What people read of a Markdown text: without code and addresses.
#pragma once

#include <string>
#include <string_view>

namespace headgate::grade {

// Fenced blocks of ``` or ~~~ (an open one to the end) and `spans` become spaces.
std::string without_code(std::string_view text);
// URLs and e-mail addresses become spaces.
std::string without_addresses(std::string_view text);

}  // namespace headgate::grade
