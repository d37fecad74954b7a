// errors: how often the route itself breaks down (time-outs, empty or malformed replies, refusals to serve). That its
// fallback answered instead spares the user, and is a breakdown of the route all the same.
#include "headgate/base/text.hpp"
#include "headgate/stats/distributions.hpp"
#include "judgement.hpp"
#include "rates.hpp"
#include "reading.hpp"
#include "sentences.hpp"

namespace headgate::gate {

void judge_errors(const Context& context, const RateRule& rule, Judgements& out) {
  const View& view = context.view;
  const std::vector<CaseIndex> cases = all_cases(view);
  Judgement judgement;
  Finding& finding = judgement.finding;
  finding = finding_over(view, "errors", cases);
  finding.threshold = rule.max_rate;
  const auto errored = [&](CaseIndex item) {
    return view.of(item, Arm::candidate).route_errors > 0 || fell_back(view, item);
  };
  const RateBounds adverse = rate_bounds(
      view, cases, [&](CaseIndex item) { return errored(item) || any_unseen(view, item); }, alpha);
  const RateBounds favourable = rate_bounds(view, cases, errored, alpha);
  describe(finding, adverse);
  if (!cases.empty())
    finding.p_pass = stats::binomial_cdf(adverse.share() * adverse.n_eff, adverse.n_eff, rule.max_rate);
  const bool route_was_up = own_answers(view, Arm::candidate).was_up();
  const std::size_t fallen = fallen_back(view, cases);

  const std::string seen = "The candidate's route breaks down on " + percent(favourable.share()) + " of " +
                           cases_of(cases.size()) + " (at most " + rate(adverse.bounds.upper) + ")";
  if (cases.empty()) {
    settle(judgement, Verdict::inconclusive, "errors_no_cases");
    finding.sentence = "There is no case, so nothing is known of the route's errors.";
  } else if (adverse.bounds.upper <= rule.max_rate) {
    settle(judgement, Verdict::pass, "errors_within");
    finding.sentence = seen + "; " + rate(rule.max_rate) + " are allowed.";
  } else if (favourable.bounds.lower > rule.max_rate && route_was_up) {
    settle(judgement, Verdict::fail, "errors_above");
    finding.sentence = seen + ", more than the " + rate(rule.max_rate) + " allowed.";
  } else if (favourable.bounds.lower > rule.max_rate) {
    settle(judgement, Verdict::inconclusive, "errors_route_down");
    judgement.remedy = Remedy::repair;
    finding.sentence = seen + ": with less than half of its cells answered" +
                       (fallen > 0 ? " by the route itself" : "") + ", this looks like an outage, not like the route.";
  } else if (favourable.bounds.upper <= rule.max_rate) {
    settle(judgement, Verdict::inconclusive, "errors_missing_decides");
    judgement.remedy = Remedy::repair;
    finding.sentence =
        seen + "; whether " + rate(rule.max_rate) + " is kept depends on cells that never reached the route.";
  } else {
    settle(judgement, Verdict::inconclusive, "errors_undecided");
    finding.needed_n = cases_to_show(adverse, rule.max_rate, alpha, Hope::steady);
    finding.sentence =
        seen + "; that " + rate(rule.max_rate) + " is kept is neither shown nor ruled out" + outlook_of(finding) + ".";
  }
  if (fallen > 0) {
    finding.notes.push_back("the fallback answered on " + cases_of(fallen) +
                            ", and that is counted as a breakdown of the route");
  }
  std::vector<CaseIndex> named;
  for (const CaseIndex item : cases) {
    if (errored(item)) named.push_back(item);
  }
  name_cases(finding, view, named);
  out.push_back(std::move(judgement));
}

}  // namespace headgate::gate
