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
  return Start{std::move(*config), std::move(bundle)};
}

}  // namespace ginnel
