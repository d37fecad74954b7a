#include "calibration_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "columns.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/domain/codec.hpp"

namespace headgate::cli {
namespace {

constexpr int digits = 4;

std::string number(const std::optional<double>& value) { return value ? fixed(*value, digits) : "undefined"; }

std::string line_of(const LabelledRate& rate) {
  std::string out = std::to_string(rate.hits) + " of " + std::to_string(rate.n) + " = " + fixed(rate.estimate, digits) +
                    ", one-sided 95 % bounds " + fixed(rate.lower, digits) + " and " + fixed(rate.upper, digits);
  if (rate.n_eff < static_cast<double>(rate.n) - 1e-9) out += ", counting as " + fixed(rate.n_eff, 1) + " labels";
  return out;
}

bool is_pass_fail(const Calibration& calibration) {
  return calibration.categories == std::vector<std::string>{"fail", "pass"};
}

std::string headline(const CalibratedJudge& judge) {
  const std::string who = "judge '" + terminal_line(judge.name) + "'";
  switch (judge.admission.standing) {
    case gate::Standing::admissible:
      return "admissible: " + who + ": " + terminal_line(judge.admission.says) + "\n";
    case gate::Standing::too_few_labels:
      return "not admissible yet, too few labels: " + who + ": " + terminal_line(judge.admission.says) + "; " +
             terminal_line(judge.admission.remedy) + "\n";
    case gate::Standing::misses_failures:
    case gate::Standing::disagrees:
      break;
  }
  return "not admissible: " + who + ": " + terminal_line(judge.admission.says) + "; " +
         terminal_line(judge.admission.remedy) + "\n";
}

std::string confusion_text(const Calibration& calibration) {
  const std::size_t k = calibration.categories.size();
  std::vector<std::string> head{"people \\ judge"};
  for (const std::string& each : calibration.categories) head.push_back(terminal_line(each));
  if (calibration.unusable > 0) head.push_back("unusable");
  Columns table(head);
  for (std::size_t row = 0; row < k; ++row) {
    std::vector<std::string> cells{terminal_line(calibration.categories[row])};
    for (std::size_t column = 0; column < k + (calibration.unusable > 0 ? 1U : 0U); ++column) {
      cells.push_back(std::to_string(calibration.confusion[row * (k + 1) + column]));
    }
    table.add(std::move(cells));
  }
  return table.text();
}

std::string groups_text(const Calibration& calibration) {
  std::string out;
  const auto add = [&](const std::string& where, const LabelledGroup& group) {
    if (group.recall) out += "  of what people failed" + where + ", it failed " + line_of(*group.recall) + "\n";
    if (group.agreement) out += "  agrees" + where + " on " + line_of(*group.agreement) + "\n";
  };
  add("", calibration.all);
  for (const Arm arm : both_arms) {
    add(std::string(" on the ") + name(arm), calibration.arms[static_cast<std::size_t>(arm)]);
  }
  for (const auto& [severe_class, group] : calibration.severe_classes) {
    const std::string of = " in severe class " + terminal_line(severe_class);
    add(of, group);
    for (const Arm arm : both_arms) {
      const auto& here = calibration.severe_on[static_cast<std::size_t>(arm)];
      const auto found = here.find(severe_class);
      if (found != here.end()) add(of + " on the " + name(arm), found->second);
    }
  }
  return out;
}

std::string raters_text(const Calibration& calibration) {
  if (calibration.raters < 2) return {};
  std::string out = "people among themselves: " + std::to_string(calibration.raters) +
                    " raters, Krippendorff's alpha " + number(calibration.alpha) + "\n";
  for (const Calibration::RaterPair& each : calibration.rater_pairs) {
    out += "  raters " + std::to_string(each.first + 1) + " and " + std::to_string(each.second + 1) + " agree on " +
           fixed(each.observed, digits) + " of " + std::to_string(each.n) + ", kappa " + number(each.kappa) + "\n";
  }
  return out;
}

std::string unusable_text(const Calibration& calibration) {
  if (calibration.unusable == 0) return {};
  std::string out = plural(calibration.unusable, "verdict is", "verdicts are") + " unusable, counted apart:\n";
  for (const Calibration::Reading& each : calibration.readings) {
    out += "  counted as " + terminal_line(each.as) + ": agreement " + fixed(each.agreement, digits) + ", kappa " +
           number(each.kappa) + ", macro F1 " + number(each.macro_f1) + "\n";
  }
  return out;
}

std::string bias_text(const Calibration& calibration) {
  std::string out;
  if (calibration.order_disagreement) {
    out += "  turning the order of the two replies round changed its mind on " +
           percent(*calibration.order_disagreement) + " of the pairs";
    if (calibration.shown_first_wins) {
      out +=
          "; the reply shown first won " + percent(*calibration.shown_first_wins) + " of its verdicts (50 % is fair)";
    }
    out += "\n";
  }
  return out;
}

std::string judge_text(const CalibratedJudge& judge) {
  const Calibration& of = judge.calibration;
  std::string out = "judge " + terminal_line(judge.name) + ": " + plural(of.labels, "label");
  if (is_pass_fail(of)) out += ", " + std::to_string(of.human_failed) + " failed by people";
  if (of.disputed > 0) out += "; " + std::to_string(of.disputed) + " more on which people are split";
  if (of.without_verdict > 0) out += "; " + std::to_string(of.without_verdict) + " more that it did not judge";
  out += "\n" + groups_text(of) + confusion_text(of);
  out += "  kappa " + number(of.kappa) + ", Gwet's AC1 " + number(of.ac1) + ", macro F1 " + number(of.macro_f1);
  if (of.unusable > 0) out += " (unusable verdicts left out of kappa and AC1, wrong in F1)";
  out += "\n" + bias_text(of);
  if (of.weighted) out += "  rates are weighted by the inverse of the probability with which each label was drawn\n";
  if (!of.pairs.empty()) {
    out += "  " + plural(of.pairs.size(), "case") +
           " labelled on both arms, to correct a difference with (50 are needed)\n";
  }
  return out + unusable_text(of);
}

// The judges from best to worst by one number, where unusable verdicts are counted one way.
struct Ranking {
  std::string by, as;
  std::vector<std::pair<std::string, double>> order;
};

std::optional<double> reading_of(const Calibration& calibration, const std::string& as, bool f1) {
  for (const Calibration::Reading& each : calibration.readings) {
    if (each.as == as) return f1 ? each.macro_f1 : std::optional(each.agreement);
  }
  // Where all verdicts are usable every reading is the same.
  if (f1) return calibration.macro_f1;
  return calibration.labels == 0 ? std::nullopt
                                 : std::optional(static_cast<double>(calibration.all.agreement->hits) /
                                                 static_cast<double>(calibration.labels));
}

std::vector<Ranking> rankings(const CalibrationReport& report) {
  std::vector<std::string> ways;
  for (const CalibratedJudge& judge : report.judges) {
    for (const Calibration::Reading& each : judge.calibration.readings) {
      if (std::ranges::find(ways, each.as) == ways.end()) ways.push_back(each.as);
    }
  }
  if (ways.empty()) ways.emplace_back("wrong");
  std::vector<Ranking> out;
  for (const bool f1 : {false, true}) {
    for (const std::string& as : ways) {
      Ranking ranking{f1 ? "macro F1" : "agreement", as, {}};
      for (const CalibratedJudge& judge : report.judges) {
        if (const auto value = reading_of(judge.calibration, as, f1)) ranking.order.emplace_back(judge.name, *value);
      }
      if (ranking.order.size() < 2) continue;
      std::ranges::stable_sort(ranking.order, [](const auto& a, const auto& b) { return a.second > b.second; });
      out.push_back(std::move(ranking));
    }
  }
  return out;
}

bool depends(const std::vector<Ranking>& all, const std::string& by) {
  const Ranking* first = nullptr;
  for (const Ranking& each : all) {
    if (each.by != by) continue;
    if (first == nullptr) {
      first = &each;
    } else if (!std::ranges::equal(first->order, each.order, {}, &std::pair<std::string, double>::first,
                                   &std::pair<std::string, double>::first)) {
      return true;
    }
  }
  return false;
}

std::string ranking_text(const CalibrationReport& report) {
  if (report.judges.size() < 2) return {};
  const std::vector<Ranking> all = rankings(report);
  const bool any_unusable =
      std::ranges::any_of(report.judges, [](const CalibratedJudge& judge) { return judge.calibration.unusable > 0; });
  std::string out = "ranking of the judges\n";
  for (const Ranking& each : all) {
    out += "  by " + each.by + (any_unusable ? ", unusable verdicts counted as " + terminal_line(each.as) : "") + ": ";
    for (std::size_t i = 0; i < each.order.size(); ++i) {
      out += (i == 0 ? "" : ", ") + terminal_line(each.order[i].first) + " " + fixed(each.order[i].second, digits);
    }
    out += "\n";
  }
  for (const char* by : {"agreement", "macro F1"}) {
    if (!any_unusable) continue;
    out += std::string("  by ") + by +
           (depends(all, by) ? " the ranking depends on how unusable verdicts are counted\n"
                             : " the ranking is the same however unusable verdicts are counted\n");
  }
  return out;
}

}  // namespace

std::string calibration_text(const CalibrationReport& report) {
  std::string out;
  for (const CalibratedJudge& judge : report.judges) out += headline(judge);
  const bool less = std::ranges::any_of(
      report.judges, [](const CalibratedJudge& judge) { return gate::count_for_less(judge.calibration); });
  out += "floors: " + std::to_string(report.floors.min_labels) + " labels, recall " +
         percent(report.floors.min_recall, 0) + " over all, on each arm and in each severe class, agreement " +
         percent(report.floors.min_agreement, 0) + "; " + gate::labels_needed(report.floors.min_recall, less) + "\n";
  out += "labels: " + terminal_line(report.labels_from) + "; verdicts: " + terminal_line(report.verdicts_from) + "\n";
  for (const CalibratedJudge& judge : report.judges) out += "\n" + judge_text(judge);
  for (const std::string& part : {raters_text(report.judges.front().calibration), ranking_text(report)}) {
    if (!part.empty()) out += "\n" + part;
  }
  for (const std::string& note : report.notes) out += "note: " + terminal_line(note) + "\n";
  return out;
}

Json calibration_json(const CalibrationReport& report) {
  Json judges = Json::array();
  for (const CalibratedJudge& judge : report.judges) {
    judges.push_back({{"judge", repair_utf8(judge.name)},
                      {"standing", gate::name(judge.admission.standing)},
                      {"says", judge.admission.says},
                      {"remedy", judge.admission.remedy},
                      {"calibration", to_json(judge.calibration)}});
  }
  Json out = {{"format", "headgate/judge-calibrate/1"},
              {"judges", std::move(judges)},
              {"floors",
               {{"min_labels", report.floors.min_labels},
                {"min_recall", report.floors.min_recall},
                {"min_agreement", report.floors.min_agreement}}},
              {"needed",
               {{"all_caught", gate::failed_needed(report.floors.min_recall, 0)},
                {"one_missed", gate::failed_needed(report.floors.min_recall, 1)}}},
              {"notes", report.notes}};
  if (report.judges.size() > 1) {
    const std::vector<Ranking> all = rankings(report);
    for (const Ranking& each : all) {
      Json order = Json::array();
      for (const auto& [judge, value] : each.order) order.push_back({{"judge", repair_utf8(judge)}, {"value", value}});
      out["ranking"].push_back({{"by", each.by}, {"unusable_as", each.as}, {"order", std::move(order)}});
    }
    out["ranking_depends"] = {{"agreement", depends(all, "agreement")}, {"macro_f1", depends(all, "macro F1")}};
  }
  return out;
}

}  // namespace headgate::cli
