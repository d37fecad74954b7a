#include "verbs.hpp"

#include <algorithm>

#include "verb_options.hpp"

namespace headgate::cli {
std::span<const Verb> verbs() {
  static const std::vector<Verb> table = {run_row(),           plan_row(),        check_row(),      try_row(),
                                          decide_row(),        regrade_row(),     show_row(),       explain_row(),
                                          compare_row(),       init_row(),        lint_row(),       doctor_row(),
                                          suite_show_row(),    suite_stats_row(), suite_diff_row(), suite_release_row(),
                                          judge_sample_row(),  judge_calibrate_row(), cache_stats_row(),   cache_clear_row(), graders_row(),    graders_try_row(), schema_row(),
                                          fake_provider_row(), completion_row(),  version_row()};
  return table;
}

const Verb* find_verb(std::string_view name) {
  const auto found = std::ranges::find(verbs(), name, &Verb::name);
  return found == verbs().end() ? nullptr : &*found;
}

std::span<const Option> common_options() {
  static const std::vector<Option> options = [] {
    Option colour = text("--color", "WHEN", "auto, always or never (default: auto; NO_COLOR and CLICOLOR_FORCE count)");
    colour.choices = {"auto", "always", "never"};
    return std::vector<Option>{
        flag("--json", "the result as JSON on stdout"), colour,
        flag("--no-pager", "never show long text page by page (nor with HEADGATE_PAGER= or cat)"),
        flag("--help", "this text", {"-h"})};
  }();
  return options;
}

std::span<const std::string> later_verbs() {
  static const std::vector<std::string> names = {"seal",  "import",  "verify",    "admit",
                                                 "propose", "suite add", "suite accept"};
  return names;
}

}  // namespace headgate::cli
