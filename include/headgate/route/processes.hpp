// Programs as a transport: one thread, all children of a run.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "headgate/route/program.hpp"
#include "headgate/route/transport.hpp"

namespace headgate::route {

// The lanes are the specs, in order. Starts nothing before the first call of a lane. Throws std::system_error where the
// system gives neither thread nor descriptors. `note` takes what a person should
// know and no call's error says (a worker was restarted; a program writes lines that are no replies), already escaped;
// at most `max_notes` a lane; it may be null.
//
// A call that takes its worker down is child_died, too_large or timeout. Calls that shared the worker with it and were
// not answered go again, one at a time, so that only the culprit is blamed; each goes again at most twice. A program
// that dies `max_deaths` times without any reply is not started again: the calls it took down are child_died, all later
// ones breaker.
inline constexpr std::size_t max_notes = 20;
inline constexpr std::size_t max_deaths = 5;

std::unique_ptr<Transport> start_processes(std::vector<ProgramSpec> lanes, Deliver deliver,
                                           std::function<void(std::string)> note);

}  // namespace headgate::route
