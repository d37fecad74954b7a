// suite.lock: each released version with the digests of what it holds, so that any of them can be run again and an
// edited one is refused.
#pragma once

#include <string>

#include "headgate/suite/load.hpp"

namespace headgate::suite {

struct Released {
  std::string name;
  std::string version;
  std::size_t cases = 0;
  std::string digest;
  bool already = false;  // the lock had it, unchanged
};

// Locks `version` ("" = the one suite.yaml states) as of `date` (YYYY-MM-DD). Refuses (input) when that version is
// locked with other digests, when an older released version would no longer hold, or when CHANGELOG.md says nothing
// of the version. Writes suite.lock atomically.
Result<Released> release(const std::string& folder, const std::string& version, const std::string& date,
                         const LoadOptions& options, Complaints& complaints);

}  // namespace headgate::suite
