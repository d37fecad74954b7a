// Quoting as RFC 8785 wants it, which escapes less than the public appender does.
#pragma once

#include <string>
#include <string_view>

namespace headgate {

void append_canonical_string(std::string& out, std::string_view text);

}  // namespace headgate
