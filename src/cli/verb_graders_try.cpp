// One grader on one reply: its verdict, its reason, and what it measured.

#include <nlohmann/json.hpp>

#include "diagnostics.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/run/plan.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "private_folder.hpp"
#include "tried_run.hpp"
#include "try_files.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

// From a kind's name and --options, or from a whole grader as it stands in a suite.
Result<Json> grader_of(const Context& context) {
  const std::string& operand = context.arguments.operands[0];
  const auto options = context.arguments.text("--options");
  const std::string written = operand.starts_with('{') ? operand : options.value_or("{}");
  Complaints complaints;
  const auto tree = parse_json(operand.starts_with('{') ? "the grader" : "--options", written, complaints);
  if (!tree) return failure(complaints.errors().front());
  if (!tree->root().is_object()) return failure(tree->error(tree->root(), "options are a JSON object"));
  Json grader = tree->root();
  if (operand.starts_with('{')) {
    if (options) return failure(ErrorCode::input, "a whole grader and --options exclude each other");
    return grader;
  }
  HG_CHECK(grade::registry().look_up(operand));
  grader["kind"] = operand;
  return grader;
}

struct Word {
  std::string verdict;  // "pass"
  ExitCode code = ExitCode::yes;
};

Word word_of(const TriedCell& cell) {
  if (cell.status != Status::ok) return {"not graded", ExitCode::inconclusive};
  return cell.grade.pass ? Word{"pass", ExitCode::yes} : Word{"FAIL", ExitCode::no};
}

std::string message_of(const TriedCell& cell) {
  if (const auto* error = std::get_if<CallError>(&cell.outcome)) return error->message;
  return cell.grade.message;
}

std::string text_of(const TriedCell& cell) {
  std::string text = word_of(cell).verdict;
  if (cell.status != Status::ok) {
    return text + " (" + headgate::name(cell.error) + "): " + terminal_line(message_of(cell)) + "\n";
  }
  for (const auto& one : cell.grade.grades) {
    text += ", score " + fixed(one.score, 3) + ": " + terminal_line(one.reason) + "\n";
    for (const Measure& measure : one.measures) {
      text += "  " + terminal_line(measure.name) + " " + fixed(measure.value, 3) + "\n";
    }
    if (!one.label.empty()) {
      text += "  label " + terminal_line(one.label) + ", expected " + terminal_line(one.expected_label) + "\n";
    }
    if (one.judged) text += "  a judge's word: it decides nothing until that judge is calibrated\n";
  }
  return text;
}

Json json_of(const TriedCell& cell, const Json& grader) {
  Json out = {{"format", "headgate/grader-try/1"}, {"grader", grader}, {"status", headgate::name(cell.status)}};
  if (cell.status != Status::ok) {
    out["error"] = {{"kind", headgate::name(cell.error)}, {"message", message_of(cell)}};
    return out;
  }
  for (const auto& one : cell.grade.grades) {
    out["pass"] = one.pass;
    out["score"] = one.score;
    out["reason"] = one.reason;
    out["judged"] = one.judged;
    out["measures"] = Json::object();
    for (const Measure& measure : one.measures) out["measures"][measure.name] = measure.value;
    if (!one.label.empty()) out["label"] = {{"given", one.label}, {"expected", one.expected_label}};
  }
  return out;
}

// Complaints about files that the caller never saw keep what they say, not where.
Complaints without_place_in(const std::string& folder, const Complaints& complaints) {
  Complaints out;
  for (Error error : complaints.errors()) {
    if (error.place.file.starts_with(folder)) error.place = Place{};
    out.add(std::move(error));
  }
  return out;
}

Result<ExitCode> graders_try_verb(const Context& context) {
  OneReply wanted;
  HG_TRY(grader, grader_of(context));
  wanted.grader = to_text(grader);
  const auto reply = context.arguments.text("--reply");
  if (!reply) {
    return failure(ErrorCode::input, "`graders try` needs a reply", "--reply FILE, or --reply - for what is piped in");
  }
  wanted.reply = *reply;
  wanted.item = context.arguments.text("--case");
  wanted.other = context.arguments.text("--other");
  wanted.gate = context.arguments.text("--gate");

  HG_TRY(folder, PrivateFolder::create(context.environment));
  HG_TRY(files, write_try_files(wanted, folder.path()));
  config::GateOptions options = gate_options(context, 1);
  options.files = &files;
  Complaints complaints;
  auto gate = config::load_gate(files.path(), options, complaints);
  if (!gate || !complaints.empty()) return report(without_place_in(folder.path(), complaints), context.terminal);
  HG_TRY(calls, call_wish(context, gate->budget));
  run::PlanOptions once;
  once.as_of = utc_stamp(real_clock().wall_seconds());
  HG_TRY(plan, run::make_plan(std::move(*gate), once));
  const Arm shown = wanted.other ? Arm::candidate : Arm::baseline;
  HG_TRY(tried, run_tried(context, *gate, plan, calls, shown));
  if (const auto* stopped = std::get_if<ExitCode>(&tried)) return *stopped;
  const TriedCell& cell = std::get<Tried>(tried).arms.front().cells.front();
  write_out(context.arguments.flag("--json") ? canonical_pretty(json_of(cell, grader)) : text_of(cell));
  return word_of(cell).code;
}

}  // namespace

Verb graders_try_row() {
  return {.name = "graders try",
          .group = writing,
          .summary = "one grader on one reply: verdict, reason, what it measured",
          .operands = "KIND",
          .least_operands = 1,
          .most_operands = 1,
          .options = with({text("--reply", "FILE", "the reply: a text, or a recorded reply as JSON (- for stdin)"),
                           text("--case", "FILE", "its case as JSON: input, vars, context, expected"),
                           text("--options", "JSON", "options of the grader, as they stand in a suite"),
                           text("--other", "FILE", "what a grader compares it with; then the verdict is of this one"),
                           text("--gate", "GATE", "the gate that says who judges, plugins and embeddings are")},
                          call_options()),
          .details =
              "KIND is a name that `headgate graders` lists, or a whole grader as JSON. Keeps nothing.\n"
              "Exits 0 where it passes, 1 where it fails, 2 where it cannot judge.",
          .examples = {"headgate graders try contains --options '{\"value\": \"refund\"}' --reply reply.txt",
                       "headgate graders try number --reply reply.txt --case case.json --json"},
          .run = graders_try_verb};
}

}  // namespace headgate::cli
