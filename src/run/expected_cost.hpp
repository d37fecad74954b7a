// What calls may cost before they are made.
#pragma once

#include <optional>
#include <string>

#include "headgate/config/route_file.hpp"

namespace headgate::run {

// The input alone, at its cheapest price; absent: not known.
std::optional<double> least_cost(const route::Price& price, double input_tokens);
// Why nobody knows what `what` of that route costs at least or at most, in one clause.
std::string why_unknown(const config::Route& route, const char* what);
// A sum of which one part is not known is not known.
void add(std::optional<double>& sum, const std::optional<double>& more);

}  // namespace headgate::run
