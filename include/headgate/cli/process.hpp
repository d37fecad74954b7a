// What a process must settle before it does anything: its descriptors, its signals, the modes of its files.
#pragma once

namespace headgate::cli {

// Call once, first. Afterwards descriptors 0 to 2 are open (a closed one reads or writes /dev/null, so that no file of
// ours ever becomes stdout), a closed pipe is an error value instead of a signal, new files are private (umask 077),
// and no core is dumped (it would hold prompts and replies).
void prepare_process();

}  // namespace headgate::cli
