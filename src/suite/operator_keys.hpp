// Keys that belong to the operator's files. A suite is somebody else's: a change to it must not be able to reach a URL,
// a key or a command, so such a key is an error of its own and never just unknown.
#pragma once

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::suite {

// Complains about every operator key of the object that is `tree`'s root and returns the tree without them, so that the
// field table does not complain again.
Tree without_operator_keys(Tree tree, Complaints& complaints);

}  // namespace headgate::suite
