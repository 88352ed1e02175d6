// SPDX-License-Identifier: Apache-2.0
// Who signs a list of members at the command line: a trustee's running node, or the key file of a body without one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "federation/directory/papers.h"
#include "node/cli/command.h"

namespace ginnel {

struct Signer {
  MemberId me;
  TrustAnchor trust;
  std::optional<Directory> directory;  // held; none: the papers' own base counts
  Held held;
  std::function<Expected<Papers>(const Papers&, const std::vector<std::string>& approved, bool instead)> sign;
};

// From --dir, or --identity-key with --as and --trust. On failure everything is told; exit with the code.
tl::expected<Signer, ExitCode> signer_of(Invocation& call);

// From --identity-key, --as and --trust: a trustee without a node. On failure everything is told.
struct NamedSigner {
  MemberId me;
  TrustAnchor trust;
  SigningKey key;
};
tl::expected<NamedSigner, ExitCode> named_signer_of(Invocation& call);

// A usage error, told.
ExitCode told_usage(Invocation& call, std::string what, std::string why, std::string remedy);

}  // namespace ginnel
