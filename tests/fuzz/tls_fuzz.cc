// SPDX-License-Identifier: Apache-2.0
// Certificates and keys that an operator brings, as PEM: refused with a reason, or good for a time that is told.
#include "federation/base/check.h"
#include "node/web/tls.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const auto authority = *make_demo_authority("fuzz", Instant{1'795'000'000'000}, 30);
  for (const TlsIdentity& identity : {TlsIdentity{text, text}, TlsIdentity{text, authority.private_key_pem},
                                      TlsIdentity{authority.certificate_chain_pem, text}}) {
    auto expires = check_tls_identity(identity, Instant{1'795'000'000'000});
    if (!expires) CHECK(expires.error().code == "bad-certificate" && !expires.error().why.empty());
  }
  return 0;
}
