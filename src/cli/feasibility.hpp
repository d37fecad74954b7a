// Can this gate say eligible at all? Answered before anything is paid for, from the rules and the cases alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "headgate/domain/plan.hpp"

namespace headgate::cli {

enum class Carry {
  can,     // enough cases for the threshold
  hardly,  // possible, but a candidate as good as the baseline will probably come out inconclusive
  cannot,  // no reply whatsoever lets this rule pass
};
const char* name(Carry carry);

struct Need {
  std::string rule;  // "quality", "severe severe_class=x", "segments language=ja"
  Carry carry = Carry::can;
  std::size_t has = 0;                 // cases that bear on it
  std::optional<std::uint64_t> needs;  // cases it takes; absent: no number of cases is enough, or no test is made
  std::string says;                    // one sentence
  bool statistical = true;             // false: also the shadow stage needs it
};

struct Feasibility {
  Carry carry = Carry::can;  // the worst that the gate's stage depends on
  std::vector<Need> needs;
  std::string headline;  // one sentence
};

// Pure. Assumes independent cases; where cases share clusters the sentence says that more may be needed.
Feasibility feasibility(const Plan& plan);

}  // namespace headgate::cli
