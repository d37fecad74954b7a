// The rules of a gate file, from values that have passed its table.
#pragma once

#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/domain/rules.hpp"

namespace headgate::config {

// Refuses what is not built yet and returns the tree without it.
Tree without_later_gate_keys(Tree tree, Complaints& complaints);

// `tree` is a gate file that passed gate_table(), or what of it is well_shaped(): then a name that is missing in a list
// is empty in its place, so that each entry keeps its number. `today` decides which known failures are active; empty:
// all.
Rules read_rules(const Tree& tree, const std::string& today, Complaints& complaints);

}  // namespace headgate::config
