// The kinds that ship, by name.
#pragma once

#include <vector>

#include "headgate/grade/registry.hpp"

namespace headgate::grade {

std::vector<Kind> shipped_kinds();

}  // namespace headgate::grade
