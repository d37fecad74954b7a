// Tokens a minute, where an operator wrote how many: reserved with each call, corrected by what it used.
#pragma once

#include <optional>

#include "bucket.hpp"

namespace headgate::run {

// No minute sees more than what was written, but for a single call that is larger than what fits in at once.
class TokenAllowance {
 public:
  explicit TokenAllowance(std::optional<double> a_minute);

  bool has_room(Instant now, double tokens) const;
  Instant next_chance(Instant now, double tokens) const;
  void sent(Instant now, double tokens);
  // What was reserved is now known, or none of it was used. Counts that cannot be are no news.
  void came(Instant now, double tokens, std::optional<double> used);

 private:
  std::optional<Bucket> bucket_;
  double a_minute_ = 0.0;
};

}  // namespace headgate::run
