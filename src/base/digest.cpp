#include "headgate/base/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "headgate/base/assert.hpp"

namespace headgate {
namespace {

constexpr std::string_view digest_prefix = "sha256:";
constexpr std::string_view hex_digits = "0123456789abcdef";

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// Fetched once and kept: looking the algorithm up costs more than hashing a small text.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  HG_ASSERT(fetched != nullptr);
  return fetched;
}

void begin(EVP_MD_CTX* context) {
  HG_ASSERT(context != nullptr);
  HG_ASSERT(EVP_DigestInit_ex2(context, algorithm(), nullptr) == 1);
}

void add(EVP_MD_CTX* context, std::string_view data) {
  HG_ASSERT(EVP_DigestUpdate(context, data.data(), data.size()) == 1);
}

Digest end(EVP_MD_CTX* context) {
  Digest digest;
  unsigned length = 0;
  HG_ASSERT(EVP_DigestFinal_ex(context, digest.bytes.data(), &length) == 1);
  HG_ASSERT(length == digest.bytes.size());
  return digest;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::array<char, 8> little_endian(std::uint64_t value) {
  std::array<char, 8> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(static_cast<unsigned char>(value & 0xFFU));
    value >>= 8U;
  }
  return bytes;
}

}  // namespace

std::string Digest::hex() const {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    out.push_back(hex_digits[byte >> 4U]);
    out.push_back(hex_digits[byte & 0xFU]);
  }
  return out;
}

std::string Digest::text() const { return std::string(digest_prefix) + hex(); }

std::string Digest::brief() const { return hex().substr(0, 8); }

std::uint64_t Digest::mark() const {
  std::uint64_t mark = 0;
  for (std::size_t i = 0; i < sizeof mark; ++i) mark = mark << 8 | bytes[i];
  return mark;
}

bool Digest::is_zero() const {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool Digest::parse(std::string_view text, Digest& out) {
  if (text.substr(0, digest_prefix.size()) == digest_prefix) text.remove_prefix(digest_prefix.size());
  Digest parsed;
  if (text.size() != 2 * parsed.bytes.size()) return false;
  for (std::size_t i = 0; i < parsed.bytes.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    parsed.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  out = parsed;
  return true;
}

Digest sha256(std::string_view bytes) {
  thread_local const Context context(EVP_MD_CTX_new());
  begin(context.get());
  add(context.get(), bytes);
  return end(context.get());
}

Digest digest_of(const Json& value) { return sha256(canonical(value)); }

struct Hasher::State {
  Context context{EVP_MD_CTX_new()};
};

Hasher::Hasher() : state_(std::make_unique<State>()) { begin(state_->context.get()); }
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Hasher& Hasher::bytes(std::string_view data) {
  HG_ASSERT(state_ != nullptr);
  add(state_->context.get(), data);
  return *this;
}

Hasher& Hasher::field(std::string_view data) {
  const auto length = little_endian(data.size());
  return bytes({length.data(), length.size()}).bytes(data);
}

Hasher& Hasher::field(std::uint64_t value) {
  const auto coded = little_endian(value);
  return field(std::string_view(coded.data(), coded.size()));
}

Hasher& Hasher::field(const Digest& value) {
  return field(std::string_view(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()));
}

Digest Hasher::finish() {
  HG_ASSERT(state_ != nullptr);
  const Digest digest = end(state_->context.get());
  begin(state_->context.get());
  return digest;
}

}  // namespace headgate
