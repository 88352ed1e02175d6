// SPDX-License-Identifier: Apache-2.0
// The root key as systemd hands it to one service: a file of exactly 32 bytes under $CREDENTIALS_DIRECTORY, decrypted
// from what systemd-creds sealed to this machine (DESIGN 13). Nothing of it is ever written by us.
//
// SECURITY: what is not plainly such a file is refused: a link, something that is no file, another size, a file that
// others may read or the group may write, another owner than root or ourselves, 32 times the same byte.
//
// Thread: any; blocks. Failure: `no-credential` (systemd gave none), `bad-credential` (it gave something else).
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/store/root_key.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t credential_name_bytes_max = 64;
}  // namespace limits

// Letters, digits, '.', '-' and '_', a letter or digit first: nothing that could lead out of the directory.
bool is_credential_name(std::string_view name);

// `directory` is $CREDENTIALS_DIRECTORY; empty: this process has none.
Expected<UnlockedRoot> open_credential_root(const std::string& directory, const std::string& name);

// What an operator does so that there is one: two commands, for errors and for the guide.
std::string how_to_make_credential(const std::string& name);

}  // namespace ginnel
