#include "headgate/base/assert.hpp"

#include <string>

#include "headgate/base/bug_error.hpp"

namespace headgate {

void assertion_failed(const char* condition, const char* file, int line) {
  throw BugError(std::string(file) + ":" + std::to_string(line) + ": this should hold: " + condition);
}

}  // namespace headgate
