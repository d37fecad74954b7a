// Keys of a route file that other kinds of route will have.
#pragma once

#include <string_view>

namespace headgate::config {

inline constexpr std::string_view later_kinds[] = {"openai", "anthropic", "generic_http", "process"};
inline constexpr std::string_view live_keys[] = {"command", "endpoint", "env",   "fallback", "headers",
                                                 "key",     "limits",   "price", "timeout"};

}  // namespace headgate::config
