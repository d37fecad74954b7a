// What the end of a try means for its pool, and how often such a call may go again.
#pragma once

#include <cstdint>

#include "headgate/route/dialect.hpp"

namespace headgate::run {

enum class TryClass : std::uint8_t {
  reply,
  turned_away,  // 429, 503, 529: come later
  failed,       // an error of the way: the next try may succeed
  unreadable,   // something came that is no reply: cut off, or no HTTP
  final,        // the next try would be answered alike
  refused,      // nobody will answer in this run
};

TryClass class_of(const route::TrySays& says);

// All tries of one call, those that were turned away aside.
std::uint32_t most_tries(ErrorKind kind);

}  // namespace headgate::run
