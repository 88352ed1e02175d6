// SPDX-License-Identifier: Apache-2.0
#include "node/web/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>

namespace ginnel {
namespace {

template <auto free_function>
struct Freer {
  template <class T>
  void operator()(T* pointer) const {
    free_function(pointer);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using CertPtr = std::unique_ptr<X509, Freer<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;

constexpr std::size_t pem_file_bytes_max = 1024 * 1024;
constexpr long clock_difference_seconds = 300;  // a certificate is valid this long before it was made

tl::unexpected<Error> tls_error(const std::string& what, const std::string& remedy = {}) {
  char text[160] = "no reason given";
  if (auto code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return fail("bad-certificate", what, text, remedy);
}

BioPtr reader_of(const std::string& pem) { return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

std::string written(BIO* bio) {
  char* data = nullptr;
  long bytes = BIO_get_mem_data(bio, &data);
  return bytes > 0 ? std::string(data, static_cast<std::size_t>(bytes)) : std::string();
}

CertPtr certificate_of(const std::string& pem) {
  auto bio = reader_of(pem);
  return CertPtr(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

KeyPtr key_of(const std::string& pem) {
  auto bio = reader_of(pem);
  // An empty passphrase: OpenSSL would else ask on the terminal for an encrypted key's.
  return KeyPtr(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>("")) : nullptr);
}

Expected<std::string> pem_of(X509* certificate) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) return tls_error("cannot write a certificate");
  return written(bio.get());
}

Expected<std::string> pem_of(EVP_PKEY* key) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return tls_error("cannot write a private key");
  return written(bio.get());
}

bool is_ipv4(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789.") == std::string::npos;
}

bool set_random_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
  bytes[0] &= 0x7f;  // serials are positive (RFC 5280 section 4.1.2.2)
  std::unique_ptr<BIGNUM, Freer<BN_free>> number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// A version 3 certificate for a fresh key, without extensions and signature.
struct Draft {
  CertPtr certificate;
  KeyPtr key;
};
Expected<Draft> draft(const std::string& common_name, Instant now, int days) {
  Draft made{CertPtr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  X509* certificate = made.certificate.get();
  if (!certificate || !made.key) return tls_error("cannot make a key");
  auto now_seconds = static_cast<time_t>(now.ms / second_ms);
  auto* name = X509_get_subject_name(certificate);
  bool ok =
      X509_set_version(certificate, X509_VERSION_3) == 1 && set_random_serial(certificate) &&
      ASN1_TIME_adj(X509_getm_notBefore(certificate), now_seconds, 0, -clock_difference_seconds) &&
      ASN1_TIME_adj(X509_getm_notAfter(certificate), now_seconds, days, 0) &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.data()),
                                 static_cast<int>(common_name.size()), -1, 0) == 1 &&
      X509_set_pubkey(certificate, made.key.get()) == 1;
  if (!ok) return tls_error("cannot make a certificate");
  return made;
}

Expected<TlsIdentity> finish(Draft& made, EVP_PKEY* signing_key) {
  if (X509_sign(made.certificate.get(), signing_key, EVP_sha256()) <= 0) return tls_error("cannot sign a certificate");
  auto certificate = pem_of(made.certificate.get());
  if (!certificate) return tl::unexpected(certificate.error());
  auto key = pem_of(made.key.get());
  if (!key) return tl::unexpected(key.error());
  return TlsIdentity{std::move(*certificate), std::move(*key)};
}

Expected<std::string> read_pem(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail("bad-certificate", "cannot read `" + path + "`", "it does not exist or may not be read");
  std::string text(pem_file_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > pem_file_bytes_max) return fail("bad-certificate", "cannot read `" + path + "`", "it is too long");
  return text;
}

}  // namespace

Expected<TlsIdentity> make_demo_authority(const std::string& common_name, Instant now, int days) {
  auto made = draft(common_name, now, days);
  if (!made) return tl::unexpected(made.error());
  X509* certificate = made->certificate.get();
  if (X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) != 1 ||
      !add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(certificate, certificate, NID_subject_key_identifier, "hash"))
    return tls_error("cannot make an authority's certificate");
  return finish(*made, made->key.get());
}

Expected<TlsIdentity> make_server_certificate(const TlsIdentity& authority, const std::vector<std::string>& names,
                                              Instant now, int days) {
  auto issuer = certificate_of(authority.certificate_chain_pem);
  auto issuer_key = key_of(authority.private_key_pem);
  if (!issuer || !issuer_key) return tls_error("cannot read the authority");
  if (names.empty()) return fail("bad-certificate", "cannot make a certificate", "it has no name");
  std::string also_known_as;
  for (const auto& name : names)
    also_known_as += (also_known_as.empty() ? "" : ",") + std::string(is_ipv4(name) ? "IP:" : "DNS:") + name;
  auto made = draft(names.front(), now, days);
  if (!made) return tl::unexpected(made.error());
  X509* certificate = made->certificate.get();
  if (X509_set_issuer_name(certificate, X509_get_subject_name(issuer.get())) != 1 ||
      !add_extension(certificate, issuer.get(), NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(certificate, issuer.get(), NID_key_usage, "critical,digitalSignature") ||
      !add_extension(certificate, issuer.get(), NID_ext_key_usage, "serverAuth") ||
      !add_extension(certificate, issuer.get(), NID_subject_key_identifier, "hash") ||
      !add_extension(certificate, issuer.get(), NID_authority_key_identifier, "keyid:always") ||
      !add_extension(certificate, issuer.get(), NID_subject_alt_name, also_known_as))
    return tls_error("cannot make a server's certificate", "names are host names or IPv4 addresses");
  return finish(*made, issuer_key.get());
}

Expected<Instant> check_tls_identity(const TlsIdentity& identity, Instant now) {
  auto certificate = certificate_of(identity.certificate_chain_pem);
  if (!certificate) return tls_error("cannot read the certificate", "it must be PEM, the node's own certificate first");
  auto key = key_of(identity.private_key_pem);
  if (!key) return tls_error("cannot read the private key", "it must be PEM without a passphrase");
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    return tls_error("cannot use the certificate", "give the private key that belongs to it");
  auto now_seconds = static_cast<time_t>(now.ms / second_ms);
  if (X509_cmp_time(X509_get0_notBefore(certificate.get()), &now_seconds) >= 0)
    return fail("bad-certificate", "cannot use the certificate", "it is not valid yet", "check this machine's clock");
  if (X509_cmp_time(X509_get0_notAfter(certificate.get()), &now_seconds) <= 0)
    return fail("bad-certificate", "cannot use the certificate", "it has expired", "renew it");
  std::unique_ptr<ASN1_TIME, Freer<ASN1_STRING_free>> epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0, seconds = 0;
  if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), X509_get0_notAfter(certificate.get())) != 1)
    return tls_error("cannot read the certificate's expiry");
  return Instant{days * day_ms + seconds * second_ms};
}

Expected<TlsIdentity> load_tls_identity(const std::string& certificate_chain_file,
                                        const std::string& private_key_file) {
  auto chain = read_pem(certificate_chain_file);
  if (!chain) return tl::unexpected(chain.error());
  auto key = read_pem(private_key_file);
  if (!key) return tl::unexpected(key.error());
  return TlsIdentity{std::move(*chain), std::move(*key)};
}

}  // namespace ginnel
