// SPDX-License-Identifier: Apache-2.0
#include "node/web/tls.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <memory>

#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

const Instant checked_at{1'795'000'000'000};

struct Certificate {
  explicit Certificate(const std::string& pem) {
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    x509 = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
  }
  ~Certificate() { X509_free(x509); }
  X509* x509;
};

struct DemoPair {
  TlsIdentity authority = make_demo_authority("Ginnel demo authority", checked_at, 30).value();
  TlsIdentity server = make_server_certificate(authority, {"127.0.0.1", "localhost"}, checked_at, 7).value();
};

TEST(Tls, a_server_certificate_is_good_for_its_address_and_name_only) {
  DemoPair demo;
  Certificate server(demo.server.certificate_chain_pem);
  ASSERT_NE(server.x509, nullptr);
  EXPECT_EQ(X509_check_ip_asc(server.x509, "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_host(server.x509, "localhost", 0, 0, nullptr), 1);
  EXPECT_NE(X509_check_ip_asc(server.x509, "127.0.0.2", 0), 1);
  EXPECT_NE(X509_check_host(server.x509, "example.org", 0, 0, nullptr), 1);
}

TEST(Tls, the_authority_signed_it_and_no_other_did) {
  DemoPair demo;
  Certificate server(demo.server.certificate_chain_pem), authority(demo.authority.certificate_chain_pem);
  Certificate other(make_demo_authority("Ginnel demo authority", checked_at, 30).value().certificate_chain_pem);
  EXPECT_EQ(X509_verify(server.x509, X509_get0_pubkey(authority.x509)), 1);
  EXPECT_NE(X509_verify(server.x509, X509_get0_pubkey(other.x509)), 1);
}

TEST(Tls, keys_are_on_p_256_and_a_server_cannot_sign_certificates) {
  DemoPair demo;
  Certificate server(demo.server.certificate_chain_pem), authority(demo.authority.certificate_chain_pem);
  EXPECT_EQ(EVP_PKEY_get_bits(X509_get0_pubkey(server.x509)), 256);
  EXPECT_EQ(EVP_PKEY_get_base_id(X509_get0_pubkey(server.x509)), EVP_PKEY_EC);
  EXPECT_EQ(X509_check_ca(server.x509), 0);
  EXPECT_EQ(X509_check_ca(authority.x509), 1);
}

TEST(Tls, a_pair_is_checked_for_its_key_and_its_time) {
  DemoPair demo;
  auto expires = check_tls_identity(demo.server, checked_at);
  ASSERT_TRUE(expires) << expires.error().text();
  EXPECT_EQ(*expires, checked_at + 7 * day_ms);
  EXPECT_FALSE(check_tls_identity(demo.server, checked_at + 8 * day_ms));
  EXPECT_FALSE(check_tls_identity(demo.server, Instant{checked_at.ms - day_ms}));
  TlsIdentity mixed{demo.server.certificate_chain_pem, demo.authority.private_key_pem};
  EXPECT_EQ(check_tls_identity(mixed, checked_at).error().code, "bad-certificate");
  EXPECT_FALSE(check_tls_identity({"not PEM", demo.server.private_key_pem}, checked_at));
  EXPECT_FALSE(check_tls_identity({demo.server.certificate_chain_pem, ""}, checked_at));
}

TEST(Tls, a_pair_is_read_from_its_files) {
  DemoPair demo;
  TempDirectory dir;
  std::ofstream(dir.path() + "/cert.pem") << demo.server.certificate_chain_pem;
  std::ofstream(dir.path() + "/key.pem") << demo.server.private_key_pem;
  auto loaded = load_tls_identity(dir.path() + "/cert.pem", dir.path() + "/key.pem");
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(check_tls_identity(*loaded, checked_at));
  EXPECT_FALSE(load_tls_identity(dir.path() + "/cert.pem", dir.path() + "/none.pem"));
}

TEST(Tls, a_name_that_is_none_is_an_error) {
  DemoPair demo;
  EXPECT_FALSE(make_server_certificate(demo.authority, {}, checked_at, 7));
  EXPECT_FALSE(make_server_certificate(demo.authority, {"999.0.0.1"}, checked_at, 7));
  EXPECT_FALSE(make_server_certificate({"", ""}, {"localhost"}, checked_at, 7));
}

}  // namespace
}  // namespace ginnel
