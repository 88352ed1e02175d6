// SPDX-License-Identifier: Apache-2.0
#include "federation/base/crypto/seal.h"

#include <openssl/evp.h>

#include <memory>

#include "federation/base/check.h"

namespace ginnel {
namespace {

struct ContextDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// Made once a thread: fetching the cipher and allocating a context cost more than sealing a small entry.
EVP_CIPHER_CTX* context() {
  thread_local std::unique_ptr<EVP_CIPHER_CTX, ContextDeleter> kept(EVP_CIPHER_CTX_new());
  CHECK(kept != nullptr);
  return kept.get();
}

const EVP_CIPHER* cipher() {
  static const EVP_CIPHER* fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  CHECK(fetched != nullptr);
  return fetched;
}

}  // namespace

Bytes seal(const SecretKey& key, ByteView plaintext, ByteView also, Random& random) {
  Bytes out(seal_overhead_bytes + plaintext.size());
  random.fill({out.data(), seal_nonce_bytes});
  auto* c = context();
  int written = 0;
  bool good = EVP_EncryptInit_ex2(c, cipher(), key.bytes().data(), out.data(), nullptr) == 1;
  if (!also.empty()) good = good && EVP_EncryptUpdate(c, nullptr, &written, also.data(), int(also.size())) == 1;
  if (!plaintext.empty())
    good = good &&
           EVP_EncryptUpdate(c, out.data() + seal_nonce_bytes, &written, plaintext.data(), int(plaintext.size())) == 1;
  good = good && EVP_EncryptFinal_ex(c, out.data() + out.size() - seal_tag_bytes, &written) == 1;
  good = good && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, int(seal_tag_bytes),
                                     out.data() + out.size() - seal_tag_bytes) == 1;
  CHECK(good);  // AES-GCM in memory fails only when OpenSSL itself is broken
  return out;
}

std::optional<Bytes> open_sealed(const SecretKey& key, ByteView sealed, ByteView also) {
  if (sealed.size() < seal_overhead_bytes) return std::nullopt;
  const std::size_t length = sealed.size() - seal_overhead_bytes;
  Bytes out(length);
  Bytes tag(sealed.end() - seal_tag_bytes, sealed.end());
  auto* c = context();
  int written = 0;
  bool good = EVP_DecryptInit_ex2(c, cipher(), key.bytes().data(), sealed.data(), nullptr) == 1;
  if (!also.empty()) good = good && EVP_DecryptUpdate(c, nullptr, &written, also.data(), int(also.size())) == 1;
  if (length > 0)
    good = good && EVP_DecryptUpdate(c, out.data(), &written, sealed.data() + seal_nonce_bytes, int(length)) == 1;
  good = good && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, int(seal_tag_bytes), tag.data()) == 1;
  std::uint8_t nothing[16];
  good = good && EVP_DecryptFinal_ex(c, nothing, &written) == 1;
  if (!good) {
    wipe(out.data(), out.size());
    return std::nullopt;
  }
  return out;
}

}  // namespace ginnel
