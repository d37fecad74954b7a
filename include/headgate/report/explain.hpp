// Why a decision is what it is: the reason tree down to replies, and the story of one case. All pure; texts from
// outside are escaped for a terminal, or stand in JSON as they are.
#pragma once

#include <cstdint>
#include <string>

#include "headgate/base/json.hpp"
#include "headgate/domain/evidence.hpp"
#include "headgate/report/render.hpp"

namespace headgate::report {

// Deciding cases shown of a rule, before "and N more".
inline constexpr std::size_t max_explained = 10;

// First line: the answer. Second: the main reason. Then every rule, those that keep the answer from being "eligible"
// first, with its figures, what would settle it, and the cases behind it with both replies. Last: where to look.
std::string explanation(const Decision& decision, const Evidence& evidence, const Quotes& quotes, const RunFacts& facts,
                        const Style& style);
// One canonical line: format "headgate/explain/1".
std::string explanation_json(const Decision& decision, const Evidence& evidence, const Quotes& quotes,
                             const RunFacts& facts);

// All that is known of one case, and what it means to every rule. First line: what became of it on both arms.
std::string case_story(const Evidence& evidence, const Rules& rules, CaseIndex item, const Quotes& quotes,
                       const RunFacts& facts, const Style& style);
std::string case_story_json(const Evidence& evidence, const Rules& rules, CaseIndex item, const Quotes& quotes,
                            const RunFacts& facts);
// What is known of a live call, and the tries of it that failed; an empty object where nothing is.
Json call_json(const CellQuote& quote);

// A case as JSON, as every verb writes it: suite, id, severity, segments, and what each arm did in `trial`.
// {"suite","id","severity","severe_class","segments":{…},"trial",
//  "baseline":{"state","status","error","pass","score","reply","latency_ms","cost_usd","grades":[{…}]},"candidate":{…}}
// Where a live call has something to tell, also "call": {"via","cached","tries","waited_ms","first_token_ms",
// "spent_usd","request_id","failed_tries":[{"number","ask","error","http_status","latency_ms","message"}]}, each where
// it is known.
// `state` is that of the case over all trials; the rest is of the one trial.
Json case_json(const Evidence& evidence, CaseIndex item, std::uint32_t trial, const Quotes& quotes);

}  // namespace headgate::report
