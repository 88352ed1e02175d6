// SPDX-License-Identifier: Apache-2.0
// What operators ask and are told about the other members: lists, papers, suspensions, and the doctor's findings.
//
// Nothing here is about anybody's records. Part of AdminRequest and AdminReply (node/admin/admin_message.h).
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "federation/base/bytes.h"
#include "node/doctor/finding.h"

namespace ginnel::admin {

struct MembersRequest {};
// A trustee's node signs papers whose changes are exactly these (`admit bradford-youth`).
struct SignPapersRequest {
  Bytes papers;
  std::vector<std::string> approved;
  bool instead = false;  // a list that was signed and is not in force is given up
};
// A trustee's node signs a sealed policy bundle; answered with SignedPapers that hold it.
struct SignBundleRequest {
  Bytes bundle;  // an encoded SealedBundle
};
struct AdoptPapersRequest {
  Bytes papers;
};
// The node's own request to be a member, from the plan at that absolute path; answered with SignedPapers that hold it.
struct MemberFileRequest {
  std::string plan;
};
struct SuspendRequest {
  std::string member, reason;
  bool lift = false;
};
// An account of this node, by user name: shut, and its sessions and tokens with it, or opened again.
struct AccountRequest {
  std::string username, reason;
  bool enable = false;
};
struct DoctorRequest {};

struct MemberState {
  std::string member;
  std::string standing;                           // "good", "no-keys", ...
  std::string last_heard;                         // ISO 8601; empty: not since the start
  std::int64_t clock_ahead_ms = 0;                // where it was heard
  std::uint64_t directory_version = 0;            // that it held when it was heard
  std::string suspended_since, suspended_reason;  // by this node; empty: it is not
};
struct Members {
  std::string member;                // this node's own
  Bytes signed_directory;            // empty: none is held
  std::vector<Bytes> statements;     // encoded Signed, of everybody
  std::uint64_t version_signed = 0;  // the highest that this node signed as a trustee; 0: none
  std::int64_t warn_age_ms = 0, closed_age_ms = 0, last_age_ms = 0;
  std::vector<MemberState> members;  // by id, this node's own too
};
struct SignedPapers {
  Bytes papers;
};
struct Diagnosis {
  std::vector<Finding> findings;
};

nlohmann::json json_of(const Members& members);
Members members_from(const nlohmann::json& json);
nlohmann::json json_of(const Diagnosis& diagnosis);
Diagnosis diagnosis_from(const nlohmann::json& json);

}  // namespace ginnel::admin
