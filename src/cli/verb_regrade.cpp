// Grades the recorded replies of a run again, into a new run, and decides. Nothing is asked of any route.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "command_text.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/log.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/gate/contrast.hpp"
#include "headgate/gate/decide.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/report/render.hpp"
#include "headgate/run/folder.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "run_cells.hpp"
#include "settle.hpp"
#include "start_lock.hpp"
#include "start_run.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

// The run whose replies are graded again.
struct Original {
  run::RunFolder folder;
  Evidence evidence;
  std::optional<Outlook> answer;  // nothing where it was not brought to its end
  std::string started;            // UTC stamp, or empty
};

// What is done: a plan over the routes of the original, read from its journal.
struct Regrading {
  Plan plan;
  std::array<config::Route, 2> routes;
  run::Helpers helpers;
};

Result<Original> original_of(const Context& context) {
  HG_TRY(folder, run::find_run(reports_folder(context), context.arguments.operands[0]));
  const auto file = read_run_file(folder.path);
  if (folder.check || (file && file->check)) {
    return failure(ErrorCode::input, "'" + folder.path + "' is a check, which decides nothing",
                   "`headgate run GATE` runs the gate; then its replies can be graded again");
  }
  HG_CHECK(check_not_running(folder.path));
  HG_TRY(evidence, journal::read_evidence(folder.path));
  Original original{std::move(folder), std::move(evidence), std::nullopt, file ? file->started : ""};
  if (!unfinished(original.evidence)) {
    original.answer = gate::decide(original.evidence, original.evidence.plan.rules).answer;
  }
  return original;
}

// The routes as the run had them, answering what was recorded.
Result<std::array<config::Route, 2>> recorded_routes(const Original& original) {
  std::array<config::Route, 2> routes;
  for (const Arm arm : both_arms) {
    config::Route& route = routes[static_cast<std::size_t>(arm)];
    route.use = original.evidence.plan.routes[static_cast<std::size_t>(arm)];
    route.use.recorded = true;
    route.file = original.folder.path;
    HG_TRY(replies, route::open_run_arm(original.folder.path, arm));
    route.replies = std::move(replies);
  }
  return routes;
}

// Whom its graders ask.
std::vector<std::string> asked_names(const PlanHead& plan) {
  std::set<std::string> names;
  for (const auto& [name, digest] : plan.plugins) names.insert("plugin " + name);
  for (const SealedJudge& judge : plan.judges) {
    if (!judge.use.recorded) names.insert("judge " + judge.use.judge);
  }
  for (const auto& [name, digest] : plan.embeddings) names.insert("embedding " + name);
  for (const auto& [name, digest] : plan.languages) names.insert("language " + name);
  return {names.begin(), names.end()};
}

// The sealed plan's own cases, graders and rules.
Result<Regrading> as_sealed(const Context& context, const Original& original) {
  if (!context.arguments.texts("--set").empty()) {
    return failure(ErrorCode::input, "--set goes with --gate", "without it the sealed rules decide again");
  }
  if (const std::vector<std::string> names = asked_names(original.evidence.plan); !names.empty()) {
    return failure(ErrorCode::input,
                   "the graders of run " + original.folder.run_id + " ask " + join_words(names) +
                       ", and a plan does not hold how they are called",
                   "--gate FILE says which gate file has them");
  }
  HG_TRY(plan, journal::read_plan(original.folder.path));
  HG_TRY(routes, recorded_routes(original));
  return Regrading{std::move(plan), std::move(routes), {}};
}

void note_differences(const config::Gate& gate, const PlanHead& before) {
  for (const Arm arm : both_arms) {
    const auto index = static_cast<std::size_t>(arm);
    if (gate.routes[index].use.digest == before.routes[index].digest) continue;
    say(std::string("note: the ") + name(arm) + " route of the gate file is another one now; the replies are of '" +
        terminal_line(before.routes[index].name) + "' as it was");
  }
  if (!before.overrides.empty()) {
    say("note: the run had --set " + terminal_line(join_words(before.overrides)) +
        ", which the gate file does not have");
  }
}

// Cases that the run asked and the plan no longer holds, as SUITE/CASE.
std::vector<std::string> dropped_cases(const Plan& plan, const Evidence& before) {
  std::set<std::pair<std::string_view, std::string_view>> kept;
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    kept.emplace(plan.head.suites[plan.case_suite[i]].name, plan.cases[i].id);
  }
  std::vector<std::string> dropped;
  for (CaseIndex item = 0; item < before.cases.size(); ++item) {
    const std::string& suite = before.plan.suites[before.cases[item].suite].name;
    if (kept.contains({suite, before.cases.id(item)})) continue;
    dropped.push_back(suite + "/" + std::string(before.cases.id(item)));
  }
  return dropped;
}

// Whoever has seen the replies may not choose which of them count: a plan that leaves out cases of the run, or grades a
// run that was only a part, is never eligible.
void mark_partial(Plan& plan, const Evidence& before) {
  const std::vector<std::string> dropped = dropped_cases(plan, before);
  if (!dropped.empty()) {
    say("note: " + plural(dropped.size(), "case") + " of the run " + (dropped.size() == 1 ? "is" : "are") +
        " not in the suites any more (" + terminal_line(join_words(dropped, 3)) + "), so this is never eligible");
  }
  if (dropped.empty() && !before.plan.partial) return;
  plan.head.partial = true;
  plan.head.digest = plan_digest(plan);
}

// Suites, graders and rules as a gate file has them now. All trials that were recorded are graded, and as many as the
// gate asks for are demanded; what the run left out by a filter or limit stays left out.
Result<std::optional<Regrading>> under_gate(const Context& context, const std::string& file, const Original& original,
                                            ExitCode& refused) {
  auto gate = load_gate(context, file, workers_of(context), refused, config::RouteNeed::replies);
  if (!gate) return std::nullopt;
  const PlanHead& before = original.evidence.plan;
  note_differences(*gate, before);
  HG_TRY(routes, recorded_routes(original));
  gate->routes = routes;
  run::PlanOptions options;
  options.trials = std::max(before.trials, gate->trials);
  options.filter = before.filter;
  options.limit = before.limit;
  options.as_of = utc_stamp(real_clock().wall_seconds());
  run::Helpers helpers = run::helpers_of(*gate);
  HG_TRY(plan, run::make_plan(std::move(*gate), options));
  HG_CHECK(check_reduce(plan));
  mark_partial(plan, original.evidence);
  return Regrading{std::move(plan), std::move(routes), std::move(helpers)};
}

// "the answer was not_eligible and is eligible now; 3 cells pass now and 1 fails now, of 200"
std::string changes_of(const gate::Regraded& cells, const Original& original, Outlook answer) {
  std::string text;
  if (!original.answer) {
    text = "that run was not brought to its end";
  } else if (*original.answer == answer) {
    text = std::string("same answer, ") + name(answer);
  } else {
    text = std::string("the answer was ") + name(*original.answer) + " and is " + name(answer) + " now";
  }
  if (cells.same()) {
    text += "; all " + plural(cells.cells, "cell") + " in both ended as before";
  } else {
    text += "; " + plural(cells.pass_now, "cell passes", "cells pass") + " now and " + std::to_string(cells.fail_now) +
            (cells.fail_now == 1 ? " fails" : " fail") + " now";
    if (cells.otherwise > 0) text += ", " + std::to_string(cells.otherwise) + " could not be graded now";
    text += ", of " + std::to_string(cells.cells) + " in both";
  }
  if (cells.missing > 0) {
    text +=
        "; no reply is recorded for " + plural(cells.missing, "cell") + " of " + plural(cells.missing_cases, "case");
  }
  return text;
}

std::string regrade_json(const Original& original, const gate::Regraded& cells, const Settled& settled) {
  const Json head = {{"cells",
                      {{"compared", cells.cells},
                       {"pass_now", cells.pass_now},
                       {"fail_now", cells.fail_now},
                       {"ungraded_now", cells.otherwise},
                       {"missing", cells.missing},
                       {"missing_cases", cells.missing_cases}}}};
  const Json tail = {{"folder", repair_utf8(settled.folder)},
                     {"format", "headgate/regrade/1"},
                     {"from",
                      {{"run", repair_utf8(original.folder.run_id)},
                       {"folder", repair_utf8(original.folder.path)},
                       {"started", original.started.empty() ? Json(nullptr) : Json(original.started)},
                       {"answer", original.answer ? Json(name(*original.answer)) : Json(nullptr)}}}};
  std::string decision = report::decision_json(settled.decision);
  while (decision.ends_with('\n')) decision.pop_back();
  std::string text = canonical(head);
  text.pop_back();
  return text + ",\"decision\":" + decision + "," + canonical(tail).substr(1) + "\n";
}

Result<ExitCode> conclude(const Context& context, const Original& original, Started& started) {
  HG_TRY(settled, settle(started.folder));
  const auto cells = gate::regraded(original.evidence, settled.evidence);
  started.run.regraded->changes = changes_of(cells, original, settled.decision.answer);
  HG_CHECK(write_run_file(started.folder, started.run));
  const auto facts = facts_of(started.folder, started.run);
  HG_CHECK(write_reports(settled, facts));
  log(LogLevel::info, std::string("decided: ") + name(settled.decision.answer) + "; " + started.run.regraded->changes);
  if (context.arguments.flag("--json")) {
    write_out(regrade_json(original, cells, settled));
  } else {
    print(context, settled, facts, context.arguments.flag("--quiet"));
  }
  return exit_code(settled.decision.answer);
}

Result<ExitCode> carry_out(const Context& context, const Original& original, Regrading& job) {
  StartWish wish;
  wish.reports = reports_folder(context);
  wish.again = true;
  wish.regrade = original.folder.path;
  wish.command = command_text(context.arguments.words);
  wish.workers = workers_of(context);
  HG_TRY(started, start_run(job.plan, job.routes, wish));
  HG_TRY(run_log, FolderLog::open(started.folder, started.run.command));
  const auto style = progress_style(context);
  if (!style.silent) {
    say("grading " + plural(job.plan.cells(), "cell") + " again, with the replies of run " +
        terminal_line(original.folder.run_id) + (original.started.empty() ? "" : " of " + original.started) + ", in " +
        terminal_line(started.folder));
  }
  std::optional<InterruptWatch> watch(std::in_place);
  const CellsJob cells{.plan = job.plan,
                       .routes = job.routes,
                       .helpers = job.helpers,
                       .workers = wish.workers,
                       .progress = style,
                       .to_go_on = started.run.command};
  auto ran = run_cells(cells, started.folder, started.run, *started.writer, *watch);
  if (!ran) {
    if (ran.error().code == ErrorCode::input) discard_if_empty(started);
    return failure(std::move(ran).error());
  }
  const ExitCode code = interrupted_code(*watch);
  watch.reset();
  if (ran->driven.interrupted) {
    say("interrupted, no decision was made; to grade again: " + started.run.command);
    return code;
  }
  job = {};
  return conclude(context, original, started);
}

Result<ExitCode> regrade_verb(const Context& context) {
  HG_TRY(original, original_of(context));
  const auto gate_file = context.arguments.text("--gate");
  if (!gate_file) {
    HG_TRY(job, as_sealed(context, original));
    return carry_out(context, original, job);
  }
  ExitCode refused = ExitCode::refused;
  HG_TRY(job, under_gate(context, *gate_file, original, refused));
  if (!job) return refused;
  return carry_out(context, original, *job);
}

}  // namespace

Verb regrade_row() {
  return {
      .name = "regrade",
      .group = looking,
      .summary = "grade the recorded replies of a run again, into a new run, and decide",
      .operands = "RUN",
      .least_operands = 1,
      .most_operands = 1,
      .options = {text("--gate", "FILE", "with the suites, graders and rules of this gate file, instead of the sealed"),
                  set_option(), sandbox_option(), jobs_option(), reports_option(),
                  flag("--quiet", "only the answer, the main reason and what changed", {"-q"}),
                  flag("--no-progress", "no progress on stderr")},
      .details =
          "No route is asked: replies come from the run, by case and question, and an error of that run stays the\n"
          "error it was. A case that the run did not ask, or asked something else, has no reply: it is ungraded,\n"
          "never a pass, and the report says how many there are. The run itself stays as it is. With --json\n"
          "{\"format\":\"headgate/regrade/1\",\"from\":…,\"cells\":…,\"decision\":…}. Exits as the decision says.",
      .examples = {"headgate regrade 20261120T12", "headgate regrade 20261120T12 --gate support.gate.yaml"},
      .run = regrade_verb};
}

}  // namespace headgate::cli
