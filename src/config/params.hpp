// The parameters of a model that is called over HTTP: they go into the request as they are written.
#pragma once

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::config {

// Complains about parameters that headgate sets itself, or that would change what a reply is. `tree` is a route file
// that passed its table, or what of it is well_shaped().
void check_params(const Tree& tree, Complaints& complaints);

}  // namespace headgate::config
