// Seeded numbers that are the same on every machine; the standard library's distributions are not.
#pragma once

#include <cstdint>

namespace headgate::stats {

// SplitMix64 (Steele, Lea and Flood 2014): one word of state, good enough for resampling.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  // Uniform on [0, bound) for 0 < bound <= 2^32, by multiply and shift; the bias is below 2^-32 * bound.
  std::uint32_t below(std::uint64_t bound) { return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U); }

 private:
  std::uint64_t state_;
};

}  // namespace headgate::stats
