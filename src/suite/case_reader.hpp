// One case object to a case, with every complaint about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "declarations.hpp"
#include "grader_entry.hpp"
#include "headgate/base/complaints.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/domain/case.hpp"

namespace headgate::suite {

// A case in all the versions of its window, as it stands in a line of a file.
struct CaseEntry {
  Case item;  // cluster as written; digest not yet made
  Window window;
  std::string variant_of;
  std::vector<Window> grader_windows;  // of item.graders; empty: all of them are in every version
  std::vector<std::pair<std::size_t, Needs>> needs;  // index in item.graders, and whom it asks
  std::vector<std::pair<std::string, std::string>> referenced;  // files of the folder and their digests
  std::uint32_t file = 0;                                       // index of the case file
  std::size_t line = 0;
};

inline constexpr std::size_t max_id_bytes = 256;

// Const after construction, and read() may run on many threads at once, each with its own `good`.
class CaseReader {
 public:
  CaseReader(const Declarations& declared, const grade::Registry& registry, const FileReader& files, std::string folder)
      : declared_(declared), registry_(registry), files_(files), folder_(std::move(folder)) {}

  // Nothing when not even the id can be used. After a complaint the entry is only good for finding duplicates.
  std::optional<CaseEntry> read(const Tree& tree, GoodGraders& good, Complaints& complaints) const;

 private:
  void read_segments(const Tree& tree, Case& item, Complaints& complaints) const;
  void read_severity(const Tree& tree, Case& item, Complaints& complaints) const;
  void check_needs(const Tree& tree, const CaseEntry& entry, const std::vector<GraderEntry>& own,
                   Complaints& complaints) const;
  void read_input(const Tree& tree, CaseEntry& entry, Complaints& complaints) const;

  const Declarations& declared_;
  const grade::Registry& registry_;
  const FileReader& files_;
  std::string folder_;
};

}  // namespace headgate::suite
