// SPDX-License-Identifier: Apache-2.0
#include "tests/source_tree.h"

namespace ginnel {

const std::filesystem::path& source_tree() {
  static const std::filesystem::path tree(GINNEL_SOURCE_DIR);
  return tree;
}

}  // namespace ginnel
