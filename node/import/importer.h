// SPDX-License-Identifier: Apache-2.0
// Brings what an adapter reads into the store, a step a turn: links, versions, and counts.
//
// The same rows again change nothing. People are linked by source key, else by NHS number, else by score
// (node/import/matching.h): who is the same is merged, who may be is put to a person. A marking put on by a person
// survives. What one child's rows bring is in one commit where it is at most limits::import_rows_per_turn_max
// rows. What a source brings until it was read to its end once is told to nobody outside.
//
// Thread: the loop. Success: step() returned and the caller's commit too; then the next step.
// Failure: a row that cannot be kept is a rejected_row entry and never stops the others. An error of step() is the
//          store's: the turn must go, and the importer with it. Running again completes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/link_rules_reader.h"
#include "federation/base/clock.h"
#include "node/import/matching.h"
#include "node/store/store.h"

namespace ginnel {

struct ImportOptions {
  ActorId actor;                          // empty: the node itself
  std::string file;                       // for the import_run entry; empty: the file of the first item
  std::string system{};                   // the same, where no item comes
  const LinkRules* link_rules = nullptr;  // outlive the importer; null: those that the program carries
};

class Importer {
 public:
  // `adapter` must outlive the importer.
  Importer(Adapter& adapter, ImportOptions options)
      : adapter_(adapter),
        options_(std::move(options)),
        matching_(options_.link_rules ? *options_.link_rules : default_link_rules()) {}

  // Takes at most limits::import_rows_per_turn_max rows into the turn. True: there is more to do. The last step appends
  // the import_run entry.
  Expected<bool> step(Turn& turn);

  // Of the steps so far.
  const ImportRun& run() const { return run_; }
  // Rows rejected since the last call, for showing; call it after each step.
  std::vector<Rejected> take_rejected() { return std::exchange(rejected_, {}); }
  // Why the adapter could not read on, if so: what came before stands.
  const std::optional<Error>& reading_error() const { return reading_error_; }

 private:
  // Relationships to somebody who has not come yet.
  struct Deferred {
    std::string system, key;
    PersonRef person;
    std::vector<SourceRelation> relations;
  };

  Expected<void> read_group();
  Expected<void> take(Turn& turn, SourceItem item);
  Expected<void> take_person(Turn& turn, SourcePerson person);
  Expected<void> take_record(Turn& turn, SourceRecord record);
  Expected<Tell> whom_to_tell(const Turn& turn, const std::string& system);
  struct Version;  // which record a row is a version of
  Expected<Version> version_of(const Turn& turn, const SourceRecord& source);
  Expected<Version> version_in_series(const Turn& turn, const SourceRecord& source, const PersonRef& child);
  Expected<void> reject(Turn& turn, Rejected row);
  Expected<void> relate(Turn& turn, const Deferred& deferred);
  Expected<void> finish(Turn& turn);

  Expected<std::optional<PersonRef>> find_source_person(const Turn& turn, const std::string& system,
                                                        const std::string& key);
  Expected<std::optional<PersonRef>> link_by_source_key(const Turn& turn, const Person& person) const;
  Expected<PersonRef> put(Turn& turn, PersonVersion version, const PersonVersion& before);
  Expected<std::vector<Relationship>> relationships(const Turn& turn, const std::string& system,
                                                    const std::vector<SourceRelation>& relations, bool& all_found);

  Adapter& adapter_;
  const ImportOptions options_;
  const Matching matching_;
  ImportRun run_;
  std::vector<Rejected> rejected_;
  std::optional<Error> reading_error_;

  std::vector<SourceItem> group_;    // the next rows about one child, read and not taken
  std::optional<SourceItem> ahead_;  // the first row after them
  bool read_to_end_ = false, finished_ = false;
  // For series in which something is corrected: what their told days are versions of. Known from before the first of
  // them was written.
  std::unordered_map<std::shared_ptr<const SourceSeries>, std::multimap<Date, ToldRecord>> corrected_;
  std::unordered_set<std::string> new_people_;  // system and key of late: no series of theirs is held
  std::vector<Deferred> deferred_;
  std::unordered_map<std::string, Tell> told_by_;      // by system
  std::unordered_map<std::string, PersonRef> people_;  // system and key of late; cleared when full
};

// Runs an import to its end, a turn and a commit a step; for a stopped node's command, the demonstration and tests.
Expected<ImportRun> import_all(Importer& importer, Store& store, Clock& clock);

}  // namespace ginnel
