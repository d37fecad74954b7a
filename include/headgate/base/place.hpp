// Places in texts that are no JSON and no YAML, such as a prompt file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "headgate/base/result.hpp"

namespace headgate {

// The place of the byte at `offset` of a whole file's text, with its line as the excerpt.
Place place_in_text(const std::string& file, std::string_view text, std::size_t offset, std::size_t width = 1);

}  // namespace headgate
