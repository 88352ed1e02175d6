// SPDX-License-Identifier: Apache-2.0
#include "node/process/process_heads.h"

#include "federation/wire/limits.h"

namespace ginnel {

Expected<std::optional<IssuedHead>> ProcessHeads::issue(const PersonRef& person, const Identity& child, Turn& turn) {
  auto proved = book_.proved_for(person, turn);
  if (!proved) return tl::unexpected(proved.error());
  if (!*proved) return otherwise_ ? otherwise_->issue(person, child, turn) : std::optional<IssuedHead>();

  IssuedHead issued;
  random_.fill(issued.salt);
  issued.head.process = (*proved)->process;
  issued.head.lead = lead_;
  issued.head.lead_epoch = (*proved)->epoch;
  issued.head.number = turn.tree_head().size + 1;
  issued.head.definition = (*proved)->facts.definition;
  issued.head.edition = (*proved)->facts.edition;
  issued.head.state = (*proved)->facts.state;
  issued.head.proves = (*proved)->facts.proves;
  issued.head.child_commitments = commitments_of(child, issued.salt);
  issued.head.issued_at = turn.now();
  issued.head.expires = turn.now() + limits::process_head_life_ms_max;
  const SealKey key = key_();
  auto signed_head = issue_head(issued.head, key.key, key.number);
  if (!signed_head) return tl::unexpected(signed_head.error());
  issued.signed_head = std::move(*signed_head);
  return std::optional<IssuedHead>(std::move(issued));
}

}  // namespace ginnel
