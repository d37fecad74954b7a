#include "concurrency.hpp"

#include <algorithm>

#include "seconds.hpp"

namespace headgate::run {
namespace {

constexpr double is_used = 0.8;
constexpr double cut = 0.8;
constexpr double between_cuts_s = 2.0;

}  // namespace

Concurrency::Concurrency(std::size_t start, std::size_t most)
    : now_(static_cast<double>(std::max<std::size_t>(1, std::min(start, most)))),
      most_(static_cast<double>(std::max<std::size_t>(1, most))) {}

void Concurrency::succeeded(std::size_t out) {
  if (static_cast<double>(out) >= is_used * now_) now_ = std::min(most_, now_ + 1.0 / now_);
}

void Concurrency::turned_away(Instant now) {
  if (cut_at_ && seconds_between(*cut_at_, now) < between_cuts_s) return;
  cut_at_ = now;
  now_ = std::max(1.0, now_ * cut);
}

}  // namespace headgate::run
