// Tango's score statistic in closed form, for whoever evaluates it a million times.
#pragma once

#include <cmath>
#include <limits>

namespace headgate::stats {

// n times the variance of one difference if delta0 were true, for n > 0 pairs with b gains and c losses, and
// -1 < delta0 < 1 (Tango 1998). Evaluated for delta0 <= 0 only, by mirroring, where no term cancels and gains and
// losses swap exactly.
inline double tango_variance(double b, double c, double n, double delta0) {
  if (delta0 > 0.0) return tango_variance(c, b, n, -delta0);
  const double loss = -delta0;
  const double linear = b + c + (2.0 * n - b + c) * loss;  // -B of the quadratic 2n q^2 + B q + C
  const double constant = c * loss * (1.0 + loss);         // C
  const double root = std::sqrt(std::fmax(0.0, linear * linear - 8.0 * n * constant));
  const double q = (root + linear) / (4.0 * n);  // the restricted estimate of the loss probability
  return n * (2.0 * q - loss * (1.0 + loss));
}

inline double tango_statistic(double b, double c, double n, double delta0) {
  if (delta0 > 0.0) return -tango_statistic(c, b, n, -delta0);
  const double distance = b - c - n * delta0;
  if (distance == 0.0) return 0.0;
  const double variance = tango_variance(b, c, n, delta0);
  if (!(variance > 0.0)) return std::copysign(std::numeric_limits<double>::infinity(), distance);
  return distance / std::sqrt(variance);
}

}  // namespace headgate::stats
