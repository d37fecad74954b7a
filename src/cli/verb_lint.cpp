// Every complaint about the files that would be used, without running anything.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "diagnostics.hpp"
#include "headgate/base/text.hpp"
#include "headgate/config/gate_file.hpp"
#include "headgate/config/route_file.hpp"
#include "headgate/suite/load.hpp"
#include "inputs.hpp"
#include "output.hpp"

namespace headgate::cli {
namespace {

struct Checked {
  std::size_t gates = 0, routes = 0, suites = 0;
};

std::string in_folder(const std::string& folder, const std::string& entry) {
  return folder == "." ? entry : join_path(folder, entry);
}

void lint_suite(const Context& context, const std::string& folder, Complaints& complaints) {
  const auto shared = gate_options(context, 0);
  suite::LoadOptions options;
  options.for_each = shared.for_each;
  Complaints here;
  auto all = suite::versions(folder, options, here);
  for (const auto& version : all) {
    if (here.empty()) suite::load(folder, version.released ? version.version : "draft", options, here);
  }
  if (here.empty() && all.empty()) suite::load(folder, "", options, here);
  complaints.append(std::move(here));
}

// A gate and a route are told apart by their first required key; a file with neither is judged as a gate, whose
// complaint then names what is missing.
bool looks_like_route(const std::string& path) {
  const auto text = real_files().read(path);
  if (!text) return false;
  Complaints ignored;
  const auto tree = parse_config(path, *text, ignored);
  return tree && tree->root().is_object() && tree->root().contains("route") && !tree->root().contains("gate");
}

void lint_path(const Context& context, const std::string& path, Checked& checked, Complaints& complaints) {
  if (real_files().is_folder(path)) {
    ++checked.suites;
    return lint_suite(context, path, complaints);
  }
  if (name_of(path) == "suite.yaml" || extension_of(path) == ".jsonl") {
    const std::string folder = folder_of(path);
    return lint_path(context, folder.empty() ? "." : folder, checked, complaints);
  }
  if (looks_like_route(path)) {
    ++checked.routes;
    static_cast<void>(config::load_route(path, {}, real_files(), complaints));
    return;
  }
  ++checked.gates;
  static_cast<void>(config::load_gate(path, gate_options(context, 0), complaints));
}

std::vector<std::string> default_paths() {
  std::vector<std::string> paths;
  for (const auto& entry : real_files().list(".")) {
    if (entry == "gate.yaml" || entry.ends_with(".gate.yaml") || entry.ends_with(".gate.json")) paths.push_back(entry);
  }
  for (const auto& entry : real_files().list("eval_suites")) {
    const std::string folder = in_folder("eval_suites", entry);
    if (real_files().exists(join_path(folder, "suite.yaml"))) paths.push_back(folder);
  }
  return paths;
}

}  // namespace

Result<ExitCode> verb_lint(const Context& context) {
  auto paths = context.arguments.operands;
  if (paths.empty()) paths = default_paths();
  if (paths.empty()) {
    return failure(ErrorCode::input, "there is nothing to lint here: no *.gate.yaml and no eval_suites/",
                   "name a gate file, a route file or a suite folder");
  }
  Checked checked;
  Complaints complaints;
  for (const auto& path : paths) lint_path(context, path, checked, complaints);

  if (context.arguments.flag("--json")) {
    const std::size_t total = complaints.total();
    write_out(canonical_pretty(
        {{"format", "headgate/lint/1"}, {"errors_total", total}, {"errors", diagnostics_json(complaints)}}));
  }
  if (!complaints.empty()) return report(std::move(complaints), context.terminal);
  if (!context.arguments.flag("--json")) {
    write_out("no complaints about " + plural(checked.gates, "gate file") + ", " +
              plural(checked.routes, "route file") + " and " + plural(checked.suites, "suite") + "\n");
  }
  return ExitCode::yes;
}

}  // namespace headgate::cli
