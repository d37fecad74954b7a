// Decisions a reader should recognise, built by hand: what is decided, what is quoted, what was measured.
#pragma once

#include <string>
#include <vector>

#include "headgate/report/render.hpp"

namespace headgate::test {

struct Scene {
  std::string name;  // of its folder
  Evidence evidence;
  Decision decision;
  report::Quotes quotes;
  report::Story story;
  report::RunFacts facts;
};

// eligible, not_eligible (severe failures with hostile texts), inconclusive (errors and cells not run), shadow (few
// cases and several trials), live (calls, a fallback, a cache, a budget that ended the run).
std::vector<Scene> scenes();

// What models and suites have been seen to send: terminal escapes, bidirectional controls, CI commands, markup.
const std::vector<std::string>& hostile_texts();

}  // namespace headgate::test
