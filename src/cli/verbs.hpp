// What headgate can be asked to do: one row a verb. Parsing, help and dispatch all read this table.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "headgate/base/result.hpp"
#include "headgate/cli/exit_code.hpp"
#include "terminal.hpp"

namespace headgate::cli {

// What a verb's function works with.
struct Context {
  const Arguments& arguments;
  const Terminal& terminal;
  const Environment& environment;
};

struct Verb {
  std::string name;      // "run", "suite release"
  std::string group;     // heading in the overview
  std::string summary;   // one line
  std::string operands;  // "GATE", "[PATH...]"; empty: takes none
  std::size_t least_operands = 0;
  std::size_t most_operands = 0;
  std::vector<Option> options;        // without the common ones
  std::string details;                // a paragraph or two
  std::vector<std::string> examples;  // whole command lines
  // An exit code, or an error that the caller shows and turns into one.
  Result<ExitCode> (*run)(const Context& context) = nullptr;
  bool paged = false;              // its text may be longer than a screen, and is all there is to wait for
  bool explains_operand = false;   // `VERB --help OPERAND` is asked as `VERB OPERAND`
  bool takes_empty_words = false;  // an empty operand means something
};

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

std::span<const Verb> verbs();
const Verb* find_verb(std::string_view name);
// --json, --color, --no-pager and --help, which every verb has.
std::span<const Option> common_options();
// Verbs of the design that a later version brings: calling one says so instead of "unknown".
std::span<const std::string> later_verbs();

// Each verb's row stands beside its function, in verb_<name>.cpp.
Verb run_row();
Verb plan_row();
Verb check_row();
Verb try_row();
Verb decide_row();
Verb regrade_row();
Verb show_row();
Verb explain_row();
Verb compare_row();
Verb init_row();
Verb lint_row();
Verb doctor_row();
Verb suite_show_row();
Verb suite_stats_row();
Verb suite_diff_row();
Verb suite_release_row();
Verb judge_sample_row();
Verb judge_calibrate_row();
Verb cache_stats_row();
Verb cache_clear_row();
Verb graders_row();
Verb graders_try_row();
Verb schema_row();
Verb fake_provider_row();
Verb completion_row();
Verb version_row();

}  // namespace headgate::cli
