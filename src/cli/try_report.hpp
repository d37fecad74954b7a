// What one case came to on both arms, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "headgate/domain/case.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/domain/reply.hpp"
#include "headgate/journal/record.hpp"
#include "headgate/report/story.hpp"

namespace headgate::cli {

struct TriedCell {
  std::uint32_t trial = 0;
  Status status = Status::not_run;
  ErrorKind error = ErrorKind::not_started;
  Outcome outcome;
  journal::GradeFacts grade;  // meaningful where there is a reply
  report::CellQuote call;     // who answered in the end, and after what
};

struct TriedArm {
  Arm arm = Arm::baseline;
  std::string route, kind;
  bool recorded = false;
  std::vector<Message> messages;  // what a live route was sent,
  std::string body;               // or, where its own template says that, the JSON it was sent for the first trial
  std::vector<TriedCell> cells;   // by trial
};

struct Tried {
  std::string suite;
  Case item;
  std::string input, expected;      // as people read them
  std::vector<std::string> labels;  // of its graders, the suite's first
  std::vector<TriedArm> arms;       // those asked for
};

// Whether every cell replied and was graded.
bool all_graded(const Tried& tried);

// First line: what became of it on each arm. Texts from outside are escaped.
std::string try_text(const Tried& tried);
std::string try_json(const Tried& tried);  // one canonical line

}  // namespace headgate::cli
