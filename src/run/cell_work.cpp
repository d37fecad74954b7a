#include "cell_work.hpp"

#include <new>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/bug_error.hpp"
#include "headgate/base/random.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/journal/record.hpp"
#include "headgate/journal/scan.hpp"

namespace headgate::run {
namespace {

// Messages and reasons are sentences for people; a longer one quotes a reply that stands in the record anyway.
constexpr std::size_t max_words_columns = 600;

std::string words(std::string_view text) { return elide(repair_utf8(text), max_words_columns); }

journal::GradeFacts facts_of(grade::GradedCell&& graded) {
  journal::GradeFacts facts;
  facts.error = graded.error;
  facts.message = words(graded.message);
  facts.pass = graded.pass;
  facts.score = graded.score;
  facts.grades.reserve(graded.grades.size());
  for (grade::NamedGrade& one : graded.grades) {
    facts.grades.push_back({std::move(one.kind), one.grade.pass, one.grade.score, words(one.grade.reason)});
  }
  return facts;
}

Fate fate_of(const journal::GradeFacts& facts) {
  if (facts.error != ErrorKind::none) return Fate::error;
  return facts.pass ? Fate::passed : Fate::failed;
}

}  // namespace

Outcome CellWork::outcome_of(const Task& task, const CellRef& ref) const {
  if (!task.grade_only) {
    Outcome found = replies_[static_cast<std::size_t>(ref.arm)]->reply_to(plan_.cases[ref.item], ref.trial);
    if (auto* error = std::get_if<CallError>(&found)) error->message = words(error->message);
    return found;
  }
  const auto offset = replied_.offsets.find(task.cell);
  HG_ASSERT(offset != replied_.offsets.end());
  Result<Outcome> recorded = journal::read_result(*replied_.journal, offset->second);
  if (!recorded) throw CannotRead(recorded.error().message);
  return std::move(*recorded);
}

// A grader of somebody else's that throws has not judged: the cell is ungraded, and the run goes on.
grade::GradedCell CellWork::grade(CellIndex cell, const CellRef& ref, const Reply& reply) const {
  const std::uint64_t seed = Random(plan_.head.seed, cell).next();
  grade::GradedCell failed;
  failed.error = ErrorKind::grader_failed;
  try {
    return graders_[plan_.case_suite[ref.item]].grade(plan_.cases[ref.item], reply, seed);
  } catch (const BugError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    failed.message = e.what();
  }
  return failed;
}

CellDone CellWork::operator()(const Task& task) const {
  const CellRef ref = cell_ref(task.cell, plan_.head.trials);
  const Case& item = plan_.cases[ref.item];
  const RouteUse& route = plan_.head.routes[static_cast<std::size_t>(ref.arm)];
  const CallId call = call_id(item.digest, route.digest, ref.arm, ref.trial);
  const Outcome outcome = outcome_of(task, ref);

  CellDone done{task.cell, Fate::error, {}, {}};
  const auto* reply = std::get_if<Reply>(&outcome);
  const Digest digest = reply != nullptr ? reply_digest(*reply) : Digest{};
  if (!task.grade_only) done.result = journal::result_body(task.cell, call, item.id, ref, outcome, digest);
  if (reply == nullptr) {
    HG_ASSERT(!task.grade_only);
    return done;
  }
  const journal::GradeFacts facts = facts_of(grade(task.cell, ref, *reply));
  const Digest& graders = plan_.head.suites[plan_.case_suite[ref.item]].graders_digest;
  done.grade = journal::grade_body(task.cell, call, digest, graders, facts);
  done.fate = fate_of(facts);
  return done;
}

}  // namespace headgate::run
