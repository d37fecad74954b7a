// segments: does any part of the traffic lose more than is allowed, whatever the average says? One harm test a segment,
// corrected by Holm over all of them. It detects harm; it assures nothing.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "headgate/base/text.hpp"
#include "headgate/stats/multiple.hpp"
#include "judgement.hpp"
#include "sample.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

// Segments a note lists one by one.
constexpr std::size_t most_listed = 40;

struct Segment {
  std::string name;  // "steps=2"
  bool required = false;
  std::vector<CaseIndex> cases;
  std::optional<stats::ScoreResult> adverse, favourable;  // where there are enough cases to test
  double p_adverse = 1.0, p_favourable = 1.0;             // of no harm beyond the margin, adjusted
  bool tested() const { return adverse.has_value(); }
};

// All that are declared, present or required, in the order of their names.
std::vector<Segment> segments_of(const View& view, const SegmentsRule& rule) {
  std::map<std::string, Segment> named;
  const std::set<std::string> dimensions(rule.by.begin(), rule.by.end());
  const std::set<std::string> required(rule.required.begin(), rule.required.end());
  const auto segment = [&](const std::string& name) -> Segment& {
    Segment& found = named[name];
    found.name = name;
    return found;
  };
  for (const SuiteHead& suite : view.evidence().plan.suites) {
    for (const auto& [dimension, values] : suite.segments) {
      if (!dimensions.contains(dimension)) continue;
      for (const std::string& value : values) segment(dimension + "=" + value);
    }
  }
  for (const std::string& name : required) segment(name).required = true;
  std::map<std::uint32_t, std::vector<Segment*>> by_set;  // interned lists of segments to what they belong to
  for (const CaseIndex item : random_cases(view)) {
    const std::uint32_t set = view.facts(item).segments;
    auto found = by_set.find(set);
    if (found == by_set.end()) {
      found = by_set.emplace(set, std::vector<Segment*>()).first;
      for (const SegmentValue& value : view.evidence().cases.segment_values(set)) {
        const std::string name = value.dimension + "=" + value.value;
        if (dimensions.contains(value.dimension) || required.contains(name)) found->second.push_back(&segment(name));
      }
    }
    for (Segment* each : found->second) each->cases.push_back(item);
  }
  std::vector<Segment> out;
  for (auto& [name, each] : named) out.push_back(std::move(each));
  return out;
}

void test_each(const View& view, const SegmentsRule& rule, Metric metric, std::vector<Segment>& segments) {
  const auto least = static_cast<std::size_t>(std::max(rule.min_cases, 1L));
  std::vector<Segment*> tested;
  std::vector<double> p_adverse, p_favourable;
  for (Segment& segment : segments) {
    if (segment.cases.size() < least) continue;
    const Sample sample = differences(view, segment.cases, metric);
    const auto adverse = test(sample, Completion::adverse, {-rule.max_loss, alpha});
    const auto favourable = test(sample, Completion::favourable, {-rule.max_loss, alpha});
    if (!adverse || !favourable || !adverse->df) continue;  // a single cluster supports no conclusion
    segment.adverse = adverse;
    segment.favourable = favourable;
    tested.push_back(&segment);
    p_adverse.push_back(adverse->p_below);
    p_favourable.push_back(favourable->p_below);
  }
  const auto adjusted_adverse = stats::holm(p_adverse);
  const auto adjusted_favourable = stats::holm(p_favourable);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    tested[i]->p_adverse = adjusted_adverse ? (*adjusted_adverse)[i] : 1.0;
    tested[i]->p_favourable = adjusted_favourable ? (*adjusted_favourable)[i] : 1.0;
  }
}

bool harmed(const Segment& segment) { return segment.tested() && segment.p_favourable <= alpha_family; }
bool harmed_if_missing_is_bad(const Segment& segment) { return segment.tested() && segment.p_adverse <= alpha_family; }

std::vector<std::string> names(const std::vector<Segment>& segments, auto wanted) {
  std::vector<std::string> out;
  for (const Segment& each : segments) {
    if (wanted(each)) out.push_back(each.name);
  }
  return out;
}

std::string change(double estimate) {
  return points(std::abs(estimate)) + " points " + (estimate < 0.0 ? "worse" : "better");
}

// A finding of its own for a segment that is harmed or required.
Judgement detail(const View& view, const SegmentsRule& rule, Metric metric, const Segment& segment) {
  Judgement judgement;
  judgement.counted = false;
  Finding& finding = judgement.finding;
  finding = finding_over(view, "segments", segment.cases);
  finding.segment = segment.name;
  finding.threshold = -rule.max_loss;
  finding.alpha_pass = finding.alpha_fail = alpha_family;
  finding.method = "score_paired";
  if (!segment.tested()) {
    settle(judgement, Verdict::inconclusive, "segment_few_cases");
    finding.needed_n = static_cast<std::size_t>(std::max(rule.min_cases, 1L));
    finding.sentence = "In " + segment.name + " there are " + cases_of(segment.cases.size()) +
                       ", too few to see harm; at least " + std::to_string(rule.min_cases) + " are needed.";
    return judgement;
  }
  describe(finding, *segment.adverse, "score_paired");
  finding.p_harm = segment.p_favourable;
  finding.discordant = discordance(view, segment.cases);
  const bool fails = harmed(segment);
  settle(judgement,
         fails                               ? Verdict::fail
         : harmed_if_missing_is_bad(segment) ? Verdict::inconclusive
                                             : Verdict::pass,
         fails                               ? "segment_harm"
         : harmed_if_missing_is_bad(segment) ? "segment_missing_decides"
                                             : "segment_no_harm_seen");
  finding.sentence = "In " + segment.name + " the candidate is " + change(segment.adverse->estimate) + " on " +
                     cases_of(segment.cases.size()) + by_reducer(view) + interval_in_points(finding);
  if (fails) {
    finding.sentence += rule.max_loss == 0.0 ? ": it is harmed"
                                             : ": harmed by more than the " + points(rule.max_loss) + " points allowed";
    finding.sentence += " (p " + fixed(segment.p_favourable, 4) + " after Holm).";
  } else {
    finding.sentence += "; no harm is proven.";
  }
  std::vector<std::pair<double, CaseIndex>> lost;
  for (const CaseIndex item : segment.cases) {
    const double d = view.difference(item, metric, Completion::adverse);
    if (d < 0.0) lost.emplace_back(d, item);
  }
  std::sort(lost.begin(), lost.end());
  std::vector<CaseIndex> worst;
  for (const auto& each : lost) worst.push_back(each.second);
  name_cases(finding, view, worst);
  return judgement;
}

// "steps=3 +20.3 of 370; …" so that nobody has to wonder what was looked at.
std::string listing(const std::vector<Segment>& segments) {
  std::vector<std::string> each;
  for (const Segment& segment : segments) {
    if (!segment.tested()) continue;
    each.push_back(segment.name + " " + (segment.adverse->estimate < 0.0 ? "" : "+") +
                   points(segment.adverse->estimate) + " of " + std::to_string(segment.cases.size()));
  }
  return "tested, change in points of so many cases: " + join_words(each, most_listed);
}

void settle_overall(const std::vector<Segment>& segments, const SegmentsRule& rule, Judgement& judgement) {
  Finding& finding = judgement.finding;
  const std::vector<std::string> all_harmed = names(segments, harmed);
  const std::vector<std::string> doubtful = names(segments, harmed_if_missing_is_bad);
  const std::vector<std::string> wanting =
      names(segments, [](const Segment& each) { return each.required && !each.tested(); });
  const auto tested = static_cast<std::size_t>(std::ranges::count_if(segments, &Segment::tested));
  const std::string limit =
      rule.max_loss == 0.0 ? "any loss" : "a loss of more than " + points(rule.max_loss) + " points";
  if (!all_harmed.empty()) {
    settle(judgement, Verdict::fail, "segments_harm");
    finding.sentence = "Of " + plural(tested, "tested segment") + ", " + join_words(all_harmed) +
                       (all_harmed.size() == 1 ? " shows " : " show ") + limit + ", whatever the average says.";
  } else if (!doubtful.empty()) {
    settle(judgement, Verdict::inconclusive, "segments_missing_decides");
    judgement.remedy = Remedy::repair;
    finding.sentence = "Whether " + join_words(doubtful) + (doubtful.size() == 1 ? " shows " : " show ") + limit +
                       " depends on cells without a grade.";
  } else if (!wanting.empty()) {
    settle(judgement, Verdict::inconclusive, "segments_required_too_small");
    finding.sentence = "Required segments have too few cases to see harm in: " + join_words(wanting) + " (at least " +
                       std::to_string(rule.min_cases) + " each are needed).";
    finding.needed_n = static_cast<std::size_t>(std::max(rule.min_cases, 1L));
  } else if (tested == 0) {
    settle(judgement, Verdict::inconclusive, "segments_none_tested");
    finding.sentence =
        "No segment has the " + std::to_string(rule.min_cases) + " cases (of more than one cluster) that a test needs.";
    finding.needed_n = static_cast<std::size_t>(std::max(rule.min_cases, 1L));
  } else {
    settle(judgement, Verdict::pass, "segments_no_harm_seen");
    finding.sentence = "None of " + plural(tested, "tested segment") + " shows " + limit +
                       "; this looks for harm and gives no assurance that there is none.";
  }
}

}  // namespace

void judge_segments(const Context& context, const SegmentsRule& rule, Judgements& out) {
  const View& view = context.view;
  const Metric metric = context.rules.quality ? context.rules.quality->metric : Metric::score;
  std::vector<Segment> segments = segments_of(view, rule);
  test_each(view, rule, metric, segments);

  Judgement overall;
  Finding& finding = overall.finding;
  std::set<CaseIndex> tested_cases;
  for (const Segment& each : segments) {
    if (each.tested()) tested_cases.insert(each.cases.begin(), each.cases.end());
  }
  const std::vector<CaseIndex> cases(tested_cases.begin(), tested_cases.end());
  finding = finding_over(view, "segments", cases);
  finding.method = "score_holm";
  finding.threshold = -rule.max_loss;
  finding.alpha_pass = finding.alpha_fail = alpha_family;
  settle_overall(segments, rule, overall);
  for (const Segment& each : segments) {
    if (!each.tested()) overall.uncovered.push_back(each.name);
    if (!each.tested()) continue;
    finding.p_harm = std::min(finding.p_harm.value_or(1.0), each.p_favourable);
    if (finding.estimate && each.adverse->estimate >= *finding.estimate) continue;
    finding.estimate = each.adverse->estimate;
    finding.estimand = "worst_segment " + each.name;
  }
  note_reducer(view, finding);
  if (!tested_cases.empty()) finding.notes.push_back(listing(segments));
  if (!overall.uncovered.empty()) {
    finding.notes.push_back("not covered, too few cases to see harm in: " + join_words(overall.uncovered, most_listed));
  }
  out.push_back(std::move(overall));

  std::vector<const Segment*> told;
  for (const Segment& each : segments) {
    if (harmed(each) || harmed_if_missing_is_bad(each) || each.required) told.push_back(&each);
  }
  std::ranges::stable_sort(told, {}, [](const Segment* each) { return each->p_favourable; });
  for (const Segment* each : told) out.push_back(detail(view, rule, metric, *each));
}

}  // namespace headgate::gate
