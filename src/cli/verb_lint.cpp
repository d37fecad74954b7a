// Every complaint about the files that would be used, without running anything.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "diagnostics.hpp"
#include "headgate/base/text.hpp"
#include "headgate/config/gate_file.hpp"
#include "headgate/config/route_file.hpp"
#include "headgate/fake/script.hpp"
#include "headgate/suite/lint.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

// What was looked at, a line each, for the answer when nothing is wrong.
using Seen = std::vector<std::string>;

void lint_suite(const Context& context, const std::string& folder, Seen& seen, Complaints& complaints) {
  suite::LoadOptions options;
  options.for_each = gate_options(context, 0).for_each;
  const auto linted = suite::lint(folder, options, complaints);
  if (!linted) return;
  std::string line = folder + ": suite " + linted->name;
  for (const auto& [version, cases] : linted->versions) {
    line += ", " + version.version + (version.released ? "" : "@draft") + " of " + plural(cases, "case");
  }
  seen.push_back(std::move(line));
}

enum class Kind { gate, route, script };

// A gate and a route are told apart by their first required key. A file with neither is judged as a gate, whose
// complaint then names what is missing, unless its keys are those of a script of the fake provider.
Kind kind_of(const std::string& path) {
  const auto text = real_files().read(path);
  if (!text) return Kind::gate;
  Complaints ignored;
  const auto tree = parse_config(path, *text, ignored);
  if (!tree || !tree->root().is_object() || tree->root().contains("gate")) return Kind::gate;
  const Json& root = tree->root();
  if (root.contains("route")) return Kind::route;
  const auto of_script = [](const std::string& key) {
    const std::vector<Field>& fields = fake::script_table().fields;
    return std::ranges::find(fields, key, &Field::name) != fields.end();
  };
  bool all = !root.empty();
  for (const auto& member : root.items()) all = all && of_script(member.key());
  return all || root.contains("profiles") ? Kind::script : Kind::gate;
}

void lint_route(const Context& context, const std::string& path, Seen& seen, Complaints& complaints) {
  const auto route = config::load_route(path, {}, real_files(), complaints, context.environment);
  if (route) seen.push_back(path + ": route " + route->use.name);
}

void lint_gate(const Context& context, const std::string& path, Seen& seen, Complaints& complaints) {
  const auto gate = config::load_gate(path, gate_options(context, 0), complaints);
  if (!gate) return;
  std::vector<std::string> suites;
  for (const Suite& each : gate->suites) suites.push_back(each.head.name + "@" + each.head.version);
  seen.push_back(path + ": gate " + gate->name + ", routes " + gate->routes[0].use.name + " and " +
                 gate->routes[1].use.name + ", " + join_words(suites));
}

void lint_path(const Context& context, const std::string& path, Seen& seen, Complaints& complaints) {
  if (name_of(path) == "suite.yaml" || extension_of(path) == ".jsonl") {
    const std::string folder = folder_of(path);
    return lint_suite(context, folder.empty() ? "." : folder, seen, complaints);
  }
  if (real_files().is_folder(path)) return lint_suite(context, path, seen, complaints);
  switch (kind_of(path)) {
    case Kind::route:
      return lint_route(context, path, seen, complaints);
    case Kind::script:
      return complaints.add(
          Error{ErrorCode::input, "this looks like a script of fake-provider, which lint does not read",
                Place{path, 0, 0, {}, 0}, "`headgate fake-provider --script " + path + "` checks it"});
    case Kind::gate:
      return lint_gate(context, path, seen, complaints);
  }
}

bool is_gate_name(const std::string& name) {
  return name == "gate.yaml" || name.ends_with(".gate.yaml") || name.ends_with(".gate.json");
}

// The gates and suites of a project's folder: its *.gate.yaml and what is in its eval_suites/.
std::vector<std::string> in_project(const std::string& folder) {
  const auto inside = [&](const std::string& entry) { return folder == "." ? entry : join_path(folder, entry); };
  std::vector<std::string> paths;
  for (const auto& entry : real_files().list(folder)) {
    if (is_gate_name(entry)) paths.push_back(inside(entry));
  }
  for (const auto& entry : real_files().list(inside("eval_suites"))) {
    const std::string suite = join_path(inside("eval_suites"), entry);
    if (real_files().exists(join_path(suite, "suite.yaml"))) paths.push_back(suite);
  }
  return paths;
}

// A folder without suite.yaml that holds gates or suites stands for all of them.
std::vector<std::string> paths_to_lint(const std::vector<std::string>& operands) {
  if (operands.empty()) return in_project(".");
  std::vector<std::string> paths;
  for (const std::string& each : operands) {
    std::vector<std::string> inside;
    if (real_files().is_folder(each) && !real_files().exists(join_path(each, "suite.yaml"))) inside = in_project(each);
    if (inside.empty()) inside.push_back(each);
    paths.insert(paths.end(), inside.begin(), inside.end());
  }
  return paths;
}

Result<ExitCode> lint_verb(const Context& context) {
  const auto paths = paths_to_lint(context.arguments.operands);
  if (paths.empty()) {
    return failure(ErrorCode::input, "there is nothing to lint here: no *.gate.yaml and no eval_suites/",
                   "name a gate file, a route file, a suite folder, or the folder of a project");
  }
  Seen seen;
  Complaints complaints;
  for (const auto& path : paths) {
    Complaints here;
    lint_path(context, path, seen, here);
    complaints.append(std::move(here));
  }
  if (context.arguments.flag("--json")) {
    const std::size_t total = complaints.total();
    write_out(canonical_pretty(
        {{"format", "headgate/lint/1"}, {"errors_total", total}, {"errors", diagnostics_json(complaints)}}));
  }
  if (!complaints.empty()) return report(std::move(complaints), context.terminal);
  if (!context.arguments.flag("--json")) {
    write_out("no complaints\n");
    for (const std::string& line : seen) write_out("  " + terminal_line(line) + "\n");
  }
  return ExitCode::yes;
}

}  // namespace

Verb lint_row() {
  return {.name = "lint",
          .group = writing,
          .summary = "every complaint about gate, route and suite files, offline",
          .operands = "[PATH...]",
          .least_operands = 0,
          .most_operands = any_number,
          .options = {sandbox_option()},
          .details =
              "A PATH is a gate file, a route file, a suite folder or a project folder; by default the *.gate.yaml "
              "files and the\n"
              "eval_suites/ of the working directory.",
          .examples = {"headgate lint", "headgate lint support.gate.yaml eval_suites/support_triage"},
          .run = lint_verb};
}

}  // namespace headgate::cli
