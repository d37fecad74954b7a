// Why a text is not JSON, in our words, and where. Used on texts that build_json has refused.
#pragma once

#include <optional>
#include <string_view>

#include "fault.hpp"
#include "headgate/base/tree.hpp"

namespace headgate {

// The first fault, or nothing when the text is good (build_json then agrees).
std::optional<Fault> find_json_fault(std::string_view text, const TextLimits& limits);

}  // namespace headgate
