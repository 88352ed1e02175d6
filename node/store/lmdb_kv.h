// SPDX-License-Identifier: Apache-2.0
// The Store seam on LMDB: one directory, one process, durable commits.
//
// Failure: `store-in-use` when another process, or this one, has the directory open (LMDB itself would let it happen
// and corrupt); `map-full` when the environment reached options.map_bytes; `disk-full` (the disk, a quota, a limit on
// files), `not-writable` (permissions, a disk mounted for reading) and `disk-failed` (an I/O error); else `kv-failed`
// with LMDB's reason. After fork the child must not touch it: a child's use is a CHECK, its destructor leaves
// everything alone.
#pragma once

#include <memory>
#include <string>

#include "node/store/kv.h"
#include "node/store/limits.h"

namespace ginnel {

struct LmdbOptions {
  // Address space, not disk: the file grows as it is written. May be raised from one start to the next.
  std::size_t map_bytes = limits::kv_map_bytes;
  // A larger file that was shut in order is not read whole before it is opened (page_check.h).
  std::uint64_t whole_check_bytes = limits::kv_whole_check_bytes;
};

// Looks at the file's pages first: `pages-damaged`. Whether the last process shut it stands in `in-use`, which is also
// the lock: `store-in-use` while another has it open.
// Makes the directory (0700) when it is missing; its parent must exist.
Expected<std::unique_ptr<Kv>> open_lmdb(const std::string& directory, const LmdbOptions& options = {});

// For reading alone, beside the process that has it open: takes no lock of ours and leaves `in-use` as it is; write()
// is `store-in-use`. What it reads was looked at by the process that opened it for writing. `no-store` if there is
// none. SECURITY: never in the process that has it open (LMDB would drop that one's locks), and a snapshot only for
// moments: it pins the writer's old pages, until the next open even when this process is killed.
Expected<std::unique_ptr<Kv>> open_lmdb_to_read(const std::string& directory, const LmdbOptions& options = {});

}  // namespace ginnel
