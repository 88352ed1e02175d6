// SPDX-License-Identifier: Apache-2.0
// The limits of the store. What is over one is an error with its name, never cut short.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ginnel::limits {

inline constexpr std::size_t kv_key_bytes_max = 511;                      // LMDB's own limit
inline constexpr std::size_t kv_value_bytes_max = std::size_t{64} << 20;  // 64 MiB
inline constexpr std::size_t kv_map_bytes = std::size_t{16} << 30;        // default size of one environment
inline constexpr unsigned kv_readers_max = 256;                           // open snapshots of one environment

// A larger environment is looked at whole only if it was not shut in order the last time; see page_check.h.
inline constexpr std::uint64_t kv_whole_check_bytes = std::uint64_t{256} << 20;  // 256 MiB: a fraction of a second
inline constexpr std::size_t kv_page_bytes_min = 4096, kv_page_bytes_max = 32'768;
inline constexpr std::uint64_t kv_unwritten_pages_max = std::uint64_t{1} << 20;  // counted after the file's end
inline constexpr unsigned kv_depth_max = 32;                                     // levels of one table: LMDB's own

inline constexpr std::size_t entry_body_bytes_max = std::size_t{8} << 20;  // plaintext of one entry, 8 MiB
inline constexpr std::size_t turn_entries_max = 4096;                      // entries of one turn
inline constexpr std::size_t ledger_problems_max = 100;                    // told of one verification
inline constexpr std::size_t import_rows_per_turn_max = 64;
inline constexpr std::size_t import_rejected_told_max = 10'000;  // kept for one take_rejected(); all are in the ledger
inline constexpr std::size_t import_keys_ahead = 1024;           // kept ready for people to come

inline constexpr std::size_t key_wraps_max = 64;       // wraps of one key; subjects of a record
inline constexpr std::size_t spare_keys = 256;         // the pool after a refill
inline constexpr std::size_t spare_keys_low = 64;      // below it the pool asks to be refilled
inline constexpr std::size_t reserve_keys_max = 4096;  // of one reserve()
inline constexpr std::size_t open_keys_max = 8192;     // data keys kept open in memory

inline constexpr std::size_t index_bucket_rows_max = 16;  // more rows split a bucket in sixteen
inline constexpr unsigned index_bucket_depth_max = 8;     // where buckets stop splitting
inline constexpr std::size_t link_keys_per_person_max = 1024;
inline constexpr std::size_t link_key_bytes_max = 400;
inline constexpr std::size_t found_people_max = 256;       // answers of one find_people()
inline constexpr std::size_t merged_people_max = 64;       // that are one person
inline constexpr std::size_t person_records_max = 65'536;  // records of one person, old ones too
inline constexpr std::size_t opened_records_max = 1024;    // bodies one reader keeps open

inline constexpr std::size_t attachment_bytes_max = std::size_t{4} << 20;  // one file

inline constexpr std::size_t side_key_bytes_max = 400;
inline constexpr std::size_t side_value_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t side_expired_per_turn_max = 1024;

}  // namespace ginnel::limits
