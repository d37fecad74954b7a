#include "headgate/stats/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "numbers.hpp"

namespace headgate::stats {

namespace {

// Sum over ordered pairs of different ratings of their disagreement.
double disagreement(std::vector<double> ratings, RatingMetric metric) {
  std::sort(ratings.begin(), ratings.end());
  const double n = real(ratings.size());
  switch (metric) {
    case RatingMetric::interval:
      return ratings.front() == ratings.back() ? 0.0 : 2.0 * n * squares_about(ratings, mean_of(ratings));
    case RatingMetric::nominal: {
      double agreeing = 0.0;
      for (auto first = ratings.begin(); first != ratings.end();) {
        const auto last = std::upper_bound(first, ratings.end(), *first);
        const auto count = static_cast<double>(last - first);
        agreeing += count * count;
        first = last;
      }
      return n * n - agreeing;
    }
  }
  return 0.0;
}

}  // namespace

std::optional<Agreement> agreement(std::span<const double> table, std::size_t categories) {
  if (categories == 0 || table.size() % categories != 0 || table.size() / categories != categories ||
      !all_finite(table)) {
    return std::nullopt;
  }
  std::vector<double> rows(categories, 0.0);
  std::vector<double> columns(categories, 0.0);
  double total = 0.0;
  double equal = 0.0;
  for (std::size_t i = 0; i < categories; ++i) {
    for (std::size_t j = 0; j < categories; ++j) {
      const double count = table[i * categories + j];
      if (count < 0.0) return std::nullopt;
      rows[i] += count;
      columns[j] += count;
      total += count;
      if (i == j) equal += count;
    }
  }
  if (total == 0.0) return std::nullopt;

  Agreement result;
  result.observed = equal / total;
  double by_chance = 0.0;  // Cohen: both marginals
  double mixed = 0.0;      // Gwet: the mean marginal
  bool one_label = false;
  for (std::size_t i = 0; i < categories; ++i) {
    by_chance += rows[i] * columns[i] / (total * total);
    const double share = (rows[i] + columns[i]) / (2.0 * total);
    mixed += share * (1.0 - share);
    one_label = one_label || (rows[i] == total && columns[i] == total);
  }
  if (!one_label) result.kappa = (result.observed - by_chance) / (1.0 - by_chance);
  if (categories > 1) {
    const double chance = mixed / (real(categories) - 1.0);
    result.ac1 = (result.observed - chance) / (1.0 - chance);
  }
  return result;
}

std::optional<double> krippendorff_alpha(std::span<const UnitRatings> units, RatingMetric metric) {
  std::vector<double> pairable;
  double observed = 0.0;
  for (const UnitRatings unit : units) {
    if (!all_finite(unit)) return std::nullopt;
    if (unit.size() < 2) continue;
    pairable.insert(pairable.end(), unit.begin(), unit.end());
    observed += disagreement({unit.begin(), unit.end()}, metric) / (real(unit.size()) - 1.0);
  }
  if (pairable.empty()) return std::nullopt;
  const double n = real(pairable.size());
  const double expected = disagreement(std::move(pairable), metric) / (n - 1.0);
  if (expected == 0.0) return std::nullopt;
  return 1.0 - observed / expected;
}

}  // namespace headgate::stats
