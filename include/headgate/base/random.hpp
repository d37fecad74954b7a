// Seeded randomness whose numbers are the same on every machine and for any number of threads (xoshiro256**, seeded by
// splitmix64; Blackman and Vigna 2018). The standard library's distributions are not portable, so we have our own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace headgate {

class Random {
 public:
  explicit Random(std::uint64_t seed);
  // An independent stream for item `index` of the same seed.
  Random(std::uint64_t seed, std::uint64_t index);

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound), bound > 0, no modulo bias
  double uniform();                          // [0, 1), 53 bits
  bool coin() { return (next() >> 63) != 0; }

  template <class T>
  void shuffle(std::vector<T>& items) {  // Fisher–Yates
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t state_[4];
};

}  // namespace headgate
