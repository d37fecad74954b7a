// Time behind a seam. Wall time goes into metadata only; everything measured uses the monotonic clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace headgate {

using Instant = std::chrono::time_point<std::chrono::steady_clock>;
using Millis = std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;                     // monotonic
  virtual std::int64_t wall_seconds() const = 0;       // since 1970, UTC
};

const Clock& real_clock();

class ManualClock : public Clock {
 public:
  Instant now() const override { return now_; }
  std::int64_t wall_seconds() const override { return wall_; }
  void advance(Millis by) { now_ += by; wall_ += by.count() / 1000; }
  void set_wall(std::int64_t seconds) { wall_ = seconds; }

 private:
  Instant now_{};
  std::int64_t wall_ = 1'700'000'000;
};

std::string utc_stamp(std::int64_t wall_seconds);    // 2026-11-20T12:00:00Z
std::string utc_compact(std::int64_t wall_seconds);  // 20261120T120000Z
std::string utc_date(std::int64_t wall_seconds);     // 2026-11-20
bool is_date(const std::string& text);               // a real calendar date, YYYY-MM-DD

}  // namespace headgate
