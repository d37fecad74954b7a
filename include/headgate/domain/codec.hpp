// The nouns to and from JSON, with their format versions. Reading fails with ErrorCode::untrusted: these files are
// ours, and a value that does not fit was damaged or edited. A newer format is refused with words.
#pragma once

#include <string>

#include "headgate/base/json.hpp"
#include "headgate/domain/decision.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate {

inline constexpr const char* decision_format = "headgate/decision/1";
inline constexpr const char* plan_format = "headgate/plan/1";
inline constexpr const char* journal_format = "headgate/journal/1";
inline constexpr const char* lock_format = "headgate/lock/1";
inline constexpr const char* calibration_format = "headgate/calibration/1";

Json to_json(const Decision& decision);
Json to_json(const Finding& finding);
Result<Decision> decision_from_json(const Json& value);

Json to_json(const Rules& rules);  // only what is set; known_failures without `active`
Result<Rules> rules_from_json(const Json& value);

Json to_json(const Case& item);
Result<Case> case_from_json(const Json& value);

Json to_json(const GraderSpec& spec);  // {"kind":"not_contains","value":…}
Result<GraderSpec> grader_from_json(const Json& value);

Json to_json(const SuiteHead& suite);
Result<SuiteHead> suite_head_from_json(const Json& value);

Json to_json(const Calibration& calibration);  // with a digest of itself, so that an edited record is noticed
Result<Calibration> calibration_from_json(const Json& value);

Json to_json(const SealedJudge& judge);
Result<SealedJudge> sealed_judge_from_json(const Json& value);

Json to_json(const PlanHead& head);
Result<PlanHead> plan_head_from_json(const Json& value);

Json to_json(const RouteUse& route);
Result<RouteUse> route_use_from_json(const Json& value);

}  // namespace headgate
