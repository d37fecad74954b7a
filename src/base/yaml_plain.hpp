// What an unquoted YAML word means under the YAML 1.2 core schema, and which words we refuse because YAML 1.1 reads
// them otherwise.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/json.hpp"

namespace headgate {

struct PlainFault {
  std::string message;
  std::string hint;
};

// Sets `value` to the meaning of `word`, or says why it is refused.
std::optional<PlainFault> resolve_plain(const std::string& word, Json& value);

}  // namespace headgate
