#include "crc32c.hpp"

#include <array>
#include <cstddef>
#include <cstring>

#include "headgate/base/digest.hpp"

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace headgate {
namespace {

constexpr std::uint32_t reversed_castagnoli = 0x82F63B78U;

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ ((value & 1U) != 0 ? reversed_castagnoli : 0U);
    table[byte] = value;
  }
  return table;
}

constexpr auto table = make_table();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t hardware_crc(std::string_view bytes, std::uint32_t state) {
  std::uint64_t wide = state;
  while (bytes.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    wide = _mm_crc32_u64(wide, word);
    bytes.remove_prefix(sizeof word);
  }
  state = static_cast<std::uint32_t>(wide);
  for (const char c : bytes) state = _mm_crc32_u8(state, static_cast<unsigned char>(c));
  return state;
}

bool has_hardware() {
  static const bool has = __builtin_cpu_supports("sse4.2") != 0;
  return has;
}
#else
std::uint32_t hardware_crc(std::string_view, std::uint32_t state) { return state; }
bool has_hardware() { return false; }
#endif

}  // namespace

std::uint32_t table_crc(std::string_view bytes, std::uint32_t state) {
  for (const char c : bytes) {
    state = (state >> 8U) ^ table[(state ^ static_cast<unsigned char>(c)) & 0xFFU];
  }
  return state;
}

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) {
  return ~(has_hardware() ? hardware_crc(bytes, ~seed) : table_crc(bytes, ~seed));
}

}  // namespace headgate
