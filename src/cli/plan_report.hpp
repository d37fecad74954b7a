// What `plan` says: whether the gate can decide, and what a run would do. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "estimate_report.hpp"
#include "feasibility.hpp"
#include "headgate/base/json.hpp"
#include "headgate/config/route_file.hpp"
#include "headgate/domain/plan.hpp"

namespace headgate::cli {

struct PlanReport {
  const Plan& plan;
  const std::array<config::Route, 2>& routes;
  const std::optional<Measured>& measured;
  const Feasibility& able;
  const Forecast& forecast;
};

std::string plan_text(const PlanReport& report);
Json plan_json(const PlanReport& report);

}  // namespace headgate::cli
