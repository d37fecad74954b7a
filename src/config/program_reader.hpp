// A program of the operator's, as a route of kind process and a plugin write it: command, environment, limits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data_path.hpp"
#include "headgate/base/complaints.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/json_text.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/config/route_file.hpp"
#include "headgate/route/program.hpp"

namespace headgate::config {

// `object` stands inside `tree` and has passed a table with program_fields(); it has a command. Paths in it are
// relative to the tree's file.
struct ProgramText {
  const Tree& tree;
  const Json& object;
  const FileReader& files;
  bool is_started = true;  // else it only says whose recorded replies they are
  RouteNeed need = RouteNeed::calls;
  std::vector<std::string>* missing = nullptr;  // takes what RouteNeed forgives of secrets
};

// The keys of a program, for the tables of routes and plugins.
std::vector<Field> program_fields();
Field speaks_field();  // routes alone

// What may be started: every word, variable, file and limit was looked at, and whatever is wrong has been complained
// about, but for what the text's need forgives. `defaults` are the limits where none are written.
std::optional<route::ProgramSpec> read_program(const ProgramText& text, std::string name,
                                               const route::ProgramLimits& defaults, const Environment& environment,
                                               Complaints& complaints);

// All that changes what the program answers, as canonical JSON: the command, the bytes of the files it names, the way
// of speaking, the environment as it is written. Never a secret's value, never a limit. Complains about files that
// cannot be read; nothing is started, and nothing is looked up in PATH.
JsonText program_part(const ProgramText& text, Complaints& complaints);

}  // namespace headgate::config
