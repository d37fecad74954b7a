#include "headgate/stats/completion.hpp"

namespace headgate::stats {

namespace {

std::optional<double> usable(std::optional<double> score) {
  return score && *score >= 0.0 && *score <= 1.0 ? score : std::nullopt;
}

}  // namespace

std::optional<Completion> complete_differences(std::span<const std::optional<double>> candidate,
                                               std::span<const std::optional<double>> baseline) {
  if (candidate.size() != baseline.size()) return std::nullopt;
  Completion result;
  for (std::size_t i = 0; i < candidate.size(); ++i) {
    const auto ours = usable(candidate[i]);
    const auto theirs = usable(baseline[i]);
    result.adverse.push_back(ours.value_or(0.0) - theirs.value_or(1.0));
    result.favourable.push_back(ours.value_or(1.0) - theirs.value_or(0.0));
    if (!ours && !theirs) {
      ++result.missing_both;
    } else if (!ours) {
      ++result.missing_candidate;
    } else if (!theirs) {
      ++result.missing_baseline;
    }
  }
  return result;
}

}  // namespace headgate::stats
