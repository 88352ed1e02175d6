// SPDX-License-Identifier: Apache-2.0
// Says what people and time have a node say in its transfers, and keeps both sides' lists alike (DESIGN 12).
//
// Sans-I/O. The lists lie in the journal; in memory is only when to send again. A message holds everything that its
// sender has of one transfer, and is sent again until the other shows that it holds all of ours: what is lost, comes
// twice, late or in another order changes nothing. Nothing that time brings moves the lead.
//
// Restored from a backup. A node that may have said more than it remembers asks every member that can lead what they
// hold (`recall`). Before the other side has answered and it holds the same, it says nothing in a transfer with them;
// before all have, it offers and releases nothing. What it had said comes back under its own signature.
//
// Thread: the loop. Failure: an Error of receive() or tick() is the journal's, and the turn must not be kept; what a
// peer sends never makes one, but an alarm or a Drop. An act: TransferLog's, `no-transfer`, `transfer-open` (another
// for the same process has not ended), `transfer-recalling`, `transfer-not-the-lead`. Limits: limits::transfer_*.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "federation/base/clock.h"
#include "federation/transfer/transfer_log.h"
#include "federation/wire/outgoing.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t transfer_resend_ms_first = 2 * second_ms;  // doubles ...
inline constexpr std::int64_t transfer_resend_ms_max = 15 * minute_ms;   // ... up to this
inline constexpr std::int64_t transfer_message_life_ms = 2 * minute_ms;
inline constexpr std::size_t transfers_asked_for_max = 64;  // of those a recall named, at a time
}  // namespace limits

// In production it writes to the turn that the engine's messages leave after.
class TransferJournal {
 public:
  virtual ~TransferJournal() = default;
  // None offered: there is none.
  virtual Expected<TransferLog> find(const TransferId& id) = 0;
  // The statement follows what is there.
  virtual Expected<void> append(const TransferId& id, const SignedAct& said) = 0;
  // Whether the process began here, and so has this node as the lead of its first epoch.
  virtual Expected<bool> began(const ProcessId& process) = 0;
  virtual Expected<std::vector<TransferId>> of_process(const ProcessId& process) = 0;
  // Newest first; limits::transfers_recalled_max of them.
  virtual Expected<std::vector<TransferId>> with(const MemberId& peer) = 0;
  // Of how many of ours the other side has shown that it holds them; 0: none.
  virtual Expected<void> shown(const TransferId& id, std::size_t count) = 0;
  // Those in which that is fewer than there are.
  virtual Expected<std::vector<TransferId>> unsettled() = 0;
  // Other members that can lead.
  virtual std::vector<MemberId> authorities() = 0;
  // Whether what the peer holds was heard since this node was restored; true: it never was restored.
  virtual Expected<bool> has_recalled(const MemberId& peer) = 0;
  virtual Expected<void> recalled(const MemberId& peer) = 0;
  virtual Expected<SignedAct> sign(const TransferStatement& statement) = 0;
  // Errors of verify_statement().
  virtual Expected<SignedAct> verify(ByteView encoded, Instant now) = 0;
};

struct NewTransfer {
  TransferId id;  // empty: a new one
  Offered offer;  // its epoch is the engine's to say
  std::string who, why;
};
struct ActWish {
  TransferAct said = TransferAct::none;
  std::string who, text;
  Hash manifest{};
  When held;
};

// A peer said two things under one number, or something that no rule allows.
struct TransferAlarm {
  MemberId from;
  TransferId transfer;
  Error error;
  Bytes statement;
};

class TransferEngine {
 public:
  TransferEngine(MemberId me, Random& random) : me_(std::move(me)), random_(random) {}

  // After a start, and after clear(): what is not settled is sent again.
  Expected<void> resume(Instant now, TransferJournal& journal);

  // Whether it may be offered now: the epoch of the lead that it would be of.
  Expected<std::uint64_t> may_offer(const ProcessId& process, const MemberId& to, Instant now,
                                    TransferJournal& journal);
  Expected<TransferId> offer(const NewTransfer& wish, Instant now, TransferJournal& journal);
  Expected<void> say(const TransferId& id, const ActWish& saying, Instant now, TransferJournal& journal);

  Expected<std::optional<Drop>> receive(const MemberId& from, const TransferMessage& message, Instant now,
                                        TransferJournal& journal);
  // `asked`: the message that it answers.
  Expected<void> receive_recall(const MemberId& from, Instant now, TransferJournal& journal,
                                const MessageId& asked = {});
  Expected<void> receive_recalled(const MemberId& from, const std::vector<TransferHeld>& held, Instant now,
                                  TransferJournal& journal);
  Expected<void> tick(Instant now, TransferJournal& journal);
  // A message of the peer was opened: it can be reached again.
  void heard(const MemberId& peer, Instant now);

  std::vector<Outgoing> take_outgoing() { return std::exchange(outgoing_, {}); }
  std::vector<TransferAlarm> take_alarms() { return std::exchange(alarms_, {}); }
  // Those in which something was said since it was last asked.
  std::set<TransferId> take_changed() { return std::exchange(changed_, {}); }
  std::optional<Instant> next_tick() const;
  void clear();

 private:
  struct Sending {
    MemberId to;
    Instant due;
    std::int64_t wait_ms = limits::transfer_resend_ms_first;
  };
  struct Recall {
    Sending sending;
    std::map<TransferId, TransferHeld> missing;  // which the peer holds more of
  };

  // Of the lead that this node has.
  Expected<std::uint64_t> epoch_led(const ProcessId& process, TransferJournal& journal);
  // Whether it may say something to the peer; while it may not, it asks what it had said.
  Expected<bool> may_speak(const MemberId& peer, Instant now, TransferJournal& journal);
  // Authorities that it still has to hear since it was restored; each is being asked.
  Expected<std::vector<MemberId>> not_recalled(Instant now, TransferJournal& journal);
  // Signs and keeps it, in the log too.
  Expected<void> append(TransferLog& log, TransferStatement next, TransferJournal& journal);
  // What the node says by itself where it may.
  Expected<void> advance(TransferLog& log, Instant now, TransferJournal& journal);
  // What of it is new here, in whatever order it came.
  Expected<void> merge(TransferLog& log, const MemberId& from, const TransferMessage& message, Instant now,
                       TransferJournal& journal);
  // One statement, for that place in a list. False: not now, nor what follows it.
  Expected<bool> take(TransferLog& log, const MemberId& from, const TransferId& id, std::size_t place,
                      const TransferLog::Side& held, const Bytes& bytes, Instant now, TransferJournal& journal);
  Expected<void> look_at_recall(const MemberId& peer, const TransferLog& log, Instant now, TransferJournal& journal);
  Expected<void> ask_for_missing(const MemberId& peer, Recall& recall, Instant now, TransferJournal& journal);
  Expected<void> recall_done(const MemberId& peer, Instant now, TransferJournal& journal);
  // What was said just now: sent, and again until it is shown.
  void send_new(const TransferLog& log, Instant now);
  void send(const TransferLog& log, bool wants_reply, Instant now);
  void post(const MemberId& to, Kind kind, Bytes payload, Instant now);
  void send_again(Sending& sending, Instant now);

  MemberId me_;
  Random& random_;
  std::map<TransferId, Sending> sending_;
  std::map<MemberId, Recall> recalls_;
  std::set<TransferId> changed_;
  std::vector<Outgoing> outgoing_;
  std::vector<TransferAlarm> alarms_;
};

}  // namespace ginnel
