// The `format` keyword, where a schema is told to judge by it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace headgate::grade {

std::span<const std::string> schema_formats();  // those judged, sorted

// `format` is one of them. A text in that format by the RFC that draft-07 and 2020-12 name for it.
bool has_format(std::string_view text, std::string_view format);

}  // namespace headgate::grade
