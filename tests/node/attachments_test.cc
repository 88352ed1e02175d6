// SPDX-License-Identifier: Apache-2.0
// Files of records in the store: sealed, found by their content under their record's key, and in one commit with it.
#include "federation/base/crypto/hash.h"
#include "node/store/rebuild.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class Attachments : public testing::TestWithParam<StoreForTests::Engine> {
 protected:
  Attachments() : child_(store_.add(aisha())), brother_(store_.add(ben())) {}

  static Attachment letter() { return {"letter.txt", "text/plain", content_.size(), sha256(view_of(content_))}; }
  SealedContent sealed(const std::string& content) { return seal_content(view_of(content), random_); }
  Record record_about(std::vector<PersonRef> people) {
    Record record = visit_to(std::move(people), "A letter");
    record.kind = "evidence";
    record.attachments = {letter()};
    return record;
  }
  std::pair<RecordId, AttachmentId> keep(const std::vector<PersonRef>& people) {
    auto turn = store_.begin();
    const RecordId record = turn->put_record(record_about(people), ActorId()).value();
    const auto id = turn->put_attachment(record, letter(), sealed(content_), ActorId());
    EXPECT_TRUE(id) << id.error().text();
    EXPECT_TRUE(turn->commit());
    return {record, *id};
  }
  std::size_t blobs() { return rows_of(store_.ledger(), Table::blobs).size(); }
  Expected<KeptFile> read(const RecordId& record, const AttachmentId& id, Step step = Step::content) {
    return store_.snapshot()->read_attachment(PermitForTests::make(record, step), id);
  }
  void erase(const PersonRef& person) {
    auto turn = store_.begin();
    const auto keys = turn->bury(person, "asked for", ActorId()).value();
    ASSERT_TRUE(turn->commit());
    turn.reset();
    ASSERT_TRUE(store_->destroy_keys(keys));
  }

  static inline const std::string content_ = "Dear all, the kettle was cold.";
  StoreForTests store_{GetParam()};
  SeededRandom random_{77};
  const PersonRef child_, brother_;
};
INSTANTIATE_TEST_SUITE_P(OverEach, Attachments,
                         testing::Values(StoreForTests::Engine::memory, StoreForTests::Engine::lmdb));

TEST_P(Attachments, come_back_as_they_were_kept_after_a_restart) {
  const auto [record, id] = keep({child_});
  store_.reopen();
  const auto file = read(record, id);
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(file->content, copy_of(view_of(content_)));
  EXPECT_EQ(file->kept.name, "letter.txt");
  EXPECT_EQ(store_.snapshot()->attachment_of(record, letter().sha256).value(), id);
}

TEST_P(Attachments, open_by_a_permit_for_their_record_at_content_and_by_no_other) {
  const auto [record, id] = keep({child_});
  const auto [other, other_id] = keep({brother_});
  EXPECT_EQ(read(record, id, Step::headline).error().code, "no-record");
  EXPECT_EQ(read(other, id).error().code, "no-record");
  EXPECT_EQ(read(record, other_id).error().code, "no-record");
  EXPECT_TRUE(read(record, id, Step::copy_out));
}

TEST_P(Attachments, of_two_people_have_nothing_in_common_that_the_store_tells) {
  const auto [record, id] = keep({child_});
  const auto [other, other_id] = keep({brother_});
  EXPECT_NE(id, other_id);
  const auto rows = rows_of(store_.ledger(), Table::blobs);
  ASSERT_EQ(rows.size(), 2u);
  for (const auto& [key, value] : rows) {
    EXPECT_EQ(std::search(value.begin(), value.end(), content_.begin(), content_.end()), value.end());
    const auto hash = sha256(view_of(content_));
    EXPECT_FALSE(std::equal(key.begin(), key.end(), hash.begin()));
  }
  EXPECT_EQ(keep({child_}).second, id) << "of one person they are one file";
  EXPECT_EQ(blobs(), 2u);
}

TEST_P(Attachments, that_somebody_kept_twice_open_by_either_record) {
  const auto [first, id] = keep({child_});
  const auto [second, same_id] = keep({child_});
  ASSERT_EQ(id, same_id);
  for (const RecordId& record : {first, second}) {
    const auto file = read(record, id);
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->content, copy_of(view_of(content_)));
    EXPECT_EQ(file->kept.record, record);
  }
}

TEST_P(Attachments, are_there_with_their_record_or_not_at_all) {
  {
    auto turn = store_.begin();
    const RecordId record = turn->put_record(record_about({child_}), ActorId()).value();
    ASSERT_TRUE(turn->put_attachment(record, letter(), sealed(content_), ActorId()));
    // The power goes before the commit.
  }
  store_.reopen();
  EXPECT_EQ(blobs(), 0u);
  EXPECT_TRUE(store_.snapshot()->labels(child_)->empty());
}

TEST_P(Attachments, that_the_record_does_not_name_are_refused) {
  auto turn = store_.begin();
  const RecordId record = turn->put_record(record_about({child_}), ActorId()).value();
  Attachment other = letter();
  other.name = "another.txt";
  EXPECT_EQ(turn->put_attachment(record, other, sealed(content_), ActorId()).error().code, "bad-attachment");
  EXPECT_EQ(turn->put_attachment(record, letter(), sealed("Dear none"), ActorId()).error().code, "bad-attachment");
  const std::string large(limits::attachment_bytes_max + 1, 'x');
  EXPECT_EQ(turn->put_attachment(record, letter(), sealed(large), ActorId()).error().code, "too-large");
}

TEST_P(Attachments, go_with_whom_they_are_about_and_leave_the_others_theirs) {
  const auto [record, id] = keep({child_});
  const auto [shared, shared_id] = keep({child_, brother_});
  erase(child_);
  EXPECT_EQ(read(record, id).error().code, "no-record");
  EXPECT_EQ(blobs(), 1u);
  EXPECT_TRUE(read(shared, shared_id)) << "a record about both is still the brother's";
  erase(brother_);
  EXPECT_EQ(blobs(), 0u);
  MemoryKv scratch;
  const auto rebuilt = Rebuild(*store_, scratch).run();
  EXPECT_TRUE(rebuilt && rebuilt->equal());
}

TEST_P(Attachments, that_were_changed_or_hidden_are_told_as_damaged) {
  const auto [record, id] = keep({child_});
  auto rows = rows_of(store_.ledger(), Table::blobs);
  Bytes changed = rows[0].second;
  changed[changed.size() / 2] ^= 1;
  put_row(store_.ledger(), Table::blobs, rows[0].first, changed);
  EXPECT_EQ(read(record, id).error().code, "blob-damaged");
  erase_row(store_.ledger(), Table::blobs, rows[0].first);
  EXPECT_EQ(read(record, id).error().code, "blob-damaged");
  EXPECT_TRUE(store_.snapshot()->read(PermitForTests::make(record, Step::content)));
}

}  // namespace
}  // namespace ginnel
