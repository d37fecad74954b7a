// What the conductor carries without looking inside.
#pragma once

#include <memory>

namespace headgate::run {

struct Opaque {
  Opaque() = default;
  Opaque(const Opaque&) = delete;
  Opaque& operator=(const Opaque&) = delete;
  virtual ~Opaque() = default;
};

// One owner at a time; shared because jobs travel to workers in a std::function, which can be copied.
using Payload = std::shared_ptr<Opaque>;

}  // namespace headgate::run
