#include "headgate/gate/contrast.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "headgate/base/assert.hpp"
#include "view.hpp"

namespace headgate::gate {
namespace {

// A case's name: its suite and id, joined by a byte that neither holds.
std::string key_of(const Evidence& evidence, CaseIndex item) {
  std::string key = evidence.plan.suites[evidence.cases[item].suite].name;
  key += '\0';
  key += evidence.cases.id(item);
  return key;
}

using Places = std::unordered_map<std::string, CaseIndex>;

Places places_of(const Evidence& evidence) {
  Places places;
  places.reserve(evidence.cases.size());
  for (CaseIndex item = 0; item < evidence.cases.size(); ++item) places.emplace(key_of(evidence, item), item);
  return places;
}

void sort_out(const Evidence& a, std::span<const Digest> digests_a, const Evidence& b,
              std::span<const Digest> digests_b, Contrast& out) {
  HG_ASSERT(digests_a.size() == a.cases.size() && digests_b.size() == b.cases.size());
  const Places in_a = places_of(a);
  std::vector<bool> met(a.cases.size());
  for (CaseIndex item = 0; item < b.cases.size(); ++item) {
    const auto found = in_a.find(key_of(b, item));
    if (found == in_a.end()) {
      out.added.push_back(item);
      continue;
    }
    met[found->second] = true;
    const bool same = digests_a[found->second] == digests_b[item];
    (same ? out.common : out.changed).push_back({found->second, item});
  }
  for (CaseIndex item = 0; item < a.cases.size(); ++item) {
    if (!met[item]) out.removed.push_back(item);
  }
}

// Whether the cell says what the route does when it is asked: a reply, or an error of its own.
bool answers(const Observation& seen) {
  switch (status_of(seen)) {
    case Status::ok:
    case Status::route_error:
      return true;
    case Status::ungraded:
      return seen.reply_mark != 0;
    case Status::provider_error:
    case Status::not_run:
      return false;
  }
  return false;
}

bool same_answer(const Observation& a, const Observation& b) {
  if (a.reply_mark != 0 || b.reply_mark != 0) return a.reply_mark == b.reply_mark;
  return a.error == b.error;
}

bool same_outcome(const Observation& a, const Observation& b) {
  return status_of(a) == status_of(b) && passed(a) == passed(b);
}

void add_drift(const Evidence& a, const Evidence& b, const SharedCase& item, Arm arm, ArmContrast::Drift& drift) {
  bool drifts = false;
  for (std::uint32_t trial = 0; trial < std::min(a.plan.trials, b.plan.trials); ++trial) {
    const Observation& before = a.at(item.a, trial, arm);
    const Observation& now = b.at(item.b, trial, arm);
    if (!answers(before) || !answers(now)) continue;
    ++drift.asked;
    if (same_answer(before, now)) {
      if (!same_outcome(before, now)) ++drift.graded_otherwise;
      continue;
    }
    drifts = true;
    ++drift.other_reply;
    if (passed(before) != passed(now)) ++drift.other_outcome;
  }
  if (drifts) drift.cases.push_back(item);
}

ArmContrast contrast_arm(const Evidence& a, const Evidence& b, const std::vector<SharedCase>& common, Arm arm) {
  using Kind = CaseState::Kind;
  const auto index = static_cast<std::size_t>(arm);
  ArmContrast out;
  out.same_route = a.plan.routes[index].digest == b.plan.routes[index].digest;
  for (const SharedCase& item : common) {
    const CaseState before = state_of(a, item.a, arm);
    const CaseState now = state_of(b, item.b, arm);
    out.passed_a += before.kind == Kind::pass ? 1U : 0U;
    out.passed_b += now.kind == Kind::pass ? 1U : 0U;
    if (before != now) out.changes.push_back({item, before, now, before.kind == Kind::pass});
    if (out.same_route) add_drift(a, b, item, arm, out.drift);
  }
  const auto better = [](const ArmContrast::Change& change) { return change.b.kind == Kind::pass; };
  out.worse = static_cast<std::size_t>(std::ranges::count(out.changes, true, &ArmContrast::Change::worse));
  out.better = static_cast<std::size_t>(std::ranges::count_if(out.changes, better));
  std::ranges::sort(out.changes, {}, [&](const ArmContrast::Change& change) {
    const auto severity = -static_cast<int>(b.cases[change.item.b].severity);
    return std::tuple(change.worse ? 0 : better(change) ? 1 : 2, severity, change.item.b);
  });
  return out;
}

}  // namespace

Contrast contrast(const Evidence& a, std::span<const Digest> digests_a, const Evidence& b,
                  std::span<const Digest> digests_b) {
  Contrast out;
  sort_out(a, digests_a, b, digests_b, out);
  out.other_trials = a.plan.trials != b.plan.trials;
  for (const Arm arm : both_arms) out.arms[static_cast<std::size_t>(arm)] = contrast_arm(a, b, out.common, arm);
  return out;
}

Regraded regraded(const Evidence& before, const Evidence& now) {
  Regraded out;
  const Places places = places_of(before);
  for (CaseIndex item = 0; item < now.cases.size(); ++item) {
    const auto found = places.find(key_of(now, item));
    bool misses = false;
    for (const Arm arm : both_arms) {
      for (std::uint32_t trial = 0; trial < now.plan.trials; ++trial) {
        const Observation& seen = now.at(item, trial, arm);
        const bool missing = seen.error == ErrorKind::reply_missing;
        misses = misses || missing;
        out.missing += missing ? 1U : 0U;
        if (found == places.end() || trial >= before.plan.trials) continue;
        const Observation& was = before.at(found->second, trial, arm);
        ++out.cells;
        if (passed(seen)) {
          out.pass_now += passed(was) ? 0U : 1U;
        } else if (failed(seen)) {
          out.fail_now += failed(was) ? 0U : 1U;
        } else if (status_of(was) != status_of(seen) || was.error != seen.error) {
          ++out.otherwise;
        }
      }
    }
    out.missing_cases += misses ? 1U : 0U;
  }
  return out;
}

}  // namespace headgate::gate
