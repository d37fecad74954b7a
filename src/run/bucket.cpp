#include "bucket.hpp"

#include <algorithm>

#include "headgate/base/assert.hpp"
#include "seconds.hpp"

namespace headgate::run {

Bucket::Bucket(double a_second, double capacity) : a_second_(a_second), capacity_(capacity), level_(capacity) {
  HG_ASSERT(a_second > 0.0 && capacity > 0.0);
}

double Bucket::level(Instant now) const {
  if (!begun_ || now <= at_) return level_;
  return std::min(capacity_, level_ + a_second_ * seconds_between(at_, now));
}

// A billionth is rounding: without it, sleeping until when() could end a nanosecond early for ever.
double Bucket::lacks(Instant now, double amount) const {
  const double missing = std::min(amount, capacity_) - level(now);
  return missing > 1e-9 * std::max(1.0, capacity_) ? missing : 0.0;
}

bool Bucket::has(Instant now, double amount) const { return lacks(now, amount) <= 0.0; }

Instant Bucket::when(Instant now, double amount) const { return after_seconds(now, lacks(now, amount) / a_second_); }

void Bucket::accrue(Instant now) {
  level_ = level(now);
  at_ = begun_ ? std::max(at_, now) : now;
  begun_ = true;
}

void Bucket::take(Instant now, double amount) {
  accrue(now);
  level_ -= amount;
}

void Bucket::give_back(Instant now, double amount) {
  accrue(now);
  level_ = std::min(capacity_, level_ + amount);
}

void Bucket::set(Instant now, double a_second, double capacity) {
  HG_ASSERT(a_second > 0.0 && capacity > 0.0);
  accrue(now);
  a_second_ = a_second;
  capacity_ = capacity;
  level_ = std::min(level_, capacity);
}

}  // namespace headgate::run
