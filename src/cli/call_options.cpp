#include "call_options.hpp"

#include <charconv>
#include <cmath>

#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Error misfit(const char* option, const std::string& written, const char* what) {
  return {ErrorCode::input, std::string(option) + " takes " + what + ", not '" + written + "'", Place{},
          std::string(option) == "--max-usd" ? "--max-usd 2.50" : "--deadline 30m"};
}

Result<double> amount(const std::string& written) {
  double value = 0.0;
  const char* const end = written.data() + written.size();
  const auto [stop, fault] = std::from_chars(written.data(), end, value);
  const bool fits = fault == std::errc() && stop == end && std::isfinite(value) && value > 0.0;
  if (!fits) return failure(misfit("--max-usd", written, "an amount in USD above 0"));
  return value;
}

// "90s", "30m", "2h", "500ms".
Result<Millis> duration(const std::string& written) {
  constexpr std::pair<const char*, std::int64_t> units[] = {
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"min", 60'000}, {"h", 3'600'000}};
  constexpr std::uint64_t most = 30ULL * 24 * 3600 * 1000;  // a month
  const std::size_t digits = std::min(written.find_first_not_of("0123456789"), written.size());
  const auto count = parse_whole(written.substr(0, digits));
  for (const auto& [unit, ms] : units) {
    if (!count || written.substr(digits) != unit || *count == 0) continue;
    if (*count > most / static_cast<std::uint64_t>(ms)) break;
    return Millis(static_cast<std::int64_t>(*count) * ms);
  }
  return failure(misfit("--deadline", written, "a duration"));
}

}  // namespace

std::vector<Option> call_options() {
  return {flag("--offline", "recorded or cached replies only; refused where something would be called"),
          text("--max-usd", "USD", "stop before more than this is spent, over all starts (default: the gate's budget)"),
          text("--deadline", "TIME", "stop after so long, as 30m (default: the gate's budget)"),
          text("--cache", "DIR", "look replies up there first, and keep those that come"),
          flag("--fail-fast", "try no call again, and wait for no provider's pause")};
}

Result<CallWish> call_wish(const Context& context, const config::Budget& of_gate) {
  CallWish wish{of_gate, context.arguments.flag("--offline"), context.arguments.flag("--fail-fast"),
                context.arguments.text("--cache").value_or("")};
  if (const auto written = context.arguments.text("--max-usd")) {
    HG_TRY(usd, amount(*written));
    wish.budget.max_usd = usd;
  }
  if (const auto written = context.arguments.text("--deadline")) {
    HG_TRY(time, duration(*written));
    wish.budget.deadline = time;
  }
  return wish;
}

Result<void> check_prices(const CallWish& wish, const config::Gate& gate) {
  if (!wish.budget.max_usd) return {};
  std::vector<const config::Route*> called = config::asked_routes(gate);
  called.insert(called.begin(), {&gate.routes[0], &gate.routes[1]});
  for (const config::Route* route : called) {
    for (const config::Route* each = route; each != nullptr; each = each->fallback.get()) {
      if (!each->http || each->http->price.is_written()) continue;
      return failure(ErrorCode::input,
                     "a budget needs to know what calls cost, and route '" + each->use.name + "' (" + each->file +
                         ") has no price",
                     "price: {input_per_mtok: 0.15, output_per_mtok: 0.60}, or 0 for a server of your own");
    }
  }
  return {};
}

Result<std::unique_ptr<route::ReplyCache>> open_cache(const CallWish& wish) {
  if (wish.cache.empty()) return std::unique_ptr<route::ReplyCache>();
  return route::ReplyCache::open(wish.cache);
}

}  // namespace headgate::cli
