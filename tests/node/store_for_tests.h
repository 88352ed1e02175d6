// SPDX-License-Identifier: Apache-2.0
// A store with people and records in it, over either engine, that can be closed and opened again.
#pragma once

#include <gtest/gtest.h>

#include "federation/base/clock.h"
#include "federation/record/match.h"
#include "node/store/codec.h"
#include "node/store/lmdb_kv.h"
#include "node/store/memory_kv.h"
#include "node/store/store.h"
#include "tests/node/permit_for_tests.h"
#include "tests/node/temp_directory.h"

namespace ginnel {

inline constexpr Instant noon{1'795'435'200'000};  // 23 Nov 2026 12:00 UTC

class ClockAtNoon : public Clock {
 public:
  Instant now() override { return noon; }
};

inline Person aisha() {
  Person person;
  person.identifiers = {{"source:liquidlogic", "LL-1", true}, {"nhs", "9990000018", true}};
  person.names = {{"Aisha", "Tester", "usual", {}, {}}};
  person.birth = {{2016, 3, 14}, Precision::day};
  person.addresses = {{{"1 Ginnel Row"}, "BD1 1AA", "", {}, {}, false}};
  person.markings_by_source = {"court_papers"};
  return person;
}

inline Person ben() {
  Person person;
  person.names = {{"Ben", "Tester", "usual", {}, {}}};
  person.birth = {{2018, 7, 1}, Precision::day};
  person.addresses = {{{"1 Ginnel Row"}, "BD1 1AA", "", {}, {}, false}};
  return person;
}

inline PersonVersion version_of(Person person) {
  PersonVersion version;
  version.link_keys = find_keys(person);
  version.person = std::move(person);
  return version;
}

inline Record visit_to(std::vector<PersonRef> people, std::string headline = "Home visit") {
  Record record;
  for (const auto& person : people) record.subjects.push_back({person, SubjectRole::child});
  record.kind = "visit";
  record.occurred = When::on({2026, 11, 8});
  record.headline = std::move(headline);
  record.fields = {{"seen alone", "yes"}};
  record.narrative = "Zebedee said that the kettle was cold.";
  record.label.category = "social-care.visit";
  record.label.sensitivity = 2;
  record.label.owner = *MemberId::parse("bradford-csc");
  return record;
}

class StoreForTests {
 public:
  enum class Engine { memory, lmdb };

  explicit StoreForTests(Engine engine = Engine::memory) : engine_(engine), root_(SecretKey::make(random_)) {
    open_engines();
    const auto made = Store::create(*ledger_, *keys_, root_, random_, *MemberId::parse("bradford-csc"), 1, noon);
    EXPECT_TRUE(made) << made.error().text();
    open_store();
  }

  void close() {
    store_.reset();
    if (engine_ == Engine::lmdb) {
      ledger_.reset();
      keys_.reset();
    }
  }
  // A restart: whatever was cached is forgotten.
  void reopen() {
    close();
    if (engine_ == Engine::lmdb) open_engines();
    open_store();
  }

  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }
  Kv& ledger() { return *ledger_; }
  Kv& keys() { return *keys_; }
  MemoryKv& memory_ledger() { return dynamic_cast<MemoryKv&>(*ledger_); }
  MemoryKv& memory_keys() { return dynamic_cast<MemoryKv&>(*keys_); }
  const SecretKey& root() const { return root_; }
  Random& random() { return random_; }
  std::string directory() const { return directory_.path(); }

  std::unique_ptr<Turn> begin(Instant now = noon) {
    auto turn = store_->begin(now);
    EXPECT_TRUE(turn) << turn.error().text();
    return turn ? std::move(*turn) : nullptr;
  }
  std::unique_ptr<Snapshot> snapshot() {
    auto snapshot = store_->snapshot();
    EXPECT_TRUE(snapshot) << snapshot.error().text();
    return snapshot ? std::move(*snapshot) : nullptr;
  }
  PersonRef add(Person person) {
    auto turn = begin();
    auto ref = turn->put_person(version_of(std::move(person)), ActorId());
    EXPECT_TRUE(ref) << ref.error().text();
    EXPECT_TRUE(turn->commit());
    return *ref;
  }
  RecordId add(Record record) {
    auto turn = begin();
    auto id = turn->put_record(std::move(record), ActorId());
    EXPECT_TRUE(id) << id.error().text();
    EXPECT_TRUE(turn->commit());
    return *id;
  }

 private:
  void open_engines() {
    if (engine_ == Engine::memory) {
      ledger_ = std::make_unique<MemoryKv>();
      keys_ = std::make_unique<MemoryKv>();
      return;
    }
    ledger_ = open_lmdb(directory_.path() + "/ledger").value();
    keys_ = open_lmdb(directory_.path() + "/keys").value();
  }
  void open_store() {
    auto opened = Store::open(*ledger_, *keys_, root_, random_);
    ASSERT_TRUE(opened) << opened.error().text();
    store_ = std::move(*opened);
  }

  const Engine engine_;
  TempDirectory directory_;
  SeededRandom random_{2026};
  SecretKey root_;
  std::unique_ptr<Kv> ledger_, keys_;
  std::unique_ptr<Store> store_;
};

// Every row of a table, to compare and to tamper with.
inline std::vector<std::pair<Bytes, Bytes>> rows_of(Kv& kv, Table table) {
  std::vector<std::pair<Bytes, Bytes>> rows;
  EXPECT_TRUE((*kv.read())->scan(table, {}, {}, [&](ByteView key, ByteView value) {
    rows.emplace_back(copy_of(key), copy_of(value));
    return true;
  }));
  return rows;
}
inline void put_row(Kv& kv, Table table, ByteView key, ByteView value) {
  auto txn = kv.write();
  ASSERT_TRUE((*txn)->put(table, key, value));
  ASSERT_TRUE((*txn)->commit());
}
inline void erase_row(Kv& kv, Table table, ByteView key) {
  auto txn = kv.write();
  ASSERT_TRUE((*txn)->erase(table, key));
  ASSERT_TRUE((*txn)->commit());
}

}  // namespace ginnel
