// Testing by betting: evidence that may be looked at after every case.
//
// E is the fortune of someone who bets against the null with 12 constant stakes at once, the fortune shared equally
// (Waudby-Smith and Ramdas 2024; Ville 1939). Under the null it reaches 1/alpha at any time with probability at most
// alpha, provided the cases come in an order that was committed before any result was seen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace headgate::stats {

enum class BetSide {
  admit,  // null: mean difference <= -margin; large E means "better than -margin"
  harm,   // null: mean difference >= -margin; large E means "worse than -margin"
};

struct EProcessPlan {
  double margin = 0.0;  // in (-1, 1)
  BetSide side = BetSide::admit;
  std::uint64_t population = 0;  // 0: cases are a sample; N: the claim is about the mean of exactly these N
};

inline constexpr std::size_t e_process_stakes = 12;

// Single-threaded, a value; copying one forks the bet. Steps in a given order give the same bits everywhere.
class EProcess {
 public:
  // Nothing for a margin outside (-1, 1).
  static std::optional<EProcess> start(const EProcessPlan& plan);

  // Feeds the next difference, in [-1, 1], and returns log E. False input (NaN, out of range, or a step beyond the
  // population) changes nothing and returns the value as it was. Once infinite, E stays infinite.
  double step(double d);

  double log_e() const { return log_e_; }  // 0 before the first step; +inf when the null has become impossible
  std::uint64_t steps() const { return steps_; }
  // E >= 1/alpha now.
  bool rejects(double alpha) const;

 private:
  explicit EProcess(const EProcessPlan& plan);
  double null_mean() const;

  EProcessPlan plan_;
  double null_mean_ = 0.5;  // on [0, 1], seen from the side that is bet on
  std::array<double, e_process_stakes> log_fortunes_{};
  double seen_ = 0.0;
  std::uint64_t steps_ = 0;
  double log_e_ = 0.0;
};

}  // namespace headgate::stats
