// SPDX-License-Identifier: Apache-2.0
// The limits of the pages and the API. What is over one is refused with a status of its own, never cut short.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ginnel::limits {

// One HTTP exchange.
inline constexpr std::size_t http_header_bytes_max = 16 * 1024;  // over it: 431
inline constexpr std::size_t http_body_bytes_max = 256 * 1024;   // over it: 413
inline constexpr std::size_t http_target_bytes_max = 2 * 1024;   // path and query; over it: 414
inline constexpr std::size_t http_form_fields_max = 200;         // fields of a form or a query
inline constexpr std::size_t http_cookies_max = 50;
inline constexpr std::size_t multipart_parts_max = 200;          // fields and files of a form
inline constexpr std::size_t multipart_header_bytes_max = 8192;  // of one part; over it: 413

// Files. Only to the path that takes them, and only so many at once: each is in memory while it is on its way.
inline constexpr std::size_t attachment_upload_bytes_max = 4 * 1024 * 1024;  // of the file; as the store's
inline constexpr std::size_t http_large_body_bytes_max = attachment_upload_bytes_max + 64 * 1024;  // with its form
inline constexpr std::size_t http_large_bodies_max = 16;                                           // over it: 429
inline constexpr std::array<std::string_view, 3> http_large_body_paths{"/api/v1/attachments", "/files",
                                                                       "/policy/compare"};

// Comparing agreements. One at a time, over it: 429; what takes longer is not told.
inline constexpr std::size_t agreement_upload_bytes_max = 4 * 1024 * 1024;  // as a sealed bundle's
inline constexpr std::int64_t agreement_compare_ms_max = 5'000;
inline constexpr std::size_t agreement_faults_shown_max = 20;
inline constexpr std::size_t agreement_differences_shown_max = 200;

// The server.
inline constexpr std::size_t http_threads = 2;
inline constexpr std::size_t http_connections_max = 512;  // over it the longest waiting one gives way
inline constexpr std::size_t http_requests_per_connection_max = 1000;
inline constexpr std::int64_t http_handshake_ms_max = 10'000;
inline constexpr std::int64_t http_header_ms_max = 20'000;  // from the end of the last answer: idle time included
inline constexpr std::int64_t http_body_ms_max = 30'000;
inline constexpr std::int64_t http_write_ms_max = 60'000;
inline constexpr std::int64_t http_answer_ms_max = 90'000;  // the node's own time for one request; over it: 503
inline constexpr std::int64_t http_stop_ms_max = 5'000;     // running requests at a graceful stop

// Server-sent events.
inline constexpr std::size_t http_streams_max = 64;        // at once; over it: 503, and the page offers a link
inline constexpr std::size_t http_stream_events_max = 16;  // waiting for a slow reader; over it: dropped
inline constexpr std::int64_t http_stream_heartbeat_ms = 15'000;
inline constexpr std::int64_t http_stream_write_ms_max = 10'000;  // for one write; over it: dropped
inline constexpr std::int64_t http_stream_ms_max = 15 * 60'000;   // then the browser connects again

// JSON from outside.
inline constexpr std::size_t json_depth_max = 8;
inline constexpr std::size_t json_values_max = 10'000;

// Words in a request.
inline constexpr std::size_t api_word_bytes_max = 64;  // purpose, basis, member id
inline constexpr std::size_t api_name_bytes_max = 200;
inline constexpr std::size_t api_reason_bytes_max = 2'000;
inline constexpr std::size_t api_process_text_bytes_max = 4'000;  // what is written in a process; as its own limit
inline constexpr std::size_t api_scope_members_max = 500;
inline constexpr std::size_t idempotency_key_bytes_max = 200;
inline constexpr std::int64_t api_deadline_ms_min = 100;
inline constexpr std::int64_t api_deadline_ms_max = 60'000;

// Rendering. Each connection has one request under way, so the queue is never full while the server keeps its limit.
inline constexpr std::size_t web_threads = 2;
inline constexpr std::size_t web_queue_max = 2 * http_connections_max;

// Signing in.
inline constexpr std::size_t password_threads = 2;              // Argon2id runs at once, 64 MiB each
inline constexpr std::size_t password_queue_max = 32;           // waiting behind them; over it: 429
inline constexpr std::size_t sign_in_names_max = 4'096;         // user names whose failures are remembered
inline constexpr std::uint32_t sign_in_free_failures = 3;       // failures in a row before a name is slowed
inline constexpr std::int64_t sign_in_delay_ms_first = 1'000;   // doubles with each further failure
inline constexpr std::int64_t sign_in_delay_ms_max = 60'000;    // slowed, never locked: a lock is a weapon
inline constexpr std::int64_t sign_in_forget_ms = 15 * 60'000;  // without a failure, a name starts afresh

}  // namespace ginnel::limits
