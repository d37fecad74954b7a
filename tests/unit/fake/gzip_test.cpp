#include "gzip.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>

using namespace headgate::fake;

namespace {

// Unpacks piece by piece; how many bytes came out, whether all of them were zeros, and zlib's last word.
struct Unpacked {
  std::string text;
  std::uint64_t size = 0;
  bool zeros = true;
  int word = Z_OK;
};

class Unpacker {
 public:
  explicit Unpacker(bool keep) : keep_(keep) { REQUIRE(inflateInit2(&stream_, 15 + 16) == Z_OK); }
  ~Unpacker() { inflateEnd(&stream_); }
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  void add(std::string bytes) {
    stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    static char block[1 << 16];
    while (stream_.avail_in > 0 && out.word == Z_OK) {
      stream_.next_out = reinterpret_cast<Bytef*>(block);
      stream_.avail_out = sizeof block;
      out.word = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t got = sizeof block - stream_.avail_out;
      out.size += got;
      for (std::size_t i = 0; i < got; ++i) out.zeros = out.zeros && block[i] == 0;
      if (keep_) out.text.append(block, got);
    }
  }

  Unpacked out;

 private:
  bool keep_;
  z_stream stream_{};
};

}  // namespace

TEST_CASE("texts come back, in one piece or in several") {
  Unpacker unpacker(true);
  Gzip gzip;
  unpacker.add(gzip.add("data: one\n\n", false));
  CHECK(unpacker.out.text == "data: one\n\n");  // readable before the end
  unpacker.add(gzip.add("data: two\n\n", true));
  CHECK(unpacker.out.text == "data: one\n\ndata: two\n\n");
  CHECK(unpacker.out.word == Z_STREAM_END);
}

TEST_CASE("a bomb is a sound stream of zeros, of the size that was asked for, and small") {
  for (const std::uint64_t mib : {1U, 2U, 65U}) {
    const Bomb made = bomb(mib << 20);
    CHECK(made.times == mib);
    CHECK(made.unit.size() < 2000);
    Unpacker unpacker(false);
    unpacker.add(made.begin);
    for (std::uint64_t i = 0; i < made.times; ++i) unpacker.add(made.unit);
    unpacker.add(made.end);
    CHECK(unpacker.out.word == Z_STREAM_END);  // with the right check sum and length
    CHECK(unpacker.out.size == mib << 20);
    CHECK(unpacker.out.zeros);
  }
  CHECK(bomb(1).times == 1);
}
