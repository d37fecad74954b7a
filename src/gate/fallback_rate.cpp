// fallback_rate: how often somebody else than the route had to answer. A case counts where any of its trials was
// answered by the fallback; cases that were made to fall back are left out. A cell without a reply proves nothing:
// whether its route would have answered is not known.
#include "headgate/base/text.hpp"
#include "headgate/gate/forced.hpp"
#include "headgate/stats/distributions.hpp"
#include "judgement.hpp"
#include "rates.hpp"
#include "reading.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

// Of cells that are not forced, at least half answered by the route itself: else it looks like an outage.
bool route_was_up(const View& view, std::span<const CaseIndex> cases) {
  std::size_t own = 0, cells = 0;
  for (const CaseIndex item : cases) {
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
      const Observation& seen = view.evidence().at(item, trial, Arm::candidate);
      ++cells;
      if (has_reply(seen) && !seen.fallback) ++own;
    }
  }
  return cells > 0 && 2 * own >= cells;
}

// Why nothing can be known of it, or null.
const char* unknowable(const View& view, std::span<const CaseIndex> cases, const RateBounds& favourable,
                       Judgement& judgement) {
  const RouteUse& route = view.evidence().plan.routes[static_cast<std::size_t>(Arm::candidate)];
  judgement.remedy = Remedy::repair;
  if (cases.empty()) {
    settle(judgement, Verdict::inconclusive, "fallback_rate_no_cases");
    return "There is no case, so nothing is known of how often the route falls back.";
  }
  if (favourable.hits > 0.0) return nullptr;
  if (route.recorded) {
    settle(judgement, Verdict::inconclusive, "fallback_rate_not_recorded");
    return "The recorded replies name no fallback, so how often the candidate's route falls back is not known.";
  }
  if (!falls_back(route)) {
    settle(judgement, Verdict::inconclusive, "fallback_rate_no_fallback");
    return "The candidate's route has no fallback, so how often it needs one cannot be measured; name one in its file, "
           "or leave the rule out.";
  }
  return nullptr;
}

}  // namespace

void judge_fallback_rate(const Context& context, const RateRule& rule, Judgements& out) {
  const View& view = context.view;
  const std::vector<CaseIndex> cases = unforced_cases(view);
  Judgement judgement;
  Finding& finding = judgement.finding;
  finding = finding_over(view, "fallback_rate", cases);
  finding.threshold = rule.max_rate;
  const auto fell_back = [&](CaseIndex item) { return any_fallback(view, item); };
  const RateBounds adverse = rate_bounds(
      view, cases, [&](CaseIndex item) { return fell_back(item) || any_without_reply(view, item); }, alpha);
  const RateBounds favourable = rate_bounds(view, cases, fell_back, alpha);
  describe(finding, adverse);
  if (const char* why = unknowable(view, cases, favourable, judgement)) {
    finding.sentence = why;
    finding.estimate = finding.lower = finding.upper = std::nullopt;
    out.push_back(std::move(judgement));
    return;
  }
  judgement.remedy = Remedy::more_cases;
  finding.p_pass = stats::binomial_cdf(adverse.share() * adverse.n_eff, adverse.n_eff, rule.max_rate);

  const std::string allowed = rate(rule.max_rate);
  const std::string seen = "The candidate's fallback answers " + percent(favourable.share()) + " of " +
                           cases_of(cases.size()) + " (at most " + rate(adverse.bounds.upper) + ")";
  if (adverse.bounds.upper <= rule.max_rate) {
    settle(judgement, Verdict::pass, "fallback_rate_within");
    finding.sentence = seen + "; " + allowed + " are allowed.";
  } else if (favourable.bounds.lower > rule.max_rate && route_was_up(view, cases)) {
    settle(judgement, Verdict::fail, "fallback_rate_above");
    finding.sentence = seen + ", more than the " + allowed + " allowed.";
  } else if (favourable.bounds.lower > rule.max_rate) {
    settle(judgement, Verdict::inconclusive, "fallback_rate_route_down");
    judgement.remedy = Remedy::repair;
    finding.sentence = seen +
                       ": with less than half of its cells answered by the route itself, this looks like an outage, "
                       "not like the route.";
  } else if (favourable.bounds.upper <= rule.max_rate) {
    settle(judgement, Verdict::inconclusive, "fallback_rate_missing_decides");
    judgement.remedy = Remedy::repair;
    finding.sentence = seen + "; whether " + allowed + " is kept depends on cells without a reply.";
  } else {
    settle(judgement, Verdict::inconclusive, "fallback_rate_undecided");
    finding.needed_n = cases_to_show(adverse, rule.max_rate, alpha, Hope::steady);
    finding.sentence =
        seen + "; that " + allowed + " is kept is neither shown nor ruled out" + outlook_of(finding) + ".";
  }
  std::vector<CaseIndex> named;
  for (const CaseIndex item : cases) {
    if (fell_back(item)) named.push_back(item);
  }
  name_cases(finding, view, named);
  out.push_back(std::move(judgement));
}

}  // namespace headgate::gate
