// What a run would ask, pay and wait for, as text and as JSON. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "baseline_reuse.hpp"
#include "headgate/base/json.hpp"
#include "headgate/config/gate_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/run/estimate.hpp"

namespace headgate::cli {

struct Forecast {
  run::Estimate estimate;
  std::array<std::string, 2> measured_in;  // by Arm: the run that measured how long a reply takes; empty: assumed
  std::optional<Reused> reused;            // where the gate says reuse: what a run would take over now
  std::string now;                         // UTC stamp, for ages
  config::Budget budget;
};

std::string forecast_text(const Forecast& forecast, const Plan& plan);
Json forecast_json(const Forecast& forecast);

}  // namespace headgate::cli
