// SPDX-License-Identifier: Apache-2.0
#include "node/setup/systemd_credential.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "node/store/descriptor.h"

namespace ginnel {
namespace {

constexpr mode_t forbidden_bits = S_IWGRP | S_IXGRP | S_IRWXO | S_IXUSR;

tl::unexpected<Error> bad(const std::string& name, std::string why) {
  return fail("bad-credential", "cannot take the root key from the credential `" + name + "`", std::move(why),
              how_to_make_credential(name));
}

tl::unexpected<Error> none(const std::string& name, std::string why) {
  return fail("no-credential", "cannot take the root key from the credential `" + name + "`", std::move(why),
              how_to_make_credential(name));
}

bool is_owned_well(const struct stat& file) { return file.st_uid == 0 || file.st_uid == ::geteuid(); }

}  // namespace

bool is_credential_name(std::string_view name) {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= limits::credential_name_bytes_max && letter_or_digit(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter_or_digit(c) || c == '.' || c == '-' || c == '_'; });
}

Expected<UnlockedRoot> open_credential_root(const std::string& directory, const std::string& name) {
  if (!is_credential_name(name)) return bad(name, "that is no name of a credential");
  if (directory.empty())
    return none(name, "$CREDENTIALS_DIRECTORY is not set: systemd did not start this command, or gave it none");
  const Descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  struct stat seen {};
  if (folder.get() < 0 || ::fstat(folder.get(), &seen) != 0)
    return none(name, "$CREDENTIALS_DIRECTORY is no folder that can be read");
  if (!is_owned_well(seen) || (seen.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return bad(name, "others can put files into $CREDENTIALS_DIRECTORY");

  // Not waiting: a pipe of that name must not hold the start up.
  const Descriptor file(::openat(folder.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0 && errno == ENOENT) return none(name, "$CREDENTIALS_DIRECTORY holds no file of that name");
  if (file.get() < 0 && errno == ELOOP) return bad(name, "it is a symbolic link");
  if (file.get() < 0 || ::fstat(file.get(), &seen) != 0) return bad(name, std::generic_category().message(errno));
  if (!S_ISREG(seen.st_mode)) return bad(name, "it is no file");
  // The group's read bit is the mask of the access list by which systemd lets the service's user in.
  if (!is_owned_well(seen) || (seen.st_mode & forbidden_bits) != 0)
    return bad(name, "others can read or change it, or it belongs to another user");
  if (seen.st_size != off_t(SecretKey::size))
    return bad(name, "it has " + std::to_string(seen.st_size) + " bytes, and a root key has " +
                         std::to_string(SecretKey::size));

  std::array<std::uint8_t, SecretKey::size + 1> bytes{};
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t now = ::read(file.get(), bytes.data() + got, bytes.size() - got);
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) break;
    got += std::size_t(now);
  }
  const bool whole = got == SecretKey::size;
  const bool plain = std::all_of(bytes.begin(), bytes.begin() + SecretKey::size, [&](auto b) { return b == bytes[0]; });
  const auto key = SecretKey::from(ByteView(bytes).first(SecretKey::size));
  wipe(bytes.data(), bytes.size());
  if (!whole || !key) return bad(name, "it changed while it was read");
  if (plain) return bad(name, "all its bytes are the same, so it was not made by chance");
  return UnlockedRoot{*key, "systemd-credential", ""};
}

std::string how_to_make_credential(const std::string& name) {
  return "make it once, as root: head -c 32 /dev/urandom | systemd-creds encrypt --name=" + name +
         " - /etc/credstore.encrypted/" + name + "\nand start this command so that it gets it: in the unit " +
         "LoadCredentialEncrypted=" + name +
         ", by hand systemd-run --pty --uid=USER -p LoadCredentialEncrypted=" + name + " ginnel ...";
}

}  // namespace ginnel
