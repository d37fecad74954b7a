// severe: cases whose failure would hurt somebody are counted one by one, so that no average hides them.
//
// A case fails when any of its trials fails. Counts are policy, without a test; `max_rate` needs an upper bound, and so
// enough cases. An errored trial is no failure, but it leaves the rule without a pass.
#include <algorithm>

#include "headgate/base/text.hpp"
#include "judgement.hpp"
#include "rates.hpp"
#include "reading.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

bool over(const std::optional<long>& most, std::size_t seen) {
  return most && static_cast<long long>(seen) > static_cast<long long>(*most);
}

// The severe class as words: "severe cases" or "severe cases of unsafe_refund_promise".
std::string subject(const SevereRule& rule, std::size_t n) {
  std::string words = plural(n, "severe case");
  if (rule.severe_class != "*") words += " of " + rule.severe_class;
  return words;
}

std::string failing_words(const SevereCounts& counts, const SevereRule& rule) {
  std::string words = std::to_string(counts.failing.size()) + " of " + subject(rule, counts.cases.size());
  words += counts.failing.size() == 1 ? " fails" : " fail";
  words += " on the candidate, " + std::to_string(counts.fresh.size()) + " of them new";
  return words;
}

// "no new failure is allowed", "at most 2 new failures are allowed"
std::string allowance(long most, const char* what) {
  if (most == 0) return std::string("no ") + what + " is allowed";
  return "at most " + plural(static_cast<std::size_t>(most), what) + (most == 1 ? " is allowed" : " are allowed");
}

// Where only counts are asked: they decide, and the bound they imply stands in a note.
void judge_counts(const SevereCounts& counts, const SevereRule& rule, const RateBounds& adverse, Judgement& judgement) {
  Finding& finding = judgement.finding;
  if (rule.max_rate) return;
  finding.method = "deterministic";
  finding.lower.reset();
  finding.upper.reset();
  finding.estimate = static_cast<double>(rule.max_new_failures ? counts.fresh.size() : counts.failing.size());
  const std::optional<long>& most = rule.max_new_failures ? rule.max_new_failures : rule.max_failures;
  if (most) finding.threshold = static_cast<double>(*most);
  finding.notes.push_back("the true rate of failures may be as high as " + rate(adverse.bounds.upper) +
                          " (95 % upper bound of " + std::to_string(counts.cases.size()) + " cases)");
}

void decide_severe(const SevereCounts& counts, const SevereRule& rule, Judgement& judgement) {
  Finding& finding = judgement.finding;
  const std::string seen = failing_words(counts, rule);
  const auto fail = [&](const char* code, const std::string& limit) {
    settle(judgement, Verdict::fail, code);
    finding.sentence = seen + "; " + limit + ".";
  };
  if (over(rule.max_new_failures, counts.fresh.size())) {
    return fail("severe_new_failures", allowance(*rule.max_new_failures, "new failure"));
  }
  if (over(rule.max_failures, counts.failing.size())) {
    return fail("severe_failures", allowance(*rule.max_failures, "failure"));
  }
  if (rule.max_rate && *finding.lower > *rule.max_rate) {
    return fail("severe_rate", "more than " + rate(*rule.max_rate) + " is shown");
  }
  if (!rule.max_new_failures && !rule.max_failures && !rule.max_rate) {
    settle(judgement, Verdict::inconclusive, "severe_no_limit");
    judgement.remedy = Remedy::repair;
    judgement.carries_shadow = false;
    finding.sentence = seen + "; the rule sets no limit, so it cannot be kept.";
    return;
  }
  if (!counts.unmeasured.empty()) {
    settle(judgement, Verdict::inconclusive, "severe_unmeasured");
    judgement.remedy = Remedy::repair;
    judgement.carries_shadow = false;
    finding.sentence =
        plural(counts.unmeasured.size(), "severe case") + (counts.unmeasured.size() == 1 ? " was" : " were") +
        " not measured on the candidate because of an error, so nothing clean can be said; " + seen + ".";
    return;
  }
  if (rule.max_rate && *finding.upper > *rule.max_rate) {
    settle(judgement, Verdict::inconclusive, "severe_few_cases");
    finding.sentence =
        seen + ", but so few cases allow a true rate of up to " + rate(*finding.upper) + "; " +
        (finding.needed_n ? cases_of(*finding.needed_n) + " without a further failure" + is_or_are(*finding.needed_n) +
                                " needed to show " + rate(*rule.max_rate) + "."
                          : "no number of cases shows " + rate(*rule.max_rate) + ".");
    return;
  }
  settle(judgement, Verdict::pass, "severe_clean");
  finding.sentence = seen + (rule.max_rate ? ", which shows a rate of at most " + rate(*rule.max_rate) + "." : ".");
}

}  // namespace

void judge_severe(const Context& context, const SevereRule& rule, Judgements& out) {
  const View& view = context.view;
  const SevereCounts counts = count_severe(context, rule.severe_class);
  Judgement judgement;
  Finding& finding = judgement.finding;
  finding = finding_over(view, "severe", counts.cases);
  finding.alpha_pass = finding.alpha_fail = alpha_severe;
  if (rule.severe_class != "*") finding.segment = "severe_class=" + rule.severe_class;
  if (counts.cases.empty()) {
    settle(judgement, Verdict::inconclusive, "severe_no_cases");
    judgement.carries_shadow = false;
    finding.method = "deterministic";
    finding.needed_n =
        rule.max_rate ? cases_to_show({}, *rule.max_rate, alpha_severe, Hope::no_more_hits) : std::nullopt;
    finding.sentence = "No case of this gate is " +
                       (rule.severe_class == "*" ? std::string("severe") : "severe of class " + rule.severe_class) +
                       ", so nothing shows that the candidate is safe there.";
    out.push_back(std::move(judgement));
    return;
  }
  const RateBounds adverse = rate_bounds(
      view, counts.cases, [&](CaseIndex item) { return !view.all_pass(item, Arm::candidate); }, alpha_severe);
  const RateBounds favourable = rate_bounds(
      view, counts.cases, [&](CaseIndex item) { return view.of(item, Arm::candidate).failed() > 0; }, alpha_severe);
  describe(finding, adverse);
  finding.estimate = favourable.share();
  finding.lower = favourable.bounds.lower;
  finding.threshold = rule.max_rate;
  if (rule.max_rate && adverse.bounds.upper > *rule.max_rate) {
    finding.needed_n = cases_to_show(favourable, *rule.max_rate, alpha_severe, Hope::no_more_hits);
  }
  judge_counts(counts, rule, adverse, judgement);
  decide_severe(counts, rule, judgement);
  if (finding.code != "severe_few_cases") finding.needed_n.reset();
  if (counts.excused > 0) {
    finding.notes.push_back(plural(counts.excused, "new failure") + " excused as known");
  }
  std::vector<CaseIndex> named = counts.failing;
  for (const CaseIndex item : counts.unmeasured) {
    if (view.of(item, Arm::candidate).failed() == 0) named.push_back(item);
  }
  name_cases(finding, view, named);
  out.push_back(std::move(judgement));
}

}  // namespace headgate::gate
