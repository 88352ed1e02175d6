// SPDX-License-Identifier: Apache-2.0
#include "node/start.h"

namespace ginnel {

tl::expected<Start, std::vector<Error>> read_start(const std::filesystem::path& dir) {
  std::shared_ptr<const Bundle> bundle;
  std::optional<Error> bundle_error;
  auto config = read_config(dir, [&](const std::filesystem::path& folder) -> const Vocabulary* {
    auto read = read_bundle(folder);
    if (!read) {
      bundle_error = read.error();
      return nullptr;
    }
    bundle = std::move(*read);
    return &bundle->vocabulary;
  });
  std::vector<Error> errors;
  if (!config) errors = std::move(config.error());
  if (bundle_error) errors.push_back(std::move(*bundle_error));
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  if (!config->own_policies.empty()) {
    auto both = read_own_policies(config->own_policies, bundle);
    if (!both) return tl::unexpected(std::vector<Error>{both.error()});
    bundle = std::move(*both);
  }
  return Start{std::move(*config), std::move(bundle)};
}

Expected<std::shared_ptr<const Bundle>> read_policies(const NodeConfig& config) {
  auto agreement = read_bundle(config.policies);
  if (!agreement || config.own_policies.empty()) return agreement;
  return read_own_policies(config.own_policies, *agreement);
}

}  // namespace ginnel
