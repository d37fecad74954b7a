// People's labels and a judge's verdicts on the same replies, as numbers: how far the judge may be believed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "headgate/domain/calibration.hpp"
#include "headgate/domain/rules.hpp"

namespace headgate::gate {

// One-sided level of every bound in a calibration.
inline constexpr double alpha_calibration = 0.05;
// The least probability that a label may have been drawn with: its weight is one over it, and squares of sums of
// weights stay far from overflow however many labels there are.
inline constexpr double least_probability = 1e-6;

// One reply that people labelled. Verdicts are indices into LabelSet::categories.
struct LabelledReply {
  std::string item;        // the case, unique over suites
  std::optional<Arm> arm;  // where it is known
  std::uint32_t trial = 0;
  std::string severe_class = {};                        // empty: not severe
  bool random = true;                                   // the case stands for traffic
  double probability = 1.0;                             // with which it was drawn, in [least_probability, 1]
  std::vector<std::optional<std::size_t>> raters = {};  // one each; absent: not labelled by that one
  enum class Judged : std::uint8_t {
    read,      // `verdict` is what it said
    unusable,  // it said something that is no verdict
    missing,   // it was never asked, or could not be
  } judged = Judged::missing;
  std::size_t verdict = 0;
};

struct LabelSet {
  std::vector<std::string> categories = {"fail", "pass"};
  // Whether categories 0 and 1 are fail and pass. Otherwise nothing is failed, and there is no recall.
  bool pass_fail = true;
  std::vector<LabelledReply> replies;
};

// The majority of its raters; nothing where none labelled it, or they are split.
std::optional<std::size_t> majority(const LabelledReply& reply);

// All of a calibration but whose it is and when it was made. Weights are inverse probabilities; bounds are
// Clopper-Pearson at as many labels as these count for. The order of replies changes nothing.
Calibration calibrate(const LabelSet& labels);

// Whether a calibration carries a decision, and where not, why, in the order of weight.
enum class Standing : std::uint8_t { admissible, too_few_labels, misses_failures, disagrees };
const char* name(Standing standing);  // "too_few_labels"
struct Admission {
  Standing standing = Standing::admissible;
  std::string says;    // one sentence: the numbers
  std::string remedy;  // what would settle it; empty where admissible
};
// min_labels over all; recall at least min_recall by its lower bound over all, on each arm and in each severe class
// with replies that people failed; agreement at least min_agreement by its lower bound over all. What is shown to be
// too low goes before what is not shown yet.
Admission admission(const Calibration& calibration, const JudgesRule& rule);

// The least number of replies failed by people of which the judge must catch all but `misses`, so that the lower bound
// of its recall reaches `min_recall`: 14 and 22 for 0.8.
std::size_t failed_needed(double min_recall, std::size_t misses);
// "needs 14 human-failed replies all caught, 22 with one miss"; where labels `count_for_less` than one each (drawn with
// unequal probabilities, or trials of one case), it is what they count as: "needs human-failed replies that count as
// …".
std::string labels_needed(double min_recall, bool count_for_less = false);
// Whether the labels that people failed count for fewer than they are, over all, on an arm or in a severe class.
bool count_for_less(const Calibration& calibration);

}  // namespace headgate::gate
