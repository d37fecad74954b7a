// The case files of a suite: looked up, read once, parsed in chunks.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "case_reader.hpp"
#include "suite_file.hpp"

namespace headgate::suite {

// Held while a suite is read: complaints found late look their line up again.
struct CaseFile {
  std::string name;  // as the user would type it
  std::string text;
  bool csv = false;
  std::shared_ptr<const FieldMap> fields;
  Place named_at;

  // Where `key` of the case on that line stands. Parses the line anew: only for complaints.
  Place place_of(std::size_t line, const std::string& key) const;
};

struct CaseFiles {
  std::vector<CaseFile> files;
  std::vector<CaseEntry> entries;  // in the order of files and lines
};

// Complaints come in the order of files and lines, whatever `options.for_each` does.
CaseFiles read_case_files(const std::string& folder, const SuiteFiles& suite, const LoadOptions& options,
                          Complaints& complaints);

}  // namespace headgate::suite
