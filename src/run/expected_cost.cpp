#include "expected_cost.hpp"

#include <algorithm>

namespace headgate::run {
namespace {

constexpr double tokens_per_price = 1e6;

}  // namespace

std::optional<double> least_cost(const route::Price& price, double input_tokens) {
  if (!price.input_per_mtok) return price.output_per_mtok ? std::nullopt : price.per_call;
  const double cheapest = std::min(*price.input_per_mtok, price.cached_input_per_mtok.value_or(*price.input_per_mtok));
  return price.per_call.value_or(0.0) + input_tokens * cheapest / tokens_per_price;
}

std::string why_unknown(const config::Route& route, const char* what) {
  const std::string who = "route " + route.use.name;
  if (!route.http) return "only the program of " + who + " says what " + what + " costs";
  const route::Price& price = route.http->price;
  if (!price.input_per_mtok && !price.output_per_mtok && !price.cached_input_per_mtok) return who + " has no price";
  if (!price.input_per_mtok) return "the price of " + who + " has no input_per_mtok";
  if (!price.output_per_mtok) return "the price of " + who + " has no output_per_mtok";
  return who + " has no max_tokens among its params, so nothing bounds what " + what + " costs";
}

void add(std::optional<double>& sum, const std::optional<double>& more) {
  sum = sum && more ? std::optional(*sum + *more) : std::nullopt;
}

}  // namespace headgate::run
