// An answer as the server plays it: what is sent, what is waited for, how it ends.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "behaviour.hpp"

namespace headgate::fake {

struct Step {
  enum class Kind : std::uint8_t {
    send,    // `bytes`
    wait,    // `micros`
    repeat,  // `bytes`, `count` times
    drip,    // `bytes`, `count` at a time with `micros` between
    close,
    reset,  // RST
    hold,   // nothing more ever comes
  };

  Kind kind = Kind::send;
  std::string bytes = {};
  std::uint64_t count = 0;
  Micros micros = 0;
};

// How an answer ends, as statistics name it.
enum class Ending : std::uint8_t { whole, cut, reset, closed, held };

struct Delivery {
  std::vector<Step> steps;
  bool keep_alive = true;
  int status = 200;  // 0: no status line is sent
  Ending ending = Ending::whole;
};

}  // namespace headgate::fake
