// SPDX-License-Identifier: Apache-2.0
// Bytes of a store that somebody changed: entry headers and bodies, accounts, sessions.
#include "node/people/people_codec.h"
#include "node/store/codec.h"
#include "node/store/index_rows.h"
#include "node/store/ledger.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const ByteView bytes(data, size);
  if (auto header = decode_header(bytes)) (void)open_entry(*header, bytes, SecretKey());
  if (auto body = decode_genesis(bytes)) (void)encode(*body);
  if (auto body = decode_person_version(bytes)) (void)encode(*body);
  if (auto body = decode_access(bytes)) (void)encode(*body);
  if (auto body = decode_import_run(bytes)) (void)encode(*body);
  if (auto body = decode_rejected_row(bytes)) (void)encode(*body);
  if (auto body = decode_adopted(bytes)) (void)encode(*body);
  if (auto body = decode_operator_act(bytes)) (void)encode(*body);
  if (auto body = decode_tombstone(bytes)) (void)encode(*body);
  if (auto body = decode_merge(bytes)) (void)encode(*body);
  if (auto body = decode_unmerge(bytes)) (void)encode(*body);
  if (auto body = decode_marking(bytes)) (void)encode(*body);
  if (auto body = decode_task(bytes)) (void)encode(*body);
  if (auto body = decode_allocation(bytes)) (void)encode(*body);
  if (auto body = decode_attachment_kept(bytes)) (void)encode(*body);
  if (auto body = decode_consent(bytes)) (void)encode(*body);
  if (auto body = decode_refusal(bytes)) (void)encode(*body);
  if (auto body = decode_retention(bytes)) (void)encode(*body);
  if (auto body = decode_process_entry(bytes)) (void)encode(*body);
  if (auto body = decode_transfer_entry(bytes)) (void)encode(*body);
  if (auto account = decode_account(bytes)) (void)encode(*account);
  if (auto session = decode_session(bytes)) (void)encode(*session);
  (void)index_rows::decode_person_head(bytes);
  (void)index_rows::decode_link(bytes.first(std::min<std::size_t>(bytes.size(), 16)), bytes);
  return 0;
}
