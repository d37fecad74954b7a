// Why the answer is what it is: the reason tree, or the story of one case.

#include <vector>

#include "decided_run.hpp"
#include "headgate/base/text.hpp"
#include "headgate/report/explain.hpp"
#include "headgate/run/quotes.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

std::vector<std::string> ids_of(const Evidence& evidence) {
  std::vector<std::string> ids;
  for (CaseIndex item = 0; item < evidence.cases.size(); ++item) ids.emplace_back(evidence.cases.id(item));
  return ids;
}

// By id, or by SUITE/ID where several suites have it.
std::vector<CaseIndex> cases_called(const Evidence& evidence, const std::string& name) {
  std::vector<CaseIndex> found;
  for (CaseIndex item = 0; item < evidence.cases.size(); ++item) {
    const std::string id(evidence.cases.id(item));
    if (id == name || evidence.plan.suites[evidence.cases[item].suite].name + "/" + id == name) found.push_back(item);
  }
  return found;
}

Result<CaseIndex> find_case(const DecidedRun& run, const std::string& name) {
  const Evidence& evidence = run.settled.evidence;
  const std::vector<CaseIndex> found = cases_called(evidence, name);
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    const std::string guess = did_you_mean(name, ids_of(evidence));
    return failure(
        ErrorCode::input, "no case '" + name + "' in run " + run.folder.run_id,
        guess.empty() ? "`headgate show " + run.folder.run_id + " --where 'id~" + name + "'` searches" : guess);
  }
  std::vector<std::string> full;
  for (const CaseIndex item : found) {
    full.push_back(evidence.plan.suites[evidence.cases[item].suite].name + "/" + std::string(evidence.cases.id(item)));
  }
  return failure(ErrorCode::input, "'" + name + "' is a case of " + plural(found.size(), "suite"),
                 "say which: " + join_words(full));
}

struct Wish {
  DecidedRun run;
  std::optional<CaseIndex> item;
};

// One operand is a run, or a case of the latest one.
Result<Wish> wish_of(const Context& context) {
  const auto& operands = context.arguments.operands;
  const std::string reports = reports_folder(context);
  if (operands.size() != 1) {
    const std::string wanted = operands.empty() ? "" : operands[0];
    HG_TRY(found, run::find_decided_run(reports, wanted));
    note_unfinished(context, wanted, found);
    HG_TRY(run, open_decided(std::move(found)));
    if (operands.empty()) return Wish{std::move(run), std::nullopt};
    HG_TRY(item, find_case(run, operands[1]));
    return Wish{std::move(run), item};
  }
  const std::string& word = operands[0];
  auto named = run::find_decided_run(reports, word);
  auto latest = run::find_decided_run(reports, "");
  if (!latest || !latest->decided) {
    if (!named) return failure(std::move(named).error());
    HG_TRY(run, open_decided(std::move(*named)));
    return Wish{std::move(run), std::nullopt};
  }
  HG_TRY(run, open_decided(*latest));
  const bool is_case = !cases_called(run.settled.evidence, word).empty();
  if (named && is_case) {
    return failure(
        ErrorCode::input, "'" + word + "' is a run and a case of the latest run",
        "the run: headgate explain " + named->path + "; the case: headgate explain " + run.folder.run_id + " " + word);
  }
  if (is_case) {
    HG_TRY(item, find_case(run, word));
    note_unfinished(context, "", run.folder);
    say("'" + terminal_line(word) + "' is taken for a case of the latest run, " + terminal_line(run.folder.run_id));
    return Wish{std::move(run), item};
  }
  if (!named) {
    Error error = std::move(named).error();
    if (const std::string guess = did_you_mean(word, ids_of(run.settled.evidence)); !guess.empty()) {
      error.message += ", and no case of that name in the latest";
      error.hint = guess;
    }
    return failure(std::move(error));
  }
  note_unfinished(context, word, *named);
  if (named->path == run.folder.path) return Wish{std::move(run), std::nullopt};
  HG_TRY(other, open_decided(std::move(*named)));
  return Wish{std::move(other), std::nullopt};
}

Result<ExitCode> explain_verb(const Context& context) {
  HG_TRY(wish, wish_of(context));
  const Settled& settled = wish.run.settled;
  const auto quotes = run::quotes_of(settled.folder, settled.evidence);
  const auto facts = wish.run.facts();
  const report::Style style{context.terminal.out_colour, context.terminal.width};
  const bool json = context.arguments.flag("--json");
  if (wish.item) {
    const Rules& rules = settled.evidence.plan.rules;
    write_out(json ? report::case_story_json(settled.evidence, rules, *wish.item, quotes, facts)
                   : report::case_story(settled.evidence, rules, *wish.item, quotes, facts, style));
  } else {
    write_out(json ? report::explanation_json(settled.decision, settled.evidence, quotes, facts)
                   : report::explanation(settled.decision, settled.evidence, quotes, facts, style));
  }
  return ExitCode::yes;
}

}  // namespace

Verb explain_row() {
  return {
      .name = "explain",
      .group = looking,
      .summary = "why the answer is what it is: every rule, down to the replies; or one case",
      .operands = "[RUN] [CASE]",
      .least_operands = 0,
      .most_operands = 2,
      .options = {reports_option()},
      .details =
          "Without CASE the reason tree: every rule with its figures, what would settle it, and the cases behind it\n"
          "with both replies. With CASE all that is known of it, and what it means to every rule; where two suites\n"
          "have it, SUITE/CASE. The latest decided run by default; one operand that is no run is a case of it.\n"
          "Exits 0, whatever the answer.",
      .examples = {"headgate explain", "headgate explain refund-017", "headgate explain 20261120T12 refund-017 --json"},
      .run = explain_verb,
      .paged = true};
}

}  // namespace headgate::cli
