#include "headgate/stats/signflip.hpp"

#include <cmath>

#include "numbers.hpp"
#include "random.hpp"

namespace headgate::stats {

namespace {

struct Observed {
  double sum = 0.0;
  double slack = 0.0;  // sums closer than this are equal

  explicit Observed(std::span<const double> d) {
    double size = 0.0;
    for (const double value : d) {
      sum += value;
      size += std::abs(value);
    }
    slack = 1e-9 * size;
  }
};

struct Hits {
  double greater = 0.0;
  double less = 0.0;
  double two_sided = 0.0;

  void count(double sum, const Observed& observed) {
    if (sum >= observed.sum - observed.slack) greater += 1.0;
    if (sum <= observed.sum + observed.slack) less += 1.0;
    if (std::abs(sum) >= std::abs(observed.sum) - observed.slack) two_sided += 1.0;
  }
};

// Every pattern is summed from the first value on, like the observed sum, so the pattern without flips equals it.
void visit(std::span<const double> rest, double sum, const Observed& observed, Hits& hits) {
  if (rest.empty()) {
    hits.count(sum, observed);
    return;
  }
  visit(rest.subspan(1), sum + rest.front(), observed, hits);
  visit(rest.subspan(1), sum - rest.front(), observed, hits);
}

}  // namespace

std::optional<SignFlip> sign_flip_exact(std::span<const double> d) {
  if (d.size() > max_exact_sign_flips || !all_finite(d)) return std::nullopt;
  const Observed observed(d);
  Hits hits;
  visit(d, 0.0, observed, hits);
  const double patterns = std::ldexp(1.0, static_cast<int>(d.size()));
  return SignFlip{hits.greater / patterns, hits.less / patterns, hits.two_sided / patterns};
}

std::optional<SignFlip> sign_flip_monte_carlo(std::span<const double> d, std::uint32_t draws, std::uint64_t seed) {
  if (draws == 0 || !all_finite(d)) return std::nullopt;
  const Observed observed(d);
  Random random(seed);
  Hits hits{1.0, 1.0, 1.0};  // the observed pattern is one of those possible
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    double sum = 0.0;
    std::uint64_t signs = 0;
    for (std::size_t i = 0; i < d.size(); ++i) {
      if (i % 64 == 0) signs = random.next();
      sum += (signs & 1U) != 0 ? -d[i] : d[i];
      signs >>= 1U;
    }
    hits.count(sum, observed);
  }
  const double all = 1.0 + static_cast<double>(draws);
  return SignFlip{hits.greater / all, hits.less / all, hits.two_sided / all};
}

}  // namespace headgate::stats
