// What the rules about particular cases, and the evidence as a whole, need.
#include <algorithm>
#include <set>

#include "headgate/base/text.hpp"
#include "judgement.hpp"
#include "judges.hpp"
#include "need.hpp"

namespace headgate::gate {
namespace {

Need deterministic(std::string rule, Carry carry, std::size_t has, std::string says) {
  Need need;
  need.rule = std::move(rule);
  need.carry = carry;
  need.has = has;
  need.says = std::move(says);
  need.statistical = false;
  return need;
}

}  // namespace

void need_must_pass(const Plan& plan, const MustPassRule& rule, Needs& out) {
  std::set<std::string> missing(rule.cases.begin(), rule.cases.end());
  std::set<std::string> excused;
  for (const KnownFailure& known : plan.head.rules.known_failures) {
    if (known.active) excused.insert(known.case_id);
  }
  std::vector<std::string> asked;
  std::size_t bearing = 0;
  for (const Case& item : plan.cases) {
    const bool named = std::ranges::count(rule.cases, item.id) > 0;
    const bool tagged =
        std::ranges::any_of(rule.tags, [&](const std::string& tag) { return std::ranges::count(item.tags, tag) > 0; });
    if (named) missing.erase(item.id);
    if (!named && !tagged) continue;
    ++bearing;
    if (!excused.contains(item.id)) asked.push_back(item.id);
  }
  Need need = deterministic("must_pass", Carry::can, asked.size(), "");
  need.needs = 1;
  if (!missing.empty()) {
    need.says = "not among the cases: " + join_words(std::vector<std::string>(missing.begin(), missing.end()));
  } else if (asked.empty()) {
    need.says = bearing > 0 ? "every one of its cases is excused as a known failure" : "no case bears these tags";
  }
  if (!need.says.empty()) {
    need.carry = Carry::cannot;
  } else {
    need.says = "each must pass: " + join_words(asked, 5);
  }
  out.push_back(std::move(need));
}

void need_evidence(const Plan& plan, Needs& out) {
  const EvidenceRules& rules = plan.head.rules.evidence;
  const Pool cases = random_pool(plan);
  Need least;
  least.rule = "evidence.min_cases";
  least.has = cases.n();
  least.needs = static_cast<std::uint64_t>(std::max(rules.min_cases, 0L));
  least.limit = "min_cases";
  least.asks = static_cast<double>(rules.min_cases);
  if (least.has < *least.needs) {
    least.carry = Carry::cannot;
    least.says = plural(least.has, "case") + " sampled at random" + dependence(cases);
  } else if (!too_small(cases, least)) {
    least.says = "enough cases sampled at random" + dependence(cases);
  }
  out.push_back(std::move(least));

  if (rules.released) {
    std::vector<std::string> drafts;
    for (const SuiteHead& suite : plan.head.suites) {
      if (!suite.released) drafts.push_back(suite.name + "@" + suite.version);
    }
    out.push_back(deterministic("evidence.released", drafts.empty() ? Carry::can : Carry::cannot,
                                plan.head.suites.size() - drafts.size(),
                                drafts.empty() ? "every suite is released" : "not released: " + join_words(drafts)));
    out.back().needs = plan.head.suites.size();
  }
  for (const SealedJudge& judge : plan.head.judges) {
    const JudgeStanding standing = standing_of(judge, rules.judges);
    Need need =
        deterministic("evidence.judges judge=" + judge.use.judge, standing.admissible ? Carry::can : Carry::cannot,
                      judge.calibration ? judge.calibration->labels : 0, standing.says);
    // Told only where it is labels at all that are too few: what else is missing is not so many of them.
    const auto labels = static_cast<std::uint64_t>(std::max(rules.judges.min_labels, 1L));
    if (standing.admissible || need.has < labels) need.needs = labels;
    need.limit = "min_recall";
    need.asks = rules.judges.min_recall;
    if (!standing.admissible) need.says += "; " + standing.remedy;
    out.push_back(std::move(need));
  }
  if (plan.head.partial) {
    out.push_back(deterministic("evidence.selection", Carry::cannot, plan.cases.size(),
                                "a filter or limit leaves cases out, and a part of the suites admits nobody"));
  }
}

}  // namespace headgate::gate
