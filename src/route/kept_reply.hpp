// A reply as the cache keeps it: canonical JSON of all that is the reply's own. How long it took is not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "headgate/domain/reply.hpp"

namespace headgate::route {

std::string kept_text(const Reply& reply);

// Marked as cached, without latency. Nothing where the text is not what kept_text writes, or holds what no ok reply
// has: nothing to read, a negative count or cost.
std::optional<Reply> read_kept(std::string_view text);

}  // namespace headgate::route
