# SPDX-License-Identifier: Apache-2.0
@0x8ef2b417041b0f3f;
# Envelope: what every message between members is in.
#
# A *frame* is what the transport carries: one Signed (domain `ginnel message v1`) whose bytes are one Envelope. A
# frame is exactly 1, 4, 16, 64 or 256 KiB long; nothing longer exists. `padding` makes it so: a writer encodes the
# Envelope without padding, adds what the Signed will add, chooses the smallest class that holds both, and sets padding
# to as many zero bytes as are missing (always a multiple of 8). A writer may choose a larger class to hide a length.
#
# A reader opens a frame in this order and drops it at the first check that fails, counting the reason (the word at the
# end of each line, in ginnel_dropped_total{reason}). A dropped message changes nothing and is not answered.
#
#  1. the length is at most 256 KiB                                                       oversize
#  2. and one of the five                                                                 not-a-size-class
#  3. it is a Signed, and its bytes an Envelope                                           malformed
#  4. `from` is the member whose CURVE key the transport authenticated                    sender-mismatch
#  5. `from` is in the directory, not revoked, not suspended by trustees or here,         unknown-member, revoked,
#     and the directory is not past its age                                               suspended, directory-too-old
#  6. keyNumber names a key statement of `from` that is valid now                         unknown-key
#  7. the signature verifies with its signing key                                         bad-signature
#  8. `to` is this node                                                                   wrong-recipient
#  9. toIncarnation is this node's                                                        wrong-to-incarnation
# 10. fromIncarnation is that of the newest key statement of `from`                       wrong-from-incarnation
# 11. `expires` has not passed                                                            expired
# 12. sentAt is at most 2 minutes ahead of this clock                                     sent-in-future
# 13. expires is after sentAt, by an hour at most                                         lives-too-long
# 14. (from, id) was not opened before; such pairs are kept until expires + 5 minutes,    replayed
#     in the store
# 15. version is supported: this one or the one before                                    unsupported-version
# Only then is the payload decoded, by its kind. A payload that does not decode is dropped as bad-payload. An unknown
# kind is answered with kind `error`, code `unsupported-kind`, and counted.
#
# Checks 9 and 10 are not made for kinds `directory` and `key_statement`, whose payloads carry signatures of their own:
# they are how a peer learns of a new incarnation.
#
# Kinds (UInt16; 0 and what is not listed are unknown). * has a schema and an engine in version 1; the others are
# reserved, and answered as unknown until they have.
#
#   1 ask *            2 answer *          3 error *           4 page_request *
#   5 notice           6 receipt           7 lookup            8 lookup_reply        9 lookup_table
#  10 directory *     11 key_statement *  12 checkpoint       13 witness
#  14 process_step    15 process_contribution                 16 process_replica
#  17 transfer        18 transfer_recall  19 transfer_recalled
#  23 file_request *     24 file_page *
#
# 21 and 22 were kept for pages of a transfer, which 23 and 24 carry. No node ever sent them; they stay unknown, and no
# later kind takes their numbers.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ginnel::wire");

struct Envelope {
  version @0 :UInt16;
  # Of this protocol: 1. Counts up; version N talks to N-1.
  kind @1 :UInt16;
  # What the payload is.
  from @2 :Text;
  # member: the sender.
  to @3 :Text;
  # member: the recipient.
  fromIncarnation @4 :UInt64;
  # How often the sender was restored, as in its newest key statement. From 1.
  toIncarnation @5 :UInt64;
  # The same of the recipient, as the sender knows it. A restored node so never acts on what was said to its earlier
  # self.
  sentAt @6 :Int64;
  # instant; 0 is refused.
  expires @7 :Int64;
  # instant after which the message is nothing; 0 is refused.
  id @8 :Data;
  # id of the message, fresh in every transmission, also of the same payload.
  correlation @9 :Data;
  # id of the message that this one answers; empty: none.
  directoryVersion @10 :UInt64;
  # The highest directory that the sender holds; 0: none. Who sees a lower one than its own sends its own.
  payload @11 :Data;
  # Opaque here. May be empty for kinds that say so.
  padding @12 :Data;
  # Zero bytes up to the size class. Not looked at.
  speaks @13 :UInt16;
  # The highest version that the sender speaks, where `version` is a lower one, for a peer that speaks no higher or has
  # not said yet; else 0. Added later: absent is 0.
}
