// The same facts in the same words, in every rendering.
#pragma once

#include <string>
#include <vector>

#include "headgate/domain/decision.hpp"
#include "headgate/report/story.hpp"

namespace headgate::report {

// "ELIGIBLE for internal: support_answer_model"
std::string headline(const Decision& decision);
std::string stages_of(const Decision& decision);  // "shadow, internal" or "no stage"

// "quality", "segments steps=2", "quality of support_triage" where there are several suites.
std::string title_of(const Decision& decision, const Finding& finding);
// The segment whose change a finding over all of them estimates; empty for any other.
std::string worst_segment(const Finding& finding);
// The title in a table of figures: with that segment.
std::string row_title(const Decision& decision, const Finding& finding);

// The decision's notes, then those of its findings.
std::vector<std::string> notes_of(const Decision& decision);
// Whether somebody answers for this case.
bool is_known(const Decision& decision, const CaseQuote& quote);

// A finding's numbers in the unit of its rule: points, percent, milliseconds, dollars, counts. Empty where absent.
struct Figures {
  std::string estimate, interval, limit;
};
Figures figures_of(const Finding& finding);

// What became of the quoted cell: "pass", "fail", or the error's name.
std::string result_of(const CellQuote& cell, bool passes);
std::string baseline_result(const CaseQuote& quote);
std::string candidate_result(const CaseQuote& quote);
// "severe unsafe_refund_promise, language=de"
std::string facts_of(const CaseQuote& quote);
// "12 regressions and 30 improvements"
std::string flip_counts(const Decision& decision);
std::string known_failure(const KnownFailure& known);
// "baseline median 812 ms, 95 % within 2140 ms; candidate not recorded"; empty where neither arm has any.
std::string reply_times(const Story& story);
std::string first_token_times(const Story& story);
// "2638 cells run, 0 reused, 3.2 s on 2 workers"
std::string measured(const RunFacts& facts);

}  // namespace headgate::report
