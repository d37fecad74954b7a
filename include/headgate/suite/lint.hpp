// Every complaint about a suite's folder: all versions, and the lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "headgate/suite/load.hpp"

namespace headgate::suite {

struct Linted {
  struct At {
    Version version;
    std::size_t cases = 0;
  };
  std::string name;
  std::vector<At> versions;  // oldest first; the draft last, where it is not released
};

// Reads all files, looks at every released version and at the draft, and holds each release against the lock. Returns
// nothing after at least one complaint.
std::optional<Linted> lint(const std::string& folder, const LoadOptions& options, Complaints& complaints);

}  // namespace headgate::suite
