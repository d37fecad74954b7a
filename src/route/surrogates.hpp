// JSON text in which a \uD800–\uDFFF escape stands alone. Recorders that cut a reply in the middle of an emoji write
// it, and no strict parser takes it.
#pragma once

#include <string>
#include <string_view>

namespace headgate::route {

// The text with every lone surrogate escape written as \ufffd.
std::string without_lone_surrogates(std::string_view text);

}  // namespace headgate::route
