// SPDX-License-Identifier: Apache-2.0
// The receiving side of notices: each is taken once, and whoever sends it again gets the stored receipt again.
//
// Sans-I/O. The effect, the fact that it was taken and the receipt are writes of the caller's turn: one commit, after
// which the receipts leave. Thread: the loop. Failure: an Error is the journal's, and the turn must not be kept.
#pragma once

#include <optional>
#include <vector>

#include "federation/wire/notice.h"

namespace ginnel {

class Inbox {
 public:
  virtual ~Inbox() = default;
  // The receipt that names the notice as taken, as it was signed then; nothing: it was not taken.
  virtual Expected<std::optional<Bytes>> stored_receipt(const MemberId& from, const NoticeId& id) = 0;
  // `taken`: the effect is written. `refused` writes nothing, and nor does `later`.
  virtual Expected<Outcome> take(const MemberId& from, const Notice& notice) = 0;
  virtual Expected<Bytes> sign(const Receipt& receipt) = 0;
  // Keeps the receipt as evidence, to be found by the id of each notice that it names as taken.
  virtual Expected<void> keep(const MemberId& from, const Receipt& receipt, ByteView signed_receipt) = 0;
};

// The receipts to answer with, each the payload of one message.
Expected<std::vector<Bytes>> take_notices(const MemberId& from, const MemberId& me, const std::vector<Notice>& notices,
                                          Instant now, Inbox& inbox);

}  // namespace ginnel
