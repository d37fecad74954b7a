// The kinds of routes, and which keys of the one table belong to which.
#pragma once

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::config {

enum class RouteKind {
  unknown,  // the table says so
  replay,
  process,
  later,  // live kinds that are not built yet
};

RouteKind kind_of(const Tree& tree);

// The tree without the keys that are another kind's; each is a complaint that says where it belongs. Of a kind that is
// not built yet nothing is said: the whole file is refused.
Tree without_stray_keys(Tree tree, RouteKind kind, Complaints& complaints);

}  // namespace headgate::config
