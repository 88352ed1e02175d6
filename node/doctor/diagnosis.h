// SPDX-License-Identifier: Apache-2.0
// Why a peer is silent, from what was seen: facts in, findings out, each failure with what to do about it.
//
// Thread: any; pure. The facts are gathered by node/doctor/examine.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "federation/directory/papers.h"
#include "federation/wire/envelope.h"
#include "node/doctor/finding.h"
#include "node/doctor/probe.h"

namespace ginnel {

struct PeerFacts {
  MemberId id;
  Standing standing = Standing::good;
  bool holds_records = true;  // false: nobody waits for its answers, so its silence is a warning only
  bool suspended_by_trustees = false;
  std::string suspended_here;           // why this node suspended it, and since when; empty: it has not
  std::optional<KeyStatement> newest;   // held, valid now or not
  std::optional<KeyStatement> current;  // valid now
  std::optional<Probe> probe;           // where it was tried to be reached
  std::optional<Instant> heard_at;      // nothing: not since the start
  std::int64_t clock_ahead_ms = 0;
  std::uint64_t directory_version = 0;  // that it held when it was heard
  std::optional<Drop> dropped;          // why its last bad message was let fall
  std::optional<Instant> dropped_at;
};

struct NodeFacts {
  MemberId me;
  std::string dir;          // as it stands in remedies
  bool in_shadow = false;   // it tells others nothing yet
  bool is_running = false;  // false: nobody is heard, and nothing was heard
  Instant now;
  std::string root_key;              // how it is opened: "systemd-credential"
  std::string read_only_reason;      // empty: the store can be written
  std::string bundle_refusal;        // why a start would refuse the policy bundle; empty: it would not
  std::string own_policies_refusal;  // likewise the agency's own over it
  std::uint64_t ledger_entries = 0;
  std::optional<std::uint64_t> verified_to;  // entries; nothing: it was not verified
  std::uint64_t ledger_problems = 0;
  std::uint64_t stored_problems = 0;  // of indexes, side rows and files
  std::string first_problem;          // of either
  bool was_cut_short = false;         // the verification: it took too long for a running node

  std::uint64_t directory_version = 0;  // 0: none is held
  Instant directory_issued_at;
  DirectoryAge directory_age = DirectoryAge::none;
  DirectoryRules directory_rules;
  std::vector<MemberId> signers;
  bool is_member = false, is_revoked = false;  // in the directory held

  std::optional<KeyStatement> own_newest;
  std::uint32_t own_number = 0;          // of the keys in use
  std::optional<Instant> own_next_from;  // when the announced ones begin
  std::string listen;
  std::vector<PeerFacts> peers;
};

std::vector<Finding> diagnose(const NodeFacts& facts);

}  // namespace ginnel
