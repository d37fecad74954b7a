// Whether what came is a reply at all.
#pragma once

#include <string>
#include <string_view>

#include "headgate/domain/reply.hpp"

namespace headgate::route {

// What a reply that ended for this reason is instead of a reply; none for all other reasons.
ErrorKind ending_of(std::string_view finish_reason);

// The reply as an outcome: one that ended for a reason that makes it none (cut, filtered), or that says nothing a
// person could read, is an error. A cut reply's text stands in the message, cut.
Outcome judged(Reply reply);

// "'the beginning … the end'", escaped, for a message.
std::string quoted(std::string_view text, std::size_t columns);

}  // namespace headgate::route
