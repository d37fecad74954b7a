// Signals and the threads of transports.
#pragma once

namespace headgate::route {

// For the calling thread: signals are for the threads of our caller; and SIGPIPE must not come for somebody who does
// not read.
void block_signals();

}  // namespace headgate::route
