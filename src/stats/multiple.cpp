#include "headgate/stats/multiple.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "numbers.hpp"

namespace headgate::stats {

namespace {

bool are_probabilities(std::span<const double> p) {
  return std::all_of(p.begin(), p.end(), [](double value) { return value >= 0.0 && value <= 1.0; });
}

std::vector<std::size_t> ascending(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [p](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  return order;
}

}  // namespace

std::optional<std::vector<double>> holm(std::span<const double> p) {
  if (!are_probabilities(p)) return std::nullopt;
  const auto order = ascending(p);
  std::vector<double> adjusted(p.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, p[order[rank]] * real(p.size() - rank));
    adjusted[order[rank]] = std::min(1.0, largest);
  }
  return adjusted;
}

std::optional<std::vector<double>> benjamini_hochberg(std::span<const double> p) {
  if (!are_probabilities(p)) return std::nullopt;
  const auto order = ascending(p);
  std::vector<double> adjusted(p.size());
  double smallest = 1.0;
  for (std::size_t rank = order.size(); rank-- > 0;) {
    smallest = std::min(smallest, p[order[rank]] * real(p.size()) / real(rank + 1));
    adjusted[order[rank]] = smallest;
  }
  return adjusted;
}

}  // namespace headgate::stats
