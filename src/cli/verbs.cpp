#include "verbs.hpp"

#include <algorithm>

namespace headgate::cli {
namespace {

const char* const judging = "Judge a candidate";
const char* const writing = "Write gates and suites";
const char* const about = "About headgate";

Option flag(std::string name, std::string help, std::vector<std::string> also = {}) {
  return {.name = std::move(name), .also = std::move(also), .value = {}, .help = std::move(help)};
}
Option text(std::string name, std::string value, std::string help) {
  return {.name = std::move(name), .also = {}, .value = std::move(value), .help = std::move(help)};
}
Option whole(std::string name, std::string value, std::uint64_t least, std::string help,
             std::vector<std::string> also = {}) {
  return {.name = std::move(name),
          .also = std::move(also),
          .value = std::move(value),
          .help = std::move(help),
          .whole_from = least};
}

Option reports_option() {
  return text("--reports", "DIR", "where run folders are (default: $HEADGATE_REPORTS, else reports)");
}

// What makes a plan out of a gate, the same for `plan` and `run`.
std::vector<Option> plan_options() {
  Option set =
      text("--set", "KEY=VALUE", "override a value of the gate file, as rules.quality.max_loss=0.02; recorded");
  set.repeatable = true;
  return {whole("--trials", "N", 1, "run every case N times on each arm (default: what the gate says)",
                {"--repeat", "--epochs"}),
          text("--filter", "EXPR", "only these cases, as 'language=de,severity=severe'; never eligible"),
          whole("--limit", "N", 1, "only the first N cases, by suite and id; never eligible"),
          whole("--seed", "N", 0, "seed of the order (default: from the content)"), set};
}

std::vector<Option> with(std::vector<Option> first, std::vector<Option> more) {
  first.insert(first.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return first;
}

Verb run() {
  return {
      .name = "run",
      .group = judging,
      .summary = "run both routes over the gate's suites, grade, compare, decide",
      .operands = "GATE",
      .least_operands = 1,
      .most_operands = 1,
      .options =
          with(plan_options(), {whole("--jobs", "N", 1, "workers (default: one a processor)", {"-j"}),
                                flag("--again", "a new attempt, even where this very plan has been run"),
                                text("--resume", "RUN", "carry equal cells of that run into this (changed) plan"),
                                reports_option(), flag("--quiet", "only the answer and the main reason", {"-q"}),
                                flag("--no-progress", "no progress on stderr")}),
      .details =
          "Everything is read and checked before the first cell. The plan is sealed in a new folder under the reports\n"
          "directory; replies and grades are appended to its journal; decision.json is written last. An interrupted "
          "or\n"
          "killed run of the same plan goes on where it stopped when the same command is given again; a finished one "
          "is\n"
          "shown again.",
      .examples = {"headgate run support.gate.yaml",
                   "headgate run support.gate.yaml --trials 3 --set rules.quality.max_loss=0.02 --json"},
      .run = verb_run};
}

Verb plan() {
  return {.name = "plan",
          .group = judging,
          .summary = "say what a run would do, and whether this gate can say eligible at all",
          .operands = "GATE",
          .least_operands = 1,
          .most_operands = 1,
          .options = plan_options(),
          .details =
              "Reads and checks everything, runs nothing, writes nothing. Exits 0 also where the gate cannot carry a\n"
              "decision: the first line says so.",
          .examples = {"headgate plan support.gate.yaml"},
          .run = verb_plan};
}

Verb decide() {
  return {
      .name = "decide",
      .group = judging,
      .summary = "decide again from a run's recorded evidence, also under other rules",
      .operands = "RUN",
      .least_operands = 1,
      .most_operands = 1,
      .options = {text("--gate", "FILE", "decide under the rules of this gate file instead of the sealed ones"),
                  flag("--write", "with --gate: also write decision.other.json into the run folder"), reports_option()},
      .details =
          "RUN is a run folder, a run id or its beginning. Under the sealed rules the reports and decision.json\n"
          "are written anew; under other rules the decision says so and is only printed.",
      .examples = {"headgate decide reports/support/20261120T120000Z-1a2b3c4d",
                   "headgate decide 20261120T12 --gate stricter.gate.yaml"},
      .run = verb_decide};
}

Verb show() {
  return {.name = "show",
          .group = judging,
          .summary = "show the decision of a run: the answer, the reasons, what flipped",
          .operands = "[RUN]",
          .least_operands = 0,
          .most_operands = 1,
          .options = {flag("--flips", "list every case whose pass or fail differs between the arms"),
                      flag("--full", "with input, expected answer, both replies and every grader's reason"),
                      reports_option()},
          .details =
              "RUN is a run folder, a run id or its beginning; the latest run by default. With --json the bytes of\n"
              "decision.json. Exits as the decision says.",
          .examples = {"headgate show", "headgate show 20261120T12 --flips --full"},
          .run = verb_show};
}

Verb init() {
  return {.name = "init",
          .group = writing,
          .summary = "write a working gate, two recorded routes and a starter suite",
          .operands = "[DIR]",
          .least_operands = 0,
          .most_operands = 1,
          .options = {whole("--cases", "N", 20,
                            "cases of the starter suite; thresholds are what N can carry (default: 100)")},
          .details = "What it writes runs at once; replace cases and replies with your own. Nothing is overwritten.",
          .examples = {"headgate init my_gate && headgate run my_gate/starter.gate.yaml"},
          .run = verb_init};
}

Verb lint() {
  return {.name = "lint",
          .group = writing,
          .summary = "every complaint about gate, route and suite files, offline",
          .operands = "[PATH...]",
          .least_operands = 0,
          .most_operands = any_number,
          .options = {},
          .details =
              "A PATH is a gate file, a route file, a suite folder or a project folder; by default the *.gate.yaml files and the\n"
              "eval_suites/ of the working directory.",
          .examples = {"headgate lint", "headgate lint support.gate.yaml eval_suites/support_triage"},
          .run = verb_lint};
}

Verb suite_release() {
  return {.name = "suite release",
          .group = writing,
          .summary = "lock a version of a suite, so that it can be run again and an edited one is refused",
          .operands = "FOLDER",
          .least_operands = 1,
          .most_operands = 1,
          .options = {text("--version", "V", "the version to lock (default: what suite.yaml says)"),
                      text("--date", "YYYY-MM-DD", "date of release (default: today, UTC)")},
          .details =
              "Writes suite.lock: digests of the version's cases, graders and referenced files. CHANGELOG.md of the\n"
              "suite must say something about the version.",
          .examples = {"headgate suite release eval_suites/support_triage --version 1.4.0"},
          .run = verb_suite_release};
}

Verb graders() {
  return {.name = "graders",
          .group = about,
          .summary = "what graders there are, with options and an example each",
          .operands = "[KIND]",
          .least_operands = 0,
          .most_operands = 1,
          .options = {},
          .details = "Every kind also has a not_ form; it never passes where there is no reply.",
          .examples = {"headgate graders", "headgate graders number"},
          .run = verb_graders};
}

Verb version_verb() {
  return {.name = "version",
          .group = about,
          .summary = "the version of this program and of its file formats",
          .operands = {},
          .options = {},
          .details = {},
          .examples = {"headgate version --json"},
          .run = verb_version};
}

}  // namespace

std::span<const Verb> verbs() {
  static const std::vector<Verb> table = {run(),  plan(),          decide(),  show(),        init(),
                                          lint(), suite_release(), graders(), version_verb()};
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
    return std::vector<Option>{flag("--json", "the result as JSON on stdout"), colour,
                               flag("--help", "this text", {"-h"})};
  }();
  return options;
}

std::span<const std::string> later_verbs() {
  static const std::vector<std::string> names = {
      "doctor",        "seal",      "check",        "try",        "regrade",    "explain", "compare",
      "import",        "verify",    "admit",        "judge",      "cache",      "schema",  "propose",
      "fake-provider", "suite add", "suite accept", "suite diff", "suite stats"};
  return names;
}

}  // namespace headgate::cli
