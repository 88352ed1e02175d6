// SPDX-License-Identifier: Apache-2.0
// The named limits of what members say to each other, with their units. A value past its limit is refused whole:
// nothing is ever cut short, because half a sentence about a child is a false one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "federation/base/time.h"

namespace ginnel::limits {

// The envelope.
inline constexpr std::array<std::size_t, 5> frame_size_classes_bytes = {1u << 10, 4u << 10, 16u << 10, 64u << 10,
                                                                        256u << 10};
inline constexpr std::size_t frame_bytes_max = frame_size_classes_bytes.back();
inline constexpr std::size_t envelope_overhead_bytes_max = 1024;  // all of a frame that is not payload or padding
inline constexpr std::size_t payload_bytes_max = frame_bytes_max - envelope_overhead_bytes_max;
inline constexpr std::size_t signed_batch_messages_max = 256;  // byte strings under one signature, as read
inline constexpr std::size_t seal_batch_messages_max = 16;     // as written: longer paths would cost a size class
inline constexpr int nesting_depth_max = 12;                   // structs within structs, in any message

// How long a message lives.
inline constexpr std::int64_t message_life_ms_max = hour_ms;         // expires - sent_at
inline constexpr std::int64_t message_ahead_ms_max = 2 * minute_ms;  // sent_at - now: clocks that disagree
inline constexpr std::int64_t replay_kept_after_ms = 5 * minute_ms;  // ids are remembered until expiry plus this

// Strings, in bytes of UTF-8.
inline constexpr std::size_t word_bytes_max = 64;         // a word of a closed list, a code, an id in words
inline constexpr std::size_t name_bytes_max = 200;        // a name, role, team, telephone number, system
inline constexpr std::size_t line_bytes_max = 500;        // one line: a headline, a title, a field's name, an endpoint
inline constexpr std::size_t sentence_bytes_max = 2000;   // a reason, a remedy, whom to ask
inline constexpr std::size_t value_bytes_max = 16 << 10;  // the value of a field
inline constexpr std::size_t narrative_bytes_max = 1 << 20;

// Lists, in elements.
inline constexpr std::size_t ask_categories_max = 128;
inline constexpr std::size_t answer_items_max = 4096;  // on one page; its bytes bound it first
inline constexpr std::size_t answer_pages_max = 256;
inline constexpr std::size_t answer_withheld_max = 128;  // so that they fit the first page
inline constexpr std::size_t markings_max = 64;
inline constexpr std::size_t fields_max = 256;
inline constexpr std::size_t attachments_max = 64;
inline constexpr std::size_t subjects_max = 64;
inline constexpr std::size_t person_list_max = 256;  // identifiers, names, addresses, relationships of one person
inline constexpr std::size_t address_lines_max = 12;
inline constexpr std::size_t proves_max = 16;      // purposes in one process head
inline constexpr std::size_t commitments_max = 4;  // forms that name the child of one process head

// Asks. A handle is what a lookup's hit gave.
inline constexpr std::size_t handle_bytes_min = 16, handle_bytes_max = 64;
inline constexpr std::size_t process_head_bytes_max = 4 << 10;
inline constexpr std::int64_t process_head_life_ms_max = 72 * hour_ms;  // DESIGN 7

// An answer's page as encoded: with its envelope it fits the largest size class.
inline constexpr std::size_t answer_page_bytes_max = payload_bytes_max;

// Files of records, fetched by hash.
inline constexpr std::size_t file_bytes_max = std::size_t{4} << 20;
inline constexpr std::size_t file_page_bytes = 240 << 10;  // of every page but the last: it fits the largest size class

// Records and people as encoded.
inline constexpr std::size_t record_bytes_max = 4 << 20;
inline constexpr std::size_t person_bytes_max = 1 << 20;

// The directory.
inline constexpr std::size_t directory_bytes_max = 8 << 20;
inline constexpr std::size_t directory_members_max = 16384;
inline constexpr std::size_t duty_contact_bytes_max = 200;  // all its texts: a not-known answer fits the smallest class
inline constexpr std::int64_t directory_ahead_ms_max = day_ms;
inline constexpr std::size_t directory_part_bytes_max = 192 << 10;  // of a directory on its way, in one message
inline constexpr std::size_t directory_parts_max = 64;
inline constexpr std::size_t trustee_groups_max = 8;
inline constexpr std::size_t trustees_max = 32;
inline constexpr std::size_t endorsements_max = 64;
inline constexpr std::size_t endpoints_max = 8;
inline constexpr std::size_t key_statement_bytes_max = 8 << 10;
inline constexpr std::int64_t key_statement_life_ms_max = 400 * day_ms;
inline constexpr std::size_t key_statements_kept_max = 4;  // per member: the newest and those in overlap

// Requests for membership, and the papers in which trustees sign a new directory.
inline constexpr std::size_t member_request_bytes_max = 16 << 10;
inline constexpr std::size_t papers_bytes_max = 4 << 20;
inline constexpr std::size_t papers_requests_max = 256;
inline constexpr std::size_t papers_statements_max = 65536;

// A sealed policy bundle: one file, read whole.
inline constexpr std::size_t sealed_bundle_bytes_max = std::size_t{4} << 20;  // with its signatures
inline constexpr std::size_t bundle_files_max = 256;
inline constexpr std::size_t bundle_file_name_bytes_max = 200;
inline constexpr std::size_t bundle_file_bytes_max = std::size_t{2} << 20;

// The transport.
inline constexpr int peer_queue_frames_max = 64;     // waiting to be sent to one peer
inline constexpr int receive_queue_frames_max = 64;  // waiting to be read from one connection
inline constexpr std::int64_t transport_message_bytes_max = 2 * std::int64_t{frame_bytes_max};
inline constexpr int handshake_ms_max = 5000;
inline constexpr int reconnect_ms_min = 100, reconnect_ms_max = 2000;
inline constexpr std::size_t peers_max = 4096;
inline constexpr std::size_t watched_peers_max = 64;                // whose refusals are heard: one is enough
inline constexpr std::int64_t refusals_heard_every_ms = second_ms;  // the least between two looks
inline constexpr int rebind_ms_max = 2000, rebind_again_ms = 20;    // libzmq gives an address back in its own time
inline constexpr int heartbeat_ms = 10'000, heartbeat_timeout_ms = 30'000;  // a silent connection is given up
inline constexpr int handshakes_per_turn_max = 64;
inline constexpr std::int64_t unwanted_message_bytes_max = 1024;  // on a connection that is only written to

}  // namespace ginnel::limits
