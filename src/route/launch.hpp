// Starts one child process. It leads a process group of its own, dies with the thread that started it, holds no
// descriptors but its stdin, stdout and stderr, and sees only the environment it is given.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

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
  Fd verdict;  // of a confined child
};

// What a child is held to that nobody trusts. It leads a session of its own, and where we are root it is nobody.
struct Confinement {
  std::uint64_t cpu_seconds = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t open_files = 0;
  std::vector<int> passed = {};  // descriptors that it gets, under their own numbers, above `highest_given`

  static constexpr int nobody = 65534;
};

// The hint of an error that is nobody's fault: no process, descriptor or memory was to be had just then.
inline constexpr const char* shortage = "the system is short of something; it is tried again";
inline bool is_shortage(const Error& error) { return error.hint == shortage; }

// `memory_bytes` 0: no limit. A confined child finds the writing end of its verdict at Sandbox::verdict_fd. The calling
// thread should live as long as the child is wanted. Fails (environment) with the reason; then nothing is left: no
// descriptor, no process.
Result<Launched> launch(const Command& command, std::uint64_t memory_bytes, const Confinement* confinement = nullptr);

// The same descriptor with a number that no child is given for something else.
Fd out_of_the_way(Fd fd);

}  // namespace headgate::route
