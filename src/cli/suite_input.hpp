// A suite as people name it on the command line, loaded.
#pragma once

#include <optional>
#include <string>

#include "headgate/base/json.hpp"
#include "headgate/suite/load.hpp"
#include "headgate/suite/stats.hpp"
#include "verb_options.hpp"
#include "verbs.hpp"

namespace headgate::cli {

Option data_option();  // --data ROOT=FOLDER
// With worker threads and the roots of --data.
Result<suite::LoadOptions> suite_options(const Context& context);

struct NamedSuite {
  std::string folder;
  std::string range;  // as suite::load takes it
};
// `name[@range]` looked up in the nearest eval_suites/ as gates do, or a folder.
Result<NamedSuite> find_suite(const std::string& words);

// Loads it at its range. On complaints they are shown, `code` is set and nothing is returned.
std::optional<Suite> load_suite(const Context& context, const NamedSuite& named, const suite::LoadOptions& options,
                                ExitCode& code);

// "support_triage@1.4.0, released: 505 cases"
std::string suite_line(const SuiteHead& head);
// "0.089 / 0.125" for max_loss where the routes differ on 10 % / 20 % of cases; "-" where too few cases are.
std::string carries_text(const suite::Power& power);
Json power_json(const suite::Power& power);
Json stats_json(const suite::Stats& stats);

}  // namespace headgate::cli
