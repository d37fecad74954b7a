// How much room text takes on a terminal: carets must stand under what they mean, also after Japanese.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headgate::cli {

// `text` must be UTF-8 without control characters (escaped for a terminal). East Asian wide characters and emoji count
// two columns, combining marks none.
std::size_t columns_of(std::string_view text);
// The longest beginning or end that fits.
std::string first_columns(std::string_view text, std::size_t most);
std::string last_columns(std::string_view text, std::size_t most);

}  // namespace headgate::cli
