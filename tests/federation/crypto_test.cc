// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "federation/base/crypto/hash.h"
#include "federation/base/crypto/password.h"
#include "federation/base/crypto/seal.h"
#include "federation/base/crypto/sign.h"

namespace ginnel {
namespace {

SecretKey key_of(std::string_view hex) { return *SecretKey::from(*from_hex(hex)); }

TEST(Crypto, sha256_and_hmac_give_the_published_values) {
  // FIPS 180-4 example "abc"; RFC 4231 test case 2.
  EXPECT_EQ(to_hex(sha256(view_of("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({view_of("a"), view_of("bc")}), sha256(view_of("abc")));
  EXPECT_EQ(to_hex(hmac_sha256(view_of("Jefe"), view_of("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // Test case 6: a key that is longer than a block; and one of no bytes.
  const Bytes long_key(131, 0xaa);
  EXPECT_EQ(
      to_hex(hmac_sha256(long_key, {view_of("Test Using Larger Than Block-Size Key"), view_of(" - Hash Key First")})),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(to_hex(hmac_sha256({}, ByteView())), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Crypto, ed25519_signs_as_rfc_8032_says) {
  // RFC 8032 section 7.1 test 1: the public key of the seed.
  auto key = SigningKey::from_seed(key_of("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  EXPECT_EQ(to_hex(key.public_key), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST(Crypto, a_signature_holds_for_its_domain_bytes_and_key_only) {
  SeededRandom random(1);
  auto key = SigningKey::make(random), other = SigningKey::make(random);
  auto signature = sign(key, "ginnel message v1", view_of("hello"));
  EXPECT_TRUE(verify(key.public_key, "ginnel message v1", view_of("hello"), signature));
  EXPECT_FALSE(verify(key.public_key, "ginnel directory v1", view_of("hello"), signature));
  EXPECT_FALSE(verify(key.public_key, "ginnel message v1", view_of("hullo"), signature));
  EXPECT_FALSE(verify(other.public_key, "ginnel message v1", view_of("hello"), signature));
  EXPECT_FALSE(verify(key.public_key, "ginnel message v1", view_of("hello"), ByteView(signature).first(63)));
}

TEST(Crypto, what_is_sealed_opens_only_whole_with_its_key_and_context) {
  SeededRandom random(2);
  auto key = SecretKey::make(random), other = SecretKey::make(random);
  auto sealed = seal(key, view_of("was not brought"), view_of("header"), random);
  EXPECT_EQ(text_of(*open_sealed(key, sealed, view_of("header"))), "was not brought");
  EXPECT_FALSE(open_sealed(other, sealed, view_of("header")));
  EXPECT_FALSE(open_sealed(key, sealed, view_of("headers")));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] ^= 1;
    EXPECT_FALSE(open_sealed(key, changed, view_of("header"))) << i;
    EXPECT_FALSE(open_sealed(key, ByteView(sealed).first(i), view_of("header"))) << i;
  }
  EXPECT_TRUE(open_sealed(key, seal(key, {}, {}, random), {})->empty());
}

TEST(Crypto, derived_keys_differ_by_label) {
  SeededRandom random(3);
  auto root = SecretKey::make(random);
  EXPECT_EQ(derive_key(root, "index"), derive_key(root, "index"));
  EXPECT_FALSE(derive_key(root, "index") == derive_key(root, "session"));
}

TEST(Crypto, passwords_match_their_hash_only) {
  PasswordCost cheap{1, std::size_t{8} << 20};
  auto encoded = hash_password("correct horse", cheap);
  EXPECT_TRUE(password_matches("correct horse", encoded));
  EXPECT_FALSE(password_matches("correct horsf", encoded));
  EXPECT_FALSE(password_matches("correct horse", "not a hash"));
  EXPECT_FALSE(key_from_passphrase("x", view_of("short"), cheap));
}

}  // namespace
}  // namespace ginnel
