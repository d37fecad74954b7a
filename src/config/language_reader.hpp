// The languages that a gate's suites need: those that ship, and the operator's own under `languages`.
#pragma once

#include <string>
#include <string_view>

#include "headgate/base/complaints.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/config/gate_file.hpp"

namespace headgate::config {

const FieldTable& language_table();

// `tree` is a gate's that has passed its table as far as it is well shaped. Fills gate.languages and gate.unsandboxed;
// complains where a suite needs a language that nobody runs, or bubblewrap or an interpreter is not there.
void read_languages(const Tree& tree, const GateOptions& options, Gate& gate, Complaints& complaints);

// The text of a template that ships: "python", "cpp"; empty for any other name.
std::string_view shipped_template(std::string_view language);

}  // namespace headgate::config
