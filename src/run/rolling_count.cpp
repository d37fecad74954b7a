#include "rolling_count.hpp"

namespace headgate::run {

RollingCount::RollingCount(Millis slot, std::size_t slots) : length_(slot), slots_(slots) {}

std::int64_t RollingCount::number_of(Instant at) const {
  return std::chrono::duration_cast<Millis>(at.time_since_epoch()) / length_;
}

void RollingCount::add(Instant at, double n) {
  const std::int64_t number = number_of(at);
  Slot& counted = slot(number);
  if (counted.number > number) return;
  if (counted.number < number) counted = {number, 0.0};
  counted.n += n;
}

double RollingCount::sum(Instant now) const {
  const std::int64_t last = number_of(now);
  const std::int64_t first = last - static_cast<std::int64_t>(slots_.size()) + 1;
  double sum = 0.0;
  for (const Slot& counted : slots_) {
    if (counted.number >= first && counted.number <= last) sum += counted.n;
  }
  return sum;
}

double RollingCount::span_s(Instant now) const {
  const auto whole = static_cast<std::int64_t>(slots_.size()) - 1;
  const Instant::duration begun = now.time_since_epoch() % length_;
  return std::chrono::duration<double>(whole * length_ + begun).count();
}

void RollingCount::clear() {
  for (Slot& counted : slots_) counted = {};
}

}  // namespace headgate::run
