// SPDX-License-Identifier: Apache-2.0
// Ask: what one member asks another about one person, with the asker's signed claims.
//
// Words (role, purpose, basis, category) are strings: a word that the holder's vocabulary lacks is refused by its gate,
// not by the codec. Failure: decode_* give `bad-payload`, naming the field and never its value.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <variant>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/record/identity.h"
#include "federation/record/record.h"
#include "federation/wire/step.h"

namespace ginnel {

// A worker as other members may know them: stable for one member, and no name.
using Pseudonym = std::array<std::uint8_t, 16>;
using Salt = std::array<std::uint8_t, 16>;

// What a lookup's hit gave (DESIGN 9). Only the member whose table it came from can read it.
struct Handle {
  std::uint64_t epoch = 0;  // of the table
  Bytes bytes;              // limits::handle_bytes_min .. handle_bytes_max
  bool operator==(const Handle&) const = default;
};

// A named ask carries the identity itself.
using AskedAbout = std::variant<Handle, Identity>;

// What the asking member vouches for, by signing the message.
struct Claims {
  Pseudonym worker{};  // zero: nobody, the node itself asks by a rule
  std::string role;
  std::string purpose;
  std::string basis;         // the asker's own; the holder has its own
  std::string named_reason;  // why this agency is asked by name; empty: it is not
  Hash case_commitment{};    // salted, over the asker's case reference; zero: no case
  Pseudonym colleague{};     // who agreed to an ask over budget; zero: nobody had to
  bool operator==(const Claims&) const = default;
};

// The federation's policy bundle that a decision rests on.
struct BundleRef {
  std::uint64_t version = 0;
  Hash hash{};
  bool operator==(const BundleRef&) const = default;
};

struct Ask {
  AskId id;  // stable: the same in every retransmission, and the holder answers it once
  AskedAbout about;
  SubjectRole about_role = SubjectRole::child;  // a related adult is asked about as parent, carer or household
  Claims claims;
  std::string break_glass_reason;    // empty: the glass is whole
  Step highest = Step::content;      // more is not wanted even where it would be permitted
  std::set<std::string> categories;  // empty: all
  Instant as_known_at;               // not set: now
  Instant deadline;                  // when the asker stops waiting; an answer may come later
  Bytes process_head;                // an encoded Signed of a ProcessHead; empty: none
  Salt process_head_salt{};          // opens its child commitment; zero when there is no head
  BundleRef bundle;                  // the asker's
  bool operator==(const Ask&) const = default;

  bool is_named() const { return std::holds_alternative<Identity>(about); }
};

struct PageRequest {
  AskId ask;
  std::uint32_t page = 0;  // the first is 0
  bool operator==(const PageRequest&) const = default;
};

// `too-long` or `bad-text`, naming the field, if the ask would not be read back.
Expected<Bytes> encode_ask(const Ask& ask);
Expected<Ask> decode_ask(ByteView payload);
Bytes encode_page_request(const PageRequest& request);
Expected<PageRequest> decode_page_request(ByteView payload);

// The id of the ask of one view to one member: the same again after a restart, and found again from either.
AskId ask_id_of(const ViewId& view, const MemberId& member);

}  // namespace ginnel
