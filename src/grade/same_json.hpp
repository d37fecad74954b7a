// JSON equality as graders mean it: 1 equals 1.0, order of keys is nothing, strings are compared in Unicode NFC.
#pragma once

#include "headgate/base/json.hpp"

namespace headgate::grade {

bool same_json(const Json& a, const Json& b);

}  // namespace headgate::grade
