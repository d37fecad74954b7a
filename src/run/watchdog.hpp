// Tells a person what a run waits for when nothing comes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "headgate/base/clock.hpp"

namespace headgate::run {

inline constexpr std::chrono::minutes patience{5};
inline constexpr std::chrono::minutes patience_again{1};

// Pure; single-threaded.
class Watchdog {
 public:
  // A lane with calls out: "route support_b", and the cases that some of them are about.
  struct Wait {
    std::string name;
    std::size_t calls = 0;
    std::vector<std::string> cases;
  };

  void came(Instant now) { since_ = now; }  // an arrival, or the first call after a while without any
  bool is_due(Instant now) const;
  // "nothing has arrived for 5 minutes: 4 calls to route support_b are out (cases q1, q2)". Resets is_due for a minute.
  std::string tell(Instant now, const std::vector<Wait>& waits);

 private:
  Instant since_{};
  std::optional<Instant> told_;
};

}  // namespace headgate::run
