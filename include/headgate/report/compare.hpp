// Two decided runs side by side: what was asked in both, what changed, and whether an unchanged route still answers the
// same. Pure; texts from outside are escaped for a terminal, or stand in JSON as they are.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "headgate/domain/evidence.hpp"
#include "headgate/gate/contrast.hpp"
#include "headgate/report/render.hpp"

namespace headgate::report {

struct ComparedRun {
  const Decision& decision;
  const Evidence& evidence;
  const Quotes& quotes;
  RunFacts facts;
  std::string started;  // UTC stamp, or empty
};

// Lists in the text are cut after so many, unless `full`.
inline constexpr std::size_t max_compared = 10;

// Same plan, same rules, same replies and grades.
bool identical(const Decision& a, const Decision& b);

// "rules.quality.max_loss" and what it is in each; "not asked" where it is in one only.
struct RuleChange {
  std::string key, a, b;
};
std::vector<RuleChange> rule_changes(const Rules& a, const Rules& b);

// First line: whether the answer is the same. Second: the main difference. Last: where to look. `full` lists every case
// that changed, with both replies.
std::string comparison(const ComparedRun& a, const ComparedRun& b, const gate::Contrast& contrast, const Style& style,
                       bool full);
// One canonical line: format "headgate/compare/1". Every case that changed, with both replies.
std::string comparison_json(const ComparedRun& a, const ComparedRun& b, const gate::Contrast& contrast);

}  // namespace headgate::report
