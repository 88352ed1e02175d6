// SPDX-License-Identifier: Apache-2.0
// One dated fact, immutable; changed by a later record that replaces it (DESIGN 5).
//
// Four times are kept apart and never guessed: when it occurred, when the source recorded it, when this node received
// it, and (in the ledger) when it was shown or shared.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/record/label.h"

namespace ginnel {

// A closed set: changing it changes the wire format.
enum class SubjectRole : std::uint8_t { child = 0, parent = 1, carer = 2, household = 3, third_party = 4 };

struct Subject {
  PersonRef person;
  SubjectRole role = SubjectRole::child;
  auto operator<=>(const Subject&) const = default;
};

// A named value that a person reads: {"attendance", "87 %"}.
struct Field {
  std::string name;
  std::string value;
  auto operator<=>(const Field&) const = default;
};

enum class Assertion : std::uint8_t { fact = 0, opinion = 1 };

// Who wrote it down, as the source tells it, so that a reader can telephone.
struct Author {
  std::string name, role, team, contact;
  auto operator<=>(const Author&) const = default;
};

struct Source {
  std::string system;         // name of the source system in the mapping
  std::string key;            // the row's own key there; idempotence rests on (system, key)
  Hash content_hash{};        // SHA-256 over the row's mapped content
  std::uint32_t version = 1;  // counts the versions of the same key that this node received
  auto operator<=>(const Source&) const = default;
};

struct Attachment {
  std::string name;
  std::string media_type;
  std::uint64_t size_bytes = 0;
  Hash sha256{};
  auto operator<=>(const Attachment&) const = default;
};

struct Record {
  RecordId id;
  std::vector<Subject> subjects;  // at least one
  std::string kind;               // closed list of DESIGN 19, e.g. "health_attendance"
  When occurred;
  When recorded_at_source;
  Instant received_by_node;
  std::string headline;  // one line, free of third-party detail
  std::vector<Field> fields;
  std::string narrative;
  Assertion assertion = Assertion::fact;
  Label label;
  Author author;
  Source source;
  RecordId replaces;  // empty: replaces nothing
  std::vector<Attachment> attachments;
  // Put on by people, beside the source's own in `label`. They stay with every later version of the record: only a
  // person takes them off. They stay at the node: what is sent carries all markings in its label.
  std::set<std::string> markings_by_person{};
  bool operator==(const Record&) const = default;
};

}  // namespace ginnel
