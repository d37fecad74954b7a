// The parts of a route whose change changes behaviour, as canonical JSON.
#pragma once

#include "headgate/base/complaints.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/config/route_file.hpp"
#include "headgate/domain/route.hpp"

namespace headgate::config {

// `tree` has passed the route's table, or is what of it is well_shaped(). Files of prompt and program go in by their
// content. `is_started`, `need`: as in ProgramText.
RouteParts read_parts(const Tree& tree, const FileReader& files, bool is_started, RouteNeed need,
                      Complaints& complaints);

bool has_parts(const RouteParts& parts);  // other than the digest of recorded replies

}  // namespace headgate::config
