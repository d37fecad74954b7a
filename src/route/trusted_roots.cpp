#include "trusted_roots.hpp"

#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <utility>

#include "headgate/base/text.hpp"

namespace headgate::route {
namespace {

std::string last_words_of_openssl() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "not readable" : reason;
}

}  // namespace

void TrustedRoots::Close::operator()(x509_store_st* store) const { X509_STORE_free(store); }

Result<TrustedRoots> TrustedRoots::read(const std::string& ca_file) {
  TrustedRoots out;
  out.store_.reset(X509_STORE_new());
  if (!out.store_) return failure(ErrorCode::environment, "no memory for certificates");
  X509_STORE* const store = out.store_.get();
  // Where OpenSSL looks (also at SSL_CERT_FILE and SSL_CERT_DIR), and the bundle that libcurl was built for. One of
  // them missing is usual.
  X509_STORE_set_default_paths(store);
  const char* bundle = curl_version_info(CURLVERSION_NOW)->cainfo;
  if (bundle != nullptr) X509_STORE_load_file(store, bundle);
  ERR_clear_error();
  if (!ca_file.empty() && X509_STORE_load_file(store, ca_file.c_str()) != 1) {
    const std::string why = last_words_of_openssl();
    ERR_clear_error();
    return failure(ErrorCode::environment, "cannot read certificates from " + terminal_line(ca_file) + ": " + why);
  }
  // As libcurl has it: an intermediate, or a server's own certificate, is a root when the operator says so.
  X509_STORE_set_flags(store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  return out;
}

void TrustedRoots::lend_to(void* ssl_context) const {
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(ssl_context), store_.get());
}

}  // namespace headgate::route
