#include "reduce.hpp"

#include <numeric>

#include "headgate/stats/repeats.hpp"

namespace headgate::gate {
namespace {

using Chance = std::optional<double> (*)(stats::Trials, std::uint64_t);

// A mean over draws as the sum of its steps: from one value to the next times the chance to come as high as that.
std::optional<double> over_draws(std::span<const double> values, std::uint64_t k, Chance chance) {
  double sum = values.front();
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double step = values[i] - values[i - 1];
    if (step == 0.0) continue;
    const auto as_high = chance({values.size(), values.size() - i}, k);
    if (!as_high) return std::nullopt;
    sum += step * *as_high;
  }
  return sum;
}

}  // namespace

std::optional<double> reduced(std::span<const double> values, const Reducer& reduce) {
  if (values.empty() || reduce.k > values.size()) return std::nullopt;
  switch (reduce.kind) {
    case Reducer::Kind::mean:
      return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    case Reducer::Kind::pass_at_k:
      return over_draws(values, reduce.k, stats::pass_at_k);
    case Reducer::Kind::pass_hat_k:
      return over_draws(values, reduce.k, stats::pass_hat_k);
    case Reducer::Kind::majority:
      return values[(values.size() - 1) / 2];
    case Reducer::Kind::worst:
      return values.front();
    case Reducer::Kind::best:
      return values.back();
  }
  return std::nullopt;
}

bool is_yes_or_no(const Reducer& reduce, std::uint32_t trials) {
  switch (reduce.kind) {
    case Reducer::Kind::mean:
      return trials == 1;
    case Reducer::Kind::pass_at_k:
    case Reducer::Kind::pass_hat_k:
      return reduce.k == trials;
    case Reducer::Kind::majority:
    case Reducer::Kind::worst:
    case Reducer::Kind::best:
      return true;
  }
  return false;
}

}  // namespace headgate::gate
