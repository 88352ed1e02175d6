// SPDX-License-Identifier: Apache-2.0
// Fetches a peer's file page by page, and takes it only whole.
//
// Sans-I/O: as AskEngine. A file that somebody fetches already is fetched once. What comes is believed by its hash
// alone: a page of somebody else, of another file or of another count changes nothing.
//
// Thread: the loop. Failure: FileArrived::error: `agency-silent`, `file-not-given` (its agency gives it no more, or its
// node does not know how), `file-altered` (it is not what the item named). Limits: limits::file_*.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "federation/base/clock.h"
#include "federation/record/record.h"
#include "federation/wire/contact.h"
#include "federation/wire/file.h"
#include "federation/wire/outgoing.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t file_wait_ms = 20 * second_ms;       // for a file to come, whole
inline constexpr std::int64_t file_resend_ms_first = 500;          // doubles while no page comes ...
inline constexpr std::int64_t file_resend_ms_max = 4 * second_ms;  // ... up to this
inline constexpr std::size_t file_pages_in_flight_max = 4;
inline constexpr std::size_t files_fetched_max = 32;             // at a time, of a node: 128 MiB
inline constexpr std::size_t file_messages_remembered_max = 32;  // of one file, to know what an error is about
}  // namespace limits

// Of a file that is small enough for one page, and whose hash alone is known.
inline constexpr std::uint64_t file_size_unknown = UINT64_MAX;

struct FileArrived {
  MemberId from;
  FileName file;
  Expected<Bytes> content;
};

class FileEngine {
 public:
  explicit FileEngine(Random& random) : random_(random) {}

  // Begins to fetch what `file` names; nothing if it is on its way. Errors: `too-busy`, `file-not-given` (it is larger
  // than files may be).
  Expected<void> start(const MemberId& from, const FileName& file, std::uint64_t size_bytes, Instant now);

  // An opened page or problem from an authenticated member. Nothing: accepted.
  std::optional<Drop> receive(const MemberId& from, const FilePage& page, Instant now);
  // False: it is about no request of this engine.
  bool receive_problem(const MemberId& from, const MessageId& correlation, const Problem& problem);

  void tick(Instant now);  // asks again, and gives up

  std::vector<Outgoing> take_outgoing();
  std::vector<FileArrived> take_files();
  bool is_fetching(const MemberId& from, const FileName& file) const { return files_.contains({from, file}); }
  // How many of those are parts of the file of a transfer.
  std::size_t transfer_parts() const;
  void clear();
  std::optional<Instant> next_tick() const;

 private:
  using Key = std::pair<MemberId, FileName>;
  struct Fetching {
    std::uint64_t size_bytes = 0;
    std::vector<std::optional<Bytes>> pages;
    std::size_t next = 0;  // the first page that was never asked for
    Instant gives_up, next_send;
    std::int64_t resend_ms = limits::file_resend_ms_first;
    std::vector<MessageId> sent;  // newest last
  };
  void ask_for(const Key& key, Fetching& fetching, std::size_t page, Instant now);
  void finish(const Key& key, Expected<Bytes> content);

  Random& random_;
  std::map<Key, Fetching> files_;
  std::vector<Outgoing> outgoing_;
  std::vector<FileArrived> arrived_;
};

}  // namespace ginnel
