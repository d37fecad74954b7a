// JSON as this project reads and writes it: strict in, canonical out. Only json_fwd here; include <nlohmann/json.hpp>
// in the .cpp that looks inside a value.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "headgate/base/json_text.hpp"
#include "headgate/base/result.hpp"

namespace headgate {

using Json = nlohmann::json;

// RFC 8785 (JSON Canonicalization Scheme): keys in UTF-16 code unit order, no spaces, shortest round-trip numbers in
// ECMAScript layout. Integers keep all their digits, beyond 2^53 too. The value must hold valid UTF-8 and finite numbers
// (asserted).
std::string canonical(const Json& value);
JsonText to_text(const Json& value);

// The same bytes as `canonical` gives, with two-space indentation and a final newline, for files people open.
std::string canonical_pretty(const Json& value);

// Parses text that this program wrote itself. As strict as parse_json, with two differences: depth up to 128, and a
// whole number beyond 64 bits is read as the double whose canonical text it is. Fails with ErrorCode::untrusted.
Result<Json> parse_own(std::string_view text);

}  // namespace headgate
