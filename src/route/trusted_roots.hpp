// The certificates that TLS ends in. Read once and shared by all connections: libcurl would parse them again for each.
#pragma once

#include <memory>
#include <string>

#include "headgate/base/result.hpp"

struct x509_store_st;

namespace headgate::route {

class TrustedRoots {
 public:
  // The system's, and those of a PEM file where one is named.
  static Result<TrustedRoots> read(const std::string& ca_file);

  // For CURLOPT_SSL_CTX_FUNCTION: makes an SSL_CTX trust these and nothing else.
  void lend_to(void* ssl_context) const;

 private:
  struct Close {
    void operator()(x509_store_st* store) const;
  };
  std::unique_ptr<x509_store_st, Close> store_;
};

}  // namespace headgate::route
