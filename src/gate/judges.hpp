// What becomes of a gate that leans on judges: whether each may be believed, and what the rules say without their word.
#pragma once

#include <optional>
#include <string>

#include "headgate/domain/evidence.hpp"
#include "headgate/gate/calibrate.hpp"
#include "judgement.hpp"

namespace headgate::gate {

// Whether a judge may be believed, and where not, why: `code` as in the finding, `says` about the judge by its name.
struct JudgeStanding {
  bool admissible = false;
  std::string code;  // "judge_calibrated", "judge_uncalibrated", "judge_changed", "judge_misses_failures", …
  std::string says;
  std::string remedy;  // what would settle it; empty where admissible
};
JudgeStanding standing_of(const SealedJudge& judge, const JudgesRule& rule);
bool all_admissible(const Evidence& evidence, const JudgesRule& rule);

// evidence.judges: one finding over all of them; none where no judge is asked.
void judge_judges(const Context& context, Judgements& out);

// The evidence as it is without the judges: a cell that only a judge's word passes or fails is ungraded. A cell says
// not which judge it rests on, so where one may not be believed, none is.
Evidence without_judges(const Evidence& evidence);

// What fails only on the word of judges that may not be believed is open. `without` are the same rules' judgements on
// without_judges(), in the same order as far as both go.
void hold_back(Judgements& judgements, const Judgements& without);

// quality by metric pass that rests on one judge alone, corrected by people's labels (prediction-powered inference): a
// verdict that turns is open, and the correction is told either way.
void correct_for_judge(const Context& context, Judgements& out);

}  // namespace headgate::gate
