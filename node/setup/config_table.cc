// SPDX-License-Identifier: Apache-2.0
#include "node/setup/config_table.h"

#include <filesystem>
#include <fstream>

namespace ginnel {

std::optional<std::string> read_text_file(const std::string& path, std::size_t bytes_max, ConfigMistakes& mistakes) {
  std::error_code error;
  std::uintmax_t size = std::filesystem::file_size(path, error);
  std::ifstream in(path, std::ios::binary);
  if (error || !in) {
    mistakes.add(0, "there is no such file, or it cannot be read", "check the path and its permissions");
    return std::nullopt;
  }
  if (size > bytes_max) {
    mistakes.add(0, "it is longer than " + std::to_string(bytes_max) + " bytes", "check that this is the right file");
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace ginnel
