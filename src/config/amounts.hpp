// Durations ("30s") and sizes ("512MiB") as people write them in operator files.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "headgate/base/clock.hpp"
#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::config {

// A number and ms, s, m or h: "250ms", "1.5s". Nothing for anything else, or where it is no whole number of
// milliseconds.
std::optional<Millis> parse_duration(std::string_view text);

// A number and B, KiB, MiB, GiB, kB, MB or GB. Nothing for anything else, or where it is no whole number of bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

struct DurationBounds {
  Millis least, most;
};
struct SizeBounds {
  std::uint64_t least, most;
};

// The same of a string of a file; complains where it is none or out of bounds.
std::optional<Millis> read_duration(const Tree& tree, const Json& value, const DurationBounds& bounds,
                                    Complaints& complaints);
std::optional<std::uint64_t> read_size(const Tree& tree, const Json& value, const SizeBounds& bounds,
                                       Complaints& complaints);

}  // namespace headgate::config
