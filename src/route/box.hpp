// How a call of a program with a sandbox is started.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fd.hpp"
#include "headgate/base/result.hpp"
#include "headgate/route/program.hpp"
#include "headgate/route/transport.hpp"
#include "launch.hpp"

namespace headgate::route {

// The command that makes the box and runs the program in it, and the descriptors that go along. `folder` is where the
// program stands when there is no box; in a box the call's files are beneath /box.
struct Boxed {
  Command command;
  std::vector<Fd> passed;
  Confinement confinement;  // but for what is passed
};

// Fails (environment).
Result<Boxed> boxed(const ProgramSpec& spec, const Call& call, const std::string& folder);

// Gives the folder and what is in it to whom the program will run as.
Result<void> hand_over(const std::string& folder);

}  // namespace headgate::route
