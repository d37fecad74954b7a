// Equal cells of an earlier run, carried into a changed plan.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "headgate/config/route_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/journal/writer.hpp"

namespace headgate::run {

struct Carried {
  std::size_t cells = 0;                            // results taken over
  std::size_t changed = 0, added = 0, removed = 0;  // cases, against the earlier plan
};

struct CarryOptions {
  std::optional<Arm> only;  // cells of this arm alone; absent: of both
  // By cell of the plan; not null: cells that are set are left alone, those carried are set. For carrying from several
  // runs, the best first.
  std::vector<bool>* taken = nullptr;
};

// Appends to `writer` the ok results (and their grades) of `from_folder` whose call the plan also makes. Grades are
// carried only where the graders and the plugins they may consult are the same, and a recorded route's reply only where
// the recording still says the same.
Result<Carried> carry_over(const std::string& from_folder, const Plan& plan, const std::array<config::Route, 2>& routes,
                           journal::Writer& writer, const CarryOptions& options = {});

}  // namespace headgate::run
