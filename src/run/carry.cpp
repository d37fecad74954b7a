#include "headgate/run/carry.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "headgate/base/file.hpp"
#include "headgate/base/version.hpp"
#include "headgate/grade/cell.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/record.hpp"

namespace headgate::run {
namespace {

constexpr std::size_t cells_a_write = 256;

struct CallHash {
  std::size_t operator()(const CallId& call) const {  // a digest already; any eight bytes of it spread well
    std::size_t hash = 0;
    for (std::size_t i = 0; i < sizeof hash; ++i) hash = (hash << 8U) | call.bytes[i];
    return hash;
  }
};
// Two suites may hold one case; then several cells make one call, and one reply serves them all.
using CellsByCall = std::unordered_multimap<CallId, CellIndex, CallHash>;

CallId call_of(const Plan& plan, CellIndex cell) {
  const CellRef ref = cell_ref(cell, plan.head.trials);
  return call_id(plan.cases[ref.item].digest, plan.head.routes[static_cast<std::size_t>(ref.arm)].digest, ref.arm,
                 ref.trial);
}

const SuiteHead& suite_of(const Plan& plan, CellIndex cell) {
  return plan.head.suites[plan.case_suite[cell_ref(cell, plan.head.trials).item]];
}

CellsByCall calls_of(const Plan& plan) {
  CellsByCall calls;
  calls.reserve(plan.cells());
  for (CellIndex cell = 0; cell < plan.cells(); ++cell) calls.emplace(call_of(plan, cell), cell);
  return calls;
}

using CaseDigests = std::map<std::pair<std::string, std::string>, Digest>;

CaseDigests digests_of(const Plan& plan) {
  CaseDigests digests;
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    digests[{plan.head.suites[plan.case_suite[i]].name, plan.cases[i].id}] = plan.cases[i].digest;
  }
  return digests;
}

void compare(const Plan& before, const Plan& now, Carried& carried) {
  const CaseDigests old = digests_of(before);
  const CaseDigests fresh = digests_of(now);
  for (const auto& [name, digest] : fresh) {
    const auto found = old.find(name);
    if (found == old.end()) {
      ++carried.added;
    } else if (found->second != digest) {
      ++carried.changed;
    }
  }
  for (const auto& [name, digest] : old) {
    if (!fresh.contains(name)) ++carried.removed;
  }
}

// A live route's reply stands because it was paid for. A recorded one can be read again, and may have been corrected.
bool still_said(const route::RecordedReplies* recording, const Case& item, std::uint32_t trial, const Digest& reply) {
  if (recording == nullptr) return true;
  const Outcome now = recording->reply_to(item, trial);
  const auto* current = std::get_if<Reply>(&now);
  return current != nullptr && reply_digest(*current) == reply;
}

// Copies one cell's records into the new journal, under its new number. False: the recording says something else now.
Result<bool> carry_cell(const RandomAccessFile& file, const Observation& seen, bool with_grade, const Plan& plan,
                        const std::array<config::Route, 2>& routes, CellIndex cell, journal::Writer& writer) {
  HG_TRY(outcome, journal::read_result(file, seen.result_offset));
  const CellRef ref = cell_ref(cell, plan.head.trials);
  const CallId call = call_of(plan, cell);
  const Digest reply = reply_digest(std::get<Reply>(outcome));
  const auto* recording = routes[static_cast<std::size_t>(ref.arm)].replies.get();
  if (!still_said(recording, plan.cases[ref.item], ref.trial, reply)) return false;
  writer.append(journal::result_body(cell, call, plan.cases[ref.item].id, ref, outcome, reply));
  if (with_grade) {
    HG_TRY(grade, journal::read_grade(file, seen.grade_offset));
    writer.append(journal::grade_body(cell, call, reply, suite_of(plan, cell).graders_digest, grade));
  }
  return true;
}

// What the earlier run had of each call, and which cells got it.
struct Progress {
  std::set<CallId> asked;    // calls of the earlier plan
  std::set<CallId> replied;  // those with a reply
  std::vector<bool> taken;   // by cell of the new plan
};

void count_left(const Plan& before, const Plan& plan, const CarryOptions& options, const Progress& progress,
                Carried& carried) {
  for (CellIndex cell = 0; cell < plan.cells(); ++cell) {
    const Arm arm = cell_ref(cell, plan.head.trials).arm;
    const bool wanted = !options.only || *options.only == arm;
    if (progress.taken[cell] || !wanted || (options.taken != nullptr && (*options.taken)[cell])) continue;
    const auto index = static_cast<std::size_t>(arm);
    const CallId call = call_of(plan, cell);
    NotCarried why = NotCarried::corrected;
    if (before.head.routes[index].digest != plan.head.routes[index].digest) {
      why = NotCarried::other_route;
    } else if (!progress.asked.contains(call)) {
      why = NotCarried::not_asked;
    } else if (!progress.replied.contains(call)) {
      why = NotCarried::no_reply;
    }
    ++carried.left[{arm, why}];
  }
}

// Of what either plan may ask under one name, whether it is the same. What only one of them has nobody asks whose
// graders are in both.
bool same_in_both(const std::map<std::string, Digest>& before, const std::map<std::string, Digest>& now) {
  return std::ranges::all_of(now, [&](const auto& each) {
    const auto found = before.find(each.first);
    return found == before.end() || found->second == each.second;
  });
}

std::map<std::string, Digest> judges_of(const PlanHead& head) {
  std::map<std::string, Digest> judges;
  for (const SealedJudge& judge : head.judges) judges[judge.use.judge] = judge.route_digest;
  return judges;
}

bool same_helpers(const PlanHead& before, const PlanHead& now) {
  return same_in_both(before.plugins, now.plugins) && same_in_both(judges_of(before), judges_of(now)) &&
         same_in_both(before.embeddings, now.embeddings) && same_in_both(before.languages, now.languages) &&
         before.unsandboxed == now.unsandboxed;
}

// An earlier run as it lies there.
struct Earlier {
  Plan plan;
  std::shared_ptr<const RandomAccessFile> file;
  std::unique_ptr<journal::Fold> fold;
};

Result<Earlier> read_earlier(const std::string& folder) {
  HG_TRY(plan, journal::read_plan(folder));
  HG_TRY(file, RandomAccessFile::open(join_path(folder, "journal.jsonl")));
  auto fold = std::make_unique<journal::Fold>(plan);
  HG_CHECK(journal::scan(*file, [&](const journal::RecordView& record) { fold->add(record); }));
  if (fold->is_foreign())
    return failure(ErrorCode::untrusted, "the journal in '" + folder + "' is not of the plan beside it");
  return Earlier{std::move(plan), std::move(file), std::move(fold)};
}

// Pairs the earlier run's replies with the cells of the plan that make the same call, and counts.
// `take(before, now)` says whether the one is taken for the other.
template <class Take>
Result<void> match(const Earlier& from, const Plan& plan, const CarryOptions& options, const Take& take,
                   Carried& carried) {
  compare(from.plan, plan, carried);
  CellsByCall calls = calls_of(plan);
  Progress progress{{}, {}, std::vector<bool>(plan.cells(), false)};
  for (CellIndex cell = 0; cell < from.plan.cells(); ++cell) {
    const Observation& seen = from.fold->so_far(cell);
    const CallId asked = call_of(from.plan, cell);
    progress.asked.insert(asked);
    // Only replies; errors are asked again. One that could not be graded is graded again.
    if (seen.status != Status::ok && seen.grade_offset == 0) continue;
    progress.replied.insert(asked);
    if (options.only && cell_ref(cell, from.plan.head.trials).arm != *options.only) continue;
    const auto [begin, end] = calls.equal_range(asked);
    for (auto each = begin; each != end; ++each) {
      if (options.taken != nullptr && (*options.taken)[each->second]) continue;
      HG_TRY(taken, take(cell, each->second));
      if (!taken) continue;
      ++carried.cells;
      progress.taken[each->second] = true;
      if (options.taken != nullptr) (*options.taken)[each->second] = true;
    }
    calls.erase(begin, end);
  }
  count_left(from.plan, plan, options, progress, carried);
  return {};
}

}  // namespace

Result<Carried> carry_over(const std::string& from_folder, const Plan& plan, const std::array<config::Route, 2>& routes,
                           journal::Writer& writer, const CarryOptions& options) {
  HG_TRY(from, read_earlier(from_folder));
  if (writer.next_sequence() == 0) writer.append(journal::header_body(plan.head.digest, version()));
  const bool helpers_are_same = same_helpers(from.plan.head, plan.head);
  const std::vector<bool> taken_before = options.taken == nullptr ? std::vector<bool>(plan.cells()) : *options.taken;
  std::vector<grade::SuiteGraders> graders;
  for (const SuiteHead& suite : plan.head.suites) {
    HG_TRY(built, grade::SuiteGraders::make(suite, *options.registry));
    graders.push_back(std::move(built));
  }
  const auto compares = [&](CellIndex cell) {
    const CaseIndex item = cell_ref(cell, plan.head.trials).item;
    return graders[plan.case_suite[item]].compares(plan.cases[item]);
  };
  // Whether the other cell of the pair is taken over with this one.
  const auto with_other = [&](CellIndex before, CellIndex now) -> Result<bool> {
    const CellIndex other = before ^ 1U;
    const Observation& seen = from.fold->so_far(other);
    const bool replied = seen.status == Status::ok || seen.grade_offset != 0;
    if (options.only || taken_before[now ^ 1U] || !replied) return false;
    if (call_of(from.plan, other) != call_of(plan, now ^ 1U)) return false;
    HG_TRY(outcome, journal::read_result(*from.file, seen.result_offset));
    const CellRef ref = cell_ref(now ^ 1U, plan.head.trials);
    return still_said(routes[static_cast<std::size_t>(ref.arm)].replies.get(), plan.cases[ref.item], ref.trial,
                      reply_digest(std::get<Reply>(outcome)));
  };
  Carried carried;
  const auto take = [&](CellIndex before, CellIndex now) -> Result<bool> {
    const Observation& seen = from.fold->so_far(before);
    const bool is_graded = seen.status == Status::ok && seen.score;
    bool with_grade = is_graded && helpers_are_same &&
                      suite_of(from.plan, before).graders_digest == suite_of(plan, now).graders_digest;
    if (with_grade && compares(now)) {
      HG_TRY(whole, with_other(before, now));
      with_grade = whole;
    }
    HG_TRY(taken, carry_cell(*from.file, seen, with_grade, plan, routes, now, writer));
    if (taken && (carried.cells + 1) % cells_a_write == 0) HG_CHECK(writer.flush());
    return taken;
  };
  HG_CHECK(match(from, plan, options, take, carried));
  writer.append(journal::note_body("carried", std::to_string(carried.cells) + " cells from " + name_of(from_folder)));
  HG_CHECK(writer.flush());
  HG_CHECK(writer.sync());
  return carried;
}

Result<std::size_t> count_carried(const std::string& from_folder, const Plan& plan,
                                  const std::array<config::Route, 2>& routes, const CarryOptions& options) {
  HG_TRY(from, read_earlier(from_folder));
  const auto take = [&](CellIndex before, CellIndex now) -> Result<bool> {
    const CellRef ref = cell_ref(now, plan.head.trials);
    const auto* recording = routes[static_cast<std::size_t>(ref.arm)].replies.get();
    if (recording == nullptr) return true;
    HG_TRY(outcome, journal::read_result(*from.file, from.fold->so_far(before).result_offset));
    return still_said(recording, plan.cases[ref.item], ref.trial, reply_digest(std::get<Reply>(outcome)));
  };
  Carried carried;
  HG_CHECK(match(from, plan, options, take, carried));
  return carried.cells;
}

}  // namespace headgate::run
