// Everything in a suite's folder, read once, all versions together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case_files.hpp"
#include "lock.hpp"
#include "suite_file.hpp"

namespace headgate::suite {

struct Source {
  std::string folder;
  SuiteFiles suite;
  std::vector<CaseFile> files;
  std::vector<CaseEntry> entries;  // by id, then in the order of files and lines
  std::optional<Lock> lock;

  const Declarations& declared() const { return suite.declared; }
  // Where `key` of a case stands; only the file where `complaints` keeps no more of it, as the search reads a line
  // anew.
  Place place_of(const CaseEntry& entry, const std::string& key, const Complaints& complaints) const {
    const CaseFile& file = files[entry.file];
    return complaints.keeps_more_of(file.name) ? file.place_of(entry.line, key) : Place{file.name, 0, 0, "", 1, 1};
  }
};

// Reads it all and checks what does not depend on a version. Nothing when there is no suite file to speak of or no
// version in it; otherwise a source, which is whole only where no complaint was added.
std::optional<Source> read_source(const std::string& folder, const LoadOptions& options, Complaints& complaints);

}  // namespace headgate::suite
