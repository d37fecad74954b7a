#include "spend.hpp"

#include <algorithm>
#include <cmath>

#include "headgate/base/assert.hpp"

namespace headgate::run {
namespace {

constexpr double rounding = 1e-12;  // of the cap: three calls of 0.03 fit into 0.09
constexpr std::size_t most_blind = 3;

// What is no amount of money is not known.
std::optional<double> amount(std::optional<double> usd) {
  return usd && std::isfinite(*usd) && *usd >= 0.0 ? usd : std::nullopt;
}

}  // namespace

// Neumaier's sum: what the additions lose is kept apart, so a million small ones still meet the cap.
void Spend::Sum::add(double what) {
  const double next = whole + what;
  lost += std::abs(whole) >= std::abs(what) ? (whole - next) + what : (what - next) + whole;
  whole = next;
}

Spend::Spend(std::optional<double> max_usd, double before, std::size_t lanes) : cap_(max_usd), lanes_(lanes) {
  HG_ASSERT(std::isfinite(before) && before >= 0.0 && (!max_usd || std::isfinite(*max_usd)));
  spent_.add(before);
}

std::optional<double> Spend::need(const Lane& lane, std::optional<double> worst) const {
  if (!worst) return lane.dearest;
  return std::max(*worst, lane.dearest.value_or(0.0));
}

std::optional<double> Spend::most(std::size_t lane, std::optional<double> worst) const {
  return need(lanes_.at(lane), amount(worst));
}

Spend::May Spend::may_send(std::size_t lane, std::optional<double> worst) const {
  if (!cap_) return May::send;
  const Lane& its = lanes_.at(lane);
  worst = amount(worst);
  const auto needs = need(its, worst);
  const double cap = *cap_ + rounding * std::abs(*cap_);
  // Nothing is known of what it costs: then it goes while anything is left, but not for ever.
  if (!needs && (its.blind >= most_blind || spent_.value() >= *cap_ - rounding * std::abs(*cap_))) return May::never;
  if (spent_.value() + needs.value_or(0.0) > cap) return May::never;
  if (its.out > 0 && (!worst || !its.has_settled)) return May::wait;
  return spent_.value() + reserved_.value() + needs.value_or(0.0) <= cap ? May::send : May::wait;
}

double Spend::reserve(std::size_t lane, std::optional<double> worst) {
  Lane& its = lanes_.at(lane);
  const double reserved = need(its, amount(worst)).value_or(0.0);
  ++its.out;
  ++out_;
  reserved_.add(reserved);
  return reserved;
}

void Spend::settle(std::size_t lane, double reserved, std::optional<double> cost) {
  Lane& its = lanes_.at(lane);
  HG_ASSERT(its.out > 0 && out_ > 0);
  --its.out;
  --out_;
  // With nothing out nothing is reserved, whatever the additions left.
  if (out_ == 0) {
    reserved_ = {};
  } else {
    reserved_.add(-reserved);
  }
  cost = amount(cost);
  spent_.add(cost.value_or(reserved));
  its.spent.add(cost.value_or(reserved));
  its.has_settled = true;
  if (!cost) {
    is_known_ = false;
    ++its.blind;
  } else if (*cost > 0.0) {  // a call that was turned away says nothing of what one costs
    its.dearest = std::max(its.dearest.value_or(0.0), *cost);
  }
}

}  // namespace headgate::run
