// Texts that somebody has read and approved, one heading a scene. HEADGATE_APPROVE=1 writes them anew; then read the
// difference.
#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace headgate::test {

// Six digits tell every step of a count apart and survive a change of the summation order.
inline std::string number(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value == 0.0 ? 0.0 : value);
  return text.data();
}

// The part of an approved text that begins with this heading.
inline std::string approved_part(const std::string& text, const std::string& heading) {
  const std::size_t begin = text.find(heading);
  if (begin == std::string::npos) return {};
  const std::size_t end = text.find("\n## ", begin);
  return text.substr(begin, end == std::string::npos ? end : end + 1 - begin);
}

// Scenes by name, with what is told of each.
using Told = std::vector<std::pair<std::string, std::string>>;

inline void check_approved(const std::string& file, const Told& scenes) {
  const std::string path = std::string(HEADGATE_SOURCE_DIR) + "/tests/unit/gate/approved/" + file;
  const bool approving = std::getenv("HEADGATE_APPROVE") != nullptr;
  std::ostringstream approved;
  if (!approving) approved << std::ifstream(path, std::ios::binary).rdbuf();
  std::string all;
  for (const auto& [name, text] : scenes) {
    const std::string heading = "## " + name + "\n";
    all += heading + text;
    if (approving) continue;
    const std::string before = approved_part(approved.str(), heading);
    if (before != heading + text) FAIL("approved:\n" << before << "now:\n" << heading + text);
  }
  if (approving) std::ofstream(path, std::ios::binary) << all;
  CHECK((approving || approved.str() == all));
}

}  // namespace headgate::test
