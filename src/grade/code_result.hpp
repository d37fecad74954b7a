// What a language's template said of a program, and what that comes to.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "code_tests.hpp"
#include "headgate/grade/grader.hpp"

namespace headgate::grade {

struct CodeRun {
  std::string_view nonce;
  Limits limits;
  std::uint32_t time_ms = 0;       // of the program alone
  std::span<const InOut> io = {};  // where the program is run whole
  bool exact = false;              // what it writes must be the same to the byte
};

// Passed only where the template ended well and its own channel says so with the nonce; whatever the program's output
// says is not looked at. Never Absent.
Step grade_of(const ProgramResult& result, const CodeRun& run);

// Whether what was written is what is expected: the same lines, white space at their ends and empty lines at the end
// aside; or the same bytes.
bool same_output(std::string_view written, std::string_view expected, bool exact);

}  // namespace headgate::grade
