#include "lane_plan.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace headgate::run {
namespace {

class Planner {
 public:
  explicit Planner(bool fail_fast) : fail_fast_(fail_fast) {}

  void add(const config::Route* route) {
    if (route == nullptr || !is_called(*route)) {
      add_lane({}, {});
    } else if (route->http) {
      add_http(*route);
    } else {
      add_program(*route->program, false);
    }
  }
  // What a suite's helpers do on this machine is no money.
  void add_helper(const route::ProgramSpec& program) { add_program(program, true); }

  LanePlan finish() && { return std::move(plan_); }

 private:
  void add_lane(route::LaneSpec spec, const LaneBounds& bounds, const config::HttpRoute* http = nullptr) {
    plan_.specs.push_back(std::move(spec));
    plan_.setup.lanes.push_back(bounds);
    plan_.http.push_back(http);
  }

  void add_program(const route::ProgramSpec& program, bool is_free) {
    LaneBounds bounds;
    bounds.most_out = std::max<std::size_t>(1, program.in_flight);
    bounds.timeout = program.limits.timeout;
    bounds.is_free = is_free;
    add_lane(program, bounds);
  }

  void add_http(const config::Route& route) {
    LaneBounds bounds;
    bounds.pool = pool_of(route);
    bounds.timeout = route.http->spec.limits.timeout;
    add_lane(route.http->spec, bounds, &*route.http);
  }

  std::size_t pool_of(const config::Route& route) {
    std::vector<PoolSetup>& pools = plan_.setup.pools;
    const auto [found, is_new] = numbers_.try_emplace(route.http->pool, pools.size());
    if (is_new) pools.push_back({route.http->limits, route.use.name});
    PoolSetup& pool = pools[found->second];
    if (!is_new) {
      pool.limits = route::strictest(pool.limits, route.http->limits);
      std::vector<std::string>& names = names_[found->second];
      if (std::find(names.begin(), names.end(), route.use.name) == names.end()) pool.name += ", " + route.use.name;
    }
    names_[found->second].push_back(route.use.name);
    if (fail_fast_) pool.limits.retries = false;
    return found->second;
  }

  bool fail_fast_;
  LanePlan plan_;
  std::map<std::string, std::size_t> numbers_;
  std::map<std::size_t, std::vector<std::string>> names_;
};

}  // namespace

LanePlan plan_lanes(const std::array<config::Route, 2>& routes, const Helpers& helpers, bool fail_fast) {
  Planner planner(fail_fast);
  for (const config::Route& route : routes) planner.add(&route);
  for (const config::Route& route : routes) planner.add(is_called(route) ? route.fallback.get() : nullptr);
  for (const auto& [name, judge] : helpers.judges) planner.add(&judge);
  for (const auto& [name, embedding] : helpers.embeddings) planner.add(&embedding);
  for (const auto& [name, plugin] : helpers.plugins) planner.add_helper(plugin.program);
  for (const auto& [name, program] : helpers.languages) planner.add_helper(program);
  return std::move(planner).finish();
}

std::string fit_descriptors(LaneSetup& setup, std::size_t descriptors) {
  constexpr std::size_t others = 64;  // files, pipes, pollers
  constexpr std::size_t a_call = 3;   // its connection, and a pair while the name of its host is looked up
  const std::size_t room = std::max(others + a_call, descriptors) / a_call - others / a_call;
  std::size_t written = 0;
  for (const PoolSetup& pool : setup.pools) written += pool.limits.in_flight.value_or(0);
  if (written <= room) return {};
  for (PoolSetup& pool : setup.pools) {
    std::optional<std::size_t>& most = pool.limits.in_flight;
    if (most) most = std::max<std::size_t>(1, static_cast<std::size_t>(*most * std::uint64_t{room} / written));
  }
  return "a process may have " + std::to_string(descriptors) + " files open here, so that about " +
         std::to_string(room) + " calls are out at once instead of the " + std::to_string(written) +
         " that limits.in_flight allows (ulimit -Hn)";
}

}  // namespace headgate::run
