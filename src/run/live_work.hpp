// The two ends of a call to a live route: the request as the program reads it, and its answer as an outcome.
#pragma once

#include <variant>

#include "headgate/config/route_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/route/transport.hpp"

namespace headgate::run {

// `lane` is where the route's program listens. A case that the prompt does not fit is request_rejected.
std::variant<route::Call, CallError> request_to(const config::Route& route, std::size_t lane, const CallId& id,
                                                const Case& item, std::uint32_t trial);

// An error that is the way's or the route's; never one that means "not run".
Outcome outcome_of(const config::Route& route, const route::Arrival& arrival);

}  // namespace headgate::run
