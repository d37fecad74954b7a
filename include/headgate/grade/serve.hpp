// A grader in C++ as a plugin of its own: the whole program is `int main() { return headgate::grade::serve(my_kind());
// }`.
#pragma once

#include <iosfwd>

#include "headgate/grade/registry.hpp"

namespace headgate::grade {

// Reads a question a line from `in` and writes an answer a line to `out`, until `in` ends, by the protocol of plugins
// (plugin.hpp). `options` of a question are those of `kind`; options that do not build, a question that does not read,
// and a grader that cannot judge are answered with `error`, so that no cell passes for them. What the grader asks
// nobody answers here. Returns what main should: 0, or 1 where `out` cannot be written. Single-threaded.
int serve(const Kind& kind, std::istream& in, std::ostream& out);
int serve(const Kind& kind);  // over stdin and stdout

}  // namespace headgate::grade
