// The three forms of an HTTP date, and RFC 3339.
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <string_view>

#include "headgate/route/rate.hpp"

namespace headgate::route {
namespace {

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> day_names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> long_day_names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                         "Friday", "Saturday", "Sunday"};

// Takes a text from its front, piece by piece; once something does not fit, nothing fits any more.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  Pieces& word(std::string_view expected) {
    if (good_ && rest_.starts_with(expected)) {
      rest_.remove_prefix(expected.size());
    } else {
      good_ = false;
    }
    return *this;
  }
  // Exactly so many digits.
  Pieces& number(std::size_t digits, int& out) {
    out = 0;
    if (rest_.size() < digits) good_ = false;
    for (std::size_t i = 0; good_ && i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') good_ = false;
      out = out * 10 + (rest_[i] - '0');
    }
    if (good_) rest_.remove_prefix(digits);
    return *this;
  }
  template <std::size_t n>
  Pieces& one_of(const std::array<std::string_view, n>& names, int& index) {
    index = 0;
    for (const std::string_view name : names) {
      if (good_ && rest_.starts_with(name)) return word(name);
      ++index;
    }
    good_ = false;
    return *this;
  }
  template <std::size_t n>
  Pieces& one_of(const std::array<std::string_view, n>& names) {
    int unused = 0;
    return one_of(names, unused);
  }
  bool next_is(char c) const { return good_ && rest_.starts_with(c); }
  bool next_is_digit() const { return good_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool at_end() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

struct Stamp {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;  // month from 1
};

std::optional<double> seconds_of(const Stamp& stamp) {
  const std::chrono::year_month_day date{std::chrono::year(stamp.year),
                                         std::chrono::month(static_cast<unsigned>(stamp.month)),
                                         std::chrono::day(static_cast<unsigned>(stamp.day))};
  constexpr int leap_second = 60;
  if (!date.ok() || stamp.hour > 23 || stamp.minute > 59 || stamp.second > leap_second) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return static_cast<double>(days) * 86400.0 + stamp.hour * 3600.0 + stamp.minute * 60.0 + stamp.second;
}

Pieces& time_of_day(Pieces& pieces, Stamp& stamp) {
  return pieces.number(2, stamp.hour).word(":").number(2, stamp.minute).word(":").number(2, stamp.second);
}

// Fri, 20 Nov 2026 12:00:00 GMT
bool read_fixdate(std::string_view text, Stamp& stamp) {
  Pieces pieces(text);
  pieces.one_of(day_names).word(", ").number(2, stamp.day).word(" ").one_of(month_names, stamp.month).word(" ");
  pieces.number(4, stamp.year).word(" ");
  ++stamp.month;
  return time_of_day(pieces, stamp).word(" GMT").at_end();
}

// Friday, 20-Nov-26 12:00:00 GMT
bool read_rfc850(std::string_view text, Stamp& stamp) {
  Pieces pieces(text);
  pieces.one_of(long_day_names).word(", ").number(2, stamp.day).word("-").one_of(month_names, stamp.month).word("-");
  pieces.number(2, stamp.year).word(" ");
  ++stamp.month;
  stamp.year += stamp.year < 70 ? 2000 : 1900;
  return time_of_day(pieces, stamp).word(" GMT").at_end();
}

// Fri Nov  6 12:00:00 2026
bool read_asctime(std::string_view text, Stamp& stamp) {
  Pieces pieces(text);
  pieces.one_of(day_names).word(" ").one_of(month_names, stamp.month).word(" ");
  ++stamp.month;
  if (pieces.next_is(' ')) {
    pieces.word(" ").number(1, stamp.day);
  } else {
    pieces.number(2, stamp.day);
  }
  return time_of_day(pieces.word(" "), stamp).word(" ").number(4, stamp.year).at_end();
}

}  // namespace

std::optional<double> read_http_date(std::string_view text) {
  for (const auto read : {read_fixdate, read_rfc850, read_asctime}) {
    Stamp stamp;
    if (read(text, stamp)) return seconds_of(stamp);
  }
  return std::nullopt;
}

std::optional<double> read_rfc3339(std::string_view text) {
  Stamp stamp;
  Pieces pieces(text);
  pieces.number(4, stamp.year).word("-").number(2, stamp.month).word("-").number(2, stamp.day);
  pieces.word(pieces.next_is('t') ? "t" : pieces.next_is(' ') ? " " : "T");
  time_of_day(pieces, stamp);
  double fraction = 0.0;
  if (pieces.next_is('.')) {
    pieces.word(".");
    if (!pieces.next_is_digit()) return std::nullopt;
    for (double unit = 0.1; pieces.next_is_digit(); unit /= 10.0) {
      int digit = 0;
      pieces.number(1, digit);
      fraction += digit * unit;
    }
  }
  double offset = 0.0;
  if (pieces.next_is('+') || pieces.next_is('-')) {
    const double sign = pieces.next_is('+') ? 1.0 : -1.0;
    int hours = 0, minutes = 0;
    pieces.word(sign > 0.0 ? "+" : "-").number(2, hours).word(":").number(2, minutes);
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = sign * (hours * 3600.0 + minutes * 60.0);
  } else {
    pieces.word(pieces.next_is('z') ? "z" : "Z");
  }
  if (!pieces.at_end()) return std::nullopt;
  const std::optional<double> seconds = seconds_of(stamp);
  if (!seconds) return std::nullopt;
  return *seconds + fraction - offset;
}

}  // namespace headgate::route
