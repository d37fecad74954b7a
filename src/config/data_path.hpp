// `data:ROOT/file` in operator files, and where the roots are.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::config {

using DataRoots = std::map<std::string, std::string>;
using Environment = std::function<std::optional<std::string>(const std::string&)>;

// The map `data` of a gate file, with ${NAME} taken from the environment. A path that begins with a variable is what
// the person at the shell meant; any other is relative to the gate file.
DataRoots read_data_roots(const Tree& tree, const Json& data, const Environment& environment, const FileReader& files,
                          Complaints& complaints);

// The file that the string at `value` names: data:ROOT/file, or a path relative to the file that names it.
std::optional<std::string> named_file(const Tree& tree, const Json& value, const DataRoots& data,
                                      Complaints& complaints);

}  // namespace headgate::config
