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
Expected<UnlockedRoot> with_passphrase(const AskSecret& ask, Use use) {
  auto passphrase = ask(Secret::passphrase);
  if (!passphrase) return tl::unexpected(passphrase.error());
  auto root = use(*passphrase);
  wipe(passphrase->data(), passphrase->size());
  return root;
}

Expected<KeyShare> ask_share(const AskSecret& ask, Secret which) {
  auto text = ask(which);
  if (!text) return tl::unexpected(text.error());
  auto share = parse_share(*text);
  wipe(text->data(), text->size());
  return share;
}

Expected<UnlockedRoot> with_shares(const NodeConfig& config, const AskSecret& ask) {
  auto one = ask_share(ask, Secret::first_share);
  if (!one) return tl::unexpected(one.error());
  auto other = ask_share(ask, Secret::second_share);
  if (!other) return tl::unexpected(other.error());
  auto root = open_shared_root(config.root_key_file, *one, *other);
  wipe(one->value.data(), one->value.size());
  wipe(other->value.data(), other->value.size());
  return root;
}

Expected<MadeRoot> make_shares(const NodeConfig& config, Random& random) {
  auto made = make_shared_root(config.root_key_file, random);
  if (!made) return tl::unexpected(made.error());
  MadeRoot out{made->root, {}};
  for (KeyShare& share : made->shares) {
    out.shares.push_back(share_text(share));
    wipe(share.value.data(), share.value.size());
  }
  return out;
}

Expected<MadeRoot> without_shares(Expected<UnlockedRoot> root) {
  if (!root) return tl::unexpected(root.error());
  return MadeRoot{std::move(*root), {}};
}

}  // namespace

Expected<MadeRoot> make_root_key(const NodeConfig& config, const AskSecret& ask, Random& random) {
  switch (config.root_key) {
    case RootKeyMethod::demo_file:
      return without_shares(make_demo_root(config.root_key_file, random));
    case RootKeyMethod::systemd_credential:
      return without_shares(take_credential(config));
    case RootKeyMethod::key_shares:
      return make_shares(config, random);
    case RootKeyMethod::passphrase:
      break;
  }
  return without_shares(with_passphrase(
      ask, [&](const std::string& text) { return make_passphrase_root(config.root_key_file, text, random); }));
}

Expected<UnlockedRoot> unlock(const NodeConfig& config, const AskSecret& ask) {
  switch (config.root_key) {
    case RootKeyMethod::demo_file:
      return open_demo_root(config.root_key_file);
    case RootKeyMethod::systemd_credential:
      return take_credential(config);
    case RootKeyMethod::key_shares:
      return with_shares(config, ask);
    case RootKeyMethod::passphrase:
      break;
  }
  return with_passphrase(ask,
                         [&](const std::string& text) { return open_passphrase_root(config.root_key_file, text); });
}

}  // namespace ginnel
