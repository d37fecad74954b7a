// Adjusting p values when the worst of several would decide.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace headgate::stats {

// Adjusted p values in the order given. No p gives no p; a value outside [0, 1] or NaN gives nothing.
//
// holm: step-down, controls the family-wise error under any dependence (Holm 1979). For claims of harm over segments.
// benjamini_hochberg: step-up, controls the false discovery rate (Benjamini and Hochberg 1995). For display only.
std::optional<std::vector<double>> holm(std::span<const double> p);
std::optional<std::vector<double>> benjamini_hochberg(std::span<const double> p);

}  // namespace headgate::stats
