// SPDX-License-Identifier: Apache-2.0
// The seam between the systems an agency already has and its node: people and dated facts, one at a time.
//
// An adapter reads; it never links, stores or decides. People are named by the source's own keys: the node's importer
// finds or makes the PersonRef for (system, key) and fills it in.
//
// Thread: any, one at a time. An adapter may read files in next().
// Order: a person comes before the records about them where the files allow it; all items of one child come together
//        where one file holds them so. A relation may name a key that comes later, or never.
// Limits: adapters/limits.h; what is over a limit is a Rejected, never an endless read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/record/person.h"
#include "federation/record/record.h"

namespace ginnel {

// Where an item stands in what was given to us. A row that spans several lines stands at its first.
struct SourcePlace {
  std::string file;        // the file's name without its folder
  std::uint32_t line = 0;  // from 1
  auto operator<=>(const SourcePlace&) const = default;
};

// Something wrong with a value that did not make its row worthless: the item comes, without the value.
struct Flag {
  std::string field;   // the source's own name of it: a column
  std::string reason;  // for people; never holds text of the row, which is personal data
  auto operator<=>(const Flag&) const = default;
};

// Read as: the other person is the `kind` of this person (`mother`: the other is this person's mother).
struct SourceRelation {
  std::string other_key;  // in the same source system
  std::string kind;
  bool same_household = false;
  bool parental_responsibility = false;  // the other has it for this person
  Date from, to;
  auto operator<=>(const SourceRelation&) const = default;
};

// Everything that the source says of one person now; replaces what it said before under the same (system, key).
struct SourcePerson {
  std::string system, key;
  Person person;  // ref and relationships are empty; identifiers hold {"source:<system>", key} first
  std::vector<SourceRelation> relations;
  Hash content_hash{};  // over all of the above: the same content, the same hash
  SourcePlace place;
  std::vector<Flag> flags;
};

struct SourceSubject {
  std::string key;  // in the record's source system
  SubjectRole role = SubjectRole::child;
  auto operator<=>(const SourceSubject&) const = default;
};

// All events of one kind about one child that a delivery tells, where its format has no ids of events: by it a
// corrected date is known from another event (node/import/correction.h).
struct SourceSeries {
  std::string prefix;      // of the record keys: "referral:1000001:"
  std::vector<Date> told;  // their days
  Date since;              // the delivery tells of everything from here on; not set: unknown, so nothing is corrected
  bool and_open_before = false;  // and of what began before that and was not over
};

// One version of one dated fact.
struct SourceRecord {
  std::vector<SourceSubject> subjects;  // at least one
  Record record;  // id, subjects, received_by_node, replaces and source.version are empty; the rest is filled in,
                  // label.owner and source.{system, key, content_hash} too
  SourcePlace place;
  std::vector<Flag> flags;
  std::shared_ptr<const SourceSeries> series{};  // null: the key says by itself which fact it is
  bool yields = false;  // of an older file than one that told of the child: what is held under its key stands
};

// A row that gave nothing. `reason` never holds text of the row.
struct Rejected {
  std::string file;
  std::uint32_t line = 0;
  std::string field;  // empty: the row as a whole
  std::string reason;
  auto operator<=>(const Rejected&) const = default;
};

using SourceItem = std::variant<SourcePerson, SourceRecord, Rejected>;

class Adapter {
 public:
  virtual ~Adapter() = default;

  // The next item; nothing at the end. An error ends the reading (the file cannot be read any further); everything
  // that came before it stands.
  virtual Expected<std::optional<SourceItem>> next() = 0;

  // True after the end was reached without a Rejected, if the source says that its files list everybody and everything
  // it holds: only then is what did not come gone at the source.
  virtual bool complete() const = 0;

  // Up to when the files say that they tell, after the end was reached; nothing: up to now, as far as anybody knows.
  // A claim of the file: it can make a source look older than it is, never newer.
  virtual std::optional<Instant> told_up_to() const { return std::nullopt; }
};

}  // namespace ginnel
