// Options as several verbs write them in their rows.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "verbs.hpp"

namespace headgate::cli {

// Headings of the overview.
inline constexpr const char* judging = "Judge a candidate";
inline constexpr const char* looking = "Look into a run";
inline constexpr const char* writing = "Write gates and suites";
inline constexpr const char* about = "About headgate";

inline Option flag(std::string name, std::string help, std::vector<std::string> also = {}) {
  return {.name = std::move(name), .also = std::move(also), .value = {}, .help = std::move(help)};
}
inline Option text(std::string name, std::string value, std::string help) {
  return {.name = std::move(name), .also = {}, .value = std::move(value), .help = std::move(help)};
}
inline Option whole(std::string name, std::string value, std::uint64_t least, std::string help,
                    std::vector<std::string> also = {}) {
  return {.name = std::move(name),
          .also = std::move(also),
          .value = std::move(value),
          .help = std::move(help),
          .whole_from = least};
}

Option reports_option();
Option jobs_option();
Option set_option();  // --set KEY=VALUE
Option sandbox_option();
// What makes a plan out of a gate, the same for every verb that does.
std::vector<Option> plan_options();
Option reduce_option();  // of verbs that decide
std::vector<Option> with(std::vector<Option> first, std::vector<Option> more);

}  // namespace headgate::cli
