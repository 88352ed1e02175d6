// SPDX-License-Identifier: Apache-2.0
// The certificates by which browsers know a node's pages. Peers do not use them: between nodes stands CURVE.
//
// Thread: any. An agency brings its own certificate as PEM; the demo makes an authority and a certificate per node.
// Keys are EC P-256, signatures ECDSA with SHA-256. Error: `bad-certificate`, with OpenSSL's reason.
#pragma once

#include <string>
#include <vector>

#include "federation/base/error.h"
#include "federation/base/time.h"

namespace ginnel {

// Both PEM. The chain starts with the node's own certificate. The key is a secret: files that hold it are 0600.
struct TlsIdentity {
  std::string certificate_chain_pem;
  std::string private_key_pem;
};

// How long a certificate is good that nobody else issued.
inline constexpr int made_certificate_days = 397;

// A certification authority for a demo or a test: whoever trusts it trusts whoever holds its key.
Expected<TlsIdentity> make_demo_authority(const std::string& common_name, Instant now, int days);

// A server certificate from that authority. `names` are host names or IPv4 addresses; the demo uses 127.0.0.1 and
// localhost. The first is the subject's common name.
Expected<TlsIdentity> make_server_certificate(const TlsIdentity& authority, const std::vector<std::string>& names,
                                              Instant now, int days);

// The pair is readable, the key belongs to the first certificate, and the certificate is valid at `now`.
Expected<Instant> check_tls_identity(const TlsIdentity& identity, Instant now);  // when it expires

// From PEM files.
Expected<TlsIdentity> load_tls_identity(const std::string& certificate_chain_file, const std::string& private_key_file);

}  // namespace ginnel
