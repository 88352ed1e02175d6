// SPDX-License-Identifier: Apache-2.0
// The Store seam: an ordered, transactional key space. Everything the node keeps stands behind it, so that a second
// engine (DESIGN 18) needs these calls and nothing else.
//
// A node has two: the ledger's environment and the keys'. Keys are ordered as unsigned bytes, shorter first.
// Thread: one writer at a time, on the thread that began it; snapshots on any thread, each used by one at a time.
// Success: after commit() the writes are on stable storage, all or none. A KvWrite that goes without it changed
// nothing. Failure: every call may fail with `kv-failed` (the engine's own reason in `why`), commit() and put() also
// with
//          `map-full`. Nothing is verified here: the layers above authenticate every value and every miss.
// Limits: limits::kv_*. A snapshot pins old pages: keep it for one page or one answer, not for a wait.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "federation/base/bytes.h"
#include "federation/base/error.h"

namespace ginnel {

// Names and numbers are part of the stored format.
enum class Table : std::uint8_t {
  meta = 0,        // the environment's own facts: format, tree head
  entries = 1,     // sequence -> sealed entry
  tree = 2,        // complete Merkle subtrees
  index_rows = 3,  // docs/formats/index.md
  index_buckets = 4,
  side_rows = 5,  // users, sessions, replay ids: what no rebuild makes
  side_buckets = 6,
  side_expiry = 7,
  keys = 8,   // docs/formats/key-table.md; in the keys' environment
  blobs = 9,  // attachment -> sealed file
};
inline constexpr std::size_t table_count = 10;

class KvRead {
 public:
  // Called in key order; returning false ends the scan. The views are valid during the call only.
  using Row = std::function<bool(ByteView key, ByteView value)>;

  virtual ~KvRead() = default;
  virtual Expected<std::optional<Bytes>> get(Table table, ByteView key) const = 0;
  // Rows with from <= key < until; an empty `until` is the table's end.
  virtual Expected<void> scan(Table table, ByteView from, ByteView until, const Row& row) const = 0;
  virtual Expected<std::optional<Bytes>> last_key(Table table) const = 0;

  // Rows whose key starts with `prefix`.
  Expected<void> scan_prefix(Table table, ByteView prefix, const Row& row) const;
};

// Reads see this transaction's own writes. No put or erase inside a scan's callback.
class KvWrite : public KvRead {
 public:
  virtual Expected<void> put(Table table, ByteView key, ByteView value) = 0;
  virtual Expected<void> erase(Table table, ByteView key) = 0;  // of a key that is not there: nothing happens
  // Once; afterwards the object does nothing but go. An error: nothing of it may be relied on until a restart.
  virtual Expected<void> commit() = 0;
};

class Kv {
 public:
  virtual ~Kv() = default;
  virtual Expected<std::unique_ptr<KvRead>> read() = 0;    // the state of the last commit
  virtual Expected<std::unique_ptr<KvWrite>> write() = 0;  // while another is open: `kv-busy`
};

}  // namespace ginnel
