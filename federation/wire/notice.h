// SPDX-License-Identifier: Apache-2.0
// Notices and receipts: what one member tells another unasked, and the signed proof that it arrived (DESIGN 10).
//
// Failure: decoding gives `bad-payload`, naming the field and never its value; encoding `too-long` or `bad-text`.
// Limits: limits::notice_*. The rules stand in federation/wire/notice.capnp.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/directory/directory.h"
#include "federation/wire/answer.h"
#include "federation/wire/contact.h"
#include "federation/wire/notice_id.h"
#include "federation/wire/step.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t notices_per_message_max = 64;
// Of a message's notices, as guessed from above before it is encoded; what is left of a frame is the envelope's.
inline constexpr std::size_t notice_message_bytes_max = payload_bytes_max;
inline constexpr std::size_t receipt_bytes_max = 4 << 10;  // 64 lines, signed
}  // namespace limits

namespace domain {
inline constexpr std::string_view receipt = "ginnel receipt v1";
}  // namespace domain

struct Notice {
  NoticeId id;
  std::uint64_t number = 0;        // counts the notices of this sender to this recipient, from 1
  AskId ask;                       // by which both know the child
  bool asked_by_sender = false;    // otherwise the recipient asked
  std::string kind;                // word of the list `notice_kind`
  Instant at;                      // when the sender wrote it down
  RecordId record;                 // the sender's record that it is about; empty: none
  RecordId replaces;               // told to the recipient before, and no longer so; empty: none
  Step step = Step::none;          // how much of `record` is told
  std::optional<Item> item;        // at headline and above
  std::string category;            // as named to the recipient; may be empty
  std::string reason;              // why not more, or why it was withdrawn
  Contact contact;                 // whom to ring
  std::set<std::string> markings;  // on the child, for the recipient's own decision
  bool operator==(const Notice&) const = default;
};

enum class Outcome : std::uint8_t { taken, refused, later };
std::string_view name_of(Outcome outcome);  // "taken"

struct ReceiptLine {
  NoticeId notice;
  Outcome outcome = Outcome::taken;
  bool operator==(const ReceiptLine&) const = default;
};

struct Receipt {
  MemberId to;  // whose notices they were
  MemberId by;
  Instant at;
  std::vector<ReceiptLine> lines;
  bool operator==(const Receipt&) const = default;
};

// 1 to limits::notices_per_message_max, by rising number.
Expected<Bytes> encode_notices(const std::vector<Notice>& notices);
Expected<std::vector<Notice>> decode_notices(ByteView payload);
// Not less than what the notice adds to a message.
std::size_t notice_bytes_at_most(const Notice& notice);

// The bytes of the inner Signed.
Expected<Bytes> encode_receipt(const Receipt& receipt);
Expected<Receipt> decode_receipt(ByteView bytes);

// The payload of kind receipt: an encoded Signed.
Expected<Bytes> sign_receipt(const Receipt& receipt, const SigningKey& key, std::uint32_t key_number);
// `bad-payload`, `receipt-key-unknown`, `receipt-forged`, `receipt-not-ours`. `from` is who sent it, `me` whose notices
// it is about; the key must be one that `from` uses at `now`.
Expected<Receipt> verify_receipt(ByteView signed_receipt, const MemberId& from, const MemberId& me,
                                 const DirectoryBook& book, Instant now);

}  // namespace ginnel
