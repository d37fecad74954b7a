#include "estimate_report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "columns.hpp"
#include "headgate/base/text.hpp"
#include "headgate/route/limits.hpp"

namespace headgate::cli {
namespace {

using run::ArmEstimate;
using run::Estimate;
using run::PoolEstimate;

// "4,800", as people read amounts.
std::string grouped(double amount) {
  std::string digits = fixed(std::ceil(amount), 0);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

// "12 s", "2 min", "3.5 h".
std::string span_text(double seconds) {
  if (seconds < 120.0) return fixed(std::ceil(seconds), 0) + " s";
  if (seconds < 7200.0) return fixed(std::ceil(seconds / 60.0), 0) + " min";
  return fixed(seconds / 3600.0, 1) + " h";
}

// "$0.02 to $0.60"; from zero where only the lower end is known.
std::string range_text(const std::optional<double>& low, const std::optional<double>& high) {
  if (!high) return low && *low > 0.0 ? "at least " + route::usd(*low) + ", at most unknown" : "unknown";
  if (!low) return "unknown to " + route::usd(*high);
  return *low == *high ? route::usd(*high) : route::usd(*low) + " to " + route::usd(*high);
}

std::string tokens_text(const ArmEstimate& arm) {
  std::string text = "about " + grouped(arm.input_tokens) + " tokens in, ";
  return text + (arm.max_output_tokens ? "at most " + grouped(*arm.max_output_tokens) + " out" : "out without a bound");
}

std::string asked_text(const run::AskEstimate& asked) {
  if (asked.calls == 0) return "no call";
  std::string text = plural(asked.calls, "call") + ": about " + grouped(asked.input_tokens) +
                     " tokens in, besides the replies; " + range_text(asked.low_usd, asked.high_usd);
  if (!asked.unknown.empty()) text += ": " + terminal_line(asked.unknown);
  return text;
}

std::string arm_text(const ArmEstimate& arm) {
  if (arm.calls == 0) return "no call";
  std::string text = plural(arm.calls, "call") + ": " + tokens_text(arm) + "; " + range_text(arm.low_usd, arm.high_usd);
  if (!arm.unknown.empty()) text += ": " + terminal_line(arm.unknown);
  return text;
}

// Those that set the candidate against the baseline.
std::vector<std::string> compared_rules(const Rules& rules) {
  std::vector<std::string> names;
  if (rules.quality) names.emplace_back("quality");
  if (rules.segments) names.emplace_back("segments");
  const bool new_failures =
      std::ranges::any_of(rules.severe, [](const SevereRule& rule) { return rule.max_new_failures.has_value(); });
  if (new_failures) names.emplace_back("severe");
  return names;
}

std::string reuse_line(const Forecast& forecast, const Plan& plan) {
  std::string text = reuse_text(*forecast.reused, plan.cells() / 2);
  const std::string age = age_text(forecast.reused->since, forecast.now);
  if (!age.empty()) text += " (" + age + " ago)";
  if (forecast.reused->cells == 0) return text;
  // The arms are not asked side by side then.
  const std::vector<std::string> compared = compared_rules(plan.head.rules);
  if (compared.empty()) return text;
  return text + "; weaker for it: " + join_words(compared) +
         ", where what a provider changed since then looks like a difference of the routes";
}

std::string cost_line(const Forecast& forecast) {
  const Estimate& sum = forecast.estimate;
  std::string text = range_text(sum.low_usd, sum.high_usd);
  const auto& cap = forecast.budget.max_usd;
  if (!cap) return text + "; no budget caps it";
  text += "; the budget is " + route::usd(*cap);
  if (!sum.high_usd) return text + ", and nobody can say whether that is enough";
  if (*sum.high_usd <= *cap) return text + ", and the high end fits";
  return text + ", and the high end does not fit: cells may be left, and then nothing is decided";
}

std::string limits_of(const PoolEstimate& pool) {
  std::vector<std::string> all;
  if (pool.dominates != run::Limit::in_flight) all.push_back("in_flight alone " + span_text(pool.by_in_flight_s));
  if (pool.by_requests_s && pool.dominates != run::Limit::requests_per_minute) {
    all.push_back("requests_per_minute alone " + span_text(*pool.by_requests_s));
  }
  if (pool.by_tokens_s && pool.dominates != run::Limit::tokens_per_minute) {
    all.push_back("tokens_per_minute alone " + span_text(*pool.by_tokens_s));
  }
  return all.empty() ? "" : " (" + join_words(all) + ")";
}

std::string pool_line(const PoolEstimate& pool) {
  std::vector<std::string> routes;
  for (const std::string& route : pool.routes) routes.push_back(terminal_line(route));
  std::string text = "about " + span_text(pool.seconds) + " for " + join_words(routes) + ", by " + name(pool.dominates);
  if (pool.dominates == run::Limit::in_flight) {
    text += " " + fixed(pool.in_flight, 0) + (pool.in_flight_written ? "" : ", which is what a run may find out");
  }
  return text + limits_of(pool);
}

std::string seconds_line(const Forecast& forecast) {
  std::vector<std::string> each;
  for (const Arm arm : both_arms) {
    const auto index = static_cast<std::size_t>(arm);
    const ArmEstimate& one = forecast.estimate.arms[index];
    if (one.calls == 0) continue;
    const std::string& in = forecast.measured_in[index];
    each.push_back(shortest(std::ceil(one.seconds_a_reply * 100.0) / 100.0) + " s a reply of the " + name(arm) + " (" +
                   (one.measured ? "the median in run " + terminal_line(in) : "assumed") + ")");
  }
  return each.empty() ? "" : "        at " + join_words(each) + "\n";  // only judges are called
}

std::string time_text(const Forecast& forecast) {
  std::string text;
  for (const PoolEstimate& pool : forecast.estimate.pools) {
    text += (text.empty() ? "  time: " : "        ") + pool_line(pool) + "\n";
  }
  if (text.empty()) return text;
  const auto& deadline = forecast.budget.deadline;
  if (!deadline) return text + seconds_line(forecast);
  const double most = static_cast<double>(deadline->count()) / 1000.0;
  text +=
      "  the deadline is " + span_text(most) +
      (forecast.estimate.pools.front().seconds <= most ? "\n" : ": cells may be left, and then nothing is decided\n");
  return text + seconds_line(forecast);
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json arm_json(const ArmEstimate& arm, const std::string& measured_in) {
  return {{"calls", arm.calls},
          {"input_tokens", arm.input_tokens},
          {"max_output_tokens", optional_json(arm.max_output_tokens)},
          {"low_usd", optional_json(arm.low_usd)},
          {"high_usd", optional_json(arm.high_usd)},
          {"unknown", arm.unknown.empty() ? Json() : Json(arm.unknown)},
          {"seconds_a_reply", arm.calls > 0 ? Json(arm.seconds_a_reply) : Json()},
          {"measured_in", arm.measured ? Json(measured_in) : Json()}};
}

Json asked_json(const std::map<std::string, run::AskEstimate>& asked) {
  Json out = Json::object();
  for (const auto& [name, each] : asked) {
    out[name] = {{"route", each.route},
                 {"calls", each.calls},
                 {"input_tokens", each.input_tokens},
                 {"low_usd", optional_json(each.low_usd)},
                 {"high_usd", optional_json(each.high_usd)},
                 {"unknown", each.unknown.empty() ? Json() : Json(each.unknown)}};
  }
  return out;
}

Json pool_json(const PoolEstimate& pool) {
  return {{"routes", pool.routes},
          {"calls", pool.calls},
          {"in_flight", pool.in_flight},
          {"in_flight_written", pool.in_flight_written},
          {"seconds", pool.seconds},
          {"dominates", name(pool.dominates)},
          {"by_in_flight_s", pool.by_in_flight_s},
          {"by_requests_s", optional_json(pool.by_requests_s)},
          {"by_tokens_s", optional_json(pool.by_tokens_s)}};
}

Json reused_json(const std::optional<Reused>& reused) {
  if (!reused) return {};
  return {{"replies", reused->cells},
          {"runs", reused->runs},
          {"since", reused->since.empty() ? Json() : Json(reused->since)}};
}

Json budget_json(const Forecast& forecast) {
  const auto& cap = forecast.budget.max_usd;
  const auto& high = forecast.estimate.high_usd;
  const auto& deadline = forecast.budget.deadline;
  return {{"max_usd", optional_json(cap)},
          {"high_end_fits", cap && high ? Json(*high <= *cap) : Json()},
          {"deadline_s", deadline ? Json(static_cast<double>(deadline->count()) / 1000.0) : Json()}};
}

}  // namespace

std::string forecast_text(const Forecast& forecast, const Plan& plan) {
  const Estimate& sum = forecast.estimate;
  if (sum.calls == 0 && sum.asks.empty() && !forecast.reused) return {};
  std::string text = "what a run would take, where every call needs one try\n";
  Columns arms;
  for (const Arm arm : both_arms) arms.add({name(arm), arm_text(sum.arms[static_cast<std::size_t>(arm)])});
  for (const auto& [name, asked] : sum.judges) arms.add({"judge " + terminal_line(name), asked_text(asked)});
  for (const auto& [name, asked] : sum.embeddings) arms.add({"embedding " + terminal_line(name), asked_text(asked)});
  for (const auto& [plugin, asks] : sum.asks) {
    arms.add({"plugin " + terminal_line(plugin), "at most " + plural(asks, "ask")});
  }
  text += arms.text();
  if (forecast.reused) text += "  reused: " + reuse_line(forecast, plan) + "\n";
  if (sum.calls == 0) return text;
  text += "  cost: " + cost_line(forecast) + "\n" + time_text(forecast);
  return text +
         "  a token is four bytes of the messages, and four more a message; the low end is the input alone, the high\n"
         "  end a fifth more input and all that max_tokens allows. Tries that fail and fallbacks come on top.\n";
}

Json forecast_json(const Forecast& forecast) {
  const Estimate& sum = forecast.estimate;
  Json pools = Json::array();
  for (const PoolEstimate& pool : sum.pools) pools.push_back(pool_json(pool));
  return {{"calls", sum.calls},
          {"arms",
           {{"baseline", arm_json(sum.arms[0], forecast.measured_in[0])},
            {"candidate", arm_json(sum.arms[1], forecast.measured_in[1])}}},
          {"judges", asked_json(sum.judges)},
          {"embeddings", asked_json(sum.embeddings)},
          {"plugin_asks", sum.asks},
          {"low_usd", optional_json(sum.low_usd)},
          {"high_usd", optional_json(sum.high_usd)},
          {"budget", budget_json(forecast)},
          {"reused", reused_json(forecast.reused)},
          {"seconds", sum.pools.empty() ? Json() : Json(sum.pools.front().seconds)},
          {"pools", std::move(pools)}};
}

}  // namespace headgate::cli
