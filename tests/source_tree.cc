// SPDX-License-Identifier: Apache-2.0
#include "tests/source_tree.h"

#include <fstream>
#include <iterator>

namespace ginnel {

const std::filesystem::path& source_tree() {
  static const std::filesystem::path tree(GINNEL_SOURCE_DIR);
  return tree;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace ginnel
