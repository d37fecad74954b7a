// Suite files to a valid suite, or every complaint about them at once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/for_each.hpp"
#include "headgate/domain/suite.hpp"
#include "headgate/grade/registry.hpp"

namespace headgate::suite {

// What a person wrote to name a suite: `name`, `name@^1.4`, `name@1.4.0`, `./path`, `../path@1.2.0`, `x@draft`.
struct Reference {
  std::string text;
  std::string target;    // name or path
  bool is_path = false;  // begins with . or / or contains /
  std::string range;     // "", "^1.4", "1.4.0", "draft", …
};
Result<Reference> parse_reference(const std::string& text);

// Where a reference leads: a path relative to `base_folder`, or a name in the nearest eval_suites/ at or above it.
// Fails (input) with the folders tried and a did-you-mean.
Result<std::string> find_folder(const Reference& reference, const std::string& base_folder, const FileReader& files);

// Roots outside, that `data:ROOT/file` may read; by name, absolute or relative to the working directory.
using DataRoots = std::map<std::string, std::string>;

struct LoadOptions {
  const FileReader* files = &real_files();
  const grade::Registry* registry = &grade::registry();
  DataRoots data;
  ForEach for_each = serial();
};

// Reads the suite in `folder` at the version that `range` asks for ("" = the newest released, or the draft where
// nothing is released). A released version's digests must equal suite.lock, else it is refused; a draft runs and says
// so. Returns nothing after at least one complaint.
std::optional<Suite> load(const std::string& folder, const std::string& range, const LoadOptions& options,
                          Complaints& complaints);

// A whole suite file set without choosing a version, for release, lint and statistics.
struct Version {
  std::string version;
  bool released = false;
  std::string date;  // of release
};
std::vector<Version> versions(const std::string& folder, const LoadOptions& options, Complaints& complaints);

// The field tables, for schemas and references.
const FieldTable& suite_table();
const FieldTable& include_table();  // of a file that `include` names
const FieldTable& case_table();
const FieldTable& lock_table();

}  // namespace headgate::suite
