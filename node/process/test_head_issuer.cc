// SPDX-License-Identifier: Apache-2.0
#include "node/process/test_head_issuer.h"

#include "federation/wire/limits.h"

namespace ginnel {
namespace {

Bytes row_key(const PersonRef& person) { return copy_of(view_of("head/" + person.hex())); }

void renew(ProcessHead& head, const Identity& child, const Salt& salt, Instant now) {
  head.supersedes = head.number;
  head.number += 1;
  head.issued_at = now;
  head.expires = now + limits::process_head_life_ms_max;
  head.child_commitments = commitments_of(child, salt);
}

}  // namespace

Expected<void> TestHeadIssuer::open(const PersonRef& person, const Identity& child, const ProcessHead& plan,
                                    Turn& turn) {
  ProcessHead opened = plan;
  opened.process = ProcessId::make(random_);
  opened.lead = lead_;
  opened.lead_epoch = 1;
  opened.number = 0;
  Salt salt;
  random_.fill(salt);
  renew(opened, child, salt, turn.now());
  return turn.put_side(SideTable::settings, row_key(person), encode_head(opened));
}

Expected<std::optional<IssuedHead>> TestHeadIssuer::issue(const PersonRef& person, const Identity& child, Turn& turn) {
  // A head opened on one of two people who were merged since is a head on both.
  auto merged = turn.merged_with(person);
  if (!merged) return tl::unexpected(merged.error());
  PersonRef opened_on;
  Expected<std::optional<Bytes>> row;
  for (auto one = merged->begin(); one != merged->end() && !(row && *row); ++one) {
    row = turn.side(SideTable::settings, row_key(opened_on = *one));
    if (!row) return tl::unexpected(row.error());
  }
  if (!*row) return std::optional<IssuedHead>();
  auto head = decode_head(**row);
  if (!head) return tl::unexpected(head.error());

  IssuedHead issued;
  random_.fill(issued.salt);
  renew(*head, child, issued.salt, turn.now());
  const SealKey key = key_();
  auto signed_head = issue_head(*head, key.key, key.number);
  if (!signed_head) return tl::unexpected(signed_head.error());
  if (auto kept = turn.put_side(SideTable::settings, row_key(opened_on), encode_head(*head)); !kept)
    return tl::unexpected(kept.error());
  issued.head = std::move(*head);
  issued.signed_head = std::move(*signed_head);
  return std::optional<IssuedHead>(std::move(issued));
}

}  // namespace ginnel
