// What a decision tells besides its findings, as JSON. Members stand only where there is something to tell.
#pragma once

#include <nlohmann/json.hpp>

#include "headgate/domain/decision.hpp"

namespace headgate {

void put_sections(nlohmann::json& out, const Decision& decision);
// Throws what the codec's readers throw.
void read_sections(const nlohmann::json& value, Decision& decision);

}  // namespace headgate
