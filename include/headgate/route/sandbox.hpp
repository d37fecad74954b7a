// A box for programs that nobody trusts: bubblewrap with namespaces of its own, resource limits, a filter of system
// calls, and a channel for the verdict that whoever runs the program inside may keep from it.
//
// Inside there is the system's /usr, read-only, an empty /tmp of bounded size, no /proc, no network, no /etc, no home,
// and none of headgate's environment. Where headgate is root the box is entered as nobody: the kernel does not limit
// root's processes. A box that cannot be made is an error of the call; nothing is run outside of it instead.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/result.hpp"

namespace headgate::route {

struct Arrival;
struct Call;
struct ProgramSpec;

struct Sandbox {
  // Where the first word of the box's command finds its channel: the verdict is what it writes to this descriptor.
  static constexpr int verdict_fd = 3;

  // The path of bubblewrap. Empty: no box, as the command line asked. The program then has its session, its limits, the
  // environment it is given and a folder of its own, and can read, write and reach whatever the user can.
  std::string bubblewrap;
  std::vector<std::string> readable = {};                       // further paths that are to be seen inside, read-only
  std::vector<std::pair<std::string, std::string>> files = {};  // that stand inside: absolute path and content
  std::uint64_t temporary_bytes = std::uint64_t{64} << 20;      // of /tmp
  std::uint64_t shared_bytes = std::uint64_t{16} << 20;         // of /dev/shm
  std::uint64_t file_bytes = std::uint64_t{16} << 20;           // of one file
  std::uint32_t open_files = 64;
  std::uint32_t processes = 64;  // threads included; only in a box
  std::uint64_t verdict_bytes = std::uint64_t{4} << 20;

  bool isolates() const { return !bubblewrap.empty(); }
};

// The path of bubblewrap, found in `search_path`. Fails (input) with the way to install it.
Result<std::string> find_bubblewrap(const std::string& search_path);

// One call of a program, waited for. Fails (environment) where no thread or descriptor is to be had.
Result<Arrival> call_once(const ProgramSpec& spec, const Call& call);

}  // namespace headgate::route
