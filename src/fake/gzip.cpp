#include "gzip.hpp"

#include <zlib.h>

#include "headgate/base/assert.hpp"

namespace headgate::fake {
namespace {

constexpr int gzip_window = 15 + 16;
constexpr int bare_window = -15;
constexpr std::size_t unit_bytes = std::size_t{1} << 20;

void append_little_endian(std::string& out, std::uint64_t value) {
  for (int i = 0; i < 4; ++i, value >>= 8) out += static_cast<char>(value & 0xFF);
}

struct Deflate {
  explicit Deflate(int window) { HG_ASSERT(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK); }
  ~Deflate() { deflateEnd(&z); }
  Deflate(const Deflate&) = delete;
  Deflate& operator=(const Deflate&) = delete;

  std::string add(std::string_view text, int flush) {
    std::string in(text);  // zlib takes no const
    z.next_in = reinterpret_cast<Bytef*>(in.data());
    z.avail_in = static_cast<uInt>(in.size());
    std::string out;
    char block[16384];
    do {
      z.next_out = reinterpret_cast<Bytef*>(block);
      z.avail_out = sizeof block;
      ::deflate(&z, flush);
      out.append(block, sizeof block - z.avail_out);
    } while (z.avail_out == 0);
    return out;
  }

  z_stream z{};
};

}  // namespace

struct Gzip::Stream {
  Deflate deflate{gzip_window};
};

Gzip::Gzip() : stream_(std::make_unique<Stream>()) {}
Gzip::~Gzip() = default;

std::string Gzip::add(std::string_view text, bool last) {
  return stream_->deflate.add(text, last ? Z_FINISH : Z_SYNC_FLUSH);
}

Bomb bomb(std::uint64_t bytes) {
  Bomb out;
  out.times = (bytes + unit_bytes - 1) / unit_bytes;
  out.begin = std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03", 10);
  const std::string zeros(unit_bytes, '\0');
  // After a full flush a block depends on nothing before it, so it can stand there any number of times.
  out.unit = Deflate(bare_window).add(zeros, Z_FULL_FLUSH);
  out.end = std::string("\x03\x00", 2);  // an empty last block
  const auto length = static_cast<z_off_t>(unit_bytes);
  const uLong one = crc32(0, reinterpret_cast<const Bytef*>(zeros.data()), static_cast<uInt>(zeros.size()));
  const uLong step = crc32_combine_gen(length);
  uLong all = one;
  for (std::uint64_t i = 1; i < out.times; ++i) all = crc32_combine_op(all, one, step);
  append_little_endian(out.end, all);
  append_little_endian(out.end, out.times * unit_bytes);
  return out;
}

}  // namespace headgate::fake
