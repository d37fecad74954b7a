#include "rate_models.hpp"

#include <algorithm>
#include <cmath>

#include "headgate/base/clock.hpp"

namespace headgate::fake {
namespace {

constexpr double little = 1e-9;  // what adding up fractions may lose
constexpr Micros second = 1'000'000;
constexpr Micros minute = 60 * second;

bool is_bucket(const Limit& limit) { return limit.kind == LimitKind::bucket || limit.kind == LimitKind::tokens; }

double cost_of(const Limit& limit, double tokens) { return limit.kind == LimitKind::tokens ? tokens : 1.0; }

std::string whole(double value) { return std::to_string(std::llround(std::floor(std::max(0.0, value)))); }

}  // namespace

void RateModel::add(Micros time) { level_ = std::min(limit_->burst, level_ + static_cast<double>(time) * per_micro()); }

void RateModel::refill(Micros now, Micros first) {
  if (!begun_) {
    begun_ = true;
    since_ = now;
    if (!is_bucket(*limit_)) level_ = 0;
  }
  now_ = now;
  const Micros halving = first + limit_->halve_after;
  if (limit_->halve_after > 0 && !halved_ && now >= halving) {
    if (is_bucket(*limit_) && halving > since_) {
      add(halving - since_);
      since_ = halving;
    }
    halved_ = true;
  }
  if (is_bucket(*limit_)) {
    add(now - since_);
    since_ = now;
  } else if (limit_->kind == LimitKind::window && now - since_ >= limit_->period) {
    since_ += (now - since_) / limit_->period * limit_->period;
    level_ = 0;
  }
}

Micros RateModel::wait(double cost) const {
  if (is_bucket(*limit_)) {
    const double lacks = std::min(cost, limit_->burst) - level_;  // what is more than the bucket may empty it
    return lacks <= little ? 0 : std::max<Micros>(1, std::llround(std::ceil(lacks / per_micro())));
  }
  if (level_ + 1 <= amount() + little) return 0;
  return limit_->kind == LimitKind::window ? std::max<Micros>(1, since_ + limit_->period - now_) : second;
}

void RateModel::take(double cost) { level_ += is_bucket(*limit_) ? -cost : 1.0; }

void RateModel::reject() {
  if (is_bucket(*limit_)) level_ = std::min(level_, std::max(0.0, level_ - limit_->rejected_cost));
}

void RateModel::release() {
  if (limit_->kind == LimitKind::in_flight && level_ >= 1) level_ -= 1;
}

double RateModel::remaining() const { return is_bucket(*limit_) ? level_ : amount() - level_; }

Micros RateModel::until_full() const {
  if (limit_->kind == LimitKind::window) return std::max<Micros>(0, since_ + limit_->period - now_);
  if (limit_->kind == LimitKind::in_flight) return 0;
  return std::max<Micros>(0, std::llround((limit_->burst - level_) / per_micro()));
}

RateModels::RateModels(const std::vector<Limit>& limits) {
  models_.reserve(limits.size());
  for (const Limit& each : limits) models_.emplace_back(each);
}

const Limit* RateModels::admit(Micros now, Micros first, double tokens, Micros& wait) {
  const Limit* rejecting = nullptr;
  for (RateModel& model : models_) {
    model.refill(now, first);
    const Micros longest = model.wait(cost_of(model.limit(), tokens));
    if (longest > 0 && (rejecting == nullptr || longest > wait)) {
      rejecting = &model.limit();
      wait = longest;
    }
  }
  for (RateModel& model : models_) {
    if (rejecting == nullptr) model.take(cost_of(model.limit(), tokens));
    if (rejecting == &model.limit()) model.reject();
  }
  return rejecting;
}

void RateModels::release() {
  for (RateModel& model : models_) model.release();
}

void RateModels::tell(std::int64_t wall_seconds, std::vector<std::pair<std::string, std::string>>& headers) const {
  for (const RateModel& model : models_) {
    const Limit& limit = model.limit();
    if (limit.headers == LimitHeaders::none) continue;
    const std::string what = limit.kind == LimitKind::tokens ? "tokens" : "requests";
    const double factor = is_bucket(limit) ? static_cast<double>(minute) / static_cast<double>(limit.period) : 1.0;
    const std::string most = whole(limit.amount * factor);
    const std::string left = whole(model.remaining());
    const Micros reset = model.until_full();
    if (limit.headers == LimitHeaders::openai) {
      headers.emplace_back("x-ratelimit-limit-" + what, most);
      headers.emplace_back("x-ratelimit-remaining-" + what, left);
      headers.emplace_back("x-ratelimit-reset-" + what, go_duration(reset));
    } else {
      const std::string begin = "anthropic-ratelimit-" + what;
      headers.emplace_back(begin + "-limit", most);
      headers.emplace_back(begin + "-remaining", left);
      headers.emplace_back(begin + "-reset", utc_stamp(wall_seconds + (reset + second - 1) / second));
    }
  }
}

std::string go_duration(Micros time) {
  const Micros millis = (time + 999) / 1000;
  if (millis < 1000) return std::to_string(millis) + "ms";
  const Micros seconds = (millis + 999) / 1000;
  std::string out;
  if (seconds >= 3600) out += std::to_string(seconds / 3600) + "h";
  if (seconds >= 60) out += std::to_string(seconds / 60 % 60) + "m";
  return out + std::to_string(seconds % 60) + "s";
}

}  // namespace headgate::fake
