// SPDX-License-Identifier: Apache-2.0
#include "node/setup/unlock.h"

#include <cstdlib>

#include "node/setup/systemd_credential.h"

namespace ginnel {
namespace {

Expected<UnlockedRoot> take_credential(const NodeConfig& config) {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  return open_credential_root(directory ? directory : "", config.root_key_credential);
}

// Gives the passphrase to `use` and wipes it.
template <class Use>
Expected<UnlockedRoot> with_passphrase(const AskPassphrase& ask, Use use) {
  auto passphrase = ask();
  if (!passphrase) return tl::unexpected(passphrase.error());
  auto root = use(*passphrase);
  wipe(passphrase->data(), passphrase->size());
  return root;
}

}  // namespace

Expected<UnlockedRoot> make_root_key(const NodeConfig& config, const AskPassphrase& ask, Random& random) {
  if (config.root_key == RootKeyMethod::demo_file) return make_demo_root(config.root_key_file, random);
  if (config.root_key == RootKeyMethod::systemd_credential) return take_credential(config);
  return with_passphrase(
      ask, [&](const std::string& text) { return make_passphrase_root(config.root_key_file, text, random); });
}

Expected<UnlockedRoot> unlock(const NodeConfig& config, const AskPassphrase& ask) {
  if (config.root_key == RootKeyMethod::demo_file) return open_demo_root(config.root_key_file);
  if (config.root_key == RootKeyMethod::systemd_credential) return take_credential(config);
  return with_passphrase(ask,
                         [&](const std::string& text) { return open_passphrase_root(config.root_key_file, text); });
}

}  // namespace ginnel
