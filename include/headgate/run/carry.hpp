// Equal cells of an earlier run, carried into a changed plan.
#pragma once

#include <array>
#include <string>

#include "headgate/config/route_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/journal/writer.hpp"

namespace headgate::run {

struct Carried {
  std::size_t cells = 0;                            // results taken over
  std::size_t changed = 0, added = 0, removed = 0;  // cases, against the earlier plan
};

// Appends to `writer` the ok results (and their grades) of `from_folder` whose call the plan also makes. Grades are
// carried only where the graders are the same, and a recorded route's reply only where the recording still says the same.
Result<Carried> carry_over(const std::string& from_folder, const Plan& plan,
                           const std::array<config::Route, 2>& routes, journal::Writer& writer);

}  // namespace headgate::run
