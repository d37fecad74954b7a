// Whether a provider turns calls away by how often each was asked, and by nothing else: say, every call once. Then a
// lower rate helps nobody.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace headgate::run {

// Of the latest answers to first tries, second tries and so on.
class AttemptPattern {
 public:
  // `attempt` from 1.
  void came(std::uint32_t attempt, bool turned_away) {
    Latest& latest = seen_[attempt < attempts ? attempt - 1 : attempts - 1];
    latest.turned_away = (latest.turned_away << 1) | (turned_away ? 1U : 0U);
    if (latest.count < window) ++latest.count;
  }

  // Some tries are always turned away, some are always taken, and none are sometimes this and sometimes that.
  bool holds() const {
    bool always_away = false, always_taken = false;
    for (const Latest& latest : seen_) {
      const std::uint32_t all = latest.count == window ? ~0U : (1U << latest.count) - 1U;
      const std::uint32_t away = latest.turned_away & all;
      if (away != 0 && away != all) return false;
      if (latest.count < enough) continue;
      (away == 0 ? always_taken : always_away) = true;
    }
    return always_away && always_taken;
  }

 private:
  static constexpr std::size_t attempts = 4;  // later tries count as the last of them
  static constexpr std::uint32_t window = 32, enough = 10;
  struct Latest {
    std::uint32_t turned_away = 0;  // a bit a try, the latest lowest
    std::uint32_t count = 0;
  };
  std::array<Latest, attempts> seen_{};
};

}  // namespace headgate::run
