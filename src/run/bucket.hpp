// A bucket that fills with time and is drawn from: calls, or tokens, at so many a second.
#pragma once

#include "headgate/base/clock.hpp"

namespace headgate::run {

// Accrues from the times it is told, so nothing drifts however often it is asked. It begins full.
class Bucket {
 public:
  Bucket(double a_second, double capacity);

  // Whether `amount` is there; of more than it can hold: whether it is full. Otherwise nothing large would ever go.
  bool has(Instant now, double amount) const;
  Instant when(Instant now, double amount) const;  // the first moment at which it has() it

  // Takes `amount` though it may not be there: then it owes.
  void take(Instant now, double amount);
  void give_back(Instant now, double amount);
  void set(Instant now, double a_second, double capacity);

  double a_second() const { return a_second_; }
  double capacity() const { return capacity_; }

 private:
  double level(Instant now) const;
  double lacks(Instant now, double amount) const;
  void accrue(Instant now);

  double a_second_, capacity_, level_;
  bool begun_ = false;
  Instant at_{};
};

}  // namespace headgate::run
