// Certificates made on the spot: a root of our own and what it signs, good or with a fault.
#pragma once

#include <string>

#include "behaviour.hpp"
#include "headgate/base/result.hpp"

namespace headgate::fake {

struct Identity {
  std::string root;   // PEM; empty where the certificate signs itself
  std::string chain;  // PEM: the server's certificate
  std::string key;    // PEM: its private key
};

// Fails with environment.
Result<Identity> make_identity(Certificate kind);

}  // namespace headgate::fake
