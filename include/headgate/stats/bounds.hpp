// A pair of one-sided confidence bounds: the shape in which most of this room answers.
#pragma once

namespace headgate::stats {

// Each end is a one-sided bound at the alpha that was asked for, so together they cover 1 - 2 alpha. Ends may be
// infinite where a function says so; they are never NaN.
struct Bounds {
  double lower = 0.0;
  double upper = 0.0;
};

// The only levels this room answers for: a one-sided alpha strictly between 0 and one half. Functions that take an
// alpha return nothing for any other value.
constexpr bool is_level(double alpha) { return alpha > 0.0 && alpha < 0.5; }

}  // namespace headgate::stats
