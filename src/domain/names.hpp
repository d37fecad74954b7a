// Words of an enum, both ways, from one table.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "headgate/base/assert.hpp"

namespace headgate {

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

template <class Enum, std::size_t N>
const char* name_in(const Names<Enum, N>& names, Enum value) {
  for (const auto& [each, word] : names) {
    if (each == value) return word;
  }
  HG_ASSERT(!"every value of an enum has a name");
}

template <class Enum, std::size_t N>
bool parse_in(const Names<Enum, N>& names, std::string_view word, Enum& out) {
  for (const auto& [each, known] : names) {
    if (word == known) {
      out = each;
      return true;
    }
  }
  return false;
}

}  // namespace headgate
