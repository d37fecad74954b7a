// The keys of routes that are called over HTTP, for the table of routes.
#pragma once

#include <vector>

#include "headgate/base/fields.hpp"

namespace headgate::config {

inline constexpr const char* http_kinds = "openai | anthropic | generic_http";
inline constexpr const char* chat_kinds = "openai | anthropic";

// Each with the kinds it belongs to.
std::vector<Field> http_fields();

}  // namespace headgate::config
