// Whom graders ask besides programs: the judges and embeddings of a gate file.
#pragma once

#include "data_path.hpp"
#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/config/gate_file.hpp"

namespace headgate::config {

struct HelperText {
  const Tree& tree;  // of the gate file, well shaped
  const FileReader& files;
  const Environment& environment;
  RouteNeed need;
};

// Complains, at `written`, about each judge and embedding that the suite asks for and the gate does not name.
void require_helpers(const Tree& tree, const Suite& suite, const Json& written, Complaints& complaints);

// Fills judges and embeddings of `gate`, whose routes and suites are there. Of those that no suite asks, nothing need
// be there to be called with.
void read_helpers(const HelperText& text, Gate& gate, Complaints& complaints);

}  // namespace headgate::config
