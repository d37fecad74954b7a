#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

namespace headgate::fake {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long day = 24 * 3600;

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string pem(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  return memory && PEM_write_bio_X509(memory.get(), certificate) == 1 ? text_of(memory.get()) : std::string();
}

std::string pem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  const bool written =
      memory && PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  return written ? text_of(memory.get()) : std::string();
}

struct Wanted {
  std::string name;
  std::string hosts;  // of the subjectAltName; empty: an authority
  long from = -day, until = 30 * day;
  long serial = 1;
};

bool extend(X509* certificate, X509* issuer, int which, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, which, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// Signed by `issuer` with `signer`; null issuer: by itself. Null on any failure.
Cert certificate(const Wanted& wanted, EVP_PKEY* key, X509* issuer, EVP_PKEY* signer) {
  Cert out(X509_new());
  if (!out) return nullptr;
  X509* made = out.get();
  X509_NAME* name = X509_get_subject_name(made);
  const auto* text = reinterpret_cast<const unsigned char*>(wanted.name.c_str());
  bool good = X509_set_version(made, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(made), wanted.serial) == 1 &&
              X509_gmtime_adj(X509_getm_notBefore(made), wanted.from) != nullptr &&
              X509_gmtime_adj(X509_getm_notAfter(made), wanted.until) != nullptr &&
              X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1 &&
              X509_set_issuer_name(made, X509_get_subject_name(issuer == nullptr ? made : issuer)) == 1 &&
              X509_set_pubkey(made, key) == 1;
  X509* parent = issuer == nullptr ? made : issuer;
  if (wanted.hosts.empty()) {
    good = good && extend(made, parent, NID_basic_constraints, "critical,CA:TRUE") &&
           extend(made, parent, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           extend(made, parent, NID_subject_key_identifier, "hash");
  } else {
    good = good && extend(made, parent, NID_subject_alt_name, wanted.hosts) &&
           extend(made, parent, NID_ext_key_usage, "serverAuth");
  }
  if (!good || X509_sign(made, signer, EVP_sha256()) == 0) return nullptr;
  return out;
}

}  // namespace

Result<Identity> make_identity(Certificate kind) {
  const auto failed = [] { return failure(ErrorCode::environment, "cannot make a certificate for the fake provider"); };
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return failed();
  Wanted wanted{"headgate fake provider", "DNS:localhost,IP:127.0.0.1"};
  if (kind == Certificate::expired) {
    wanted.from = -30 * day;
    wanted.until = -day;
  }
  if (kind == Certificate::wrong_host) wanted.hosts = "DNS:elsewhere.invalid";
  Identity out;
  out.key = pem(key.get());
  if (kind == Certificate::self_signed) {
    const Cert own = certificate(wanted, key.get(), nullptr, key.get());
    if (!own) return failed();
    out.chain = pem(own.get());
    return out;
  }
  const Key root_key(EVP_EC_gen("P-256"));
  if (!root_key) return failed();
  const Cert root =
      certificate({"headgate fake provider root", "", -60 * day, 30 * day, 1}, root_key.get(), nullptr, root_key.get());
  if (!root) return failed();
  wanted.serial = 2;
  const Cert leaf = certificate(wanted, key.get(), root.get(), root_key.get());
  if (!leaf) return failed();
  out.root = pem(root.get());
  out.chain = pem(leaf.get());
  return out;
}

}  // namespace headgate::fake
