// Two runs side by side: which cases they share, what became of these on each arm, and whether a route that both ran
// still answers the same question the same way.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "headgate/domain/evidence.hpp"
#include "headgate/gate/case_state.hpp"

namespace headgate::gate {

struct SharedCase {
  CaseIndex a = 0, b = 0;
};

struct ArmContrast {
  bool same_route = false;                 // by digest
  std::size_t passed_a = 0, passed_b = 0;  // of the common cases
  struct Change {
    SharedCase item;
    CaseState a, b;
    bool worse = false;  // passed in A, and not in B
  };
  std::vector<Change> changes;  // common cases whose state differs: worse, then better, then the rest; severe first
  std::size_t worse = 0, better = 0;  // how many of them

  // Cells of common cases that both runs asked of the same route. A call that never reached it is none of them.
  struct Drift {
    std::size_t asked = 0;
    std::size_t other_reply = 0;       // another reply, or an error in one of them only
    std::size_t other_outcome = 0;     // of those: passes in one and not in the other
    std::size_t graded_otherwise = 0;  // the same reply, another outcome: not the route's doing
    std::vector<SharedCase> cases;     // with another reply
  } drift;
};

struct Contrast {
  std::vector<SharedCase> common;   // the same suite, id and digest
  std::vector<SharedCase> changed;  // the same suite and id, another digest
  std::vector<CaseIndex> added;     // only in B
  std::vector<CaseIndex> removed;   // only in A
  std::array<ArmContrast, 2> arms;  // over the common cases
  bool other_trials = false;        // the runs have not as many trials; cells are compared as far as both go
};

// `digests` are those of the cases, in the order of the plan.
Contrast contrast(const Evidence& a, std::span<const Digest> digests_a, const Evidence& b,
                  std::span<const Digest> digests_b);

// What grading again changed, over the cells of cases with the same suite and id.
struct Regraded {
  std::size_t cells = 0;      // in both
  std::size_t pass_now = 0;   // and did not before
  std::size_t fail_now = 0;   // graded as failing now, and not before
  std::size_t otherwise = 0;  // not graded now, and ended in another way before
  // Of all cells now, with or without a counterpart: no reply is recorded for them.
  std::size_t missing = 0;
  std::size_t missing_cases = 0;
  bool same() const { return pass_now + fail_now + otherwise == 0; }
};
Regraded regraded(const Evidence& before, const Evidence& now);

}  // namespace headgate::gate
