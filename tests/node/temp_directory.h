// SPDX-License-Identifier: Apache-2.0
// A directory that goes with the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "federation/base/check.h"

namespace ginnel {

class TempDirectory {
 public:
  TempDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "ginnel-test-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDirectory(const TempDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace ginnel
