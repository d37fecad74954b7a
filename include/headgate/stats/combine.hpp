// Three-valued "and": how the answers of several rules become one.
#pragma once

#include <span>

namespace headgate::stats {

enum class Trilean { no, unknown, yes };

// Any no is no; else any unknown is unknown; else yes (Kleene 1952) - except that no answers at all are unknown: an
// empty gate admits nothing.
Trilean all_of(std::span<const Trilean> answers);

}  // namespace headgate::stats
