// SPDX-License-Identifier: Apache-2.0
// What a receiver takes of the file of a transfer, and what it refuses: parts as an authority of any faith could give.
#include "node/transfer/transfer_intake.h"
#include "federation/base/crypto/hash.h"
#include "tests/federation/transfer_sides.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class TransferParts : public samples::TransferSides {
 protected:
  TransferParts() {
    child_.child = *read_identity("9990000018", "Tester", "Aisha", "2016-03-14", "");
    child_.salt = Salt{1, 2, 3};
    child_.person = aisha();
    child_.person.ref = *PersonRef::from(Bytes(16, 9));
    child_.person.identifiers = {{"nhs", "9990000018", true}};
    child_.person.markings_by_source.clear();
    process_ = {{now, ProcessStarted{{"child-protection", "west-yorkshire", 1}, "bradford-csc", by_}},
                {now, StepOpened{1, "contact", 0, "", "", When::at_instant(now), by_}}};
    Item item;
    item.record = *RecordId::from(Bytes(16, 0x21));
    item.kind = "visit";
    item.occurred = item.recorded = When::at_instant(now);
    item.received = now;
    item.step = Step::copy_out;
    item.headline = "Home visit";
    item.label.category = "social-care.visit";
    item.label.owner = *MemberId::parse("bradford-csc");
    answer_.ask = *AskId::from(Bytes(16, 0x22));
    answer_.status = PartStatus::answered;
    answer_.answered_at = now;
    answer_.items.push_back(std::move(item));
    EXPECT_EQ(say("bradford-csc", TransferAct::offer,
                  [this](TransferStatement& next) {
                    next.offer.child = commit_to(child_.child, child_.salt);
                    process_id_ = next.offer.process;
                  }),
              "");
    EXPECT_EQ(leeds(TransferAct::received), "");
  }

  Bytes process_part(const ProcessId& id) const {
    TransferProcessPart part;
    for (const auto& record : process_) part.records.push_back(encode(ProcessEntry{id, PersonRef(), record}));
    return encode_process_part(part);
  }
  // Puts the file as it stands into a store, and reads it there; why it cannot be used.
  std::string read() {
    manifest_.transfer = log.id();
    manifest_.parts.clear();
    contents_.clear();
    add(TransferPartKind::child, encode_child_part(child_).value());
    add(TransferPartKind::process, process_part(process_id_));
    add(TransferPartKind::records, encode_answer(answer_).value());
    for (auto& [kind, content] : more_) add(kind, content);
    if (change_) change_(manifest_);
    const Bytes encoded = encode_manifest(manifest_);
    const Hash hash = sha256(encoded);
    auto turn = store_.begin();
    const auto key = turn->new_key();
    EXPECT_TRUE(key);
    for (std::size_t i = 0; i < contents_.size(); ++i)
      EXPECT_TRUE(put_part(log.id(), sha256(contents_[i]), contents_[i], *key, *turn));
    EXPECT_TRUE(put_part(log.id(), hash, encoded, *key, *turn));
    auto file = read_transfer_file(log, hash, *turn);
    EXPECT_TRUE(turn->commit());
    if (file) return "";
    EXPECT_EQ(file.error().code, "transfer-file-unusable") << file.error().text();
    return file.error().why;
  }
  void add(TransferPartKind kind, const Bytes& content, const RecordId& record = {}) {
    manifest_.parts.push_back({kind, sha256(content), content.size(), record});
    contents_.push_back(content);
  }

  Actor by_{"bradford-csc", "social_care", "w-1", "manager"};
  TransferChildPart child_;
  ProcessId process_id_;
  std::vector<ProcessRecord> process_;
  Answer answer_;
  std::vector<std::pair<TransferPartKind, Bytes>> more_;
  std::function<void(TransferManifest&)> change_;
  TransferManifest manifest_;
  std::vector<Bytes> contents_;
  StoreForTests store_;
};

TEST_F(TransferParts, are_read_as_they_were_made) { EXPECT_EQ(read(), ""); }

TEST_F(TransferParts, about_another_child_than_the_offer_are_refused) {
  child_.child.nhs_number = "9990000026";
  EXPECT_EQ(read(), "it is about another child than the offer");
}

TEST_F(TransferParts, of_another_process_or_another_lead_are_refused) {
  process_id_ = *ProcessId::from(Bytes(16, 0x12));
  EXPECT_EQ(read(), "it holds another process than the offer");
  process_id_ = log.offer().process;
  process_.push_back({now, LeadMoved{"", 1}});
  EXPECT_EQ(read(), "its process is led by another than who offers it, or in another epoch");
  process_.push_back({now, LeadMoved{"bradford-csc", 2}});
  EXPECT_EQ(read(), "its process is led by another than who offers it, or in another epoch");
  process_ = {{now, ProcessStarted{{"child-protection", "west-yorkshire", 1}, "kirklees-csc", by_}}};
  EXPECT_EQ(read(), "its process is led by another than who offers it, or in another epoch");
}

TEST_F(TransferParts, with_a_process_that_is_none_or_has_ended_are_refused) {
  process_.push_back({now, ProcessEnded{}});
  EXPECT_EQ(read(), "its process does not run");
  process_ = {{now, StepOpened{7, "contact", 0, "", "", When::at_instant(now), by_}}};
  EXPECT_TRUE(read().starts_with("its process: ")) << read();
}

TEST_F(TransferParts, with_two_records_of_one_id_or_one_that_is_not_to_be_kept_are_refused) {
  answer_.items.push_back(answer_.items.front());
  answer_.items.back().headline = "another";
  EXPECT_EQ(read(), "it holds two records of one id");
  answer_.items.pop_back();
  answer_.items.front().step = Step::content;
  EXPECT_EQ(read(), "it holds a record that is not to be kept");
}

TEST_F(TransferParts, that_are_more_than_a_node_takes_are_refused) {
  change_ = [](TransferManifest& manifest) {
    for (std::uint8_t i = 0; i < 17; ++i)
      manifest.parts.push_back(
          {TransferPartKind::attachment, Hash{i, 1}, limits::file_bytes_max, *RecordId::from(Bytes(16, 1))});
  };
  EXPECT_EQ(read(), "`parts.sizeBytes` are too much together");
}

TEST_F(TransferParts, that_are_large_are_kept_whole_and_dropped_whole) {
  Bytes content(limits::file_bytes_max, 7);
  content.back() = 8;
  const Hash hash = sha256(content);
  auto turn = store_.begin();
  const auto key = turn->new_key();
  ASSERT_TRUE(put_part(log.id(), hash, content, *key, *turn));
  EXPECT_TRUE(has_part(log.id(), hash, *turn).value());
  EXPECT_TRUE(find_part(log.id(), hash, *turn).value() == std::optional(content));
  ASSERT_TRUE(drop_part(log.id(), hash, *turn));
  EXPECT_FALSE(find_part(log.id(), hash, *turn).value());
  ASSERT_TRUE(turn->commit());
  EXPECT_TRUE(store_.snapshot()->side_all(SideTable::transfer_parts)->empty());
}

}  // namespace
}  // namespace ginnel
