// Numbers to and from text without the locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headgate {

// `text` has the form of a JSON number, or of one without digits before or after the point. Nothing when it does not
// fit a double; too small ones become zero.
std::optional<double> finite_double(std::string_view text);

// ECMAScript's Number::toString: shortest digits that round-trip, plain up to 21 digits, -0 as 0. Finite only.
void append_ecmascript(std::string& out, double value);

}  // namespace headgate
