#include "headgate/report/story.hpp"

#include <algorithm>

#include "headgate/gate/flips.hpp"
#include "headgate/gate/forced.hpp"
#include "headgate/stats/quantile.hpp"

namespace headgate::report {
namespace {

CellQuote cell_of(const Observation& seen) {
  CellQuote cell;
  cell.status = seen.status;
  cell.error = seen.error;
  return cell;
}

// What is known of a case without its texts.
CaseQuote facts_of(const Evidence& evidence, const gate::Flip& flip) {
  const CaseTable::Facts& facts = evidence.cases[flip.item];
  CaseQuote quote;
  quote.id = evidence.cases.id(flip.item);
  quote.suite = evidence.plan.suites[facts.suite].name;
  quote.severity = facts.severity;
  if (facts.severe_class != CaseTable::no_class)
    quote.severe_class = evidence.cases.severe_class_name(facts.severe_class);
  quote.segments = evidence.cases.segment_values(facts.segments);
  quote.baseline = cell_of(evidence.at(flip.item, flip.trial, Arm::baseline));
  quote.candidate = cell_of(evidence.at(flip.item, flip.trial, Arm::candidate));
  return quote;
}

std::vector<CaseQuote> quoted(const Evidence& evidence, const Quotes& quotes, const std::vector<gate::Flip>& flips) {
  std::vector<CaseQuote> out;
  for (const gate::Flip& flip : flips) {
    if (out.size() == Story::max_quoted) break;
    std::optional<CaseQuote> quote = quotes ? quotes(flip.item, flip.trial) : std::nullopt;
    if (!quote) quote = facts_of(evidence, flip);
    quote->regression = flip.regression;
    out.push_back(std::move(*quote));
  }
  return out;
}

Times summary_of(std::vector<double>& times) {
  std::ranges::sort(times);
  const auto quantile = [&](double p) { return stats::quantile_type7(times, p).value_or(0.0); };
  return {times.size(), quantile(0.5), quantile(0.95)};
}

bool known(const Evidence& evidence, CaseIndex item) {
  return std::ranges::any_of(evidence.plan.rules.known_failures, [&](const KnownFailure& each) {
    return each.active && each.case_id == evidence.cases.id(item);
  });
}

}  // namespace

std::string because(const CellQuote& cell, const CellQuote::Why& why) {
  return cell.status == Status::ungraded ? why.reason : why.shown() + ": " + why.reason;
}

std::array<ArmTimes, 2> times_of(const Evidence& evidence) {
  const auto forced = gate::forced_ids(evidence.plan);
  std::array<ArmTimes, 2> times;
  for (const Arm arm : both_arms) {
    ArmTimes& mine = times[static_cast<std::size_t>(arm)];
    std::vector<double> replies, first_tokens;
    for (CaseIndex item = 0; item < evidence.cases.size(); ++item) {
      if (!forced.empty() && forced.contains(evidence.cases.id(item))) continue;
      for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
        const Observation& seen = evidence.at(item, trial, arm);
        if (seen.cached) ++mine.cached;
        if (seen.latency_ms) replies.push_back(*seen.latency_ms);
        if (seen.first_token_ms) first_tokens.push_back(static_cast<double>(*seen.first_token_ms));
      }
    }
    mine.reply = summary_of(replies);
    mine.first_token = summary_of(first_tokens);
  }
  return times;
}

std::array<std::vector<TrialTotals>, 2> trial_totals(const Evidence& evidence) {
  std::array<std::vector<TrialTotals>, 2> totals;
  if (evidence.plan.trials < 2) return totals;
  for (const Arm arm : both_arms) {
    std::vector<TrialTotals>& mine = totals[static_cast<std::size_t>(arm)];
    mine.resize(evidence.plan.trials);
    for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
      for (CaseIndex item = 0; item < evidence.cases.size(); ++item) {
        const Observation& seen = evidence.at(item, trial, arm);
        mine[trial].cost_usd += seen.cost_usd.value_or(0.0);
        mine[trial].costs += seen.cost_usd ? 1U : 0U;
        mine[trial].seconds += seen.latency_ms.value_or(0.0) / 1000.0;
        mine[trial].times += seen.latency_ms ? 1U : 0U;
      }
    }
  }
  return totals;
}

Story tell(const Evidence& evidence, const Quotes& quotes) {
  std::vector<gate::Flip> severe = gate::severe_failures(evidence);
  std::erase_if(severe, [](const gate::Flip& flip) { return !flip.regression; });
  // Those that somebody answers for come last: the others decide.
  std::ranges::stable_partition(severe, [&](const gate::Flip& flip) { return !known(evidence, flip.item); });
  Story story;
  story.severe_total = severe.size();
  story.severe = quoted(evidence, quotes, severe);
  story.flips = quoted(evidence, quotes, gate::flips(evidence));
  story.times = times_of(evidence);
  story.trials = trial_totals(evidence);
  return story;
}

}  // namespace headgate::report
