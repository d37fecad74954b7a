// Whom a run may call, by lane number: the arms' routes at 0 and 1, their fallbacks at 2 and 3, then what graders ask
// (judges, embeddings, plugins, languages, each by name). A lane that nobody calls is there too, with nothing behind
// it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "headgate/config/route_file.hpp"
#include "headgate/route/transports.hpp"
#include "headgate/run/drive.hpp"
#include "lanes.hpp"

namespace headgate::run {

inline constexpr std::size_t first_fallback_lane = 2;
inline constexpr std::size_t first_helper_lane = 4;

// A live route whose replies are recorded elsewhere is read, not called.
inline bool is_called(const config::Route& route) { return route.is_live() && !route.replies; }

struct LanePlan {
  std::vector<route::LaneSpec> specs;
  std::vector<const config::HttpRoute*> http;  // by lane; null where it is none
  LaneSetup setup;                             // lanes that name the same pool share it, under the strictest limits
};

// Borrows routes and helpers. `fail_fast`: no call has another try.
LanePlan plan_lanes(const std::array<config::Route, 2>& routes, const Helpers& helpers, bool fail_fast);

// Where a process that may have so many files open cannot have all written calls out at once, fewer are. A sentence
// about that, or "".
std::string fit_descriptors(LaneSetup& setup, std::size_t descriptors);

}  // namespace headgate::run
