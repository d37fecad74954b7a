// must_pass: cases that were broken once and may not break again. Every trial of each must pass on the candidate.
#include <algorithm>
#include <set>

#include "headgate/base/text.hpp"
#include "judgement.hpp"
#include "reading.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

struct Listed {
  std::vector<CaseIndex> asked;  // without those somebody answers for
  std::vector<CaseIndex> failing;
  std::vector<CaseIndex> unmeasured;  // errored, and no trial fails
  std::vector<std::string> unknown;   // ids that are in no case of the plan
  std::size_t excused = 0;
};

Listed list(const Context& context, const MustPassRule& rule) {
  const View& view = context.view;
  const std::set<std::string_view> ids(rule.cases.begin(), rule.cases.end());
  std::set<std::string_view> found;
  Listed listed;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    const auto named = ids.empty() ? ids.end() : ids.find(view.evidence().cases.id(item));
    if (named != ids.end()) found.insert(*named);
    if (named == ids.end() && !has_must_pass_tag(view, item, rule)) continue;
    // What is excused is failing, not being absent.
    const bool seen = view.of(item, Arm::candidate).failed() > 0 || view.complete(item, Arm::candidate);
    if (context.is_excused(item) && seen) {
      ++listed.excused;
      continue;
    }
    listed.asked.push_back(item);
    if (view.of(item, Arm::candidate).failed() > 0) {
      listed.failing.push_back(item);
    } else if (!view.complete(item, Arm::candidate)) {
      listed.unmeasured.push_back(item);
    }
  }
  for (const std::string_view id : ids) {
    if (!found.contains(id)) listed.unknown.emplace_back(id);
  }
  return listed;
}

void inconclusive(Judgement& judgement, const char* code, std::string sentence) {
  settle(judgement, Verdict::inconclusive, code);
  judgement.remedy = Remedy::repair;
  judgement.finding.sentence = std::move(sentence);
}

void decide_must_pass(const Listed& listed, Judgement& judgement) {
  Finding& finding = judgement.finding;
  const std::string all = plural(listed.asked.size(), "must-pass case");
  if (!listed.failing.empty()) {
    settle(judgement, Verdict::fail, "must_pass_failed");
    finding.sentence = std::to_string(listed.failing.size()) + " of " + all +
                       (listed.failing.size() == 1 ? " fails" : " fail") + " on the candidate; none may.";
  } else if (!listed.unknown.empty()) {
    inconclusive(judgement, "must_pass_unknown_case",
                 "The must-pass rule names cases that this run does not have: " + join_words(listed.unknown) + ".");
  } else if (!listed.unmeasured.empty()) {
    inconclusive(judgement, "must_pass_unmeasured",
                 std::to_string(listed.unmeasured.size()) + " of " + all +
                     (listed.unmeasured.size() == 1 ? " was" : " were") +
                     " not measured on the candidate because of an error, so they are not known to pass.");
  } else if (listed.asked.empty()) {
    inconclusive(judgement, listed.excused > 0 ? "must_pass_all_excused" : "must_pass_no_cases",
                 listed.excused > 0 ? "Every must-pass case is excused as a known failure, so the rule checks nothing."
                                    : "The must-pass rule selects no case, so it checks nothing.");
  } else {
    settle(judgement, Verdict::pass, "must_pass_clean");
    finding.sentence = listed.asked.size() == 1 ? "The one must-pass case passes on the candidate."
                                                : "All " + all + " pass on the candidate.";
  }
}

}  // namespace

void judge_must_pass(const Context& context, const MustPassRule& rule, Judgements& out) {
  const Listed listed = list(context, rule);
  Judgement judgement;
  Finding& finding = judgement.finding;
  finding = finding_over(context.view, "must_pass", listed.asked);
  finding.method = "deterministic";
  finding.estimand = "suite";
  finding.estimate = static_cast<double>(listed.failing.size());
  finding.threshold = 0.0;
  decide_must_pass(listed, judgement);
  judgement.carries_shadow = finding.verdict == Verdict::pass;
  if (listed.excused > 0) finding.notes.push_back(cases_of(listed.excused) + " excused as known to fail");
  std::vector<CaseIndex> named = listed.failing;
  named.insert(named.end(), listed.unmeasured.begin(), listed.unmeasured.end());
  name_cases(finding, context.view, named);
  out.push_back(std::move(judgement));
}

}  // namespace headgate::gate
