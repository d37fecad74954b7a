// A model server on loopback that does as a script says: for tests, and for teams that rehearse their gate without
// keys. It knows nothing of headgate's own client code.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "headgate/base/json.hpp"
#include "headgate/base/result.hpp"
#include "headgate/fake/script.hpp"

namespace headgate::fake {

// docs/fake-provider.md describes scripts and what /stats counts.
class Provider {
 public:
  // Listens on 127.0.0.1 (`port` 0: a free one) with one thread of its own. Fails with input where the script is no
  // script (with the place in it), and with environment where it cannot listen. Files that the script names are
  // relative to the working directory.
  static Result<std::unique_ptr<Provider>> start(const Json& script, std::uint16_t port = 0);
  static Result<std::unique_ptr<Provider>> start(Script script, std::uint16_t port = 0);
  virtual ~Provider() = default;  // stops; every connection is closed

  virtual std::uint16_t port() const = 0;
  virtual std::string url() const = 0;      // "http://127.0.0.1:PORT", "https://localhost:PORT" with TLS
  virtual std::string ca_file() const = 0;  // the root of its certificate, where it has one that should be trusted
  virtual Json stats() const = 0;           // what GET /stats says
  virtual double idle_seconds() const = 0;  // since nothing is in flight
};

}  // namespace headgate::fake
