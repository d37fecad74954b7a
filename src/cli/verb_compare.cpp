// Two runs side by side.

#include <vector>

#include "decided_run.hpp"
#include "headgate/gate/contrast.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/report/compare.hpp"
#include "headgate/run/quotes.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<std::vector<Digest>> case_digests(const std::string& folder) {
  HG_TRY(plan, journal::read_plan(folder));
  std::vector<Digest> digests;
  digests.reserve(plan.cases.size());
  for (const Case& item : plan.cases) digests.push_back(item.digest);
  return digests;
}

report::ComparedRun compared(const DecidedRun& run, const report::Quotes& quotes) {
  return {run.settled.decision, run.settled.evidence, quotes, run.facts(), run.file ? run.file->started : ""};
}

Result<ExitCode> compare_verb(const Context& context) {
  HG_TRY(a, open_decided(context, context.arguments.operands[0]));
  HG_TRY(b, open_decided(context, context.arguments.operands[1]));
  HG_TRY(digests_a, case_digests(a.folder.path));
  HG_TRY(digests_b, case_digests(b.folder.path));
  const auto quotes_a = run::quotes_of(a.folder.path, a.settled.evidence);
  const auto quotes_b = run::quotes_of(b.folder.path, b.settled.evidence);
  const auto contrast = gate::contrast(a.settled.evidence, digests_a, b.settled.evidence, digests_b);
  const auto first = compared(a, quotes_a);
  const auto second = compared(b, quotes_b);
  if (context.arguments.flag("--json")) {
    write_out(report::comparison_json(first, second, contrast));
  } else {
    write_out(report::comparison(first, second, contrast, {context.terminal.out_colour, context.terminal.width},
                                 context.arguments.flag("--full")));
  }
  return ExitCode::yes;
}

}  // namespace

Verb compare_row() {
  return {.name = "compare",
          .group = looking,
          .summary = "two runs side by side: what changed, and whether an unchanged route drifts",
          .operands = "RUN RUN",
          .least_operands = 2,
          .most_operands = 2,
          .options = {flag("--full", "every case that changed, with both replies"), reports_option()},
          .details =
              "Compares the cases that both runs have, by suite, id and content; what each arm passes in either; the\n"
              "findings and the rules. Where a route is the same in both, a reply that differs is drift: the route\n"
              "answers differently to the same question. Exits 0 where the two could be compared.",
          .examples = {"headgate compare 20261119T12 20261120T12", "headgate compare 1a2b3c4d 5e6f --full"},
          .run = compare_verb,
          .paged = true};
}

}  // namespace headgate::cli
