// How long a run will go on, from what it did of late.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "headgate/base/clock.hpp"

namespace headgate::run {

inline constexpr std::chrono::seconds forecast_window{20};

// Pure; single-threaded.
class Forecast {
 public:
  // How much is done by now. Never less than before.
  void add(Instant now, std::size_t done);
  // Nothing before there is something to go by.
  std::optional<double> seconds_left(std::size_t left) const;

 private:
  std::deque<std::pair<Instant, std::size_t>> seen_;  // of the window, and one before it
};

}  // namespace headgate::run
