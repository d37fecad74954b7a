// Numbers as people write them, compared without binary rounding: a decimal of any length, over a whole number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headgate::grade {

inline constexpr std::size_t max_number_digits = 1'000;  // longer runs of digits are no answer to anything
inline constexpr std::int64_t max_number_exponent = 4'000;

// (-1)^negative * digits * 10^exponent / under.
class Decimal {
 public:
  // `whole` and `part` are the digits before and after the point. Nothing beyond the limits above.
  static std::optional<Decimal> make(bool negative, std::string_view whole, std::string_view part,
                                     std::int64_t exponent);
  // (whole + over/under), each at most 9 digits, under not zero; else nothing.
  static std::optional<Decimal> fraction(bool negative, std::string_view whole, std::string_view over,
                                         std::string_view under);

  Decimal hundredth() const;   // a percentage as a fraction
  double approximate() const;  // nearest double; infinite beyond its range

  friend bool operator==(const Decimal& a, const Decimal& b);  // exact

 private:
  void normalise();
  Decimal times(std::uint64_t factor) const;  // and under = 1

  bool negative_ = false;
  std::string digits_;  // no zero at either end; empty is zero
  std::int64_t exponent_ = 0;
  std::uint64_t under_ = 1;
};

struct Tolerance {
  double absolute = 0.0;
  double relative = 0.0;  // of the expected value
};

// Equal, or within either tolerance, both inclusive (a difference of 0.1 is within 0.1, whatever doubles make of it).
bool near(const Decimal& found, const Decimal& expected, const Tolerance& tolerance);
// Within either tolerance; without one nothing is, equal numbers neither.
bool near(double found, double expected, const Tolerance& tolerance);

}  // namespace headgate::grade
