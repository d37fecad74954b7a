// What a failed HG_ASSERT throws. Only main and tests catch it.
#pragma once

#include <stdexcept>

namespace headgate {

struct BugError : std::logic_error {
  using std::logic_error::logic_error;
};

}  // namespace headgate
