// SPDX-License-Identifier: Apache-2.0
#include "node/setup/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace ginnel {
namespace {

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(std::size_t(written));
  }
  return ::fsync(fd) == 0;
}

Expected<void> replace(const std::filesystem::path& file, std::string_view content, mode_t mode) {
  std::string beside = file.string() + ".new-XXXXXX";
  int fd = ::mkostemp(beside.data(), O_CLOEXEC);  // 0600 from the start
  bool good = fd >= 0 && write_all(fd, content) && ::fchmod(fd, mode) == 0;
  if (fd >= 0 && ::close(fd) != 0) good = false;
  if (good && ::rename(beside.c_str(), file.c_str()) == 0) return {};
  std::string why = std::strerror(errno);
  if (fd >= 0) ::unlink(beside.c_str());
  return fail("unwritable", "cannot write " + file.string(), why,
              "check the folder's permissions and the disk's space");
}

}  // namespace

Expected<void> write_private_file(const std::filesystem::path& file, std::string_view content) {
  return replace(file, content, 0600);
}

Expected<void> write_file(const std::filesystem::path& file, std::string_view content) {
  return replace(file, content, 0644);
}

}  // namespace ginnel
