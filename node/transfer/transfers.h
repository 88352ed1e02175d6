// SPDX-License-Identifier: Apache-2.0
// The transfers of this node: what people and peers say in them, and what comes of it here: the file that is given and
// taken, the lead of the process, and what somebody has to do.
//
//   offer, say, receive, tick -> TransferEngine (signed statements) -> settle(): file, process, tasks
//
// What follows from a transfer is found from its statements alone, each time that something was said in it, and does
// nothing where it was done: a stop in between leaves nothing half.
//
// Thread: the loop. Sans-I/O: the store is the turn given, messages are taken. clear() forgets what is in memory.
// Failure: of people's acts: those of TransferEngine and TransferFile, `not-found`, `bad-field`; one that had written
// something poisons the turn, see failure(). What a peer sends makes none but the store's: it is dropped, or told by
// alarm(). Limits: below.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/ask/file_engine.h"
#include "node/transfer/transfer_file.h"
#include "node/transfer/transfer_intake.h"
#include "node/transfer/transfer_journal.h"
#include "node/transfer/transfer_view.h"
#include "node/work/tasks.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t transfer_made_anew_ms = 30 * second_ms;    // a file that is asked for is decided again
inline constexpr std::int64_t transfer_fetch_again_ms = 20 * second_ms;  // after a part did not come
inline constexpr std::size_t transfer_parts_on_way_max = 4;              // of all transfers; the rest is for people
inline constexpr std::int64_t transfer_take_again_ms = minute_ms;        // after a turn in which it was taken in failed
inline constexpr std::int64_t transfer_kept_ms = 28 * day_ms;  // the file at its originator, once the lead has moved
}  // namespace limits

class Transfers {
 public:
  struct Parts {  // all outlive it
    KeptTransfers::Parts journal;
    TransferFile::Parts file;
    ProcessBook& processes;
    Tasks& tasks;
    const Vocabulary& words;
    const LinkRules* link_rules;
    Random& random;
  };
  explicit Transfers(Parts parts);

  // Where no transfer was ever said, there is nothing to begin with.
  void start(const StoreReader& reader);

  // People's acts; who may is their caller's to know.
  Expected<TransferId> offer(const Session& who, const NewLeadOffer& wish, Turn& turn);
  Expected<void> say(const Session& who, const TransferSaying& saying, Turn& turn);

  // `not-found`: there is none that this node is a side of.
  Expected<TransferLog> find(const TransferId& id, const StoreReader& reader) const;
  // All of them, the newest offer first.
  Expected<std::vector<TransferLog>> all(const StoreReader& reader) const;
  // Who can lead beside this node.
  std::vector<MemberId> authorities(Turn& turn) const { return KeptTransfers(p_.journal, turn).authorities(); }
  // Of a process, as far as this node is a side of them, in the order of their epochs and offers.
  Expected<std::vector<TransferLog>> of_process(const ProcessId& process, const StoreReader& reader) const;

  // Kinds 17 to 19.
  Expected<std::optional<Drop>> receive(const Message& message, Turn& turn);
  void heard(const MemberId& peer, Instant now) { engine_.heard(peer, now); }
  // The bytes of a part that the receiver asks for; nothing: there is none for them.
  Expected<std::optional<Bytes>> give(const MemberId& from, const FileName& file, Turn& turn);
  // A part that was asked for came, or did not.
  Expected<void> arrived(const FileArrived& file, Turn& turn);

  Expected<void> tick(Turn& turn, FileEngine& files);
  std::optional<Instant> next_tick() const;
  void clear();
  std::vector<Outgoing> take_outgoing() { return engine_.take_outgoing(); }
  // Something was written that is not whole: the turn must not be committed. Forgotten by clear().
  const std::optional<Error>& failure() const { return failure_; }
  // What a peer signed or gave that cannot be. Empty: nothing of the kind since the node started.
  const std::string& alarm() const { return alarm_; }

 private:
  Expected<void> need_started(Turn& turn);
  // What follows from what was said.
  Expected<void> settle(const TransferId& id, Turn& turn);
  Expected<void> settle_file(const TransferLog& log, Turn& turn);
  Expected<void> settle_lead(const TransferLog& log, Turn& turn);
  Expected<void> settle_tasks(const TransferLog& log, Turn& turn);
  Expected<void> settle_changed(Turn& turn);
  // The file as it is now: said, if it is another than the one that was said last.
  Expected<void> refresh_file(const TransferLog& log, Turn& turn);
  Expected<Hash> make_file(const TransferLog& log, Turn& turn);
  Expected<void> say_complete(const TransferLog& log, Turn& turn);
  void note_alarm(const MemberId& peer, const TransferId& id, const Error& error);
  Expected<void> say_bundle(const TransferId& id, const Hash& manifest, Turn& turn);
  // What came of a transfer that was declined or cancelled.
  Expected<void> drop_file(const TransferLog& log, Turn& turn);
  Expected<std::vector<TransferPart>> missing_parts(const TransferLog& log, const Turn& turn) const;
  Expected<void> fetch(const TransferId& id, FileEngine& files, Turn& turn);
  Expected<void> take_in(const TransferId& id, Turn& turn);
  bool is_mine(const TransferLog& log) const { return log.is_offered() && log.originator() == p_.journal.member; }

  Parts p_;
  TransferFile file_;
  TransferIntake intake_;
  TransferEngine engine_;
  bool is_started_ = false;
  std::optional<Error> failure_;
  std::map<TransferId, Instant> fetching_;  // when more of its parts are asked for
  std::map<TransferId, Instant> taking_;    // when the next step is due
  std::set<TransferId> was_taking_;         // when a turn was lost
  std::map<TransferId, Instant> made_at_;   // when the file that was said last was decided last
  std::map<TransferId, Instant> drop_at_;   // when its file is kept no longer
  std::string alarm_;
};

}  // namespace ginnel
