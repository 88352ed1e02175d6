// SPDX-License-Identifier: Apache-2.0
// What two authorities say to each other when the lead moves: signed statements, and the messages that carry them.
//
// The rules of what may follow what are in federation/transfer/transfer_log.h; here is what one statement looks like.
//
// Thread: any; plain values. Failure: decode_* give `bad-payload`, naming the field and never its value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/crypto/sign.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/directory/directory.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t transfer_statements_max = 48;         // of one side in one transfer
inline constexpr std::size_t transfer_text_bytes_max = 1000;       // who has more to say writes a letter
inline constexpr std::size_t transfer_statement_bytes_max = 2560;  // signed; both sides' fit one message
inline constexpr std::size_t transfers_recalled_max = 4096;        // in one answer to a recall
}  // namespace limits

namespace domain {
inline constexpr std::string_view transfer = "ginnel transfer statement v1";
}  // namespace domain

// A closed set: changing it changes the wire format.
enum class TransferAct : std::uint8_t {
  none,
  offer,       // originator
  bundle,      // originator's node: what there is to fetch now
  cancel,      // originator
  release,     // originator; cannot be taken back
  discharged,  // originator's node: it holds the assumption, and is accountable no longer
  received,    // receiver's node: notified
  complete,    // receiver's node: it holds everything that the manifest names
  accept,      // receiver: it will hold the conference
  decline,     // receiver
  conference,  // receiver: it was held
  acceptance,  // receiver: of responsibility, in writing
  cancelled,   // receiver's node: acknowledges the cancellation
  assume,      // receiver: it leads from here on
  note,        // either: a word that changes nothing
};
std::string_view name_of(TransferAct said);  // "offer"
// Which of the two says it. A note: either.
bool is_originators(TransferAct said);
bool is_receivers(TransferAct said);
// What a node says by itself.
bool is_automatic(TransferAct said);

struct Offered {
  ProcessId process;
  std::uint64_t epoch = 0;  // of the lead that the originator has; the receiver's will be one higher
  MemberId to;
  std::string definition;
  std::string move;  // word of the list `move_kind`
  Hash child{};      // commit_to(): opened by the bundle
  bool operator==(const Offered&) const = default;
};

struct TransferStatement {
  TransferId transfer;
  TransferAct said = TransferAct::none;
  MemberId by;
  std::uint32_t number = 0;  // of `by`'s in this transfer, from 1
  Hash previous{};           // of `by`'s statement before; zero: none
  Hash seen{};               // of the other side's newest that `by` held; zero: none
  Instant at;                // not before that of either
  std::string who;           // name and role; empty: the node by itself
  std::string text;
  Offered offer;    // of an offer
  Hash manifest{};  // of bundle, complete, release, assume: of its bytes (wire/transfer_manifest.h)
  When held;        // of a conference
  bool operator==(const TransferStatement&) const = default;
};

// A statement that verified, as it came.
struct SignedAct {
  TransferStatement statement;
  Hash hash{};
  Bytes encoded;  // a Signed
  bool operator==(const SignedAct&) const = default;
};

// `bad-transfer-statement`: it is not as the schema asks.
Expected<SignedAct> sign_statement(const TransferStatement& statement, const SigningKey& key, std::uint32_t key_number);
// `bad-transfer-statement`, `transfer-key-unknown` (none that `by` uses at `now`), `transfer-forged`.
Expected<SignedAct> verify_statement(ByteView encoded, const DirectoryBook& book, Instant now);
// The same without a directory, of what was verified when it was kept.
Expected<SignedAct> read_kept_statement(ByteView encoded);

Bytes encode_statement(const TransferStatement& statement);
Expected<TransferStatement> decode_statement(ByteView bytes);

// All that the sender holds of one transfer.
struct TransferMessage {
  TransferId transfer;
  std::vector<Bytes> originator, receiver;  // encoded, by number
  bool wants_reply = false;                 // it does not know yet that the other holds all of its own
  bool operator==(const TransferMessage&) const = default;
};
Bytes encode_transfer(const TransferMessage& message);
Expected<TransferMessage> decode_transfer(ByteView payload);

Bytes encode_recall();
Expected<void> decode_recall(ByteView payload);

struct TransferHeld {
  TransferId transfer;
  std::uint32_t originator = 0, receiver = 0;  // statements
  bool operator==(const TransferHeld&) const = default;
};
// At most limits::transfers_recalled_max.
Bytes encode_recalled(const std::vector<TransferHeld>& transfers);
Expected<std::vector<TransferHeld>> decode_recalled(ByteView payload);

}  // namespace ginnel
