#include "decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace headgate::grade {
namespace {

constexpr std::size_t max_fraction_digits = 9;  // so that products of two stay within 64 bits

std::optional<std::uint64_t> small(std::string_view digits) {
  if (digits.empty() || digits.size() > max_fraction_digits) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

}  // namespace

std::optional<Decimal> Decimal::make(bool negative, std::string_view whole, std::string_view part,
                                     std::int64_t exponent) {
  const std::size_t length = whole.size() + part.size();
  if (length == 0 || length > max_number_digits) return std::nullopt;
  if (exponent > max_number_exponent || exponent < -max_number_exponent) return std::nullopt;
  Decimal out;
  out.negative_ = negative;
  out.digits_.reserve(length);
  out.digits_.append(whole).append(part);
  out.exponent_ = exponent - static_cast<std::int64_t>(part.size());
  out.normalise();
  return out;
}

std::optional<Decimal> Decimal::fraction(bool negative, std::string_view whole, std::string_view over,
                                         std::string_view under) {
  const auto w = small(whole.empty() ? "0" : whole), o = small(over), u = small(under);
  if (!w || !o || !u || *u == 0) return std::nullopt;
  auto out = make(negative, std::to_string(*w * *u + *o), {}, 0);
  if (out) out->under_ = *u;
  return out;
}

void Decimal::normalise() {
  digits_.erase(0, std::min(digits_.find_first_not_of('0'), digits_.size()));
  const std::size_t kept = digits_.find_last_not_of('0') + 1;  // npos + 1 is 0
  exponent_ += static_cast<std::int64_t>(digits_.size() - kept);
  digits_.resize(kept);
  if (digits_.empty()) {
    exponent_ = 0;
    negative_ = false;
  }
}

Decimal Decimal::times(std::uint64_t factor) const {
  Decimal out = *this;
  out.under_ = 1;
  std::uint64_t carry = 0;
  for (std::size_t i = out.digits_.size(); i-- > 0;) {
    carry += static_cast<std::uint64_t>(out.digits_[i] - '0') * factor;
    out.digits_[i] = static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
  if (carry > 0) out.digits_.insert(0, std::to_string(carry));
  out.normalise();
  return out;
}

Decimal Decimal::hundredth() const {
  Decimal out = *this;
  if (!out.digits_.empty()) out.exponent_ -= 2;
  return out;
}

double Decimal::approximate() const {
  if (digits_.empty()) return 0.0;
  const std::string text = digits_ + "e" + std::to_string(exponent_);
  double value = 0.0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc::result_out_of_range) {
    const bool tiny = exponent_ + static_cast<std::int64_t>(digits_.size()) < 0;
    value = tiny ? 0.0 : std::numeric_limits<double>::infinity();
  }
  value /= static_cast<double>(under_);
  return negative_ ? -value : value;
}

bool operator==(const Decimal& a, const Decimal& b) {
  if (a.under_ != b.under_) return a.times(b.under_) == b.times(a.under_);
  return a.negative_ == b.negative_ && a.exponent_ == b.exponent_ && a.digits_ == b.digits_;
}

bool near(double found, double expected, const Tolerance& tolerance) {
  if (!std::isfinite(found) || !std::isfinite(expected)) return false;
  const double allowed = std::max(tolerance.absolute, tolerance.relative * std::fabs(expected));
  // Nothing is near without a tolerance; with one, what the subtraction may have rounded is given to the reply.
  constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
  return allowed > 0.0 &&
         std::fabs(found - expected) <= allowed + rounding * std::max({std::fabs(found), std::fabs(expected), allowed});
}

bool near(const Decimal& found, const Decimal& expected, const Tolerance& tolerance) {
  return found == expected || near(found.approximate(), expected.approximate(), tolerance);
}

}  // namespace headgate::grade
