// What a run would ask, pay and wait for, before anything is sent. Pure.
//
// A token is four bytes of what is sent, and four tokens are added for each message: the same estimate that reserves
// the budget. What a route replies is between nothing and all that its max_tokens allows; what is usual nobody knows.
// Every call is counted once: tries that fail, and fallbacks, come on top.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "headgate/config/route_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/grade/registry.hpp"
#include "headgate/run/drive.hpp"

namespace headgate::run {

// Assumed where no run has measured how long a reply takes.
inline constexpr double assumed_seconds_a_reply = 2.0;
// What a pool without a written `in_flight` may find out that a provider bears.
inline constexpr std::size_t assumed_in_flight = 64;

struct EstimateOptions {
  const Helpers* helpers = nullptr;                      // of the gate; null: nobody but plugins is asked
  const std::vector<bool>* taken = nullptr;              // by cell; replies of earlier runs, which are not asked for
  std::array<std::optional<double>, 2> seconds_a_reply;  // by Arm, as measured
  const grade::Registry* registry = &grade::registry();
};

struct ArmEstimate {
  std::uint64_t calls = 0;                  // for each cell whose reply is neither recorded nor taken
  double input_tokens = 0.0;                // of all calls
  std::optional<double> max_output_tokens;  // of all calls; absent: no bound is written
  std::optional<double> low_usd;            // of all calls: the input alone, at its cheapest price
  std::optional<double> high_usd;           // of all calls: a fifth more input, and all of the output that is allowed
  std::string unknown;                      // why one of them is absent, one clause; else empty
  double seconds_a_reply = assumed_seconds_a_reply;
  bool measured = false;  // those seconds
};

// What graders ask of one judge or embedding, as their first questions about a stand-in for each reply tell; of recorded
// replies, about the replies themselves. Repairs of a verdict come on top.
struct AskEstimate {
  std::string route;
  std::uint64_t calls = 0;
  double input_tokens = 0.0;                // without the replies that are still to come
  std::optional<double> low_usd, high_usd;  // high: with replies as long as they may be; absent: not known
  std::string unknown;                      // why one of them is absent, one clause; else empty
};

enum class Limit : std::uint8_t { in_flight, requests_per_minute, tokens_per_minute };
const char* name(Limit limit);

// Calls that share a provider's limits, or a program's.
struct PoolEstimate {
  std::vector<std::string> routes;
  std::uint64_t calls = 0;
  double in_flight = 1.0;
  bool in_flight_written = false;
  // How long each limit alone would take; absent: there is none.
  double by_in_flight_s = 0.0;
  std::optional<double> by_requests_s, by_tokens_s;  // tokens: all of the output that is allowed
  double seconds = 0.0;                              // the longest of them
  Limit dominates = Limit::in_flight;
};

struct Estimate {
  std::array<ArmEstimate, 2> arms;  // by Arm
  std::uint64_t calls = 0;
  std::map<std::string, std::uint64_t> asks;  // of each plugin, at most: where every cell gets a reply
  std::map<std::string, AskEstimate> judges, embeddings;  // by name; part of `calls` and of the money
  std::optional<double> low_usd, high_usd;    // of all; absent: that of an arm or of a judge is not known
  std::vector<PoolEstimate> pools;            // the longest first; pools work side by side
};

// Fails (untrusted) where a grader of the plan does not build.
Result<Estimate> estimate(const Plan& plan, const std::array<config::Route, 2>& routes,
                          const EstimateOptions& options = {});

}  // namespace headgate::run
