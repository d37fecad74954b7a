#include "token_allowance.hpp"

#include <algorithm>
#include <cmath>

namespace headgate::run {
namespace {

// Together no more than a minute's in any minute.
constexpr double flows = 0.95, stands = 0.05;

double sane(double tokens) { return std::isfinite(tokens) && tokens > 0.0 ? tokens : 0.0; }

}  // namespace

TokenAllowance::TokenAllowance(std::optional<double> a_minute) {
  if (!a_minute) return;
  a_minute_ = *a_minute;
  bucket_.emplace(flows * a_minute_ / 60.0, stands * a_minute_);
}

bool TokenAllowance::has_room(Instant now, double tokens) const { return !bucket_ || bucket_->has(now, sane(tokens)); }

Instant TokenAllowance::next_chance(Instant now, double tokens) const {
  return bucket_ ? bucket_->when(now, sane(tokens)) : now;
}

void TokenAllowance::sent(Instant now, double tokens) {
  if (bucket_) bucket_->take(now, sane(tokens));
}

// A reply that claims a month's tokens would stop the pool for a month: nothing counts for more than a minute.
void TokenAllowance::came(Instant now, double tokens, std::optional<double> used) {
  if (!bucket_ || !used || !std::isfinite(*used) || *used < 0.0) return;
  const double reserved = sane(tokens);
  const double counted = std::min(*used, std::max(reserved, a_minute_));
  if (counted < reserved) {
    bucket_->give_back(now, reserved - counted);
  } else {
    bucket_->take(now, counted - reserved);
  }
}

}  // namespace headgate::run
