// What a suite declares about its cases, merged over its suite file and those it includes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "grader_entry.hpp"
#include "headgate/base/result.hpp"
#include "headgate/domain/suite.hpp"
#include "headgate/suite/version.hpp"

namespace headgate::suite {

// A dimension: either any value, or the declared ones.
struct Dimension {
  bool any = false;
  std::vector<std::string> values;
};

struct Declarations {
  std::string name;
  std::optional<SemVer> version;  // absent only after a complaint about it
  std::vector<GraderEntry> graders;
  PassRule pass;
  std::map<std::string, Dimension> segments;
  std::map<std::string, std::string> severe_classes;
  std::map<std::string, std::map<std::string, double>> traffic;
  std::string reviewed_at;
  std::string file;  // the suite file, for messages
  Place version_place;
};

}  // namespace headgate::suite
