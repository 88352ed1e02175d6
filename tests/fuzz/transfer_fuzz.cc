// SPDX-License-Identifier: Apache-2.0
// Transfers from anybody, and the file that goes with one: what reads is written and read as the same, and a log takes
// what it is given or leaves it.
#include "federation/base/check.h"
#include "federation/transfer/transfer_log.h"
#include "federation/wire/signed.h"
#include "federation/wire/transfer_manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const ByteView bytes{data, size};
  if (auto statement = decode_statement(bytes)) {
    CHECK(decode_statement(encode_statement(*statement)).value() == *statement);
    TransferLog log;
    const SignedAct said{*statement, signed_digest(bytes), copy_of(bytes)};
    if (log.add(said)) {
      CHECK(log.state() == TransferState::offered && log.lead() == statement->by);
      CHECK(log.add(said));  // again: held already
      // What the same bytes would say for the other side is refused.
      CHECK(log.by_receiver().empty());
    }
  }
  if (auto message = decode_transfer(bytes)) {
    CHECK(decode_transfer(encode_transfer(*message)).value() == *message);
    TransferLog log;
    for (const auto* list : {&message->originator, &message->receiver})
      for (const auto& one : *list) {
        const auto said = read_kept_statement(one);
        const TransferLog before = log;
        if (said && !log.add(*said)) CHECK(log == before);
      }
    if (log.is_offered()) CHECK(!log.accountable().empty());
  }
  if (auto held = decode_recalled(bytes)) CHECK(decode_recalled(encode_recalled(*held)).value() == *held);
  (void)decode_recall(bytes);
  if (auto manifest = decode_manifest(bytes)) CHECK(decode_manifest(encode_manifest(*manifest)).value() == *manifest);
  if (auto child = decode_child_part(bytes))
    CHECK(decode_child_part(encode_child_part(*child).value()).value() == *child);
  if (auto process = decode_process_part(bytes))
    CHECK(decode_process_part(encode_process_part(*process)).value() == *process);
  return 0;
}
