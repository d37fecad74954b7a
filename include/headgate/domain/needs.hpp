// Whom graders ask, by the names they give them. Who that is, the gate file says.
#pragma once

#include <set>
#include <string>

#include "headgate/base/digest.hpp"

namespace headgate {

// A judge as a grader uses it: whose word it is, and by which rubric. A calibration is of exactly this, with one route.
struct JudgeUse {
  std::string judge;      // the name in `judges:` of the gate file
  Digest rubric;          // of the grader: all that changes what the judge is told and how its answer is read
  bool recorded = false;  // its verdicts came with the replies, and nobody is asked
  friend auto operator<=>(const JudgeUse&, const JudgeUse&) = default;
  friend bool operator==(const JudgeUse&, const JudgeUse&) = default;
};

struct Needs {
  std::set<std::string> plugins = {};     // targets of grade::Consult
  std::set<JudgeUse> judges = {};         // targets of grade::Chat, and judges whose verdicts are recorded
  std::set<std::string> embeddings = {};  // targets of grade::Embed
  std::set<std::string> languages = {};   // of grade::Program

  void add(const Needs& more) {
    plugins.insert(more.plugins.begin(), more.plugins.end());
    judges.insert(more.judges.begin(), more.judges.end());
    embeddings.insert(more.embeddings.begin(), more.embeddings.end());
    languages.insert(more.languages.begin(), more.languages.end());
  }
  bool empty() const { return plugins.empty() && judges.empty() && embeddings.empty() && languages.empty(); }
};

}  // namespace headgate
