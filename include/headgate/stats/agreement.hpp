// How far two or more raters agree: a judge against human labels, for example.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace headgate::stats {

struct Agreement {
  double observed = 0.0;        // share of items with equal labels
  std::optional<double> kappa;  // Cohen 1960; absent when chance agreement is 1 (both used one label only)
  std::optional<double> ac1;    // Gwet 2008; absent with fewer than two categories
};

// A square table of counts, row by row: rows one rater, columns the other. Nothing when categories is 0, the size is
// not categories squared, a count is negative or not finite, or all counts are 0.
std::optional<Agreement> agreement(std::span<const double> table, std::size_t categories);

enum class RatingMetric { nominal, interval };

// One unit's ratings in any order; those that are missing are simply not there.
using UnitRatings = std::span<const double>;

// Krippendorff's alpha (Krippendorff 2011): any number of raters, missing ratings allowed. Units with fewer than two
// ratings take no part. Nothing when no pair is left or all pairable ratings are equal (expected disagreement 0), or a
// rating is not finite.
std::optional<double> krippendorff_alpha(std::span<const UnitRatings> units, RatingMetric metric);

}  // namespace headgate::stats
