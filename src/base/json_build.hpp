// The one JSON parse of the success path: strict, without any position. A refusal is explained by json_fault.hpp.
#pragma once

#include <string_view>

#include "headgate/base/json.hpp"
#include "headgate/base/tree.hpp"

namespace headgate {

// Whole numbers beyond 64 bits: people mean identifiers by them, our own canonical text means doubles (1e20 is written
// with all its digits).
enum class BigIntegers { refuse, accept_canonical };

// False when `text` is not JSON as this project wants it; `out` is then unspecified.
bool build_json(std::string_view text, const TextLimits& limits, Json& out, BigIntegers big = BigIntegers::refuse);

}  // namespace headgate
