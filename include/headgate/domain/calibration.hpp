// What is known of a judge: its verdicts on replies that people have labelled. Made by `judge calibrate`, written to a
// file of its own, named by the gate file, and sealed into the plan; the gate only compares.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "headgate/domain/needs.hpp"
#include "headgate/domain/route.hpp"

namespace headgate {

// A share with its one-sided 95 % bounds (Clopper-Pearson on n_eff).
struct LabelledRate {
  double estimate = 0.0;  // weighted by the inverse of each label's probability to be drawn
  double lower = 0.0, upper = 1.0;
  std::size_t n = 0;  // labels it is made of
  std::size_t hits = 0;
  double n_eff =
      0.0;  // (sum of weights)^2 / sum of squares, trials of a case on one arm added up; n where all are equal
};

// Absent where there is nothing to divide by.
struct LabelledGroup {
  std::optional<LabelledRate> recall;     // of what people failed, how much the judge failed
  std::optional<LabelledRate> agreement;  // of all labels; an unusable verdict agrees with nobody
};

struct Calibration {
  JudgeUse use;
  std::string route;                         // name of the judge's route; empty where verdicts are recorded
  Digest route_digest;                       // zero where verdicts are recorded
  std::string made_at;                       // UTC stamp; when it was made, for people
  std::size_t labels = 0, human_failed = 0;  // replies with people's verdict and the judge's, readable or not
  std::size_t unusable = 0;  // verdicts that could not be read: counted apart, and never as catching anything
  std::size_t raters = 1;
  std::size_t disputed = 0;         // replies on which people are split; they count nowhere else
  std::size_t without_verdict = 0;  // labelled replies that the judge never judged; they count nowhere else
  bool weighted = false;            // labels were drawn with unequal probabilities
  LabelledGroup all;
  std::array<LabelledGroup, 2> arms;  // by Arm
  std::map<std::string, LabelledGroup> severe_classes;
  std::array<std::map<std::string, LabelledGroup>, 2> severe_on;  // by Arm: the same on one arm; told, not decided on
  std::optional<double> kappa, ac1, alpha;  // Cohen, Gwet, Krippendorff (raters >= 2); absent where undefined
  std::vector<std::string> categories;      // "fail" and "pass", or what else people chose between
  // Replies: one row a category of people's, in each one column a category of the judge's, and one for unusable
  // verdicts.
  std::vector<std::size_t> confusion;
  struct RaterPair {
    std::size_t first = 0, second = 0;  // raters, from 0
    std::size_t n = 0;                  // replies that both labelled
    double observed = 0.0;
    std::optional<double> kappa;
  };
  std::vector<RaterPair> rater_pairs;
  // What agreement and macro F1 become where unusable verdicts are counted as what `as` says: "wrong", "left out", or a
  // category. Empty where every verdict is usable.
  struct Reading {
    std::string as;
    double agreement = 0.0;
    std::optional<double> kappa, macro_f1;
  };
  std::vector<Reading> readings;
  std::optional<double> macro_f1;  // over the categories, unusable verdicts counted as wrong
  // Of a judge that compares two replies: how often turning the order round changed its mind, and how often the reply
  // shown first won.
  std::optional<double> order_disagreement, shown_first_wins;
  // Cases labelled on both arms: candidate minus baseline, by people and by the judge (pass is 1). At most max_pairs.
  struct Pair {
    double human = 0.0, judged = 0.0;
    double weight = 1.0;  // the inverse of the probability that the case was drawn
    friend auto operator<=>(const Pair&, const Pair&) = default;
  };
  std::vector<Pair> pairs;  // sorted
  static constexpr std::size_t max_pairs = 20'000;
};

// A judge as a plan uses it.
struct SealedJudge {
  JudgeUse use;
  std::string route;                       // empty where verdicts are recorded
  Digest route_digest;                     // zero where verdicts are recorded
  std::optional<Calibration> calibration;  // of exactly this use and route
  std::string why_not;                     // where there is none: one clause ("its calibration is of another rubric")
};

// SealedJudge::why_not where there is none of any rubric or route.
inline constexpr const char* never_calibrated = "no calibration is named";

}  // namespace headgate
