// Equal cells of an earlier run, carried into a changed plan.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "headgate/config/route_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/grade/registry.hpp"
#include "headgate/journal/writer.hpp"

namespace headgate::run {

// Why a cell of the plan was not carried.
enum class NotCarried : std::uint8_t {
  other_route,  // its arm's route is another one
  not_asked,    // the case is new or changed, or the trial is a further one
  no_reply,     // it ended in an error, or the earlier run did not come to it
  corrected,    // the recording says something else now
};

struct Carried {
  std::size_t cells = 0;                                   // results taken over
  std::map<std::pair<Arm, NotCarried>, std::size_t> left;  // cells that were not, among those asked for
  std::size_t changed = 0, added = 0, removed = 0;         // cases, against the earlier plan
};

struct CarryOptions {
  std::optional<Arm> only;  // cells of this arm alone; absent: of both
  // By cell of the plan; not null: cells that are set are left alone, those carried are set. For carrying from several
  // runs, the best first.
  std::vector<bool>* taken = nullptr;
  const grade::Registry* registry = &grade::registry();
};

// Appends to `writer` the ok results (and their grades) of `from_folder` whose call the plan also makes. Grades are
// carried only where the graders and all whom they may ask are the same, those of graders that compare the replies of a
// pair only where both replies are carried, and a recorded route's reply only where the recording still says the same.
Result<Carried> carry_over(const std::string& from_folder, const Plan& plan, const std::array<config::Route, 2>& routes,
                           journal::Writer& writer, const CarryOptions& options = {});

// How many cells carry_over() would take, marking them in `options.taken`; writes nothing.
Result<std::size_t> count_carried(const std::string& from_folder, const Plan& plan,
                                  const std::array<config::Route, 2>& routes, const CarryOptions& options = {});

}  // namespace headgate::run
