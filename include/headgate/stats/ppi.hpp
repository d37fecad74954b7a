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
  // Of the labels: the inverse of the probability with which each was drawn. Empty: all equal.
  std::span<const double> weights = {};
  // How much of the judge's word is taken, in [0, 1]; absent: as much as makes the error smallest. Where the labels are
  // of items of another time than the rest, only 1 carries over: then the mean is the judge's on the rest, corrected by
  // what it got wrong on the labels, and people's own mean of those other items does not enter.
  std::optional<double> lambda = {};
};

struct PpiMean {
  double lambda = 0.0;  // trust in the judge, in [0, 1]; 0 when the judge is constant
  double mean = 0.0;
  double se = 0.0;
  std::size_t df = 0;  // labels - 1; where weights differ, of as many as they count for (Kish), rounded down
};

// PPI++ with the power-tuned lambda (Angelopoulos, Duchi and Zrnic 2023), variances with n - 1. Without other items it
// is the mean of the labels (lambda 0). Weights make every mean over the labels a ratio estimate, with its linearised
// variance; equal weights change nothing. Fewer than 50 labels are advice, not evidence, which is the caller's rule.
// Nothing with fewer than two labels, columns of different length, a value that is not finite, or a weight that is not
// above 0, or a lambda outside [0, 1].
std::optional<PpiMean> ppi_mean(const PpiInput& input);

}  // namespace headgate::stats
