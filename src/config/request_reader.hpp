// The request of a service of the operator's own (kind: generic_http): JSON with variables in its texts.
#pragma once

#include <memory>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/config/route_file.hpp"

namespace headgate::config {

// Complains about variables nobody knows, at their places, and about pointers that are none. Adds the case's variables
// to route.prompt_variables; where the request takes no prompt at all, route.prompt says nothing. `tree` is a route
// file that passed its table, or what of it is well_shaped(); the prompt has been read.
std::shared_ptr<const route::Dialect> read_request(const Tree& tree, Route& route, Complaints& complaints);

}  // namespace headgate::config
