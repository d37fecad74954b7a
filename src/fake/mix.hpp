// Numbers made of bytes: everything that looks like chance in a script is one of these, so that it is the same each
// time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace headgate::fake {

// Not for security: a body's name in tables and reports.
std::uint64_t mix(std::string_view bytes, std::uint64_t seed = 0);
std::uint64_t mix(std::uint64_t value, std::uint64_t seed);

// In [0, 1), from all bits.
double unit(std::uint64_t mixed);
// Standard normal, by two draws from one number.
double normal(std::uint64_t mixed);

std::string hex(std::uint64_t value);  // 16 lowercase digits

}  // namespace headgate::fake
