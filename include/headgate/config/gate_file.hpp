// A gate file to a gate, with all its complaints and those of the routes and suites it names.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/config/route_file.hpp"
#include "headgate/domain/calibration.hpp"
#include "headgate/domain/rules.hpp"
#include "headgate/suite/load.hpp"

namespace headgate::config {

// A program of the operator's that graders may consult.
struct Plugin {
  route::ProgramSpec program;
  Digest digest;  // of all that changes its answers: command, bytes of the files it names, plain environment
};

// A judge of the operator's: who answers, and what is known of its word.
struct Judge {
  std::optional<Route> route;             // absent: its verdicts are recorded
  std::vector<Calibration> calibrations;  // of the files that `calibration:` names
};

// A language that the `code` grader may run programs in.
struct Language {
  route::ProgramSpec program;
  Digest digest;  // of the template and of all that it is called with
};

// Bounds of a run, of the operator's; no part of the plan.
struct Budget {
  std::optional<double> max_usd;
  std::optional<Millis> deadline;  // of one start
};

struct Gate {
  std::string name;
  std::string release_question;
  Stage stage = Stage::internal;
  std::uint32_t trials = 1;
  Rules rules;
  std::array<Route, 2> routes;  // by Arm
  std::vector<Suite> suites;    // in the order written
  std::vector<std::string> overrides;
  std::map<std::string, std::string> data;
  std::map<std::string, Plugin> plugins;  // by the name that suites use
  std::map<std::string, Judge> judges;
  std::map<std::string, Route> embeddings;
  std::map<std::string, Language> languages;  // those that its suites need
  bool unsandboxed = false;                   // they run without a sandbox, as the command line asked
  Budget budget;
  std::string baseline_reuse;                // "latest" or a run; empty: the baseline is asked anew
  std::vector<std::string> fallback_tested;  // readiness.fallback_tested
};

struct GateOptions {
  const FileReader* files = &real_files();
  const grade::Registry* registry = &grade::registry();
  ForEach for_each = serial();
  std::vector<std::string> overrides;  // key.path=value, values as YAML scalars; applied before checking
  std::string today;                   // YYYY-MM-DD: decides which known failures are active
  // Environment for `env:NAME` and `${NAME}` in `data:`; nothing when the variable is not set.
  std::function<std::optional<std::string>(const std::string&)> environment;
  bool unsafe_no_sandbox = false;       // --unsafe-no-sandbox: never from a file
  RouteNeed routes = RouteNeed::calls;  // what is asked of the programs of routes; plugins must always be there
};

// Reads `path` and everything it names. Returns nothing after at least one complaint. A key that belongs to a later
// version of headgate is an error, never ignored.
std::optional<Gate> load_gate(const std::string& path, const GateOptions& options, Complaints& complaints);

// Complains at `place` (of budget.max_usd, or of what was typed) about each route of the gate that is called over HTTP,
// fallbacks, judges and embeddings included, and has no price: a budget that cannot be kept. Programs say what they cost with each reply.
void check_budget(const Gate& gate, const Place& place, Complaints& complaints);

// The routes of judges and embeddings that the gate's suites ask, judges first.
std::vector<const Route*> asked_routes(const Gate& gate);

// Only the rules of a gate file, for deciding again under other rules.
std::optional<Rules> load_rules(const std::string& path, const GateOptions& options, Complaints& complaints);

const FieldTable& gate_table();

}  // namespace headgate::config
