#include <algorithm>
#include <array>
#include <string_view>

#include "headgate/base/text.hpp"
#include "outcome.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

// Harm to somebody before loss on average before money and time.
constexpr std::array gravity{
    std::string_view("severe"),        std::string_view("must_pass"), std::string_view("quality"),
    std::string_view("segments"),      std::string_view("floor"),     std::string_view("errors"),
    std::string_view("fallback_rate"), std::string_view("latency"),   std::string_view("cost")};

std::size_t gravity_of(const Judgement& judgement) {
  return static_cast<std::size_t>(std::ranges::find(gravity, judgement.finding.rule) - gravity.begin());
}

// What is broken comes before what is merely not enough, and evidence before the rules that starve without it.
int urgency_of(const Judgement& judgement) {
  const bool evidence = judgement.finding.rule.starts_with("evidence.");
  if (judgement.remedy == Remedy::repair) return evidence ? 0 : 1;
  return evidence ? 3 : 2;
}

Reason reason_of(const Judgement& judgement) {
  const Finding& finding = judgement.finding;
  return {finding.rule, finding.verdict, finding.code, finding.sentence, finding.cases};
}

std::vector<const Judgement*> those(const Judgements& judgements, Verdict verdict) {
  std::vector<const Judgement*> out;
  for (const Judgement* each : required_of(judgements)) {
    if (each->finding.verdict == verdict) out.push_back(each);
  }
  return out;
}

// A rule that fails because of segments is told segment by segment.
std::vector<Reason> told(const Judgement& judgement, const Judgements& judgements) {
  if (judgement.finding.code != "segments_harm") return {reason_of(judgement)};
  std::vector<Reason> out;
  for (const Judgement& each : judgements) {
    if (each.finding.code == "segment_harm") out.push_back(reason_of(each));
  }
  return out;
}

Reason eligible_reason(const Decision& decision, const Judgements& judgements) {
  const auto quality = std::ranges::find_if(judgements, [](const Judgement& each) {
    return each.finding.rule == "quality" && each.finding.verdict == Verdict::pass && !each.finding.advisory;
  });
  if (quality != judgements.end() && decision.stage != Stage::shadow) return reason_of(*quality);
  return {"stage",
          Verdict::pass,
          "shadow_holds",
          "No rule fails and nothing fixed is broken: enough for shadow, where no user sees a reply.",
          {}};
}

}  // namespace

std::vector<Reason> reasons_for(const Decision& decision, const Judgements& judgements) {
  std::vector<Reason> reasons;
  if (decision.answer == Outlook::eligible) reasons.push_back(eligible_reason(decision, judgements));

  std::vector<const Judgement*> failing = those(judgements, Verdict::fail);
  std::ranges::stable_sort(failing, {}, [](const Judgement* each) { return gravity_of(*each); });
  for (const Judgement* each : failing) {
    for (Reason& reason : told(*each, judgements)) reasons.push_back(std::move(reason));
  }
  std::vector<const Judgement*> open = those(judgements, Verdict::inconclusive);
  std::ranges::stable_sort(open, {},
                           [](const Judgement* each) { return std::pair(urgency_of(*each), gravity_of(*each)); });
  for (const Judgement* each : open) reasons.push_back(reason_of(*each));

  for (const Judgement& each : judgements) {
    if (decision.answer != Outlook::eligible || each.uncovered.empty()) continue;
    reasons.push_back({each.finding.rule,
                       Verdict::pass,
                       "segments_not_covered",
                       "Exposure should leave out what was not covered, too few cases to see harm: " +
                           join_words(each.uncovered) + ".",
                       {}});
  }
  if (reasons.empty() && decision.answer == Outlook::inconclusive) {
    reasons.push_back({"stage",
                       Verdict::inconclusive,
                       "stage_not_reached",
                       "Too few cases are fully graded on both arms for any exposure.",
                       {}});
  }
  return reasons;
}

}  // namespace headgate::gate
