#include "mix.hpp"

#include <cmath>
#include <cstring>
#include <numbers>

namespace headgate::fake {
namespace {

// The finaliser of splitmix64.
std::uint64_t stirred(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

}  // namespace

std::uint64_t mix(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t state = stirred(seed + 0x9E3779B97F4A7C15ULL * (bytes.size() + 1));
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    state = stirred(state ^ word) + 0x9E3779B97F4A7C15ULL;
  }
  std::uint64_t last = 0;
  if (left > 0) std::memcpy(&last, at, left);
  return stirred(state ^ last);
}

std::uint64_t mix(std::uint64_t value, std::uint64_t seed) {
  return stirred(stirred(value + 0x9E3779B97F4A7C15ULL) ^ seed);
}

double unit(std::uint64_t mixed) { return static_cast<double>(mixed >> 11) * 0x1.0p-53; }

double normal(std::uint64_t mixed) {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - unit(mixed)));
  return radius * std::cos(2.0 * std::numbers::pi * unit(mix(mixed, 1)));
}

std::string hex(std::uint64_t value) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 15];
  return out;
}

}  // namespace headgate::fake
