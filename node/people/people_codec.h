// SPDX-License-Identifier: Apache-2.0
// Accounts and sessions as bytes for the store's sealed side tables (docs/formats/people.md).
//
// Thread: any; pure. Bytes hold hashes of passwords and second-factor secrets: seal them. A session's token is not in
// them. Failure: `bad-account`, `bad-session` for bytes that the encoder would not have made.
#pragma once

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "node/people/account.h"

namespace ginnel {

Bytes encode(const Account& account);
Expected<Account> decode_account(ByteView bytes);

Bytes encode(const Session& session);
Expected<Session> decode_session(ByteView bytes);  // token is empty

}  // namespace ginnel
