// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/envelope.h"

#include <gtest/gtest.h>

#include "federation/wire/answer.h"
#include "federation/wire/ask.h"
#include "federation/wire/signed.h"
#include "tests/federation/members.h"

namespace ginnel {
namespace {

using samples::member;
using samples::noon;

// Keeps what it was told, so that a test can see that a dropped message left nothing behind.
class Remembered : public ReplayWindow {
 public:
  bool seen(const MemberId& from, const MessageId& id) override { return ids.contains({from, id}); }
  void remember(const Header& opened) override {
    ids.insert({opened.from, opened.id});
    until = kept_until(opened);
  }
  std::set<std::pair<MemberId, MessageId>> ids;
  Instant until;
};

class OpenerTest : public testing::Test {
 protected:
  Message message() {
    Message out;
    out.header.from = member("bradford-csc");
    out.header.to = member("wy-police");
    out.header.from_incarnation = 1;
    out.header.to_incarnation = 4;
    out.header.sent_at = noon;
    out.header.expires = noon + minute_ms;
    out.header.id = samples::id<MessageId>(0x10);
    out.header.kind = Kind::page_request;
    out.payload = encode_page_request(samples::page_request());
    return out;
  }
  Bytes seal(const Message& value) { return seal_message(value, {members.keys("bradford-csc").signing, 1}).value(); }
  std::string open(const Bytes& frame, const std::string& authenticated = "bradford-csc") {
    auto opened = opener.open(member(authenticated), frame, now);
    return opened ? "opened" : std::string(name_of(opened.error()));
  }
  void expect_dropped(const Bytes& frame, std::string_view reason, const std::string& authenticated = "bradford-csc") {
    EXPECT_EQ(open(frame, authenticated), reason);
    EXPECT_TRUE(replays.ids.empty()) << "a dropped message changed something";
  }

  samples::Members members;
  DirectoryBook book = members.book();
  Remembered replays;
  Opener opener{member("wy-police"), 4, book, replays};
  Instant now = noon + 1000;
};

TEST_F(OpenerTest, a_genuine_message_opens_as_it_was_sealed) {
  auto opened = opener.open(member("bradford-csc"), seal(message()), now);
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, message());
  EXPECT_EQ(replays.until, noon + minute_ms + 5 * minute_ms);
}

TEST_F(OpenerTest, every_header_field_survives) {
  Message value = message();
  value.header = samples::header();
  value.header.from_incarnation = 1;
  value.header.to_incarnation = 4;
  auto opened = opener.open(member("bradford-csc"), seal(value), now);
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, value);
}

TEST_F(OpenerTest, a_frame_past_the_largest_class_is_oversize) {
  expect_dropped(Bytes(limits::frame_bytes_max + 8), "oversize");
}

TEST_F(OpenerTest, a_frame_cut_short_anywhere_is_dropped) {
  const Bytes frame = seal(message());
  ASSERT_EQ(frame.size(), 1024u);
  for (std::size_t size = 0; size < frame.size(); ++size)
    expect_dropped(Bytes(frame.begin(), frame.begin() + std::ptrdiff_t(size)), "not-a-size-class");
}

TEST_F(OpenerTest, a_frame_cut_short_and_filled_up_is_dropped) {
  const Bytes frame = seal(message());
  for (std::size_t size = 0; size < frame.size() - 8; size += 8) {
    Bytes cut(frame.begin(), frame.begin() + std::ptrdiff_t(size));
    cut.resize(frame.size());
    if (cut == frame) continue;
    EXPECT_NE(open(cut), "opened") << size;
    EXPECT_TRUE(replays.ids.empty());
  }
}

TEST_F(OpenerTest, one_flipped_bit_anywhere_is_dropped_or_changes_nothing) {
  const Bytes frame = seal(message());
  std::map<std::string, int> reasons;
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    Bytes flipped = frame;
    flipped[bit / 8] = std::uint8_t(flipped[bit / 8] ^ (1u << bit % 8));
    auto opened = opener.open(member("bradford-csc"), flipped, now);
    if (opened) {
      // Bits of the outer struct that nobody reads are not signed and say nothing.
      EXPECT_EQ(*opened, message());
      replays.ids.clear();
      ++reasons["opened"];
      continue;
    }
    ++reasons[std::string(name_of(opened.error()))];
    EXPECT_TRUE(replays.ids.empty()) << "bit " << bit;
  }
  EXPECT_GT(reasons["bad-signature"], 5000);
  EXPECT_GT(reasons["malformed"], 0);
  EXPECT_LT(reasons["opened"], 64);
}

TEST_F(OpenerTest, any_rubbish_of_a_good_length_is_dropped) {
  SeededRandom random(3);
  for (int i = 0; i < 2000; ++i) {
    Bytes rubbish(1024);
    random.fill(rubbish);
    if (i % 2 == 0) std::fill_n(rubbish.begin(), 4, std::uint8_t(0));  // one segment
    expect_dropped(rubbish, "malformed");
  }
}

TEST_F(OpenerTest, a_sender_other_than_the_authenticated_one_is_dropped) {
  expect_dropped(seal(message()), "sender-mismatch", "leeds-csc");
}

TEST_F(OpenerTest, a_stranger_is_dropped) {
  Message value = message();
  value.header.from = member("york-csc");
  expect_dropped(seal(value), "unknown-member", "york-csc");
}

TEST_F(OpenerTest, a_revoked_member_is_dropped_at_once) {
  const Bytes frame = seal(message());
  members.entry("bradford-csc").revoked_since = noon + 10 * day_ms;  // the date is for people
  ++members.directory.version;
  ASSERT_TRUE(book.adopt(members.sign_directory(members.enough_signers()), noon));
  expect_dropped(frame, "revoked");
}

TEST_F(OpenerTest, a_member_suspended_here_is_dropped_until_it_is_not) {
  book.suspend(member("bradford-csc"));
  expect_dropped(seal(message()), "suspended");
  book.lift(member("bradford-csc"));
  EXPECT_EQ(open(seal(message())), "opened");
}

TEST_F(OpenerTest, a_directory_past_its_age_closes) {
  now = noon + 91 * day_ms;
  Message value = message();
  value.header.sent_at = now;
  value.header.expires = now + minute_ms;
  expect_dropped(seal(value), "directory-too-old");
}

TEST_F(OpenerTest, a_key_number_that_is_not_stated_is_dropped) {
  expect_dropped(seal_message(message(), {members.keys("bradford-csc").signing, 2}).value(), "unknown-key");
}

TEST_F(OpenerTest, a_forged_signature_is_dropped) {
  expect_dropped(seal_message(message(), {members.keys("leeds-csc").signing, 1}).value(), "bad-signature");
}

TEST_F(OpenerTest, the_identity_key_signs_no_messages) {
  const auto& keys = members.keys("bradford-csc");
  expect_dropped(seal_message(message(), {keys.identity, 0}).value(), "unknown-key");
  expect_dropped(seal_message(message(), {keys.identity, 1}).value(), "bad-signature");
}

TEST_F(OpenerTest, a_message_to_somebody_else_is_dropped) {
  Message value = message();
  value.header.to = member("leeds-csc");
  expect_dropped(seal(value), "wrong-recipient");
}

TEST_F(OpenerTest, a_message_to_this_node_before_its_restore_is_dropped) {
  Message value = message();
  value.header.to_incarnation = 3;
  expect_dropped(seal(value), "wrong-to-incarnation");
}

TEST_F(OpenerTest, a_message_from_the_sender_before_its_restore_is_dropped) {
  KeyStatement restored = members.statement("bradford-csc", 2);
  restored.incarnation = 2;
  ASSERT_TRUE(book.add_statement(members.sign_statement(restored)));
  expect_dropped(seal(message()), "wrong-from-incarnation");
}

TEST_F(OpenerTest, a_key_statement_is_heard_across_a_restore) {
  Message value = message();
  value.header.kind = Kind::key_statement;
  value.header.from_incarnation = 2;
  value.header.to_incarnation = 3;
  EXPECT_EQ(open(seal(value)), "opened");
}

TEST_F(OpenerTest, an_expired_message_is_dropped) {
  const Bytes frame = seal(message());
  now = noon + minute_ms;
  expect_dropped(frame, "expired");
  now = now + -1;
  EXPECT_EQ(open(frame), "opened");
}

TEST_F(OpenerTest, a_message_from_far_in_the_future_is_dropped) {
  Message value = message();
  value.header.sent_at = now + limits::message_ahead_ms_max + 1;
  value.header.expires = value.header.sent_at + minute_ms;
  expect_dropped(seal(value), "sent-in-future");
}

TEST_F(OpenerTest, a_message_that_lives_too_long_is_dropped) {
  Message value = message();
  value.header.expires = noon + limits::message_life_ms_max + 1;
  expect_dropped(seal(value), "lives-too-long");
  value.header.sent_at = noon + minute_ms;
  value.header.expires = noon + minute_ms;
  expect_dropped(seal(value), "lives-too-long");
}

TEST_F(OpenerTest, a_replay_is_dropped) {
  const Bytes frame = seal(message());
  EXPECT_EQ(open(frame), "opened");
  EXPECT_EQ(open(frame), "replayed");
}

TEST_F(OpenerTest, two_members_may_use_the_same_message_id) {
  EXPECT_EQ(open(seal(message())), "opened");
  Message value = message();
  value.header.from = member("leeds-csc");
  EXPECT_EQ(open(seal_message(value, {members.keys("leeds-csc").signing, 1}).value(), "leeds-csc"), "opened");
}

TEST_F(OpenerTest, another_protocol_version_is_dropped) {
  Message value = message();
  for (std::uint16_t version : {0, 2, 65535}) {
    value.header.version = version;
    expect_dropped(seal(value), "unsupported-version");
  }
}

TEST_F(OpenerTest, an_unknown_kind_opens_so_that_it_can_be_answered) {
  Message value = message();
  value.header.kind = static_cast<Kind>(999);
  auto opened = opener.open(member("bradford-csc"), seal(value), now);
  ASSERT_TRUE(opened);
  EXPECT_FALSE(is_supported(opened->header.kind));
  EXPECT_EQ(name_of(opened->header.kind), "unknown");
}

TEST_F(OpenerTest, a_rotated_key_overlaps_until_the_old_one_is_given_up) {
  KeyStatement next = members.statement("bradford-csc", 2);
  SeededRandom random(9);
  const SigningKey new_key = SigningKey::make(random);
  next.signing_key = new_key.public_key;
  next.superseded_until = noon + 10'000;
  ASSERT_TRUE(book.add_statement(members.sign_statement(next)));
  EXPECT_EQ(open(seal(message())), "opened");
  replays.ids.clear();
  EXPECT_EQ(open(seal_message(message(), {new_key, 2}).value()), "opened");
  replays.ids.clear();
  now = noon + 10'001;
  expect_dropped(seal(message()), "unknown-key");
}

TEST(Envelope, a_frame_is_exactly_one_of_the_size_classes) {
  samples::Members members;
  const SealKey key{members.keys("bradford-csc").signing, 1};
  Message message{samples::header(), {}};
  for (std::size_t size : {0u, 1u, 7u, 600u, 650u, 700u, 1024u, 3700u, 4096u, 60'000u, 65'536u, 250'000u}) {
    message.payload = Bytes(size, 0xee);
    const auto& classes = limits::frame_size_classes_bytes;
    const auto frame = seal_message(message, key).value();
    EXPECT_NE(std::find(classes.begin(), classes.end(), frame.size()), classes.end()) << size;
    EXPECT_GT(frame.size(), size);
  }
  message.payload = Bytes(limits::payload_bytes_max);
  EXPECT_EQ(seal_message(message, key).value().size(), limits::frame_bytes_max);
  message.payload = Bytes(limits::frame_bytes_max);
  EXPECT_EQ(seal_message(message, key).error().code, "too-long");
}

TEST(Envelope, a_larger_class_hides_a_length) {
  samples::Members members;
  const Message message{samples::header(), Bytes(10)};
  EXPECT_EQ(seal_message(message, {members.keys("bradford-csc").signing, 1}, 5000).value().size(), 16384u);
}

TEST(Envelope, many_messages_share_a_signature_and_open_one_by_one) {
  samples::Members members;
  DirectoryBook book = members.book();
  std::vector<Unsealed> messages(40);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    messages[i].message.header = samples::header();
    messages[i].message.header.from_incarnation = 1;
    messages[i].message.header.id = samples::id<MessageId>(std::uint8_t(i));
    messages[i].message.payload = Bytes(i * 300, std::uint8_t(i));
  }
  const auto frames = seal_messages(messages, {members.keys("bradford-csc").signing, 1}).value();
  ASSERT_EQ(frames.size(), messages.size());
  Remembered replays;
  Opener opener(member("wy-police"), 2, book, replays);
  std::set<Signature> signatures;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    auto opened = opener.open(member("bradford-csc"), frames[i], noon);
    ASSERT_TRUE(opened) << i << " " << name_of(opened.error());
    EXPECT_EQ(*opened, messages[i].message);
    signatures.insert(decode_signed(frames[i])->signature);
  }
  EXPECT_EQ(signatures.size(), 3u);
}

TEST(Envelope, every_drop_reason_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < drop_reasons; ++i) names.insert(name_of(static_cast<Drop>(i)));
  EXPECT_EQ(names.size(), drop_reasons);
  EXPECT_FALSE(names.contains("unknown"));
}

// Promise 5 and DESIGN 7: the length of a not-known answer says nothing, however long the names in it are.
TEST(Envelope, a_not_known_answer_always_fits_the_smallest_class) {
  samples::Members members;
  Message message{samples::header(), {}};
  message.header.from = member("a" + std::string(39, 'z'));
  message.header.to = member("b" + std::string(39, 'z'));
  message.header.kind = Kind::answer;
  const Contact duty{std::string(40, 'n'), std::string(40, 'r'), std::string(40, 't'), std::string(40, 'p'),
                     std::string(40, 'h')};
  ASSERT_EQ(duty.name.size() * 5, limits::duty_contact_bytes_max);
  const auto answer = not_known_answer(samples::id<AskId>(1), duty, noon, noon, {1, samples::bytes<32>(1)},
                                       std::string(limits::word_bytes_max, 'b'));
  message.payload = encode_answer(answer).value();
  const std::vector<Unsealed> batch(limits::seal_batch_messages_max, Unsealed{message, 0});
  const auto frames = seal_messages(batch, {members.keys("bradford-csc").signing, 1}).value();
  for (const auto& frame : frames) EXPECT_EQ(frame.size(), limits::frame_size_classes_bytes.front());
}

}  // namespace
}  // namespace ginnel
