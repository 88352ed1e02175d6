// SPDX-License-Identifier: Apache-2.0
#include "node/web/embedded.h"

namespace ginnel {

std::string_view embedded_file(std::string_view name) {
  for (const auto& file : embedded_files())
    if (file.name == name) return file.bytes;
  return {};
}

}  // namespace ginnel
