#include "forecast.hpp"

namespace headgate::run {
namespace {

// Finer steps would only make the window long.
constexpr std::chrono::milliseconds step{250};
constexpr double least_seconds = 1.0;

}  // namespace

void Forecast::add(Instant now, std::size_t done) {
  if (seen_.size() > 1 && now - seen_[seen_.size() - 2].first < step) {
    seen_.back() = {now, done};
    return;
  }
  seen_.emplace_back(now, done);
  while (seen_.size() > 2 && now - seen_[1].first >= forecast_window) seen_.pop_front();
}

std::optional<double> Forecast::seconds_left(std::size_t left) const {
  if (left == 0) return 0.0;
  if (seen_.size() < 2) return std::nullopt;
  const double seconds = std::chrono::duration<double>(seen_.back().first - seen_.front().first).count();
  const auto done = static_cast<double>(seen_.back().second - seen_.front().second);
  if (seconds < least_seconds || done <= 0.0) return std::nullopt;
  return static_cast<double>(left) * seconds / done;
}

}  // namespace headgate::run
