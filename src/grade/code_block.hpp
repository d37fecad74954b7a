// Where the program stands in a reply.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headgate::grade {

enum class Block { first, last, longest, all, whole };

// The text of the fences (``` or ~~~) that say they are in `language` by one of its usual names, or say nothing; of
// several the one that is asked for, or all with a newline between them. A fence that nobody closed reaches to the end.
// A reply without any fence is the program, whole. Nothing where it has fences, and none of them is in the language.
std::optional<std::string> code_in(std::string_view reply, std::string_view language, Block which);

}  // namespace headgate::grade
