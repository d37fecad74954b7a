// Seeded values for properties and simulations, the same on every machine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace headgate::test {

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : engine_(seed) {}

  double uniform() { return static_cast<double>(engine_() >> 11U) * 0x1.0p-53; }
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(uniform() * bound); }

  // A paired difference of binary results: +1 with chance gain, -1 with chance loss.
  double difference(double gain, double loss) {
    const double u = uniform();
    return u < gain ? 1.0 : u < gain + loss ? -1.0 : 0.0;
  }

  std::vector<double> differences(std::size_t n, double gain, double loss) {
    std::vector<double> values(n);
    for (double& value : values) value = difference(gain, loss);
    return values;
  }

  std::vector<std::size_t> permutation(std::size_t n) {
    std::vector<std::size_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = i;
    for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[below(static_cast<std::uint32_t>(i))]);
    return order;
  }

 private:
  std::mt19937_64 engine_;
};

template <typename T>
std::vector<T> reordered(const std::vector<T>& values, const std::vector<std::size_t>& order) {
  std::vector<T> result;
  for (const std::size_t i : order) result.push_back(values[i]);
  return result;
}

}  // namespace headgate::test
