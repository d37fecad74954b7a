// The prompt of a live route: its texts, compiled.
#pragma once

#include <vector>

#include "headgate/config/route_file.hpp"

namespace headgate::config {

// `tree` has passed the route's table, and read_parts has complained about files that cannot be read. Complains about
// templates with their places, and about a prompt that would give the expected answer away.
void read_prompt(const Tree& tree, const FileReader& files, Route& route, Complaints& complaints);

}  // namespace headgate::config
