#include "sections.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "headgate/base/text.hpp"

namespace headgate::report {
namespace {

constexpr std::size_t most_named = 20;  // ids in a line

std::string figure(const std::optional<double>& value) { return value ? fixed(*value, 3) : "-"; }

std::string interval(const CountedShare& counted) {
  if (counted.n == 0) return "-";
  return percent(*counted.value()) + " (" + fixed(counted.lower * 100.0, 1) + " to " + fixed(counted.upper * 100.0, 1) +
         ") of " + std::to_string(counted.n);
}

std::string named(const NamedCases& cases) {
  std::vector<std::string> some(
      cases.ids.begin(), cases.ids.begin() + static_cast<std::ptrdiff_t>(std::min(most_named, cases.ids.size())));
  std::string text;
  for (const std::string& id : some) text += (text.empty() ? "" : ", ") + id;
  if (cases.total > some.size()) text += " and " + std::to_string(cases.total - some.size()) + " more";
  return text;
}

void cut(Section& section, std::size_t most_rows) {
  if (section.rows.size() <= most_rows + 1) return;
  section.lines.insert(section.lines.begin(),
                       "and " + std::to_string(section.rows.size() - most_rows - 1) + " more rows");
  section.rows.resize(most_rows + 1);
}

// "$0.0549", with how many replies it is of where others are unknown; "-" where none is known.
std::string total(double sum, std::size_t known, std::size_t all, const char* before, const char* after, int digits) {
  if (known == 0) return "-";
  std::string text = before + fixed(sum, digits) + after;
  return known == all ? text : text + " (" + std::to_string(known) + " known)";
}

Section trial_rows(const TrialsSection& trials, const Story& story) {
  Section out;
  out.title = "Trials: " + std::to_string(trials.trials) + " of each case, reduced by " + trials.reduce.text();
  out.rows = {{"arm", "trial", "passed", "share", "cost", "reply time"}};
  out.right = {false, true, true, true, true, true};
  for (const Arm arm : both_arms) {
    const TrialsSection::Arm& mine = trials.arms[static_cast<std::size_t>(arm)];
    const std::vector<TrialTotals>& totals = story.trials[static_cast<std::size_t>(arm)];
    for (std::size_t trial = 0; trial < mine.passed.size(); ++trial) {
      const TrialTotals sums = trial < totals.size() ? totals[trial] : TrialTotals{};
      const double rate =
          mine.cases == 0 ? 0.0 : static_cast<double>(mine.passed[trial]) / static_cast<double>(mine.cases);
      out.rows.push_back({name(arm), std::to_string(trial),
                          std::to_string(mine.passed[trial]) + " of " + std::to_string(mine.cases), percent(rate),
                          total(sums.cost_usd, sums.costs, mine.cases, "$", "", 4),
                          total(sums.seconds, sums.times, mine.cases, "", " s", 1)});
    }
    if (mine.errors > 0) {
      out.lines.push_back(std::string(name(arm)) + ": " + plural(mine.errors, "cell") + " without a grade " +
                          (mine.errors == 1 ? "counts" : "count") + " as failed here");
    }
    out.lines.push_back(mine.flaky.total == 0 ? std::string(name(arm)) + ": no flaky case"
                                              : std::string(name(arm)) + ": " + plural(mine.flaky.total, "flaky case") +
                                                    " (some trials pass, some do not): " + named(mine.flaky));
  }
  return out;
}

Section trial_draws(const TrialsSection& trials) {
  Section out;
  out.title = "Of k trials: all pass (pass^k), or one does (pass@k)";
  out.rows = {{"k", "baseline pass^k", "candidate pass^k", "baseline pass@k", "candidate pass@k"}};
  out.right = {true, true, true, true, true};
  const auto at = [](const std::vector<double>& by_k, std::size_t k) {
    return k < by_k.size() ? fixed(by_k[k], 3) : "-";
  };
  for (std::size_t k = 0; k < trials.arms[0].pass_hat.size(); ++k) {
    out.rows.push_back({std::to_string(k + 1), at(trials.arms[0].pass_hat, k), at(trials.arms[1].pass_hat, k),
                        at(trials.arms[0].pass_at, k), at(trials.arms[1].pass_at, k)});
  }
  out.lines = {"means over the cases of the unbiased forms; a cell without a grade counts as failed"};
  return out;
}

struct Suite {
  const Classification* arms[2] = {nullptr, nullptr};
};

std::map<std::string, Suite> by_suite(const Decision& decision) {
  std::map<std::string, Suite> out;
  for (const Classification& each : decision.classification) out[each.suite].arms[each.candidate ? 1 : 0] = &each;
  return out;
}

std::string summary(const char* arm, const Classification& classes) {
  std::string text = std::string(arm) + ": " + std::to_string(classes.correct) + " of " + std::to_string(classes.n) +
                     " right, macro F1 " + figure(classes.macro_f1);
  if (classes.unread > 0) text += ", " + std::to_string(classes.unread) + " without a grade (count against recall)";
  if (classes.unknown > 0) text += ", of " + std::to_string(classes.unknown) + " the true class is not known";
  return text;
}

Section class_rows(const std::string& suite, const Suite& of) {
  Section out;
  out.title = "Classes of " + suite;
  out.rows = {{"class", "arm", "precision", "recall", "F1"}};
  out.right = {false, false, true, true, true};
  std::vector<std::tuple<std::size_t, int, const Classification::PerClass*>> rows;
  std::map<std::string, std::size_t> places;
  for (int arm = 0; arm < 2; ++arm) {
    if (of.arms[arm] == nullptr) continue;
    for (const Classification::PerClass& each : of.arms[arm]->classes) {
      rows.emplace_back(places.emplace(each.name, places.size()).first->second, arm, &each);
    }
    out.lines.push_back(summary(arm == 0 ? "baseline" : "candidate", *of.arms[arm]));
  }
  std::sort(rows.begin(), rows.end());
  for (const auto& [place, arm, each] : rows) {
    out.rows.push_back({each->name, arm == 0 ? "baseline" : "candidate", interval(each->precision),
                        interval(each->recall), figure(each->f1)});
  }
  out.lines.emplace_back(
      "intervals are Clopper-Pearson, 95 %; macro F1 is the mean over the classes that are true of some case");
  return out;
}

// What is mistaken for what, most frequent first by the candidate.
Section confusion(const std::string& suite, const Suite& of) {
  Section out;
  out.title = "Confusion in " + suite;
  out.rows = {{"expected", "given", "baseline", "candidate"}};
  out.right = {false, false, true, true};
  std::map<std::pair<std::string, std::string>, std::array<std::size_t, 2>> counts;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (of.arms[arm] == nullptr) continue;
    for (const Classification::Confused& each : of.arms[arm]->confusion)
      counts[{each.expected, each.given}][arm] = each.n;
  }
  using Row = std::pair<std::pair<std::string, std::string>, std::array<std::size_t, 2>>;
  std::vector<Row> rows(counts.begin(), counts.end());
  std::ranges::stable_sort(rows, [](const Row& a, const Row& b) {
    const bool right_a = a.first.first == a.first.second, right_b = b.first.first == b.first.second;
    if (right_a != right_b) return right_b;  // mistakes first
    return std::pair(a.second[1], a.second[0]) > std::pair(b.second[1], b.second[0]);
  });
  for (const Row& row : rows) {
    out.rows.push_back({row.first.first, row.first.second.empty() ? "(no grade)" : row.first.second,
                        std::to_string(row.second[0]), std::to_string(row.second[1])});
  }
  return out;
}

Section measure_rows(const std::vector<MeasureSummary>& measures) {
  Section out;
  out.title = "Measures";
  out.rows = {{"measure", "baseline", "candidate", "difference", "95 % interval", "pairs"}};
  out.right = {false, true, true, true, true, true};
  for (const MeasureSummary& each : measures) {
    const auto arm = [](const MeasureSummary::Arm& of) { return figure(of.mean) + " of " + std::to_string(of.cases); };
    out.rows.push_back({each.name, arm(each.arms[0]), arm(each.arms[1]), figure(each.difference),
                        each.lower ? fixed(*each.lower, 3) + " to " + fixed(*each.upper, 3) : "-",
                        std::to_string(each.pairs)});
  }
  out.lines = {"means over cases; no rule reads them"};
  return out;
}

Section variant_rows(const std::vector<VariantAgreement>& variants) {
  Section out;
  out.title = "Rewordings: pass or fail as the case they reword";
  out.rows = {{"arm", "agree", "not measured"}};
  out.right = {false, true, true};
  for (const VariantAgreement& each : variants) {
    const char* const arm = each.candidate ? "candidate" : "baseline";
    out.rows.push_back({arm, interval(each.agreement), std::to_string(each.unmeasured)});
    if (each.disagreeing.total > 0) out.lines.push_back(std::string(arm) + ": differ: " + named(each.disagreeing));
  }
  return out;
}

// As much as to say: of so many cases as share a reply, this is what the suite itself would explain.
Section duplicate_rows(const std::vector<DuplicateReplies>& duplicates) {
  Section out;
  out.title = "Equal replies";
  out.rows = {{"arm", "same reply", "share", "expect the same"}};
  out.right = {false, true, true, true};
  for (const DuplicateReplies& each : duplicates) {
    const char* const arm = each.candidate ? "candidate" : "baseline";
    const double share = each.replied == 0 ? 0.0 : static_cast<double>(each.count) / static_cast<double>(each.replied);
    out.rows.push_back({arm, std::to_string(each.count) + " of " + std::to_string(each.replied), percent(share),
                        each.most_expected == 0 ? "-" : "at most " + std::to_string(each.most_expected)});
    if (each.count > each.most_expected) out.lines.push_back(std::string(arm) + ": " + named(each.cases));
  }
  out.lines.emplace_back(
      "the most frequent reply of an arm, where at least 5 cases and a tenth of them share it; beside it, how many of "
      "these cases share the most frequent expected value");
  return out;
}

}  // namespace

std::vector<Section> sections_of(const Decision& decision, const Story& story, std::size_t most_rows) {
  std::vector<Section> out;
  if (decision.trials) {
    out.push_back(trial_rows(*decision.trials, story));
    out.push_back(trial_draws(*decision.trials));
  }
  for (const auto& [suite, arms] : by_suite(decision)) {
    out.push_back(class_rows(suite, arms));
    out.push_back(confusion(suite, arms));
  }
  if (!decision.measures.empty()) out.push_back(measure_rows(decision.measures));
  if (!decision.variants.empty()) out.push_back(variant_rows(decision.variants));
  if (!decision.duplicate_replies.empty()) out.push_back(duplicate_rows(decision.duplicate_replies));
  for (Section& section : out) cut(section, most_rows);
  return out;
}

}  // namespace headgate::report
