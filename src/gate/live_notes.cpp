#include "live_notes.hpp"

#include <algorithm>

#include "headgate/base/text.hpp"
#include "headgate/gate/forced.hpp"
#include "reading.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

// Cases named in one note, before "and N more".
constexpr std::size_t max_named = 5;

// Graded cells, added up.
struct Tally {
  std::size_t cells = 0, passed = 0;
  std::vector<double> scores;

  void add(const Observation& seen) {
    ++cells;
    if (seen.pass) ++passed;
    scores.push_back(*seen.score);
  }
  // "pass 75 % with a mean score of 0.75"; the same for every order of the cells.
  std::string says() {
    std::ranges::sort(scores);
    double sum = 0.0;
    for (const double score : scores) sum += score;
    const auto n = static_cast<double>(cells);
    return (cells == 1 ? "passes " : "pass ") + percent(static_cast<double>(passed) / n) + " with a mean score of " +
           fixed(sum / n, 3);
  }
};

void note_fallback(const View& view, Arm arm, std::vector<std::string>& notes) {
  Tally own, fallback;
  std::size_t ungraded = 0;
  std::vector<std::string> fell;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    if (view.is_forced(item)) continue;
    const std::size_t before = fallback.cells + ungraded;
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
      const Observation& seen = view.evidence().at(item, trial, arm);
      if (status_of(seen) == Status::ok) {
        (seen.fallback ? fallback : own).add(seen);
      } else if (seen.fallback && has_reply(seen)) {
        ++ungraded;
      }
    }
    if (fallback.cells + ungraded > before) fell.push_back(view.id(item));
  }
  const std::size_t answered = fallback.cells + ungraded;
  if (answered == 0) return;
  const std::string& route = view.evidence().plan.routes[static_cast<std::size_t>(arm)].fallback;
  std::string note = plural(answered, std::string(name(arm)) + " cell") + (answered == 1 ? " was" : " were") +
                     " answered by the fallback" + (route.empty() ? "" : " " + route) + " (" +
                     join_words(fell, max_named) + ")";
  if (fallback.cells > 0) {
    note += ": " + std::string(fallback.cells == 1 ? "it " : "they ") + fallback.says();
  } else {
    note += ", and none of them could be graded";
  }
  if (own.cells > 0) {
    note += "; the " + std::to_string(own.cells) + " that the route answered itself " + own.says();
  }
  notes.push_back(std::move(note));
}

// What the fallback did on one case that the route was made to fail.
struct Trial {
  std::string id;
  bool answered = false, passed = false;
  ErrorKind error = ErrorKind::none;
};

Trial forced_case(const View& view, CaseIndex item, Arm arm) {
  Trial out{view.id(item), true, true, ErrorKind::none};
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    const Observation& seen = view.evidence().at(item, trial, arm);
    const bool graded = status_of(seen) == Status::ok && seen.fallback;
    out.answered = out.answered && graded;
    out.passed = out.passed && graded && seen.pass;
    if (!graded && out.error == ErrorKind::none) out.error = seen.error;
  }
  return out;
}

// "fallback of the candidate tested on 3 cases: answered and passed on 1; …"
void note_tested(const View& view, Arm arm, std::vector<std::string>& notes) {
  const RouteUse& route = view.evidence().plan.routes[static_cast<std::size_t>(arm)];
  if (!falls_back(route)) return;
  std::size_t cases = 0, good = 0;
  std::vector<std::string> failed, silent;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    if (!view.is_forced(item)) continue;
    const Trial each = forced_case(view, item, arm);
    ++cases;
    if (each.answered && each.passed) {
      ++good;
    } else if (each.answered) {
      failed.push_back(each.id);
    } else {
      silent.push_back(each.id + (each.error == ErrorKind::none ? "" : std::string(" (") + name(each.error) + ")"));
    }
  }
  if (cases == 0) return;
  std::string note = std::string("the fallback ") + route.fallback + " of the " + name(arm) + " was tested on " +
                     cases_of(cases) + ": it answered and passed on " + std::to_string(good);
  if (!failed.empty()) note += "; it answered and did not pass on " + join_words(failed, max_named);
  if (!silent.empty()) note += "; no graded reply of it on " + join_words(silent, max_named);
  notes.push_back(std::move(note));
}

void note_forced(const View& view, std::vector<std::string>& notes) {
  const PlanHead& plan = view.evidence().plan;
  if (plan.fallback_tested.empty()) return;
  if (!falls_back(plan.routes[static_cast<std::size_t>(Arm::candidate)])) {
    notes.emplace_back("the candidate's route has no fallback to test on the cases of readiness.fallback_tested");
  }
  std::vector<std::string> unknown;
  for (const std::string& id : plan.fallback_tested) {
    if (!view.evidence().cases.find(id)) unknown.push_back(id);
  }
  if (!unknown.empty()) {
    notes.push_back("readiness.fallback_tested names " + join_words(unknown, max_named) + ", in no case of this run");
  }
  for (const Arm arm : {Arm::candidate, Arm::baseline}) note_tested(view, arm, notes);
}

// Which of the asked rules are weaker for it.
void note_reuse(const Context& context, std::vector<std::string>& notes) {
  const PlanHead& plan = context.view.evidence().plan;
  if (plan.baseline_reuse.empty()) return;
  std::vector<std::string> compared;
  if (context.rules.quality) compared.emplace_back("quality");
  if (context.rules.segments) compared.emplace_back("segments");
  const bool new_failures = std::ranges::any_of(
      context.rules.severe, [](const SevereRule& rule) { return rule.max_new_failures.has_value(); });
  if (new_failures) compared.emplace_back("severe");
  std::string note =
      "the baseline's replies are reused (" + plan.baseline_reuse + "), so the arms were not asked side by side";
  if (!compared.empty()) {
    note += ": what changed at a provider in between counts as a difference of the routes in " + join_words(compared);
  }
  if (context.rules.latency) note += "; latency has no pair in time, only the candidate's own limit";
  if (context.rules.cost) note += "; cost compares nothing with the baseline, whose prices may have changed";
  notes.push_back(std::move(note));
}

}  // namespace

void note_live(const Context& context, std::vector<std::string>& notes) {
  const std::vector<Observation>& cells = context.view.evidence().observations;
  if (std::ranges::any_of(cells, [](const Observation& seen) { return seen.fallback; })) {
    for (const Arm arm : {Arm::candidate, Arm::baseline}) note_fallback(context.view, arm, notes);
  }
  note_forced(context.view, notes);
  note_reuse(context, notes);
}

}  // namespace headgate::gate
