// Scripts of the fake provider as files: what they may say, and reading them. docs/fake-provider.md tells it for
// people.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::fake {

const FieldTable& script_table();

struct ScriptData;
using Script = std::shared_ptr<const ScriptData>;  // immutable, hence shared

// `tree` as parse_config gives it; files that it names are relative to `folder`. On any fault adds complaints and
// returns nothing.
std::optional<Script> read_script(const Tree& tree, const FileReader& files, const std::string& folder,
                                  Complaints& complaints);

}  // namespace headgate::fake
