// JSON equality as graders mean it: 1 equals 1.0, order of keys is nothing, strings are compared in Unicode NFC.
#pragma once

#include <string>

#include "headgate/base/json.hpp"

namespace headgate::grade {

bool same_json(const Json& a, const Json& b);

// Two values are the same exactly where these texts are.
std::string comparable_json(const Json& value);

// Below, equal to or above 0 as `a` is to `b`; both numbers. Whole numbers are compared exactly, also those that are
// signed on one side only, which nlohmann's own operators take for each other.
int compare_numbers(const Json& a, const Json& b);

}  // namespace headgate::grade
