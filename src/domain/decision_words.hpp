// The words of a decision, shared by its names and its codec.
#pragma once

#include "headgate/domain/decision.hpp"
#include "names.hpp"

namespace headgate {

inline constexpr Names<Verdict, 3> verdict_names{
    {{Verdict::pass, "pass"}, {Verdict::fail, "fail"}, {Verdict::inconclusive, "inconclusive"}}};
inline constexpr Names<Outlook, 3> outlook_names{{{Outlook::eligible, "eligible"},
                                                  {Outlook::not_eligible, "not_eligible"},
                                                  {Outlook::inconclusive, "inconclusive"}}};
inline constexpr Names<Action, 5> action_names{{{Action::advance, "advance"},
                                                {Action::narrow, "narrow"},
                                                {Action::collect_evidence, "collect_evidence"},
                                                {Action::repair, "repair"},
                                                {Action::reject, "reject"}}};

}  // namespace headgate
