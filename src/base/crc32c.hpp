// The portable half of crc32c, named so that a test can hold the other half against it.
#pragma once

#include <cstdint>
#include <string_view>

namespace headgate {

// Works on the inner state, which is the complement of the checksum.
std::uint32_t table_crc(std::string_view bytes, std::uint32_t state);

}  // namespace headgate
