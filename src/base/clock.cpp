#include "headgate/base/clock.hpp"

namespace headgate {
namespace {

constexpr std::int64_t seconds_a_day = 86'400;

class RealClock : public Clock {
 public:
  Instant now() const override { return std::chrono::steady_clock::now(); }
  std::int64_t wall_seconds() const override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
  }
};

struct Civil {
  int year;
  unsigned month, day;
  std::int64_t hour, minute, second;
};

Civil civil(std::int64_t wall_seconds) {
  std::int64_t days = wall_seconds / seconds_a_day;
  std::int64_t rest = wall_seconds % seconds_a_day;
  if (rest < 0) {
    rest += seconds_a_day;
    --days;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          rest / 3600,
          rest / 60 % 60,
          rest % 60};
}

std::string two(std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); }

std::string date_text(const Civil& c, const char* separator) {
  const std::string year = std::to_string(c.year);
  const std::string padding(year.size() < 4 ? 4 - year.size() : 0, '0');
  return padding + year + separator + two(c.month) + separator + two(c.day);
}

bool digits_at(const std::string& text, std::size_t from, std::size_t count, unsigned& value) {
  value = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  return true;
}

}  // namespace

const Clock& real_clock() {
  static const RealClock clock;
  return clock;
}

std::string utc_stamp(std::int64_t wall_seconds) {
  const Civil c = civil(wall_seconds);
  return date_text(c, "-") + "T" + two(c.hour) + ":" + two(c.minute) + ":" + two(c.second) + "Z";
}

std::string utc_compact(std::int64_t wall_seconds) {
  const Civil c = civil(wall_seconds);
  return date_text(c, "") + "T" + two(c.hour) + two(c.minute) + two(c.second) + "Z";
}

std::string utc_date(std::int64_t wall_seconds) { return date_text(civil(wall_seconds), "-"); }

bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (!digits_at(text, 0, 4, year) || !digits_at(text, 5, 2, month) || !digits_at(text, 8, 2, day)) return false;
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                     std::chrono::day(day))
      .ok();
}

}  // namespace headgate
