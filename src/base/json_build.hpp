// The one JSON parse of the success path: strict, without any position. A refusal is explained by json_fault.hpp.
#pragma once

#include <string_view>

#include "headgate/base/json.hpp"
#include "headgate/base/tree.hpp"

namespace headgate {

// False when `text` is not JSON as this project wants it; `out` is then unspecified.
bool build_json(std::string_view text, const TextLimits& limits, Json& out);

}  // namespace headgate
