// suite.yaml and the suite files it includes, to declarations and the case files they name.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "declarations.hpp"
#include "field_map.hpp"
#include "headgate/suite/load.hpp"

namespace headgate::suite {

// `cases:` of one suite file, not looked up yet.
struct CaseSource {
  std::string pattern;                     // path of the suite's folder, or data:ROOT/file; may end in a pattern
  std::shared_ptr<const FieldMap> fields;  // of the file that names it; shared by all its sources; null: our own shape
  Place place;
};

struct SuiteFiles {
  Declarations declared;
  std::vector<CaseSource> sources;
  bool mapped = false;  // some source has fields: the newest version only
};

inline constexpr std::size_t max_include_depth = 8;

// Nothing when there is no suite file that can be used at all; else whatever could be read, with the complaints.
std::optional<SuiteFiles> read_suite_files(const std::string& folder, const LoadOptions& options,
                                           Complaints& complaints);

// A path of the suite's folder as the user would type it.
std::string shown_path(const std::string& folder, const std::string& relative);

}  // namespace headgate::suite
