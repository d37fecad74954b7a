#include "headgate/base/random.hpp"

#include "headgate/base/assert.hpp"

namespace headgate {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

std::uint64_t splitmix64(std::uint64_t& state) { return mix(state += 0x9E3779B97F4A7C15ULL); }

std::uint64_t rotated(std::uint64_t x, unsigned by) { return (x << by) | (x >> (64U - by)); }

}  // namespace

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = splitmix64(seed);
}

// Mixing both numbers before they meet keeps (seed, index + 1) and (seed + 1, index) apart.
Random::Random(std::uint64_t seed, std::uint64_t index)
    : Random(mix(seed + 0x9E3779B97F4A7C15ULL) ^ rotated(mix(index + 0xD1B54A32D192ED03ULL), 32)) {}

std::uint64_t Random::next() {
  const std::uint64_t result = rotated(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = rotated(state_[3], 45);
  return result;
}

// The high word of a product is uniform once the few low words that would favour small results are refused (Lemire
// 2019).
std::uint64_t Random::below(std::uint64_t bound) {
  HG_ASSERT(bound > 0);
  const std::uint64_t refused = (0 - bound) % bound;
  while (true) {
    const Wide product = static_cast<Wide>(next()) * bound;
    if (static_cast<std::uint64_t>(product) >= refused) return static_cast<std::uint64_t>(product >> 64U);
  }
}

double Random::uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

}  // namespace headgate
