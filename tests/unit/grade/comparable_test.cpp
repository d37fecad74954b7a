#include "comparable.hpp"

#include <catch2/catch.hpp>

#include "headgate/base/random.hpp"
#include "headgate/base/unicode.hpp"

using headgate::normalised;
using headgate::grade::comparable_copy;

namespace {

std::string utf8(std::uint32_t point) {
  const auto byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  if (point < 0x10000) return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), byte(0x80 | (point >> 6 & 0x3F)),
          byte(0x80 | (point & 0x3F))};
}

bool is_character(std::uint32_t point) { return point != 0 && (point < 0xD800 || point > 0xDFFF); }

}  // namespace

TEST_CASE("the short cuts give what the full tables give, for every character") {
  std::size_t wrong = 0;
  for (std::uint32_t point = 1; point < 0x20000; ++point) {
    if (!is_character(point)) continue;
    const std::string text = "aX" + utf8(point) + "Q";
    if (comparable_copy(text, false) != normalised(text, false)) ++wrong;
    if (comparable_copy(text, true) != normalised(text, true)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("the short cuts hold for mixed texts too") {
  const std::vector<std::uint32_t> pool = {0x41,   0x65,   0x301,  0x308,  0xE9,   0xC4,   0xDF,    0x1E9E,
                                           0x130,  0x3A3,  0x439,  0x418,  0x306,  0x2019, 0x212B,  0x1100,
                                           0x1161, 0xAC00, 0x11A8, 0x304B, 0x3099, 0xFF21, 0x1F44D, 0x1F3FD,
                                           0xFE0F, 0x200D, 0x5D0,  0x5B7,  0x928,  0x93C,  0x20};
  headgate::Random random(7);
  std::size_t wrong = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::uint64_t n = random.below(8) + 1; n > 0; --n) text += utf8(pool[random.below(pool.size())]);
    if (comparable_copy(text, false) != normalised(text, false)) ++wrong;
    if (comparable_copy(text, true) != normalised(text, true)) ++wrong;
  }
  CHECK(wrong == 0);
}
