// Classes: how often each is found where it is, and right where it is said. Told, and no rule.
#include <algorithm>
#include <map>
#include <set>

#include "sections.hpp"

namespace headgate::gate {
namespace {

constexpr std::uint16_t none = LabelColumns::none;

// The true class of a case: the same in all of its cells, so any grade tells it also for cells without one.
std::uint16_t true_class(const View& view, CaseIndex item) {
  const std::size_t width = view.trials() * std::size_t{2};
  const auto cells = std::span(view.evidence().labels.expected).subspan(item * width, width);
  const auto found = std::ranges::find_if(cells, [](std::uint16_t each) { return each != none; });
  return found == cells.end() ? none : *found;
}

struct Counts {
  std::map<std::pair<std::uint16_t, std::uint16_t>, std::size_t> confusion;  // (expected, given)
  std::map<std::uint16_t, Tally> precision, recall;
  std::set<std::uint16_t> classes;
};

void count(const View& view, CaseIndex item, Arm arm, std::uint16_t expected, Counts& counts, Classification& out) {
  const std::uint32_t cluster = view.facts(item).cluster;
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    const std::uint16_t given = view.evidence().labels.given[cell_index({item, trial, arm}, view.trials())];
    const bool right = given == expected;
    ++out.n;
    out.correct += right ? 1 : 0;
    out.unread += given == none ? 1 : 0;
    ++counts.confusion[{expected, given}];
    counts.recall[expected].add(right, cluster);
    if (given != none) counts.precision[given].add(right, cluster);
  }
}

Classification::PerClass one_class(const std::string& name, std::uint16_t index, Counts& counts) {
  Classification::PerClass out;
  out.name = name;
  if (const auto found = counts.recall.find(index); found != counts.recall.end()) out.recall = found->second.share();
  if (const auto found = counts.precision.find(index); found != counts.precision.end()) {
    out.precision = found->second.share();
  }
  const std::size_t either = out.recall.n + out.precision.n;  // 2 TP + FP + FN
  if (either > 0) out.f1 = 2.0 * static_cast<double>(out.recall.hits) / static_cast<double>(either);
  return out;
}

// True classes first: a route that makes up classes cannot push them out of the list.
void list_classes(const std::vector<std::string>& names, Counts& counts, Classification& out) {
  double sum = 0.0;
  std::size_t in_sum = 0;
  const auto add = [&](std::uint16_t index) {
    const Classification::PerClass each = one_class(names[index], index, counts);
    if (each.recall.n > 0) {
      sum += each.f1.value_or(0.0);
      ++in_sum;
    }
    if (out.classes.size() < Classification::max_classes) out.classes.push_back(each);
    ++out.classes_total;
  };
  for (const std::uint16_t index : counts.classes) add(index);
  for (const auto& [index, tally] : counts.precision) {
    if (!counts.classes.contains(index)) add(index);
  }
  if (in_sum > 0) out.macro_f1 = sum / static_cast<double>(in_sum);
}

Classification of_arm(const View& view, Arm arm, const std::string& suite, const std::vector<CaseIndex>& cases) {
  const LabelColumns& labels = view.evidence().labels;
  Classification out;
  out.suite = suite;
  out.candidate = arm == Arm::candidate;
  Counts counts;
  for (const CaseIndex item : cases) {
    const std::uint16_t expected = true_class(view, item);
    if (expected == none) {
      out.unknown += view.trials();
      continue;
    }
    counts.classes.insert(expected);
    count(view, item, arm, expected, counts, out);
  }
  list_classes(labels.names, counts, out);
  for (const auto& [cell, n] : counts.confusion) {
    ++out.confusion_total;
    if (out.confusion.size() == Classification::max_confused) continue;
    out.confusion.push_back(
        {labels.names[cell.first], cell.second == none ? std::string() : labels.names[cell.second], n});
  }
  return out;
}

}  // namespace

std::vector<Classification> classifications(const View& view) {
  std::vector<Classification> out;
  if (view.evidence().labels.empty()) return out;
  const std::vector<SuiteHead>& suites = view.evidence().plan.suites;
  for (std::uint32_t suite = 0; suite < suites.size(); ++suite) {
    std::vector<CaseIndex> cases;
    bool any = false;
    for (CaseIndex item = 0; item < view.cases(); ++item) {
      if (view.facts(item).suite != suite) continue;
      cases.push_back(item);
      any = any || true_class(view, item) != none;
    }
    if (!any) continue;
    for (const Arm arm : both_arms) out.push_back(of_arm(view, arm, suites[suite].name, cases));
  }
  return out;
}

}  // namespace headgate::gate
