// SPDX-License-Identifier: Apache-2.0
// ProcessHead: the lead's signed word that a statutory process on one child is open, and which purposes it proves.
//
// It names the child only as a salted commitment; who quotes it in an ask adds the salt, so a head that goes astray
// says nothing of whom it is about. It lives 72 hours at most.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/crypto/sign.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/directory/directory.h"
#include "federation/record/identity.h"

namespace ginnel {

struct ProcessHead {
  ProcessId process;
  MemberId lead;
  std::uint64_t lead_epoch = 0;         // counts the lead's moves (DESIGN 12)
  std::uint64_t number = 0;             // of this head within the process, from 1
  std::uint64_t supersedes = 0;         // the head that this one replaces; 0: none
  std::string definition, edition;      // of the process definition
  std::string state;                    // for people, one line: "on a child protection plan since 2 Sep 2026 (neglect)"
  std::set<std::string> proves;         // purposes
  std::vector<Hash> child_commitments;  // commit_to(form, salt) for each form that names the child; any one will do
  Instant issued_at, expires;
  bool operator==(const ProcessHead&) const = default;
};

// An encoded Signed. `bad-head` if its own fields are out of range (no purpose, longer than 72 hours, ...).
Expected<Bytes> issue_head(const ProcessHead& head, const SigningKey& key, std::uint32_t key_number);

// The head if it is genuine and proves `purpose` for this child now. Codes, each a reason to decide the ask as first
// contact: `bad-head` (does not decode or out of range), `head-lead-unknown`, `head-lead-revoked`, `head-key-unknown`,
// `head-forged`, `head-not-yet`, `head-expired`, `head-wrong-child`, `head-wrong-purpose` (it does not claim the
// purpose), `head-lead-may-not` (the directory does not let this lead prove the purpose).
Expected<ProcessHead> verify_head(ByteView signed_head, const DirectoryBook& book, const Identity& child, ByteView salt,
                                  std::string_view purpose, Instant now);

Bytes encode_head(const ProcessHead& head);
Expected<ProcessHead> decode_head(ByteView bytes);

}  // namespace ginnel
