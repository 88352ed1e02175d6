// SPDX-License-Identifier: Apache-2.0
// What an operator can ask a running node over its admin socket, and what it answers: one JSON line in, JSON lines out.
//
// Operators see no case data: nothing here carries any out of the node. One request carries a child's identity in, for
// the test issuer of process heads (demonstrations only).
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/adapter.h"
#include "federation/base/error.h"
#include "federation/base/time.h"
#include "federation/record/identity.h"
#include "node/admin/member_message.h"
#include "node/store/entry.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t admin_line_bytes_max = std::size_t{16} << 20;  // papers, in hexadecimal
inline constexpr std::size_t admin_connections_max = 8;
inline constexpr int admin_request_ms_max = 5000;           // from connecting to the request's end of line
inline constexpr std::size_t admin_reply_lines_max = 4096;  // waiting for a slow reader; then it is cut off
}  // namespace limits

namespace admin {

struct StatusRequest {};
struct StopRequest {};     // answered with Done, then the node finishes its turn and ends
struct RebuildRequest {};  // refused while the node runs: the command wants it stopped

struct ImportRequest {
  std::vector<std::string> files;  // absolute paths, which the node reads itself
  std::string mapping;             // absolute path
  bool dry_run = false;
};

// Makes the test issuer sign a process head on this child, held by this node and sent with its asks.
struct IssueHeadRequest {
  Identity child;
  std::string definition, edition, state;
  std::set<std::string> proves;  // purposes
  std::int64_t life_ms = 0;      // at most limits::process_head_life_ms_max
};

// For the demonstration's own socket, which starts and stops its nodes; a node refuses it.
struct DemoNodeRequest {
  std::string node;  // member id
  bool start = false;
};

// Everything that an operator may know of a running node.
struct PeerStatus {
  std::string member, name;
  std::string standing;    // of DESIGN 8: "good", "no-keys", ...
  bool reached = false;    // the transport has a connection to it
  std::string last_heard;  // ISO 8601; empty: not since the start
};
struct SourceStatus {
  std::string system, file;
  std::string data_to;     // ISO 8601; empty: never read to its end
  std::string quarantine;  // why, and whom to tell; empty: its last files were read
  bool supplement = false;
};
struct Status {
  std::string member, mode;
  bool ready = false;
  std::vector<std::string> reasons;  // why not ready
  std::int64_t pid = 0;
  std::string started_at;     // ISO 8601
  std::string endpoint, url;  // the ports resolved
  std::uint64_t ledger_entries = 0;
  std::string ledger_root;  // hexadecimal
  std::uint64_t directory_version = 0;
  std::string directory_issued_at;
  std::string bundle;  // version and hash of the policy bundle in force
  std::vector<PeerStatus> peers;
  std::vector<SourceStatus> sources;
};

struct Done {
  std::string what;  // "head issued, expires 2026-11-26T16:46:00Z"
};

}  // namespace admin

using AdminRequest =
    std::variant<admin::StatusRequest, admin::StopRequest, admin::RebuildRequest, admin::ImportRequest,
                 admin::IssueHeadRequest, admin::DemoNodeRequest, admin::MembersRequest, admin::SignPapersRequest,
                 admin::AdoptPapersRequest, admin::MemberFileRequest, admin::SuspendRequest, admin::DoctorRequest,
                 admin::AccountRequest, admin::SignBundleRequest>;

// `last` ends the connection. Before it, an import may send a Rejected for each row, and an ImportRun for each file so
// far as progress; its last reply is the ImportRun of the whole.
struct AdminReply {
  using Body = std::variant<admin::Done, admin::Status, ImportRun, Rejected, Error, admin::Members, admin::SignedPapers,
                            admin::Diagnosis>;
  Body body;
  bool last = true;
};
inline AdminReply last_reply(Error error) { return {std::move(error), true}; }

// One line without its end. Reading is strict: an unknown request or field is `bad-request`, a reply that this version
// does not know `bad-reply`.
std::string encode_request(const AdminRequest& request);
Expected<AdminRequest> decode_request(std::string_view line);
std::string encode_reply(const AdminReply& reply);
Expected<AdminReply> decode_reply(std::string_view line);

// The bodies alone, as `--json` prints them: the import's with the fields of DESIGN 14, the system and completeness.
std::string status_json(const admin::Status& status);
std::string import_json(const ImportRun& run);
std::string diagnosis_json(const admin::Diagnosis& diagnosis);

}  // namespace ginnel
