// SPDX-License-Identifier: Apache-2.0
// The root key: without it nothing starts and nothing is readable (DESIGN 13).
//
// From a passphrase (here), with a file that holds salt, cost and a check value; or, in a demonstration, from a file
// that holds the key itself; or from two of three shares, with a file that holds a check value; or as a credential of
// systemd (node/setup/systemd_credential.h). Files are made readable by their owner only, written through to the disk,
// and never overwritten.
//
// Thread: a worker's or a command's: Argon2id takes tens of milliseconds.
// Failure: `file-exists`, `no-root-key-file`, `bad-root-key-file`, `wrong-passphrase`, `weak-passphrase`, `io-failed`.
// Each unlock is a ledger entry: the caller appends it with the method's name.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "federation/base/clock.h"
#include "federation/base/crypto/password.h"
#include "federation/base/crypto/secret.h"
#include "federation/base/error.h"
#include "node/store/key_shares.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t root_key_file_bytes_max = 4096;
inline constexpr std::size_t passphrase_bytes_min = 12;
inline constexpr std::size_t passphrase_bytes_max = 1024;
inline constexpr unsigned long long root_key_passes_max = 64;  // that a file may ask of us
inline constexpr std::size_t root_key_memory_bytes_max = std::size_t{4} << 30;
}  // namespace limits

struct UnlockedRoot {
  SecretKey key;
  std::string method;   // "passphrase", "demo-file", "key-shares", "systemd-credential"
  std::string warning;  // for standard error, loudly; empty: none
};

Expected<UnlockedRoot> make_passphrase_root(const std::filesystem::path& file, std::string_view passphrase,
                                            Random& random, PasswordCost cost = {});
Expected<UnlockedRoot> open_passphrase_root(const std::filesystem::path& file, std::string_view passphrase);

Expected<UnlockedRoot> make_demo_root(const std::filesystem::path& file, Random& random);
Expected<UnlockedRoot> open_demo_root(const std::filesystem::path& file);

struct SharedRoot {
  UnlockedRoot root;
  std::array<KeyShare, key_shares> shares;  // for three people; kept nowhere
};
Expected<SharedRoot> make_shared_root(const std::filesystem::path& file, Random& random);
// `bad-share` too, for shares that are not two different ones of this file's set.
Expected<UnlockedRoot> open_shared_root(const std::filesystem::path& file, const KeyShare& one, const KeyShare& other);

}  // namespace ginnel
