// What a program in a box may not ask of the kernel, as the bytes that bubblewrap's --seccomp reads.
#pragma once

#include <string>

#include "headgate/base/result.hpp"

namespace headgate::route {

// The process that the box starts is number 2 of its namespace, behind bubblewrap's own.
inline constexpr unsigned first_process = 2;

// The same for the whole process. Fails (environment) where libseccomp does not know this machine.
const Result<std::string>& syscall_filter();

}  // namespace headgate::route
