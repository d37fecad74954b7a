// The graders' own manual, for `headgate graders [KIND] [--json]`.
#pragma once

#include <string>

#include "headgate/base/json.hpp"
#include "headgate/grade/registry.hpp"

namespace headgate::grade {

std::string help_text(const Registry& registry);  // one line a kind
std::string help_text(const Registry& registry, const Kind& kind);

std::string aliases_text(const Kind& kind);  // one sentence without its full stop; only where it has aliases

Json help_json(const Registry& registry);  // {"graders": [{"kind", "summary", "basis"}, …]}
Json help_json(const Registry& registry, const Kind& kind);

}  // namespace headgate::grade
