// The gate's own answer to "can it say eligible?", under the names this room uses.
#pragma once

#include "headgate/gate/feasibility.hpp"

namespace headgate::cli {

using gate::Carry;
using gate::Feasibility;
using gate::feasibility;
using gate::Measured;
using gate::Need;

}  // namespace headgate::cli
