// SPDX-License-Identifier: Apache-2.0
// Answer: one agency's part of a case view, in pages.
//
// Failure: decode_answer gives `bad-payload`, naming the field and never its value; a part that contradicts itself (a
// not-known part with items, a status that only an asker can give) is refused whole.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/record/record.h"
#include "federation/wire/ask.h"
#include "federation/wire/consent_told.h"
#include "federation/wire/contact.h"
#include "federation/wire/limits.h"
#include "federation/wire/part_status.h"
#include "federation/wire/step.h"

namespace ginnel {

struct Item {
  RecordId record;
  std::string kind;
  When occurred, recorded;     // recorded at the source
  Instant received;            // by the holder's node
  Step step = Step::headline;  // what was permitted: headline, content or copy_out
  std::string headline;
  std::vector<Field> fields;  // content and more
  std::string narrative;      // content and more
  Assertion assertion = Assertion::fact;
  Label label;  // its category is the item's; the retention rule's name stays at home, its date travels
  Author author;
  std::string source_system;
  SubjectRole subject_role = SubjectRole::child;  // of the person asked about, in this record
  std::vector<Attachment> attachments;            // what there is; the bytes are asked for by hash
  RecordId replaces;                              // empty: replaces nothing
  ConsentTold consent = ConsentTold::nothing;     // that the holder went by, of what it opened
  Instant superseded_at{};  // of an answer for a past moment: since when a later version holds; not set: it still does
  bool operator==(const Item&) const = default;

  const std::string& category() const { return label.category; }
};

struct Withheld {
  std::string category;  // coarsened: what the policy's @shown_as says
  std::uint32_t count = 0;
  std::string reason;
  std::string ask;           // whom to ask
  std::string policy_title;  // of the policy that decided
  bool operator==(const Withheld&) const = default;
};

struct Answer {
  AskId ask;
  std::uint32_t page = 0, pages = 1;  // the first is 0
  PartStatus status = PartStatus::unknown;
  Problem reason;   // why refused, unknown or out of date; empty otherwise
  Contact contact;  // whom to ring
  Instant data_to;  // the holder's data is complete up to here
  Instant answered_at;
  std::vector<Item> items;
  std::vector<Withheld> withheld;  // on the first page
  std::set<std::string> markings;  // on the first page: of everything the holder holds on the person and may tell
  BundleRef bundle;                // that the holder decided by
  std::string basis;               // the holder's own
  bool operator==(const Answer&) const = default;
};

// Every not-known answer is made here, so that all of one member look alike: an unknown child, a concealed child and
// a child whom policy does not let it speak of differ in nothing (promise 5). Nothing in the arguments may depend on
// the child. Send it with minimum size 0: it fits the smallest class.
Answer not_known_answer(const AskId& ask, const Contact& duty, Instant data_to, Instant answered_at,
                        const BundleRef& bundle, const std::string& basis);

// Splits the items over as many pages as needed, in order; everything that is not items stands on the first page, and
// on later ones what identifies the part. An item that fits no page is left out and counted as withheld, "too long for
// a page"; so are items past limits::answer_pages_max pages.
std::vector<Answer> paginate(Answer answer, std::size_t page_bytes_max = limits::answer_page_bytes_max);

// `too-long` or `bad-text`, naming the field, if the part would not be read back. What paginate() gave always is.
Expected<Bytes> encode_answer(const Answer& answer);
Expected<Answer> decode_answer(ByteView payload);

}  // namespace ginnel
