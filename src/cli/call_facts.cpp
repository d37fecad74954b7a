#include "call_facts.hpp"

#include "headgate/base/text.hpp"
#include "headgate/route/limits.hpp"

namespace headgate::cli {
namespace {

using route::usd;

constexpr double least_told_s = 0.5;  // shares of less are noise

std::string share(double part, double whole) {
  const double percent = 100.0 * part / whole;
  return (percent > 0.0 && percent < 1.0 ? "under 1" : fixed(percent, 0)) + " %";
}

// "judges: 120 calls, $0.34"
std::string words_of_asked(const RunFile::Asked& asked) {
  bool judges = false, embeddings = false;
  for (const std::string& each : asked.whom) (each.starts_with("judge ") ? judges : embeddings) = true;
  std::string text = judges ? (embeddings ? "judges and embeddings" : "judges") : "embeddings";
  text += ": " + plural(asked.calls, "call");
  if (asked.cached > 0) text += ", " + plural(asked.cached, "answer") + " from the cache";
  if (!asked.spent_is_known)
    return text + ", " + (asked.spent_usd > 0.0 ? "about " + usd(asked.spent_usd) : "cost unknown");
  return text + ", " + usd(asked.spent_usd);
}

std::string money(const RunFile& run) {
  if (run.spent_usd <= 0.0 && !run.max_usd) return run.spent_is_known ? "" : "cost unknown";
  // A call that did not say what it cost counts as what was set aside for it, which may be too much or too little.
  std::string text = (run.spent_is_known ? "" : "about ") + usd(run.spent_usd);
  if (run.max_usd) text += " of " + usd(*run.max_usd);
  return run.spent_is_known ? text : text + " (what some calls cost is not known)";
}

}  // namespace

std::string words_of_calls(const RunFile& run) {
  if (run.calls == 0 && run.cells_cached == 0 && run.asked.cached == 0) return {};
  std::string text = plural(run.calls, "call");
  if (run.tries > run.calls) text += " in " + plural(run.tries, "try", "tries");
  if (run.cells_cached > 0) text += ", " + plural(run.cells_cached, "reply", "replies") + " from the cache";
  const std::string spent = money(run);
  if (!spent.empty()) text += ", " + spent;
  if (run.asked.calls + run.asked.cached > 0) text += "; of these, " + words_of_asked(run.asked);
  return text;
}

std::string words_of_time(const RunFile& run) {
  const double all = run.answering_s + run.failing_s + run.queued_s + run.paused_s;
  if (all < least_told_s) return {};
  std::string text = "time of the calls: " + share(run.answering_s, all) + " answering";
  if (run.failing_s > 0.0) text += ", " + share(run.failing_s, all) + " failing";
  if (run.queued_s > 0.0) text += ", " + share(run.queued_s, all) + " waiting for room or rate";
  if (run.paused_s > 0.0) text += ", " + share(run.paused_s, all) + " waiting because a provider asked or to try again";
  return text;
}

}  // namespace headgate::cli
