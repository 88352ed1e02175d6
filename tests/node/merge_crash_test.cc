// SPDX-License-Identifier: Apache-2.0
// The power goes at every single commit of imports, a merge and an unmerge in turn. Afterwards every index is what the
// ledger says, and doing it all again ends where an undisturbed day does.
#include <gtest/gtest.h>

#include <set>

#include "federation/base/crypto/hash.h"
#include "node/import/importer.h"
#include "node/store/rebuild.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class FixedRows : public Adapter {
 public:
  explicit FixedRows(std::vector<SourceItem> items) : items_(std::move(items)) {}
  Expected<std::optional<SourceItem>> next() override {
    if (at_ == items_.size()) return std::optional<SourceItem>();
    return std::optional(items_[at_++]);
  }
  bool complete() const override { return false; }

 private:
  std::vector<SourceItem> items_;
  std::size_t at_ = 0;
};

SourcePerson crash_person_row(const std::string& system, const std::string& key, Person person) {
  SourcePerson row;
  row.system = system;
  row.key = key;
  person.identifiers = {{"source:" + system, key, true}};
  row.person = std::move(person);
  row.content_hash = sha256(view_of(key));
  row.place = {"people.csv", 2};
  return row;
}

SourceRecord crash_record_row(const std::string& system, const std::string& key, const std::string& subject,
                              const std::string& content) {
  SourceRecord row;
  row.subjects.push_back({subject, SubjectRole::child});
  row.record = visit_to({}, content);
  row.record.source = {system, key, sha256(view_of(content)), 1};
  row.place = {"visits.csv", 7};
  return row;
}

class MergeCrash : public testing::Test {
 protected:
  struct Day {
    StoreForTests store;
    std::size_t commits = 0, power_goes_at = SIZE_MAX;

    Day() {
      for (MemoryKv* kv : {&store.memory_ledger(), &store.memory_keys()})
        kv->commit_fails = [this] { return commits++ >= power_goes_at; };
    }
    bool import(std::vector<SourceItem> items) {
      FixedRows rows(std::move(items));
      Importer importer(rows, {});
      ClockAtNoon clock;
      return import_all(importer, *store, clock).has_value();
    }
    std::optional<PersonRef> ref(const std::string& system, const std::string& key) {
      auto found = store.snapshot()->person_by_source(system, key, Hash{});
      return found && *found ? std::optional((*found)->id) : std::nullopt;
    }
    bool join(bool is_merge) {
      auto turn = store->begin(noon);
      if (!turn) return false;
      const auto one = ref("ll", "1"), other = ref("systm", "h2");
      if (!one || !other) return false;
      auto done = is_merge ? (*turn)->merge({*one, *other, LinkState::merged, "person", 0, "the same boy"}, ActorId())
                           : (*turn)->unmerge({*one, *other, "cousins"}, ActorId());
      if (!done && done.error().code != "already-merged") return false;
      return (*turn)->commit().has_value();
    }
    // False: the power went.
    bool run() {
      Person moved = ben();
      moved.addresses.front() = {{"9 Beck Side"}, "LS1 1AA", "", {}, {}, false};
      const auto first = [&](const std::string& visit) {
        std::vector<SourceItem> items;
        items.emplace_back(crash_person_row("ll", "1", ben()));
        items.emplace_back(crash_record_row("ll", "v1", "1", visit));
        return items;
      };
      std::vector<SourceItem> second;
      second.emplace_back(crash_person_row("systm", "h2", moved));
      second.emplace_back(crash_record_row("systm", "v2", "h2", "seen at home"));
      return import(first("visit")) && import(second) && join(true) && import(first("visit, corrected")) && join(false);
    }
    void lose_power() {
      store.close();
      store.memory_ledger().crash();
      store.memory_keys().crash();
      power_goes_at = SIZE_MAX;
      store.reopen();
    }
    std::string differing() {
      MemoryKv scratch;
      auto report = Rebuild(*store, scratch).run();
      EXPECT_TRUE(report) << report.error().text();
      std::string out;
      if (report)
        for (const auto& one : report->indexes)
          if (one.differing != 0) out += one.index + " ";
      return out;
    }
    // What a reader finds: both sides' current headlines, and whether they are one.
    std::string found() {
      std::string out;
      auto snapshot = store.snapshot();
      for (const auto& [system, key] : {std::pair("ll", "1"), std::pair("systm", "h2")}) {
        const auto person = ref(system, key);
        if (!person) return out + "?";
        out += std::string(system) + " one of " + std::to_string(snapshot->merged_with(*person)->size()) + ":";
        const auto labels = snapshot->labels(*person).value();
        for (const auto& label : labels)
          out += " " + snapshot->read(PermitForTests::make(label.id, Step::content))->headline;
        out += "\n";
      }
      auto link = snapshot->link_between(*ref("ll", "1"), *ref("systm", "h2")).value();
      return out + (link ? std::to_string(int(*link)) : "none");
    }
  };
};

TEST_F(MergeCrash, at_every_commit_leaves_indexes_that_a_rebuild_makes_too_and_a_second_run_completes_it) {
  Day undisturbed;
  const std::size_t before = undisturbed.commits;
  ASSERT_TRUE(undisturbed.run());
  const std::size_t commits = undisturbed.commits - before;
  const std::string expected = undisturbed.found();
  ASSERT_GE(commits, 5u) << "three imports, a merge and an unmerge";
  EXPECT_EQ(expected, "ll one of 1: visit, corrected\nsystm one of 1: seen at home\n2");
  EXPECT_EQ(undisturbed.differing(), "");

  std::set<std::string> seen;  // states in which the power left the store
  for (std::size_t at = 0; at < commits; ++at) {
    SCOPED_TRACE("the power goes at commit " + std::to_string(at));
    Day day;
    day.power_goes_at = day.commits + at;
    ASSERT_FALSE(day.run());
    day.lose_power();
    EXPECT_EQ(day.differing(), "");
    if (day.ref("ll", "1") && day.ref("systm", "h2")) seen.insert(day.found());
    ASSERT_TRUE(day.run());
    EXPECT_EQ(day.found(), expected);
    EXPECT_EQ(day.differing(), "");
    day.store.reopen();
    EXPECT_EQ(day.found(), expected);
  }
  EXPECT_GE(seen.size(), 3u) << "proposed, merged, and merged with the corrected visit were all met";
}

}  // namespace
}  // namespace ginnel
