// Cases on which a route is made to fail so that its fallback must answer (readiness.fallback_tested). They say
// something of the fallback and nothing of traffic: like targeted cases they count in severe, must_pass and flips,
// never in an average, a latency or the rate of fallbacks.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "headgate/domain/plan.hpp"

namespace headgate::gate {

// Whether a route is called and has somebody to call where it fails. Recorded replies are what they are.
bool falls_back(const RouteUse& route);

// Their ids; none where no route falls back, whatever the plan names.
std::set<std::string, std::less<>> forced_ids(const PlanHead& plan);

// By case of the plan; empty where there is none.
std::vector<bool> forced_in(const Plan& plan);

}  // namespace headgate::gate
