// SPDX-License-Identifier: Apache-2.0
#include "federation/base/crypto/hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>

#include "federation/base/check.h"

namespace ginnel {

Hash sha256(ByteView data) { return sha256({data}); }

// OpenSSL's, which uses the processor's SHA instructions: 64 KiB in 46 us where libsodium's takes 440.
Hash sha256(std::initializer_list<ByteView> parts) {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  struct Freed {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Freed> context(EVP_MD_CTX_new());
  Hash out;
  bool good = EVP_DigestInit_ex2(context.get(), md, nullptr) == 1;
  for (auto part : parts) good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  good = good && EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1;
  CHECK(good);  // SHA-256 in memory fails only when OpenSSL itself is broken
  return out;
}

Hash hmac_sha256(ByteView key, ByteView data) { return hmac_sha256(key, {data}); }

// OpenSSL's as well: 32 bytes in 1.1 us where libsodium's takes 3.3. Every row of an index begins with one.
Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  struct Freed {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MAC_CTX, Freed> context([] {
    std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr), &EVP_MAC_free);
    EVP_MAC_CTX* made = EVP_MAC_CTX_new(mac.get());
    char digest[] = "SHA256";
    const OSSL_PARAM which[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                OSSL_PARAM_construct_end()};
    CHECK(made != nullptr && EVP_MAC_CTX_set_params(made, which) == 1);
    return made;
  }());
  Hash out;
  // A key of no bytes would be taken for "the key of before".
  const std::uint8_t none = 0;
  bool good =
      EVP_MAC_init(context.get(), key.empty() ? &none : key.data(), std::max<std::size_t>(key.size(), 1), nullptr) == 1;
  for (auto part : parts) good = good && EVP_MAC_update(context.get(), part.data(), part.size()) == 1;
  std::size_t size = 0;
  good = good && EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1 && size == out.size();
  CHECK(good);
  return out;
}

SecretKey derive_key(const SecretKey& key, std::string_view label) {
  CHECK(!label.empty() && label.size() < 200);
  // RFC 5869 section 2.3 with one block: T(1) = HMAC(PRK, info || 0x01). The input key is uniform, so extract is not
  // needed (section 3.3).
  const std::uint8_t one = 1;
  Hash block = hmac_sha256(key.bytes(), {view_of(label), ByteView(&one, 1)});
  SecretKey out;
  std::copy(block.begin(), block.end(), out.storage().begin());
  wipe(block.data(), block.size());
  return out;
}

}  // namespace ginnel
