// SPDX-License-Identifier: Apache-2.0
// A gate over a bundle that a test writes, or over the West Yorkshire agreement, with a store to record decisions in.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "node/gate/gate.h"
#include "tests/node/store_for_tests.h"
#include "tests/source_tree.h"

namespace ginnel {

inline std::filesystem::path policy_folder() { return source_tree() / "config-examples/policies"; }

inline std::shared_ptr<const Bundle> west_yorkshire() {
  static const auto bundle = [] {
    auto read = read_bundle(policy_folder() / "west-yorkshire");
    EXPECT_TRUE(read) << read.error().text();
    return read ? std::move(*read) : std::make_shared<const Bundle>();
  }();
  return bundle;
}

inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

inline constexpr const char* permit_everything =
    "@id(\"A\") @title(\"Everything\")\npermit (principal, action, resource);\n";

// A bundle of one file of policies and the vocabulary of config-examples.
class BundleFolder {
 public:
  explicit BundleFolder(const std::string& policies) {
    std::filesystem::copy_file(policy_folder() / "vocabulary.toml", path() / "vocabulary.toml");
    write_text(path() / "bundle.toml",
               "name = \"test\"\nversion = 7\nvocabulary = \"vocabulary.toml\"\npolicies = [\"test.cedar\"]\n");
    write_text(path() / "test.cedar", policies);
  }
  std::filesystem::path path() const { return folder_.path(); }
  Expected<std::shared_ptr<const Bundle>> read() const { return read_bundle(path()); }

 private:
  TempDirectory folder_;
};

inline std::shared_ptr<const Bundle> bundle_of(const std::string& policies) {
  auto bundle = BundleFolder(policies).read();
  EXPECT_TRUE(bundle) << bundle.error().text();
  return bundle ? std::move(*bundle) : west_yorkshire();
}

// A practitioner of Leeds, who has the purpose proved if they say so.
inline Asking asking_for(const std::string& purpose = "first_contact", bool is_proven = false) {
  Asking asking;
  asking.agency = *MemberId::parse("leeds-csc");
  asking.agency_kind = "social_care";
  asking.worker = "00112233445566778899aabbccddeeff";
  asking.role = "practitioner";
  asking.purpose = purpose;
  asking.basis = "public_task";
  if (is_proven) asking.proven = {purpose};
  return asking;
}

inline RecordLabel label_of(const std::string& owner, const std::string& kind, const std::string& category,
                            int sensitivity, std::set<std::string> markings = {},
                            const std::string& handling = "official") {
  static SeededRandom random(4711);
  RecordLabel record;
  record.id = RecordId::make(random);
  record.kind = kind;
  record.label.category = category;
  record.label.sensitivity = std::uint8_t(sensitivity);
  record.label.markings = std::move(markings);
  record.label.handling = handling;
  record.label.owner = *MemberId::parse(owner);
  return record;
}
inline const RecordLabel incident_label = label_of("wy-police", "incident", "police.incident", 2);

class GateForTests {
 public:
  explicit GateForTests(std::shared_ptr<const Bundle> bundle = west_yorkshire()) : gate(std::move(bundle)) {}

  Expected<Verdicts> decide_all(const Asking& asking, const std::vector<RecordLabel>& records,
                                const std::set<std::string>& markings = {}) {
    auto turn = store.begin();
    DecisionFor recorded;
    recorded.key = turn->node_key();
    recorded.access.reason = "test";
    auto verdicts = gate.decide(asking, records, markings, recorded, *turn);
    if (verdicts) {
      EXPECT_TRUE(turn->commit());
    }
    return verdicts;
  }
  Verdict decide(const Asking& asking, const RecordLabel& record, std::set<std::string> markings = {}) {
    markings.insert(record.label.markings.begin(), record.label.markings.end());
    auto verdicts = decide_all(asking, {record}, markings);
    EXPECT_TRUE(verdicts && verdicts->size() == 1);
    return verdicts && verdicts->size() == 1 ? verdicts->front() : Verdict();
  }
  // Decides what another member asks about records, as an entry of the ledger.
  void ask_of_peer(const Asking& asking, const std::vector<RecordLabel>& records,
                   const std::set<std::string>& markings = {}, Instant at = noon) {
    auto turn = store.begin(at);
    DecisionFor recorded;
    recorded.key = turn->node_key();
    recorded.access.ask = AskId::make(asks_);
    recorded.access.peer = asking.agency;
    recorded.access.worker = asking.worker;
    EXPECT_TRUE(gate.decide(asking, records, markings, recorded, *turn));
    EXPECT_TRUE(turn->commit());
  }
  // The newest entry of the ledger.
  Access recorded() {
    auto snapshot = store.snapshot();
    auto entry = snapshot->entry(snapshot->tree_head().size - 1);
    EXPECT_TRUE(entry && entry->header.kind == EntryKind::decided);
    return decode_access(entry->body).value();
  }

  StoreForTests store;
  Gate gate;

 private:
  SeededRandom asks_{31};
};

}  // namespace ginnel
