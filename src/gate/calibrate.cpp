#include "headgate/gate/calibrate.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "headgate/base/assert.hpp"
#include "headgate/base/text.hpp"
#include "headgate/stats/agreement.hpp"
#include "headgate/stats/binomial.hpp"

namespace headgate::gate {
namespace {

using Judged = LabelledReply::Judged;

constexpr std::size_t fail_category = 0;

// A reply that counts: people have one verdict on it, and the judge was asked.
struct Item {
  const LabelledReply* reply;
  std::size_t human;

  double weight() const { return 1.0 / reply->probability; }
  bool agrees() const { return reply->judged == Judged::read && reply->verdict == human; }
};
using Items = std::vector<Item>;

template <class Wanted>
Items those(const Items& items, const Wanted& wanted) {
  Items out;
  std::ranges::copy_if(items, std::back_inserter(out), wanted);
  return out;
}

// Sums of equal numbers in any order are equal only where they are added in one order.
double sum(std::vector<double> values) {
  std::ranges::sort(values);
  double out = 0.0;
  for (const double each : values) out += each;
  return out;
}

// As many independent labels as these count for. Trials of a case on one arm are repeats of one label.
double effective(const Items& items) {
  std::map<std::tuple<std::string, int>, std::vector<double>> groups;
  for (const Item& each : items) {
    groups[{each.reply->item, each.reply->arm ? static_cast<int>(*each.reply->arm) : -1}].push_back(each.weight());
  }
  std::vector<double> all, squares;
  for (const auto& [key, weights] : groups) {
    const double weight = sum(weights);
    all.push_back(weight);
    squares.push_back(weight * weight);
  }
  const double total = sum(all);
  return total * total / sum(squares);
}

template <class Hit>
std::optional<LabelledRate> rate_of(const Items& items, const Hit& hit) {
  if (items.empty()) return std::nullopt;
  LabelledRate out;
  out.n = items.size();
  std::vector<double> all, hits;
  for (const Item& each : items) {
    all.push_back(each.weight());
    if (!hit(each)) continue;
    hits.push_back(each.weight());
    ++out.hits;
  }
  // All or nothing is exactly that, whatever the sums round to.
  out.estimate = out.hits == out.n ? 1.0 : out.hits == 0 ? 0.0 : std::clamp(sum(hits) / sum(all), 0.0, 1.0);
  out.n_eff = std::min(effective(items), static_cast<double>(out.n));
  if (const auto bounds = stats::clopper_pearson({out.estimate * out.n_eff, out.n_eff}, alpha_calibration)) {
    out.lower = bounds->lower;
    out.upper = bounds->upper;
  }
  return out;
}

LabelledGroup group_of(const Items& items, bool pass_fail) {
  LabelledGroup out;
  out.agreement = rate_of(items, [](const Item& each) { return each.agrees(); });
  if (pass_fail) {
    out.recall = rate_of(those(items, [](const Item& each) { return each.human == fail_category; }),
                         [](const Item& each) { return each.agrees(); });
  }
  return out;
}

// Counts of people's category (rows) and the judge's (columns), with unusable verdicts last.
std::vector<std::size_t> confusion_of(const Items& items, std::size_t categories) {
  std::vector<std::size_t> table(categories * (categories + 1), 0);
  for (const Item& each : items) {
    const std::size_t column = each.reply->judged == Judged::read ? each.reply->verdict : categories;
    ++table[each.human * (categories + 1) + column];
  }
  return table;
}

// The table with unusable verdicts put elsewhere: into a category, or nowhere.
std::vector<double> square(const std::vector<std::size_t>& table, std::size_t categories,
                           std::optional<std::size_t> unusable_as = std::nullopt) {
  std::vector<double> out(categories * categories, 0.0);
  for (std::size_t row = 0; row < categories; ++row) {
    const std::size_t* from = &table[row * (categories + 1)];
    for (std::size_t column = 0; column < categories; ++column) {
      out[row * categories + column] = static_cast<double>(from[column]);
    }
    if (unusable_as) out[row * categories + *unusable_as] += static_cast<double>(from[categories]);
  }
  return out;
}

// The mean over the categories of 2tp / (2tp + fp + fn); `missed` are further items of each row that no column has.
// Nothing where a category has no item and no verdict.
std::optional<double> macro_f1(const std::vector<double>& table, std::size_t categories,
                               const std::vector<double>& missed) {
  double all = 0.0;
  for (std::size_t k = 0; k < categories; ++k) {
    double both = missed[k];  // 2tp + fp + fn is the sum of row and column
    for (std::size_t i = 0; i < categories; ++i) both += table[k * categories + i] + table[i * categories + k];
    if (both == 0.0) return std::nullopt;
    all += 2.0 * table[k * categories + k] / both;
  }
  return categories == 0 ? std::nullopt : std::optional(all / static_cast<double>(categories));
}

std::vector<double> unusable_by_row(const std::vector<std::size_t>& table, std::size_t categories) {
  std::vector<double> out;
  for (std::size_t row = 0; row < categories; ++row) {
    out.push_back(static_cast<double>(table[row * (categories + 1) + categories]));
  }
  return out;
}

void read_unusable(const std::vector<std::size_t>& table, Calibration& out) {
  const std::size_t k = out.categories.size();
  const std::vector<double> missed = unusable_by_row(table, k), none(k, 0.0);
  const auto agreeing = [&](const std::vector<double>& squares) {
    double hits = 0.0;
    for (std::size_t i = 0; i < k; ++i) hits += squares[i * k + i];
    return hits;
  };
  const auto n = static_cast<double>(out.labels);
  const std::vector<double> plain = square(table, k);
  out.macro_f1 = macro_f1(plain, k, missed);
  if (out.unusable == 0) return;
  out.readings.push_back({"wrong", agreeing(plain) / n, std::nullopt, out.macro_f1});
  if (const auto left = stats::agreement(plain, k)) {
    out.readings.push_back({"left out", left->observed, left->kappa, macro_f1(plain, k, none)});
  }
  for (std::size_t category = 0; category < k; ++category) {
    const std::vector<double> as = square(table, k, category);
    const auto read = stats::agreement(as, k);
    out.readings.push_back(
        {out.categories[category], agreeing(as) / n, read ? read->kappa : std::nullopt, macro_f1(as, k, none)});
  }
}

// What people say of each other, over all replies that two of them labelled.
void compare_raters(const LabelSet& labels, Calibration& out) {
  std::size_t raters = 0;
  for (const LabelledReply& each : labels.replies) raters = std::max(raters, each.raters.size());
  out.raters = std::max<std::size_t>(raters, 1);
  if (raters < 2) return;
  const std::size_t k = labels.categories.size();
  for (std::size_t a = 0; a < raters; ++a) {
    for (std::size_t b = a + 1; b < raters; ++b) {
      std::vector<double> table(k * k, 0.0);
      std::size_t n = 0;
      for (const LabelledReply& each : labels.replies) {
        if (each.raters.size() <= b || !each.raters[a] || !each.raters[b]) continue;
        table[*each.raters[a] * k + *each.raters[b]] += 1.0;
        ++n;
      }
      if (const auto found = stats::agreement(table, k)) {
        out.rater_pairs.push_back({a, b, n, found->observed, found->kappa});
      }
    }
  }
  std::vector<std::vector<double>> units;
  for (const LabelledReply& each : labels.replies) {
    std::vector<double> unit;
    for (const auto& label : each.raters) {
      if (label) unit.push_back(static_cast<double>(*label));
    }
    std::ranges::sort(unit);
    units.push_back(std::move(unit));
  }
  std::ranges::sort(units);
  const std::vector<stats::UnitRatings> views(units.begin(), units.end());
  out.alpha = stats::krippendorff_alpha(views, stats::RatingMetric::nominal);
}

// Cases labelled on both arms in the same trial, where the judge's word can be read on both.
std::vector<Calibration::Pair> pairs_of(const Items& items) {
  std::map<std::pair<std::string, std::uint32_t>, std::array<const Item*, 2>> found;
  for (const Item& each : items) {
    if (!each.reply->arm || !each.reply->random || each.reply->judged != Judged::read) continue;
    found[{each.reply->item, each.reply->trial}][static_cast<std::size_t>(*each.reply->arm)] = &each;
  }
  std::vector<Calibration::Pair> out;
  for (const auto& [key, both] : found) {
    const Item *baseline = both[0], *candidate = both[1];
    if (baseline == nullptr || candidate == nullptr) continue;
    const auto difference = [](std::size_t a, std::size_t b) {
      return static_cast<double>(a) - static_cast<double>(b);
    };
    out.push_back({difference(candidate->human, baseline->human),
                   difference(candidate->reply->verdict, baseline->reply->verdict),
                   std::max(candidate->weight(), baseline->weight())});
  }
  std::ranges::sort(out);
  if (out.size() > Calibration::max_pairs) out.resize(Calibration::max_pairs);
  return out;
}

bool shown_too_low(const std::optional<LabelledRate>& rate, double floor) { return rate && rate->upper < floor; }
bool not_shown(const std::optional<LabelledRate>& rate, double floor) { return rate && rate->lower < floor; }

bool counts_for_less(const LabelledRate& rate) { return rate.n_eff < static_cast<double>(rate.n) - 1e-9; }

std::string counted(const LabelledRate& rate) {
  return std::to_string(rate.hits) + " of " + std::to_string(rate.n) +
         (counts_for_less(rate) ? ", counting as " + fixed(rate.n_eff, 1) : "") + " (" + percent(rate.estimate) +
         ", lower bound " + percent(rate.lower) + ")";
}

struct Named {
  std::string where;  // "", " on the candidate", " of class x"
  const LabelledGroup* group;
};

std::vector<Named> groups_of(const Calibration& calibration) {
  std::vector<Named> out{{"", &calibration.all}};
  for (const Arm arm : both_arms) {
    out.push_back({std::string(" on the ") + name(arm), &calibration.arms[static_cast<std::size_t>(arm)]});
  }
  for (const auto& [severe_class, group] : calibration.severe_classes) {
    out.push_back({" of severe class " + severe_class, &group});
  }
  return out;
}

// Of what is `wanted`, the worst by its lower bound.
template <class Wanted>
const Named* worst(const std::vector<Named>& groups, const Wanted& wanted) {
  const Named* out = nullptr;
  for (const Named& each : groups) {
    if (!wanted(each)) continue;
    if (out == nullptr || each.group->recall->lower < out->group->recall->lower) out = &each;
  }
  return out;
}

Admission misses(const Named& where, double floor) {
  return {Standing::misses_failures,
          "it finds " + counted(*where.group->recall) + " of the replies that people failed" + where.where + ", and " +
              percent(floor, 0) + " is the floor",
          "change the rubric or the judge and calibrate it again, or let people judge these"};
}

}  // namespace

std::optional<std::size_t> majority(const LabelledReply& reply) {
  std::map<std::size_t, std::size_t> votes;
  for (const auto& label : reply.raters) {
    if (label) ++votes[*label];
  }
  std::size_t most = 0, holders = 0;
  std::optional<std::size_t> winner;
  for (const auto& [category, count] : votes) {
    if (count > most) {
      most = count;
      holders = 0;
    }
    if (count < most) continue;
    ++holders;
    winner = category;
  }
  return holders == 1 ? winner : std::nullopt;
}

Calibration calibrate(const LabelSet& labels) {
  Calibration out;
  out.categories = labels.categories;
  Items items;
  for (const LabelledReply& reply : labels.replies) {
    HG_ASSERT(reply.probability >= least_probability && reply.probability <= 1.0);
    HG_ASSERT(reply.judged != Judged::read || reply.verdict < labels.categories.size());
    const bool labelled = std::ranges::any_of(reply.raters, [](const auto& label) { return label.has_value(); });
    if (!labelled) continue;
    const auto human = majority(reply);
    if (!human) {
      ++out.disputed;
    } else if (reply.judged == Judged::missing) {
      ++out.without_verdict;
    } else {
      items.push_back({&reply, *human});
    }
  }
  out.labels = items.size();
  out.weighted = !items.empty() && std::ranges::any_of(items, [&](const Item& each) {
    return each.reply->probability != items.front().reply->probability;
  });
  for (const Item& each : items) {
    out.unusable += each.reply->judged == Judged::unusable ? 1U : 0U;
    out.human_failed += labels.pass_fail && each.human == fail_category ? 1U : 0U;
  }
  out.all = group_of(items, labels.pass_fail);
  for (const Arm arm : both_arms) {
    out.arms[static_cast<std::size_t>(arm)] =
        group_of(those(items, [&](const Item& each) { return each.reply->arm == arm; }), labels.pass_fail);
  }
  std::set<std::string> classes;
  for (const Item& each : items) {
    if (!each.reply->severe_class.empty()) classes.insert(each.reply->severe_class);
  }
  for (const std::string& severe_class : classes) {
    const Items severe = those(items, [&](const Item& each) { return each.reply->severe_class == severe_class; });
    out.severe_classes[severe_class] = group_of(severe, labels.pass_fail);
    for (const Arm arm : both_arms) {
      const Items on = those(severe, [&](const Item& each) { return each.reply->arm == arm; });
      if (!on.empty()) out.severe_on[static_cast<std::size_t>(arm)][severe_class] = group_of(on, labels.pass_fail);
    }
  }
  out.confusion = confusion_of(items, out.categories.size());
  if (const auto found = stats::agreement(square(out.confusion, out.categories.size()), out.categories.size())) {
    out.kappa = found->kappa;
    out.ac1 = found->ac1;
  }
  if (out.labels > 0) read_unusable(out.confusion, out);
  compare_raters(labels, out);
  if (labels.pass_fail) out.pairs = pairs_of(items);
  return out;
}

const char* name(Standing standing) {
  switch (standing) {
    case Standing::admissible:
      return "admissible";
    case Standing::too_few_labels:
      return "too_few_labels";
    case Standing::misses_failures:
      return "misses_failures";
    case Standing::disagrees:
      return "disagrees";
  }
  return "";
}

Admission admission(const Calibration& calibration, const JudgesRule& rule) {
  const std::vector<Named> groups = groups_of(calibration);
  const auto& agreement = calibration.all.agreement;
  if (const Named* low =
          worst(groups, [&](const Named& each) { return shown_too_low(each.group->recall, rule.min_recall); })) {
    return misses(*low, rule.min_recall);
  }
  if (shown_too_low(agreement, rule.min_agreement)) {
    return {Standing::disagrees,
            "it agrees with people on " + counted(*agreement) + " of the labelled replies, and " +
                percent(rule.min_agreement, 0) + " is the floor",
            "change the rubric or the judge and calibrate it again"};
  }
  const auto least = static_cast<std::size_t>(std::max(rule.min_labels, 1L));
  if (calibration.labels < least) {
    return {Standing::too_few_labels,
            "it has " + plural(calibration.labels, "label") + ", and " + std::to_string(least) + " are needed",
            "label " + std::to_string(least - calibration.labels) + " more replies"};
  }
  if (calibration.categories != LabelSet{}.categories) {
    return {Standing::too_few_labels, "people's labels are not pass and fail, so there is nothing that it could miss",
            "--label-map says which of them are a fail, as good=pass,bad=fail"};
  }
  if (!calibration.all.recall) {
    return {Standing::too_few_labels, "people failed none of the labelled replies, so nobody knows what it misses",
            labels_needed(rule.min_recall)};
  }
  if (const Named* low =
          worst(groups, [&](const Named& each) { return not_shown(each.group->recall, rule.min_recall); })) {
    return {Standing::too_few_labels,
            "it finds " + counted(*low->group->recall) + " of the replies that people failed" + low->where +
                ", which does not show " + percent(rule.min_recall, 0),
            labels_needed(rule.min_recall, counts_for_less(*low->group->recall)) + low->where};
  }
  if (not_shown(agreement, rule.min_agreement)) {
    return {Standing::too_few_labels,
            "it agrees with people on " + counted(*agreement) + " of the labelled replies, which does not show " +
                percent(rule.min_agreement, 0),
            "label more replies"};
  }
  return {Standing::admissible,
          "it finds " + counted(*calibration.all.recall) +
              " of the replies that people failed and agrees with them on " + counted(*agreement),
          ""};
}

std::size_t failed_needed(double min_recall, std::size_t misses) {
  constexpr std::size_t most = 10'000'000;
  const auto enough = [&](std::size_t n) {
    const auto bounds =
        stats::clopper_pearson({static_cast<double>(n - misses), static_cast<double>(n)}, alpha_calibration);
    return bounds && bounds->lower >= min_recall;
  };
  std::size_t low = misses + 1, high = low;
  while (high < most && !enough(high)) high *= 2;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (enough(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

std::string labels_needed(double min_recall, bool count_for_less) {
  const std::size_t all = failed_needed(min_recall, 0), one = failed_needed(min_recall, 1);
  if (count_for_less) {
    return "needs human-failed replies that count as " + std::to_string(all) + " all caught, as " +
           std::to_string(one) + " with one miss";
  }
  return "needs " + plural(all, "human-failed reply", "human-failed replies") + " all caught, " + std::to_string(one) +
         " with one miss";
}

bool count_for_less(const Calibration& calibration) {
  return std::ranges::any_of(groups_of(calibration), [](const Named& each) {
    return each.group->recall && counts_for_less(*each.group->recall);
  });
}

}  // namespace headgate::gate
