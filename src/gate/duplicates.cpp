// One reply to many different cases: a route that says the same whatever it is asked. A judge may like it.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "sections.hpp"

namespace headgate::gate {
namespace {

// How many cases share the commonest of these marks; 0 stands for none.
std::size_t commonest(const std::vector<std::uint64_t>& marks) {
  std::map<std::uint64_t, std::size_t> counts;
  std::size_t most = 0;
  for (const std::uint64_t mark : marks) {
    if (mark != 0) most = std::max(most, ++counts[mark]);
  }
  return most;
}

std::optional<DuplicateReplies> of_arm(const View& view, Arm arm) {
  std::map<std::uint64_t, std::vector<CaseIndex>> by_reply;
  std::vector<std::uint64_t> expected;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    std::set<std::uint64_t> said;  // by the trials of the case
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial)
      said.insert(view.evidence().at(item, trial, arm).said_mark);
    said.erase(0);
    for (const std::uint64_t mark : said) by_reply[mark].push_back(item);
    if (!said.empty()) expected.push_back(view.facts(item).expected_mark);
  }
  // Of equally frequent replies that of the first case, so that nothing depends on digests.
  const auto most = std::ranges::max_element(by_reply, {}, [](const auto& each) {
    return std::tuple(each.second.size(), -static_cast<std::int64_t>(each.second.front()));
  });
  if (most == by_reply.end()) return std::nullopt;
  DuplicateReplies out;
  out.candidate = arm == Arm::candidate;
  out.count = most->second.size();
  out.replied = expected.size();
  const double share = static_cast<double>(out.count) / static_cast<double>(out.replied);
  if (out.count < DuplicateReplies::least_count || share < DuplicateReplies::least_share) return std::nullopt;
  out.most_expected = commonest(expected);
  for (const CaseIndex item : most->second) name_case(out.cases, view, item);
  return out;
}

}  // namespace

std::vector<DuplicateReplies> duplicate_replies(const View& view) {
  std::vector<DuplicateReplies> out;
  for (const Arm arm : both_arms) {
    if (auto found = of_arm(view, arm)) out.push_back(std::move(*found));
  }
  return out;
}

}  // namespace headgate::gate
