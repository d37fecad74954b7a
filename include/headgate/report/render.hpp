// One decision, many renderings. All pure: text from outside is escaped for the format it enters.
#pragma once

#include "headgate/report/story.hpp"

namespace headgate::report {

struct Style {
  bool colour = false;
  std::size_t width = 100;  // columns
};

// First line: the answer. Second: the main reason. Last: where to look.
std::string terminal(const Decision& decision, const Story& story, const RunFacts& facts, const Style& style);
// The canonical bytes of decision.json, with a final newline.
std::string decision_json(const Decision& decision);
std::string markdown(const Decision& decision, const Story& story, const RunFacts& facts);
// JUnit XML: one test case a case (candidate arm), one more a rule; streamed, because a suite may be large.
// `quotes` is asked only for cases that do not pass.
// What `facts` says of the run's calls stands among the properties of the rules.
void junit(const Decision& decision, const Evidence& evidence, const Quotes& quotes, const Sink& sink,
           const RunFacts& facts = {});

}  // namespace headgate::report
