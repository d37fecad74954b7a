// --set key.path=value on top of a gate file. Complaints about an overridden value are about what was typed, not about
// what stands in the file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::config {

inline constexpr const char* overrides_name = "--set";

class Overrides {
 public:
  // Applies all of them to a copy of the file's values. Complains about those that are no key=value, whose value is no
  // YAML, or that lead nowhere.
  Overrides(const Tree& file, const std::vector<std::string>& written, Complaints& complaints);

  bool any() const { return !entries_.empty(); }
  // What to check instead of the file. Its name is the file's.
  const Tree& effective() const { return *effective_; }
  // Moves the errors that were found in effective() to their places in the file or in what was typed.
  Complaints moved(Complaints found, const Tree& file) const;

 private:
  struct Entry {
    std::string written;
    std::string pointer;
    std::size_t value_column;
  };
  Error moved(Error error, const Tree& file) const;

  std::vector<Entry> entries_;
  std::optional<Tree> effective_;
};

}  // namespace headgate::config
