// Can this gate say eligible at all? Answered before anything is paid for, from the rules and the cases alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "headgate/domain/evidence.hpp"
#include "headgate/domain/plan.hpp"

namespace headgate::gate {

enum class Carry {
  can,     // enough cases for the threshold
  hardly,  // possible, but a candidate as good as the baseline will more often than not come out inconclusive
  cannot,  // no reply whatsoever lets this rule pass
};
const char* name(Carry carry);

// What an earlier run of the gate measured, to plan with instead of usual values.
struct Measured {
  struct Pairs {
    std::optional<std::string> suite;  // absent: over all suites
    double discordance = 0.0;         // share of pairs on which the arms differ; graded scores: mean squared difference
    std::size_t n = 0;                // pairs it was measured on; 0: somebody's assumption
    std::optional<double> pass_rate;  // of the baseline
  };
  std::string run;  // its id; empty where somebody assumes it
  std::vector<Pairs> pairs;
  std::optional<double> error_rate;  // of the baseline's cells

  // What is known of a suite, or of all suites together; null where nothing is.
  const Pairs* of(const std::optional<std::string>& suite) const;
};

// What the evidence of an earlier run tells. Its pairs are those that stand for traffic, were graded in every trial on
// both arms, and by no fallback: an error or somebody else's reply is no difference between the routes. Nothing where
// no such pair is, or where the run is no picture of the gate: filtered, limited, or not run to its end. `plan` is what
// will be run: it says whether scores are graded, and whether each suite counts for itself.
std::optional<Measured> measured_in(const Evidence& evidence, std::string run, const PlanHead& plan);

// What a rule needs and gives where the arms differ on this share of pairs.
struct Assumed {
  double discordance = 0.0;
  std::optional<std::uint64_t> needs;  // cases for 80 %; absent: no number is enough
  std::optional<double> tightest;      // threshold that 80 % of equal candidates keep
  double passes = 0.0;                 // chance of an equal candidate
};

struct Need {
  std::string rule;  // "quality", "severe severe_class=x", "segments language=ja"
  Carry carry = Carry::can;
  std::size_t has = 0;                 // cases that bear on it
  std::optional<std::uint64_t> needs;  // cases it takes; absent: no number of cases is enough, or no test is made
  std::string limit;                   // "max_loss"; empty: the rule has no threshold
  std::optional<double> asks;          // the threshold as the gate writes it
  std::optional<double> tightest;  // the tightest these cases could carry; absent: it is not a matter of their number
  std::optional<double> passes;    // chance that a candidate as good as the baseline passes; absent: not known
  std::vector<Assumed> assumed;    // quality: under each assumption; the last is the one that decides
  std::string says;                // one sentence
  bool statistical = true;         // false: also the shadow stage needs it
};

struct Feasibility {
  Carry carry = Carry::can;  // the worst that the gate's stage depends on
  std::vector<Need> needs;
  std::string headline;  // one or two sentences
};

// Pure. Where cases share clusters, how many independent ones they count as lies between two bounds: `cannot` is said
// by the better, chances by the worse.
Feasibility feasibility(const Plan& plan, const std::optional<Measured>& measured = std::nullopt);

}  // namespace headgate::gate
