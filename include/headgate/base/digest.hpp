// SHA-256 for identity, CRC-32C for accidents.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "headgate/base/json.hpp"

namespace headgate {

struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  std::string hex() const;        // 64 lowercase digits
  std::string text() const;       // "sha256:" + hex, the form in every file
  std::string brief() const;      // first 8 hex digits, for names people read
  std::uint64_t mark() const;     // the first eight bytes: enough to tell two texts of one run apart
  bool is_zero() const;
  // Accepts text() or hex(). Nothing for anything else.
  static bool parse(std::string_view text, Digest& out);

  friend bool operator==(const Digest&, const Digest&) = default;
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

Digest sha256(std::string_view bytes);
Digest digest_of(const Json& value);  // of its canonical text

// Incremental SHA-256. `field` prefixes the length, so that ("ab","c") and ("a","bc") differ. Not copyable.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  Hasher& bytes(std::string_view data);
  Hasher& field(std::string_view data);
  Hasher& field(std::uint64_t value);
  Hasher& field(const Digest& value);
  Digest finish();  // and starts anew

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// CRC-32C (Castagnoli), as in RFC 3720; hardware where the processor has it.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace headgate
