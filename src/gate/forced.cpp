#include "headgate/gate/forced.hpp"

#include <algorithm>

namespace headgate::gate {

bool falls_back(const RouteUse& route) { return !route.recorded && !route.fallback.empty(); }

std::set<std::string, std::less<>> forced_ids(const PlanHead& plan) {
  if (std::ranges::none_of(plan.routes, falls_back)) return {};
  return {plan.fallback_tested.begin(), plan.fallback_tested.end()};
}

std::vector<bool> forced_in(const Plan& plan) {
  const auto ids = forced_ids(plan.head);
  if (ids.empty()) return {};
  std::vector<bool> forced(plan.cases.size());
  for (std::size_t item = 0; item < plan.cases.size(); ++item) forced[item] = ids.contains(plan.cases[item].id);
  return forced;
}

}  // namespace headgate::gate
