// The graders' own manual, for `headgate graders [KIND] [--json]`.
#pragma once

#include <string>

#include "headgate/base/json.hpp"
#include "headgate/grade/registry.hpp"

namespace headgate::grade {

std::string help_text(const Registry& registry);  // one line a kind
std::string help_text(const Registry& registry, const Kind& kind);

Json help_json(const Registry& registry);  // {"graders": [{"kind", "summary"}, …]}
Json help_json(const Registry& registry, const Kind& kind);

}  // namespace headgate::grade
