// How many in the last so many seconds, in slots of equal length: memory does not grow with what is counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "headgate/base/clock.hpp"

namespace headgate::run {

class RollingCount {
 public:
  RollingCount(Millis slot, std::size_t slots);

  // `at` may lie back; what lies back further than the slots reach is not counted. `n` may take back what was counted.
  void add(Instant at, double n);
  // Of the slot of `now` and those before it.
  double sum(Instant now) const;
  double span_s(Instant now) const;  // that sum() covers
  void clear();

 private:
  struct Slot {
    std::int64_t number = -1;  // since the clock's zero
    double n = 0.0;
  };
  std::int64_t number_of(Instant at) const;
  Slot& slot(std::int64_t number) { return slots_[static_cast<std::size_t>(number) % slots_.size()]; }

  Millis length_;
  std::vector<Slot> slots_;
};

}  // namespace headgate::run
