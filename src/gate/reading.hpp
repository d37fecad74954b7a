// What a rule reads of a single case: shared by the rules and by the story of a case.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "judgement.hpp"

namespace headgate::gate {

// By case: whether an active known failure excuses it; empty when there is none.
std::vector<bool> excused_cases(const View& view, const std::vector<KnownFailure>& known);

// Cases of a severe class, or of all ("*"), by what they do on the candidate. A case fails when any trial does.
struct SevereCounts {
  std::vector<CaseIndex> cases;       // all of the class
  std::vector<CaseIndex> fresh;       // fail now, pass on the baseline, and nobody answers for them
  std::vector<CaseIndex> failing;     // all that fail, fresh ones first
  std::vector<CaseIndex> unmeasured;  // an errored trial on the candidate
  std::size_t excused = 0;
};
bool of_severe_class(const View& view, CaseIndex item, const std::string& wanted);
SevereCounts count_severe(const Context& context, const std::string& wanted);

// Whether the rule asks for it by one of its tags.
bool has_must_pass_tag(const View& view, CaseIndex item, const MustPassRule& rule);

// The candidate's slowest trial; what is not known is endless (adverse) or nothing. The time of a fallback is not known
// to be the route's, unless the route was made to fail.
double slowest(const View& view, CaseIndex item, Completion completion);

// The candidate's mean cost of a trial; absent where the cost of some trial is not known, as where the fallback's was
// paid.
struct CaseCost {
  double known = 0.0;  // what is not known counts as nothing
  bool complete = true;
};
CaseCost cost_of(const View& view, CaseIndex item);

// Whether a reply came, whoever gave it; graded or not.
bool has_reply(const Observation& seen);
// Whether the candidate's fallback answered a trial; whether a trial has no reply, so that nobody knows who would have.
bool any_fallback(const View& view, CaseIndex item);
bool any_without_reply(const View& view, CaseIndex item);
// Whether the candidate's route failed a trial of its own accord, so that the fallback answered.
bool fell_back(const View& view, CaseIndex item);
std::size_t fallen_back(const View& view, std::span<const CaseIndex> cases);  // how many did

// What an arm's route did by itself, of all cells on which it was not made to fail.
struct OwnAnswers {
  std::size_t graded = 0, by_fallback = 0, cells = 0;

  bool was_up() const { return cells > 0 && 2 * graded >= cells; }  // else it looks like an outage
};
OwnAnswers own_answers(const View& view, Arm arm);

// Whether a latency of the candidate is missing because the reply came from the response cache.
bool any_cached(const View& view, CaseIndex item);

// Whether some cell of the candidate never got as far as the route's own doing: nobody saw whether it would have erred.
bool any_unseen(const View& view, CaseIndex item);

}  // namespace headgate::gate
