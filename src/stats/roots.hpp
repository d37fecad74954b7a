// A bracketing root finder.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace headgate::stats {

struct Sign {
  double at;
  double value;
};

// The root of f between two points at which it has different signs: inverse quadratic interpolation where that is safe,
// bisection elsewhere (Chandrupatla 1997). Ends when the bracket is a few units in the last place wide, at most
// `max_steps` evaluations later; bisection alone would need about 60.
template <typename F>
double bracketed_root(const F& f, Sign one, Sign other) {
  constexpr int max_steps = 200;
  constexpr double eps = std::numeric_limits<double>::epsilon();
  if (one.value == 0.0) return one.at;
  if (other.value == 0.0) return other.at;

  Sign a = other;  // the newest point
  Sign b = one;    // the other end of the bracket
  Sign c = b;      // the point before
  double t = 0.5;
  for (int step = 0; step < max_steps; ++step) {
    const double at = a.at + t * (b.at - a.at);
    const Sign next{at, f(at)};
    if (std::signbit(next.value) == std::signbit(a.value)) {
      c = a;
    } else {
      c = b;
      b = a;
    }
    a = next;

    const Sign best = std::abs(a.value) < std::abs(b.value) ? a : b;
    const double width = std::abs(b.at - a.at);
    if (best.value == 0.0 || width == 0.0) return best.at;
    const double tolerance = (2.0 * eps * std::abs(best.at) + std::numeric_limits<double>::min()) / width;
    if (tolerance > 0.5) return best.at;

    const double xi = (a.at - b.at) / (c.at - b.at);
    const double phi = (a.value - b.value) / (c.value - b.value);
    if (phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi) {
      t = a.value / (b.value - a.value) * c.value / (b.value - c.value) +
          (c.at - a.at) / (b.at - a.at) * a.value / (c.value - a.value) * b.value / (c.value - b.value);
    } else {
      t = 0.5;
    }
    t = std::clamp(t, tolerance, 1.0 - tolerance);
  }
  return std::abs(a.value) < std::abs(b.value) ? a.at : b.at;
}

}  // namespace headgate::stats
