// HG_ASSERT stops the program on a mistake of ours, in release builds too: a wrong gate is worse than a stopped one.
#pragma once

namespace headgate {

// Throws BugError (assert.cpp); main turns it into exit status 70.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace headgate

#define HG_ASSERT(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : ::headgate::assertion_failed(#condition, __FILE__, __LINE__))
