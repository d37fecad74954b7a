// The parts of a route whose change changes behaviour, as canonical JSON.
#pragma once

#include "headgate/base/complaints.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/domain/route.hpp"

namespace headgate::config {

// `tree` has passed the route's table. Files of prompt and program go in by their content. `is_started`: as in
// ProgramText.
RouteParts read_parts(const Tree& tree, const FileReader& files, bool is_started, Complaints& complaints);

bool has_parts(const RouteParts& parts);  // other than the digest of recorded replies

}  // namespace headgate::config
