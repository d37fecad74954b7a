// Correcting a judge's mean with a few human labels: prediction-powered inference.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace headgate::stats {

struct PpiInput {
  std::span<const double> labels;           // human values of the labelled items
  std::span<const double> judged_labelled;  // the judge on the same items, same order
  std::span<const double> judged_rest;      // the judge on all other items
};

struct PpiMean {
  double lambda = 0.0;  // trust in the judge, in [0, 1]; 0 when the judge is constant
  double mean = 0.0;
  double se = 0.0;
  std::size_t df = 0;  // labels - 1
};

// PPI++ with the power-tuned lambda (Angelopoulos, Duchi and Zrnic 2023), variances with n - 1. Without other items it
// is the mean of the labels (lambda 0). Fewer than 50 labels are advice, not evidence, which is the caller's rule.
// Nothing with fewer than two labels, columns of different length, or a value that is not finite.
std::optional<PpiMean> ppi_mean(const PpiInput& input);

}  // namespace headgate::stats
