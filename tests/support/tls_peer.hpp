// The server's side of TLS for tests, with certificates that are made on the spot.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace headgate::test {

struct CloseOpenssl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* tls) const { SSL_free(tls); }
};
template <class T>
using Openssl = std::unique_ptr<T, CloseOpenssl>;

// A key and its certificate, signed by itself or by another.
struct Identity {
  struct Wish {
    std::string name = "127.0.0.1";                // an address
    long valid_from_s = -3600, valid_to_s = 3600;  // from now
    bool is_authority = false;
  };

  explicit Identity(const Wish& wish, const Identity* signer = nullptr)
      : key(EVP_EC_gen("P-256")), certificate(X509_new()) {
    X509* const x = certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), signer == nullptr ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(x), wish.valid_from_s);
    X509_gmtime_adj(X509_getm_notAfter(x), wish.valid_to_s);
    X509_set_pubkey(x, key.get());
    const std::string common = wish.is_authority ? "test authority" : "test server";
    std::string bytes = common;
    X509_NAME_add_entry_by_NID(X509_get_subject_name(x), NID_commonName, MBSTRING_UTF8,
                               static_cast<unsigned char*>(static_cast<void*>(bytes.data())),
                               static_cast<int>(bytes.size()), -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(signer == nullptr ? x : signer->certificate.get()));
    extend(NID_basic_constraints, wish.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!wish.is_authority) extend(NID_subject_alt_name, "IP:" + wish.name);
    if (X509_sign(x, signer == nullptr ? key.get() : signer->key.get(), EVP_sha256()) == 0) {
      throw std::runtime_error("cannot sign a certificate");
    }
  }

  void write_certificate(const std::string& path) const {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    if (file == nullptr) throw std::runtime_error("cannot write " + path);
    PEM_write_X509(file, certificate.get());
    std::fclose(file);
  }

  Openssl<EVP_PKEY> key;
  Openssl<X509> certificate;

 private:
  void extend(int what, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
};

// A server over a socket that is connected: answers each request of one client with the same bytes.
inline void serve_tls(int fd, const Identity& identity, const std::string& reply) {
  const Openssl<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  const Openssl<SSL> tls(SSL_new(context.get()));
  SSL_set_fd(tls.get(), fd);
  if (SSL_accept(tls.get()) != 1) return;
  std::string read;
  char block[4096];
  for (int got = 0; (got = SSL_read(tls.get(), block, sizeof block)) > 0;) {
    read.append(block, static_cast<std::size_t>(got));
    if (!read.ends_with("}")) continue;  // the requests of these tests end so
    read.clear();
    if (SSL_write(tls.get(), reply.data(), static_cast<int>(reply.size())) <= 0) return;
  }
}

}  // namespace headgate::test
