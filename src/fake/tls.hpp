// TLS on a socket that does not block.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string_view>

#include "certificates.hpp"

namespace headgate::fake {

// As of recv and send: bytes, 0 for the end, or one of these.
inline constexpr ssize_t would_block = -1;
inline constexpr ssize_t broken = -2;

class TlsStream {
 public:
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // The handshake is part of the first reads.
  ssize_t read(char* to, std::size_t most);
  ssize_t write(std::string_view bytes);

 private:
  friend class TlsServer;
  struct Session;
  explicit TlsStream(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

class TlsServer {
 public:
  // Fails with environment.
  static Result<std::unique_ptr<TlsServer>> create(const Identity& identity);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  // Null where there is no memory.
  std::unique_ptr<TlsStream> accept(int socket) const;

 private:
  struct Context;
  explicit TlsServer(std::unique_ptr<Context> context);
  std::unique_ptr<Context> context_;
};

}  // namespace headgate::fake
