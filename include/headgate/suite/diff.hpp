// What differs between two versions of a suite.
#pragma once

#include <string>
#include <vector>

#include "headgate/suite/stats.hpp"

namespace headgate::suite {

// A value as text; empty where there is none.
struct Change {
  std::string what;  // "input", "expected", "severity", … or "grader", one change each
  std::string before, after;
};

struct ChangedCase {
  std::string id;
  std::vector<Change> changes;
};

struct Diff {
  Stats before, after;
  std::vector<Change> head;  // pass rule, graders, declared segments, severe classes, traffic, reviewed_at
  std::vector<std::string> added, removed;  // case ids
  std::vector<ChangedCase> changed;         // by id

  bool same() const { return head.empty() && added.empty() && removed.empty() && changed.empty(); }
};

// Both suites are in id order, as they are loaded.
Diff diff(const Suite& before, const Suite& after);

}  // namespace headgate::suite
