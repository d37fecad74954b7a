// A grader of a suite or case file with the versions it is in.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/grade/registry.hpp"
#include "headgate/suite/version.hpp"

namespace headgate::suite {

struct GraderEntry {
  GraderSpec spec;
  Window window;
  std::shared_ptr<const grade::Grader> built;  // shared: many cases say the same grader
};

// Graders that were found good, by their spec, so that equal ones are built once. One a chunk: not thread-safe.
using GoodGraders = std::unordered_map<std::string, std::shared_ptr<const grade::Grader>>;

// Reads `since` and `retired` of an object inside `tree`; complains about what is no version and about an empty window.
Window read_window(const Tree& tree, const Json& object, Complaints& complaints);

// Checks and reads the list `graders` of `tree`'s root, if there is one.
std::vector<GraderEntry> read_graders(const Tree& tree, const grade::Registry& registry, GoodGraders& good,
                                      Complaints& complaints);

}  // namespace headgate::suite
