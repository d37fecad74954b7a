// What is known when a run was interrupted: no decision, and nothing that could be taken for one.
#pragma once

#include <string>
#include <vector>

#include "headgate/base/result.hpp"
#include "headgate/domain/decision.hpp"
#include "headgate/domain/evidence.hpp"
#include "verbs.hpp"

namespace headgate::cli {

struct Partial {
  Decision so_far;  // counts of all cells; of findings those that hold for the cases done, whatever the rest will do;
                    // never its answer
  std::size_t cells = 0, done = 0;
  std::size_t whole_cases = 0, cases = 0;  // with every cell done; in all
  struct Flip {
    std::string id;
    Severity severity = Severity::normal;
    bool regression = true;
  };
  std::vector<Flip> flips;  // of cases whose every cell is done, worst first
  std::string run_id, folder, to_go_on;
};

Partial partial_of(const Evidence& evidence, const std::string& folder, const std::string& to_go_on);
// First line: INTERRUPTED: no decision. Last line: the command that goes on. Brief: one line of counts between them.
std::string partial_text(const Partial& partial, bool brief = false);
std::string partial_markdown(const Partial& partial);
std::string partial_json(const Partial& partial);

// Writes partial.md into the folder and prints the report on stdout.
Result<void> report_partial(const Context& context, const std::string& folder, const std::string& to_go_on);
// Takes partial.md away, as the run goes on.
Result<void> remove_partial_report(const std::string& folder);

}  // namespace headgate::cli
