// Server-sent events, plain and in the variants that clients must bear.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "behaviour.hpp"

namespace headgate::fake {

struct Event {
  std::string name;  // "": none is sent
  std::string data;
};

// The bytes of one event; `first` of a stream.
std::string encoded(const Event& event, const StreamScript& how, bool first);

// The text in pieces of about that many bytes that end with whole characters. One empty piece for an empty text.
std::vector<std::string_view> pieces(std::string_view text, std::size_t bytes);

}  // namespace headgate::fake
