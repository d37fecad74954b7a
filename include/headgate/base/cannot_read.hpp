// What is thrown where a file that was open, or that we wrote ourselves, can no longer be read, and the seam has no
// place for an error: a disk fails, or the system has no more descriptors. Only the command line catches it.
#pragma once

#include <stdexcept>

namespace headgate {

struct CannotRead : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace headgate
