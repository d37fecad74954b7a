// Compressed bodies, small ones and ones that explode.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace headgate::fake {

// One gzip stream, handed out as it grows.
class Gzip {
 public:
  Gzip();
  ~Gzip();
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  // What `text` becomes, up to its last byte; with `last` the end of the stream too.
  std::string add(std::string_view text, bool last);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

// A gzip stream of zeros that needs no memory: `begin`, `unit` so many `times`, `end`.
struct Bomb {
  std::string begin, unit, end;
  std::uint64_t times = 0;
};
Bomb bomb(std::uint64_t bytes);  // unpacked; rounded up to whole MiB

}  // namespace headgate::fake
