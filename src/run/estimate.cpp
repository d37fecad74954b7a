#include "headgate/run/estimate.hpp"

#include <algorithm>
#include <utility>

#include "estimate_asks.hpp"
#include "expected_cost.hpp"
#include "headgate/base/assert.hpp"

namespace headgate::run {
namespace {

constexpr double seconds_a_minute = 60.0;

// What one call says. A case that does not fit the prompt is not sent, and asks for nothing.
std::optional<double> tokens_of(const config::Route& route, const Case& item, std::uint32_t trial) {
  const Result<std::vector<Message>> messages = route.prompt.render(item);
  if (!messages) return std::nullopt;
  if (route.http && route.use.kind == "generic_http") {
    const Result<std::string> body = route.http->dialect->body({&*messages, &item, trial, {}});
    if (!body) return std::nullopt;
    return route::estimated_tokens(body->size(), 1);
  }
  std::size_t bytes = 0;
  for (const Message& message : *messages) bytes += message.text.size();
  return route::estimated_tokens(bytes, messages->size());
}

ArmEstimate arm_estimate(const Plan& plan, const config::Route& route, Arm arm, const EstimateOptions& options) {
  ArmEstimate out;
  if (const auto& seconds = options.seconds_a_reply[static_cast<std::size_t>(arm)]) {
    out.seconds_a_reply = *seconds;
    out.measured = true;
  }
  out.low_usd = out.high_usd = 0.0;
  if (route.is_live()) {
    for (CellIndex cell = 0; cell < plan.cells(); ++cell) {
      const CellRef ref = cell_ref(cell, plan.head.trials);
      if (ref.arm != arm || (options.taken != nullptr && (*options.taken)[cell])) continue;
      const auto tokens = tokens_of(route, plan.cases[ref.item], ref.trial);
      if (!tokens) continue;
      ++out.calls;
      out.input_tokens += *tokens;
      add(out.low_usd, route.http ? least_cost(route.http->price, *tokens) : std::nullopt);
      add(out.high_usd,
          route.http ? route::worst_cost(route.http->price, *tokens, route.http->max_output_tokens) : std::nullopt);
    }
    if (!out.low_usd || !out.high_usd) out.unknown = why_unknown(route, "a reply");
  }
  if (out.calls == 0) {
    out.max_output_tokens = 0.0;
  } else if (route.http && route.http->max_output_tokens) {
    out.max_output_tokens = *route.http->max_output_tokens * static_cast<double>(out.calls);
  }
  return out;
}

// Whose calls wait for each other's.
struct Caller {
  const config::Route* route = nullptr;
  std::uint64_t calls = 0;
  double seconds_a_reply = assumed_seconds_a_reply;
  double tokens = 0.0;
};

std::vector<Caller> callers_of(const std::array<config::Route, 2>& routes, const Helpers* helpers,
                               const Estimate& sum) {
  std::vector<Caller> all;
  const auto add_caller = [&](Caller caller) {
    if (caller.calls > 0) all.push_back(caller);
  };
  for (std::size_t arm = 0; arm < routes.size(); ++arm) {
    const ArmEstimate& each = sum.arms[arm];
    // Without a bound on the output, pacing reserves the input alone.
    add_caller(
        {&routes[arm], each.calls, each.seconds_a_reply, each.input_tokens + each.max_output_tokens.value_or(0.0)});
  }
  if (helpers == nullptr) return all;
  const auto add_asked = [&](const auto& estimates, const auto& by_name) {
    for (const auto& [name, each] : estimates) {
      const config::Route& route = by_name.at(name);
      const double most = route.http ? route.http->max_output_tokens.value_or(0.0) : 0.0;
      add_caller(
          {&route, each.calls, assumed_seconds_a_reply, each.input_tokens + most * static_cast<double>(each.calls)});
    }
  };
  add_asked(sum.judges, helpers->judges);
  add_asked(sum.embeddings, helpers->embeddings);
  return all;
}

struct Sharing {
  std::vector<Caller> callers;
  route::PoolLimits limits;
  double in_flight = 1.0;
  bool in_flight_written = true;
};

Sharing alone(const Caller& caller) {
  const config::Route& route = *caller.route;
  Sharing sharing{{caller}, {}, 1.0, true};
  if (route.program) sharing.in_flight = static_cast<double>(std::max<std::size_t>(1, route.program->in_flight));
  if (!route.http) return sharing;
  sharing.limits = route.http->limits;
  return sharing;
}

std::vector<Sharing> sharing_of(const std::vector<Caller>& callers) {
  std::vector<Sharing> all;
  for (const Caller& caller : callers) {
    const auto& http = caller.route->http;
    const auto same = std::ranges::find_if(all, [&](const Sharing& each) {
      const auto& other = each.callers.front().route->http;
      return http && other && other->pool == http->pool;
    });
    if (same == all.end()) {
      all.push_back(alone(caller));
    } else {
      same->callers.push_back(caller);
      same->limits = route::strictest(same->limits, http->limits);
    }
  }
  for (Sharing& each : all) {
    if (!each.callers.front().route->http) continue;
    each.in_flight_written = each.limits.in_flight.has_value();
    each.in_flight = static_cast<double>(each.limits.in_flight.value_or(assumed_in_flight));
  }
  return all;
}

PoolEstimate pool_estimate(const Sharing& sharing) {
  PoolEstimate out;
  out.in_flight = std::max(1.0, sharing.in_flight);
  out.in_flight_written = sharing.in_flight_written;
  double busy_s = 0.0;
  double longest_s = 0.0;
  std::optional<double> tokens = 0.0;
  for (const Caller& each : sharing.callers) {
    const std::string& name = each.route->use.name;
    if (std::ranges::count(out.routes, name) == 0) out.routes.push_back(name);
    out.calls += each.calls;
    busy_s += static_cast<double>(each.calls) * each.seconds_a_reply;
    longest_s = std::max(longest_s, each.seconds_a_reply);
    *tokens += each.tokens;
  }
  out.by_in_flight_s = std::max(longest_s, busy_s / out.in_flight);
  out.seconds = out.by_in_flight_s;
  const auto consider = [&](std::optional<double>& seconds, std::optional<double> a_minute, double amount,
                            Limit limit) {
    if (!a_minute || *a_minute <= 0.0) return;
    seconds = amount / *a_minute * seconds_a_minute;
    if (*seconds <= out.seconds) return;
    out.seconds = *seconds;
    out.dominates = limit;
  };
  consider(out.by_requests_s, sharing.limits.requests_per_minute, static_cast<double>(out.calls),
           Limit::requests_per_minute);
  consider(out.by_tokens_s, sharing.limits.tokens_per_minute, *tokens, Limit::tokens_per_minute);
  return out;
}

// Which plugins a list of graders asks, with repeats.
Result<std::vector<std::string>> consulted(const std::vector<GraderSpec>& graders, const grade::Registry& registry) {
  std::vector<std::string> all;
  for (const GraderSpec& spec : graders) {
    HG_TRY(grader, registry.build(spec));
    for (const std::string& plugin : grader->needs().plugins) all.push_back(plugin);
  }
  return all;
}

Result<std::map<std::string, std::uint64_t>> asks_of(const Plan& plan, const grade::Registry& registry) {
  std::map<std::string, std::uint64_t> asks;
  if (plan.head.plugins.empty()) return asks;
  const std::uint64_t cells_a_case = std::uint64_t{plan.head.trials} * 2;
  std::vector<std::uint64_t> cases(plan.head.suites.size());
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    ++cases[plan.case_suite[i]];
    HG_TRY(own, consulted(plan.cases[i].graders, registry));
    for (const std::string& plugin : own) asks[plugin] += cells_a_case;
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    HG_TRY(shared, consulted(plan.head.suites[i].graders, registry));
    for (const std::string& plugin : shared) asks[plugin] += cases[i] * cells_a_case;
  }
  return asks;
}

}  // namespace

const char* name(Limit limit) {
  switch (limit) {
    case Limit::in_flight:
      return "in_flight";
    case Limit::requests_per_minute:
      return "requests_per_minute";
    case Limit::tokens_per_minute:
      return "tokens_per_minute";
  }
  HG_ASSERT(false && "a limit without a name");
}

Result<Estimate> estimate(const Plan& plan, const std::array<config::Route, 2>& routes,
                          const EstimateOptions& options) {
  HG_ASSERT(options.taken == nullptr || options.taken->size() == plan.cells());
  Estimate out;
  HG_TRY(asks, asks_of(plan, *options.registry));
  out.asks = std::move(asks);
  out.low_usd = out.high_usd = 0.0;
  for (const Arm arm : both_arms) {
    const auto index = static_cast<std::size_t>(arm);
    out.arms[index] = arm_estimate(plan, routes[index], arm, options);
    out.calls += out.arms[index].calls;
    add(out.low_usd, out.arms[index].low_usd);
    add(out.high_usd, out.arms[index].high_usd);
  }
  if (options.helpers != nullptr) HG_CHECK(add_questions(plan, routes, options, out));
  for (const Sharing& sharing : sharing_of(callers_of(routes, options.helpers, out))) {
    out.pools.push_back(pool_estimate(sharing));
  }
  std::ranges::stable_sort(out.pools, std::ranges::greater{}, &PoolEstimate::seconds);
  return out;
}

}  // namespace headgate::run
