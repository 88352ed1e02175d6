// SPDX-License-Identifier: Apache-2.0
// Messages between members: sealed into frames of five sizes, opened in one fixed order (DESIGN 8).
//
// A frame is an encoded Signed whose bytes are an encoded header with padding and an opaque payload. Its length is
// exactly one of limits::frame_size_classes_bytes, so that a watcher learns a size class and nothing else.
//
// Thread: the loop. Failure: sealing fails only with `too-long`; opening gives a Drop, which is counted and forgotten.
// A message that is dropped has changed nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/crypto/sign.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/directory/directory.h"
#include "federation/wire/limits.h"

namespace ginnel {

// Version N talks to N-1; before version 1 there was none.
inline constexpr std::uint16_t protocol_version = 1;
constexpr std::uint16_t oldest_spoken_by(std::uint16_t version) {
  return version > 1 ? std::uint16_t(version - 1) : version;
}

// In which version a node that speaks `own` writes to a peer that said last that it speaks `peer` (0: it said nothing
// yet). The highest that both speak; before it is known, the one before, for both kinds of peer read that.
constexpr std::uint16_t version_to_write(std::uint16_t peer, std::uint16_t own = protocol_version) {
  const std::uint16_t oldest = oldest_spoken_by(own);
  if (peer <= oldest) return oldest;
  return peer < own ? peer : own;
}

// What a payload is. Numbers are never used twice; those without a codec yet are reserved and unsupported.
enum class Kind : std::uint16_t {
  none = 0,
  ask = 1,           // wire/ask.h
  answer = 2,        // wire/answer.h
  error = 3,         // wire/answer.h: Problem
  page_request = 4,  // wire/ask.h
  notice = 5,        // DESIGN 10
  receipt = 6,
  lookup = 7,  // DESIGN 9
  lookup_reply = 8,
  lookup_table = 9,
  directory = 10,      // wire/directory_codec.h: DirectoryPart
  key_statement = 11,  // an encoded Signed of a KeyStatement
  checkpoint = 12,     // DESIGN 6
  witness = 13,
  process_step = 14,          // DESIGN 11: what the lead ordered
  process_contribution = 15,  // what a participant adds
  process_replica = 16,       // the lead's signed state
  transfer = 17,              // wire/transfer.h
  transfer_recall = 18,
  transfer_recalled = 19,
  // 21 and 22 were kept for pages of a transfer, which kinds 23 and 24 carry: free, and never used again.
  file_request = 23,  // wire/file.h
  file_page = 24,
};
std::string_view name_of(Kind kind);  // "ask"; "unknown" for a number without a name
bool is_supported(Kind kind);         // this version has an engine for it

struct Header {
  std::uint16_t version = protocol_version;
  MemberId from, to;
  std::uint64_t from_incarnation = 0;  // the sender's count of restores
  std::uint64_t to_incarnation = 0;    // the recipient's, as the sender knows it
  Instant sent_at, expires;
  MessageId id;                         // fresh in every transmission
  MessageId correlation;                // the message that this one answers; empty: none
  std::uint64_t directory_version = 0;  // the highest that the sender holds; 0: none
  Kind kind = Kind::none;
  std::uint16_t speaks = 0;  // the highest version that the sender speaks, where it writes in a lower one; else 0
  bool operator==(const Header&) const = default;

  std::uint16_t highest_spoken() const { return speaks > version ? speaks : version; }
};

struct Message {
  Header header;
  Bytes payload;
  bool operator==(const Message&) const = default;
};

struct SealKey {
  const SigningKey& key;
  std::uint32_t number;  // of the key statement that publishes it
};

// The frame, in the smallest size class that holds it and is at least `minimum_bytes`. `too-long` if none does.
Expected<Bytes> seal_message(const Message& message, const SealKey& key, std::size_t minimum_bytes = 0);

// As seal_message for each, all under one signature.
struct Unsealed {
  Message message;
  std::size_t minimum_bytes = 0;
};
Expected<std::vector<Bytes>> seal_messages(std::span<const Unsealed> messages, const SealKey& key);

// Why a frame was dropped. The names label `ginnel_dropped_total{reason}` and never change.
enum class Drop : std::uint8_t {
  oversize,  // longer than the largest size class
  not_a_size_class,
  malformed,        // not a Signed with a header in it
  sender_mismatch,  // `from` is not the member that the transport authenticated
  unknown_member,   // not in the directory held
  revoked,
  suspended,          // by the trustees, or here
  directory_too_old,  // fails closed (DESIGN 8)
  unknown_key,        // no key statement with that number, or not valid now
  bad_signature,
  wrong_recipient,
  wrong_to_incarnation,  // written to this node as it was before a restore, or after one that never was
  wrong_from_incarnation,
  expired,
  sent_in_future,  // sent_at ahead of this clock by more than limits::message_ahead_ms_max
  lives_too_long,  // expires more than limits::message_life_ms_max after sent_at, or not after it
  replayed,
  unsupported_version,
  bad_payload,  // for engines: the payload does not decode
  unsolicited,  // for engines: an answer that nobody asked for
};
inline constexpr std::size_t drop_reasons = 20;
std::string_view name_of(Drop drop);  // "bad-signature"

// Which messages were opened before. The node keeps it in its store, in the turn's commit.
class ReplayWindow {
 public:
  virtual ~ReplayWindow() = default;
  virtual bool seen(const MemberId& from, const MessageId& id) = 0;
  // May be forgotten when kept_until(opened) is over: by the reader's clock, and by the sender's own, which later
  // messages of theirs tell. A reader's clock that ran ahead and was put back would have forgotten too early.
  virtual void remember(const Header& opened) = 0;
};
Instant kept_until(const Header& opened);

class Opener {
 public:
  // `book` and `replays` outlive the opener. `version` is that of the protocol which this node speaks.
  Opener(MemberId me, std::uint64_t my_incarnation, const DirectoryBook& book, ReplayWindow& replays,
         std::uint16_t version = protocol_version)
      : me_(std::move(me)), my_incarnation_(my_incarnation), book_(book), replays_(replays), version_(version) {}

  // SECURITY: the order of the checks is the protocol's. The payload is not looked at. An opened message is remembered
  // in the replay window; its kind may be one without an engine: answer such with `unsupported-kind` and count it.
  //
  // Incarnations are not compared for kinds `directory` and `key_statement`: their payloads carry their own signatures,
  // and they are how a peer learns of a new incarnation.
  tl::expected<Message, Drop> open(const MemberId& authenticated, ByteView frame, Instant now);

 private:
  MemberId me_;
  std::uint64_t my_incarnation_;
  const DirectoryBook& book_;
  ReplayWindow& replays_;
  std::uint16_t version_;
};

}  // namespace ginnel
