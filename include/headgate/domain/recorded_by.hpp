// Whose grades a grader reads instead of making them (kind `recorded`).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "headgate/domain/case.hpp"

namespace headgate {

// One bit each.
enum class RecordedBy : std::uint8_t { nobody = 0, human = 1, tool = 2, judge = 4 };
constexpr RecordedBy operator|(RecordedBy a, RecordedBy b) {
  return static_cast<RecordedBy>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
constexpr bool has(RecordedBy all, RecordedBy one) {
  return (static_cast<std::uint8_t>(all) & static_cast<std::uint8_t>(one)) != 0;
}
inline constexpr std::array<RecordedBy, 3> all_recorders = {RecordedBy::human, RecordedBy::tool, RecordedBy::judge};
const char* name(RecordedBy one);

// Of these graders and of those inside them.
RecordedBy recorded_by(std::span<const GraderSpec> graders);

}  // namespace headgate
