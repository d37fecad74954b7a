// Reading the options of a grader, which have passed its field table: absent gives the default.
#pragma once

#include <string>
#include <string_view>

#include "headgate/base/json.hpp"

namespace headgate::grade {

const Json* option(const Json& options, std::string_view name);  // nullptr where absent
bool flag(const Json& options, std::string_view name, bool fallback);
double quantity(const Json& options, std::string_view name, double fallback);
std::string word(const Json& options, std::string_view name, std::string_view fallback);

}  // namespace headgate::grade
