#include "headgate/domain/route.hpp"

#include <array>
#include <utility>

namespace headgate {
namespace {

using Part = std::pair<const char*, JsonText RouteParts::*>;
constexpr std::array<Part, 9> parts_in_order{{
    {"model", &RouteParts::model},
    {"prompt", &RouteParts::prompt},
    {"retrieval", &RouteParts::retrieval},
    {"tool_policy", &RouteParts::tool_policy},
    {"params", &RouteParts::params},
    {"program", &RouteParts::program},
    {"request", &RouteParts::request},
    {"fallback", &RouteParts::fallback},
    {"replies", &RouteParts::replies},
}};

}  // namespace

const char* name(Arm arm) { return arm == Arm::baseline ? "baseline" : "candidate"; }

Digest route_digest(const RouteParts& parts) {
  Hasher hasher;
  hasher.field("headgate/route/1");
  for (const auto& [word, member] : parts_in_order) {
    // Absent and yet hashed, as they always were; later parts count where they are.
    const bool is_later =
        member == &RouteParts::program || member == &RouteParts::request || member == &RouteParts::fallback;
    if (is_later && (parts.*member).absent()) continue;
    hasher.field(word).field((parts.*member).text);
  }
  return hasher.finish();
}

std::vector<std::string> route_diff(const RouteParts& a, const RouteParts& b) {
  std::vector<std::string> different;
  for (const auto& [word, member] : parts_in_order) {
    if ((a.*member) != (b.*member)) different.emplace_back(word);
  }
  return different;
}

}  // namespace headgate
