// Starts one child process. It leads a process group of its own, dies with the thread that started it, holds no
// descriptors but its stdin, stdout and stderr, and sees only the environment it is given.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "fd.hpp"
#include "headgate/base/result.hpp"
#include "headgate/route/program.hpp"

namespace headgate::route {

struct Launched {
  pid_t pid = -1;
  Fd exit;  // a pidfd: readable when the child has ended (a hint: ask waitid)
  Fd in;    // our ends, close-on-exec and non-blocking
  Fd out;
  Fd err;
};

// The hint of an error that is nobody's fault: no process, descriptor or memory was to be had just then.
inline constexpr const char* shortage = "the system is short of something; it is tried again";
inline bool is_shortage(const Error& error) { return error.hint == shortage; }

// `memory_bytes` 0: no limit. The calling thread should live as long as the child is wanted. Fails (environment) with
// the reason; then nothing is left: no descriptor, no process.
Result<Launched> launch(const Command& command, std::uint64_t memory_bytes);

}  // namespace headgate::route
