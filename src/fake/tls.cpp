#include "tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>

namespace headgate::fake {

struct TlsStream::Session {
  explicit Session(SSL* made) : ssl(made) {}
  ~Session() { SSL_free(ssl); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  ssize_t outcome(int result) const {
    switch (SSL_get_error(ssl, result)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:
        return would_block;
      case SSL_ERROR_ZERO_RETURN:
        return 0;
      default:
        ERR_clear_error();
        return broken;
    }
  }

  SSL* ssl;
};

struct TlsServer::Context {
  explicit Context(SSL_CTX* made) : ctx(made) {}
  ~Context() { SSL_CTX_free(ctx); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  bool use(const Identity& identity) {
    BIO* chain = BIO_new_mem_buf(identity.chain.data(), static_cast<int>(identity.chain.size()));
    BIO* key = BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size()));
    X509* certificate = chain != nullptr ? PEM_read_bio_X509(chain, nullptr, nullptr, nullptr) : nullptr;
    EVP_PKEY* secret = key != nullptr ? PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr) : nullptr;
    const bool good = certificate != nullptr && secret != nullptr && SSL_CTX_use_certificate(ctx, certificate) == 1 &&
                      SSL_CTX_use_PrivateKey(ctx, secret) == 1;
    X509_free(certificate);
    EVP_PKEY_free(secret);
    BIO_free(chain);
    BIO_free(key);
    return good;
  }

  SSL_CTX* ctx;
};

TlsStream::TlsStream(std::unique_ptr<Session> session) : session_(std::move(session)) {}
TlsStream::~TlsStream() = default;

ssize_t TlsStream::read(char* to, std::size_t most) {
  const int result = SSL_read(session_->ssl, to, static_cast<int>(std::min<std::size_t>(most, 1 << 30)));
  return result > 0 ? result : session_->outcome(result);
}

ssize_t TlsStream::write(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const int result =
      SSL_write(session_->ssl, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 30)));
  return result > 0 ? result : session_->outcome(result);
}

TlsServer::TlsServer(std::unique_ptr<Context> context) : context_(std::move(context)) {}
TlsServer::~TlsServer() = default;

Result<std::unique_ptr<TlsServer>> TlsServer::create(const Identity& identity) {
  SSL_CTX* made = SSL_CTX_new(TLS_server_method());
  if (made == nullptr) return failure(ErrorCode::environment, "cannot set up TLS for the fake provider");
  auto context = std::make_unique<Context>(made);
  if (!context->use(identity)) return failure(ErrorCode::environment, "cannot use the fake provider's certificate");
  SSL_CTX_set_mode(made,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  return std::unique_ptr<TlsServer>(new TlsServer(std::move(context)));
}

std::unique_ptr<TlsStream> TlsServer::accept(int socket) const {
  SSL* made = SSL_new(context_->ctx);
  if (made == nullptr) return nullptr;
  auto session = std::make_unique<TlsStream::Session>(made);
  if (SSL_set_fd(made, socket) != 1) return nullptr;
  SSL_set_accept_state(made);
  return std::unique_ptr<TlsStream>(new TlsStream(std::move(session)));
}

}  // namespace headgate::fake
