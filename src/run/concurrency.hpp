// How many calls may be out at once: one more for each round of replies while it is used, a fifth less when the
// provider turns calls away (additive increase, multiplicative decrease).
#pragma once

#include <cstddef>
#include <optional>

#include "headgate/base/clock.hpp"

namespace headgate::run {

class Concurrency {
 public:
  Concurrency(std::size_t start, std::size_t most);

  std::size_t most() const { return static_cast<std::size_t>(now_); }
  // `out`: how many were out, with the one that came back.
  void succeeded(std::size_t out);
  void turned_away(Instant now);
  // Calls are turned away for another reason than how many there are.
  void lift() { now_ = most_; }

 private:
  double now_, most_;  // at least 1
  std::optional<Instant> cut_at_;
};

}  // namespace headgate::run
