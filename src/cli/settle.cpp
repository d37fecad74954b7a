#include "settle.hpp"

#include <algorithm>

#include "headgate/base/file.hpp"
#include "headgate/gate/decide.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/report/render.hpp"
#include "headgate/run/quotes.hpp"
#include "output.hpp"

namespace headgate::cli {
namespace {

std::string first_lines(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  for (; count > 0 && end != std::string::npos; --count) end = text.find('\n', end == 0 ? 0 : end + 1);
  return end == std::string::npos ? text : text.substr(0, end + 1);
}

}  // namespace

Result<Settled> settle(const std::string& folder, const Rules* rules) {
  if (const auto run = read_run_file(folder); run && !run->edited.empty()) {
    return failure(
        ErrorCode::untrusted,
        "route '" + run->edited + "' was edited while this run was going on: replies of both stand in " + folder,
        "run the gate again");
  }
  HG_TRY(evidence, journal::read_evidence(folder));
  if (rules != nullptr) {
    const std::string problem = reduce_problem(rules->reduce, evidence.plan.trials);
    if (!problem.empty()) return failure(ErrorCode::input, "this run cannot be decided so: " + problem);
  }
  Settled settled{folder, std::move(evidence), {}, {}};
  settled.decision = gate::decide(settled.evidence, rules != nullptr ? *rules : settled.evidence.plan.rules);
  settled.story = report::tell(settled.evidence, run::quotes_of(folder, settled.evidence));
  return settled;
}

Result<std::string> recorded_decision(const std::string& folder) {
  auto text = real_files().read(join_path(folder, "decision.json"));
  if (!text) text.error().code = ErrorCode::environment;
  return text;
}

bool holds(const Settled& settled) {
  const auto recorded = recorded_decision(settled.folder);
  return recorded && *recorded == report::decision_json(settled.decision);
}

bool unfinished(const Evidence& evidence) {
  return std::ranges::any_of(evidence.observations,
                             [](const Observation& cell) { return cell.status == Status::not_run; });
}

Result<void> write_reports(const Settled& settled, const report::RunFacts& facts) {
  const auto write = [&](const char* name, std::string_view text) {
    return write_file_atomically(join_path(settled.folder, name), text);
  };
  HG_CHECK(write("summary.md", report::markdown(settled.decision, settled.story, facts)));
  std::string xml;
  // Without what was measured: equal evidence gives equal bytes.
  report::junit(settled.decision, settled.evidence, run::quotes_of(settled.folder, settled.evidence),
                [&](std::string_view part) { xml += part; });
  HG_CHECK(write("junit.xml", xml));
  return write("decision.json", report::decision_json(settled.decision));
}

void print(const Context& context, const Settled& settled, const report::RunFacts& facts, bool brief) {
  if (context.arguments.flag("--json")) return write_out(report::decision_json(settled.decision));
  constexpr std::size_t unbroken = 100'000;  // two lines are two sentences, not the beginnings of a page
  const std::size_t width = brief ? unbroken : context.terminal.width;
  const std::string text =
      report::terminal(settled.decision, settled.story, facts, {context.terminal.out_colour, width});
  std::size_t further = 0;  // lines that belong to the answer
  for (const std::string* each : {&facts.stopped, &facts.origin, &facts.changes}) further += each->empty() ? 0U : 1U;
  write_out(brief ? first_lines(text, 2 + further) : text);
}

}  // namespace headgate::cli
