// All the ways out of one run behind one transport.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "headgate/route/http.hpp"
#include "headgate/route/processes.hpp"

namespace headgate::route {

// monostate: a lane that no call takes (a recorded route).
using LaneSpec = std::variant<std::monostate, ProgramSpec, HttpSpec>;

const std::string& name_of(const LaneSpec& lane);  // "route support_b"; "" for monostate

// The lanes are the specs, in order; each kind is started with the first call to it.
std::unique_ptr<Transport> start_transports(std::vector<LaneSpec> lanes, Deliver deliver,
                                            std::function<void(std::string)> note);

}  // namespace headgate::route
