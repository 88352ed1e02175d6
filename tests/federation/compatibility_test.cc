// SPDX-License-Identifier: Apache-2.0
// Peers of an earlier and of a later version: what they write is read as far as it is known, and never as something
// else.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "federation/wire/answer.h"
#include "federation/wire/ask.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/notice.h"
#include "federation/wire/record_codec.h"
#include "federation/wire/signed.h"
#include "tests/federation/later_schema.h"
#include "tests/federation/members.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

using samples::member;
using samples::noon;
using samples::with_added_fields;

class NoReplays : public ReplayWindow {
  bool seen(const MemberId&, const MessageId&) override { return false; }
  void remember(const Header&) override {}
};

// bradford-csc and wy-police, as the header of the golden frames names them.
class Versions : public testing::Test {
 protected:
  Versions() {
    KeyStatement statement = members.statement("bradford-csc", 2);
    statement.signing_key = golden_key.public_key;
    statement.number = 7;
    statement.incarnation = samples::header().from_incarnation;
    statement.supersedes = 1;
    const auto added = book.add_statement(members.sign_statement(statement));
    EXPECT_TRUE(added) << added.error().text();
  }
  std::string open(const Bytes& frame, std::uint16_t spoken) {
    Opener opener(member("wy-police"), samples::header().to_incarnation, book, replays, spoken);
    auto opened = opener.open(member("bradford-csc"), frame, noon);
    if (opened) message = *opened;
    return opened ? "opened" : std::string(name_of(opened.error()));
  }
  Bytes of_version(std::uint16_t version) {
    Message value{samples::header(), {}};
    value.header.version = version;
    return seal_message(value, {golden_key, 7}).value();
  }

  SigningKey golden_key = SigningKey::from_seed(*SecretKey::from(Bytes(32, 0x07)));
  samples::Members members;
  DirectoryBook book = members.book();
  NoReplays replays;
  Message message;
};

Bytes golden(const std::string& name) {
  std::ifstream in(source_tree() / "tests/vectors/wire" / (name + ".hex"));
  EXPECT_TRUE(in) << name;
  std::string hex, line;
  while (std::getline(in, line)) hex += line;
  return from_hex(hex).value();
}

TEST_F(Versions, a_node_takes_its_own_version_and_the_one_before_and_nothing_beyond_either) {
  for (std::uint16_t spoken = 1; spoken < 5; ++spoken)
    for (std::uint16_t version = 0; version < 7; ++version) {
      const bool is_taken = version != 0 && (version == spoken || version + 1 == spoken);
      EXPECT_EQ(open(of_version(version), spoken), is_taken ? "opened" : "unsupported-version")
          << "version " << version << " at a node of version " << spoken;
    }
  EXPECT_EQ(open(of_version(65535), 1), "unsupported-version");
}

// The frames of version 1 lie there for good: what reads them today must read them when it speaks version 2.
TEST_F(Versions, the_golden_frames_open_at_a_node_of_their_version_and_of_the_next) {
  for (const char* name : {"frame", "frame-of-a-batch"})
    for (std::uint16_t spoken : {1, 2}) {
      ASSERT_EQ(open(golden(name), spoken), "opened") << name << " at version " << spoken;
      EXPECT_EQ(message.header, samples::header());
      EXPECT_EQ(decode_page_request(message.payload).value(), samples::page_request());
    }
  EXPECT_EQ(open(golden("frame"), 3), "unsupported-version");
}

// The frames of version 2 lie there for good as well, before there is one: a node of version 1 reads what it is
// written.
TEST_F(Versions, what_the_next_version_writes_to_this_one_is_read_and_says_what_it_speaks) {
  for (std::uint16_t spoken : {1, 2}) {
    ASSERT_EQ(open(golden("frame-of-2-to-1"), spoken), "opened") << "at version " << spoken;
    EXPECT_EQ(message.header.version, 1);
    EXPECT_EQ(message.header.highest_spoken(), 2);
    EXPECT_EQ(decode_page_request(message.payload).value(), samples::page_request());
  }
  EXPECT_EQ(open(golden("frame-of-2"), 1), "unsupported-version");
  for (std::uint16_t spoken : {2, 3}) {
    ASSERT_EQ(open(golden("frame-of-2"), spoken), "opened") << "at version " << spoken;
    EXPECT_EQ(message.header.highest_spoken(), 2);
  }
}

TEST_F(Versions, a_sender_writes_the_highest_that_both_speak_and_the_one_before_until_it_knows) {
  EXPECT_EQ(version_to_write(0, 1), 1) << "before version 1 there was none";
  EXPECT_EQ(version_to_write(1, 1), 1);
  EXPECT_EQ(version_to_write(2, 1), 1) << "the newer peer reads the one before its own";
  EXPECT_EQ(version_to_write(0, 3), 2);
  EXPECT_EQ(version_to_write(2, 3), 2);
  EXPECT_EQ(version_to_write(3, 3), 3);
  EXPECT_EQ(version_to_write(4, 3), 3);
  EXPECT_EQ(version_to_write(1, 3), 2) << "nothing that this version no longer speaks";
  // Two of any two neighbouring versions understand each other from the first message, and then write the higher.
  for (std::uint16_t one = 1; one < 5; ++one)
    for (std::uint16_t other : {one, std::uint16_t(one + 1)}) {
      const auto reads = [](std::uint16_t own, std::uint16_t version) {
        return version >= oldest_spoken_by(own) && version <= own;
      };
      EXPECT_TRUE(reads(one, version_to_write(0, other)) || reads(other, version_to_write(0, one)));
      EXPECT_EQ(version_to_write(other, one), std::min(one, other));
      EXPECT_EQ(version_to_write(one, other), std::min(one, other));
    }
}

TEST_F(Versions, a_frame_with_fields_of_a_later_schema_opens_as_if_it_had_none) {
  const Bytes frame = golden("frame");
  const Bytes envelope = with_added_fields(decode_signed(frame)->bytes, 8);
  const auto signed_as_later = [&](std::size_t filler_bytes) {
    return with_added_fields(encode_signed(sign_bytes(envelope, domain::message, golden_key, 7)), filler_bytes);
  };
  const Bytes later = signed_as_later(8 + 4096 - signed_as_later(8).size());
  ASSERT_EQ(later.size(), 4096u);
  ASSERT_EQ(open(later, 1), "opened");
  EXPECT_EQ(message.header, samples::header());
  EXPECT_EQ(decode_page_request(message.payload).value(), samples::page_request());
}

TEST(LaterFields, of_any_message_are_ignored) {
  EXPECT_EQ(decode_ask(with_added_fields(golden("ask-by-handle"))).value(), samples::ask_by_handle());
  EXPECT_EQ(decode_ask(with_added_fields(golden("ask-by-name"))).value(), samples::ask_by_name());
  EXPECT_EQ(decode_page_request(with_added_fields(golden("page-request"))).value(), samples::page_request());
  // What names a file of an answer ends before `transfer`, so that a field added to it would stand there.
  EXPECT_EQ(decode_file_request(with_added_fields(golden("file-request-of-a-transfer"))).value(),
            samples::transfer_part_request());
  EXPECT_EQ(decode_file_page(with_added_fields(golden("file-page-of-a-transfer"))).value(),
            samples::transfer_part_page());
  EXPECT_EQ(decode_manifest(with_added_fields(golden("transfer-manifest"))).value(), samples::transfer_manifest());
  EXPECT_EQ(decode_child_part(with_added_fields(golden("transfer-child-part"))).value(),
            samples::transfer_child_part());
  EXPECT_EQ(decode_process_part(with_added_fields(golden("transfer-process-part"))).value(),
            samples::transfer_process_part());
  EXPECT_EQ(decode_answer(with_added_fields(golden("answer"))).value(), samples::answer());
  EXPECT_EQ(decode_notices(with_added_fields(golden("notices"))).value(), std::vector{samples::notice()});
  EXPECT_EQ(decode_problem(with_added_fields(golden("error"))).value(), samples::problem());
  EXPECT_EQ(decode_record(with_added_fields(golden("record"))).value(), samples::record());
  EXPECT_EQ(decode_person(with_added_fields(golden("person"))).value(), samples::person());
  EXPECT_TRUE(decode_directory_part(with_added_fields(golden("directory-part"))));
  EXPECT_TRUE(decode_signed_directory(with_added_fields(golden("directory-signed"))));
  EXPECT_EQ(decode_directory(with_added_fields(encode_directory(samples::directory()))).value(), samples::directory());
  EXPECT_EQ(decode_key_statement(with_added_fields(encode_key_statement(samples::key_statement()))).value(),
            samples::key_statement());
  EXPECT_EQ(decode_head(with_added_fields(encode_head(samples::process_head()))).value(), samples::process_head());
  EXPECT_EQ(decode_receipt(with_added_fields(encode_receipt(samples::receipt()).value())).value(), samples::receipt());
}

TEST(LaterFields, are_really_there) {
  const Bytes ask = golden("ask-by-name"), later = with_added_fields(ask, 800);
  EXPECT_GE(later.size(), ask.size() + 800 + 2 * 8);
  EXPECT_NE(std::search_n(later.begin(), later.end(), 8, 0xff), later.end());
}

// Two values whose encodings differ in one enum alone show where it stands; a number that no schema knows goes there.
template <class Value>
void expect_unknown_refused(const char* what, Value value, const std::function<void(Value&)>& other,
                            const std::function<Bytes(const Value&)>& encode,
                            const std::function<bool(const Bytes&)>& decodes) {
  const Bytes one = encode(value);
  other(value);
  const Bytes two = encode(value);
  ASSERT_EQ(one.size(), two.size()) << what;
  const auto at = std::mismatch(one.begin(), one.end(), two.begin()).first - one.begin();
  ASSERT_LT(std::size_t(at), one.size()) << what << ": the other value is the same";
  ASSERT_TRUE(std::equal(one.begin() + at + 1, one.end(), two.begin() + at + 1)) << what << " is not all that differs";
  ASSERT_TRUE(decodes(one) && decodes(two)) << what;
  for (const std::uint8_t number : {99, 255}) {
    Bytes unknown = one;
    unknown[std::size_t(at)] = number;
    EXPECT_FALSE(decodes(unknown)) << what << " " << int(number);
    unknown = one;
    unknown[std::size_t(at) + 1] = number;  // the upper byte: a reader of the lower one alone would take it
    EXPECT_FALSE(decodes(unknown)) << what << " " << int(number) << " * 256";
  }
}

TEST(LaterEnums, make_an_ask_refused) {
  const auto expect = [](const char* what, const std::function<void(Ask&)>& other) {
    expect_unknown_refused<Ask>(
        what, samples::ask_by_name(), other, [](const Ask& ask) { return encode_ask(ask).value(); },
        [](const Bytes& bytes) { return decode_ask(bytes).has_value(); });
  };
  expect("the highest step", [](Ask& ask) { ask.highest = Step::headline; });
  expect("the role of the subject", [](Ask& ask) { ask.about_role = SubjectRole::child; });
}

TEST(LaterEnums, make_an_answer_refused) {
  const auto expect = [](const char* what, const std::function<void(Answer&)>& other) {
    Answer base = samples::answer();
    base.items[0].recorded = When::on(*Date::of(2026, 11, 1));  // a month, too, if it is said to be one
    expect_unknown_refused<Answer>(
        what, base, other, [](const Answer& answer) { return encode_answer(answer).value(); },
        [](const Bytes& bytes) { return decode_answer(bytes).has_value(); });
  };
  expect("the status", [](Answer& answer) { answer.status = PartStatus::answered; });
  expect("an item's step", [](Answer& answer) { answer.items[0].step = Step::copy_out; });
  expect("an item's assertion", [](Answer& answer) { answer.items[0].assertion = Assertion::fact; });
  expect("an item's role", [](Answer& answer) { answer.items[0].subject_role = SubjectRole::child; });
  expect("a precision", [](Answer& answer) { answer.items[0].recorded.precision = Precision::month; });
}

TEST(LaterEnums, make_a_record_and_a_person_refused) {
  expect_unknown_refused<Record>(
      "a subject's role", samples::record(), [](Record& record) { record.subjects[0].role = SubjectRole::parent; },
      [](const Record& record) { return encode_record(record).value(); },
      [](const Bytes& bytes) { return decode_record(bytes).has_value(); });
  expect_unknown_refused<Person>(
      "the sex", samples::person(), [](Person& person) { person.sex = Sex::male; },
      [](const Person& person) { return encode_person(person).value(); },
      [](const Bytes& bytes) { return decode_person(bytes).has_value(); });
}

TEST(LaterEnums, make_a_manifest_refused) {
  expect_unknown_refused<TransferManifest>(
      "the kind of a part", samples::transfer_manifest(),
      [](TransferManifest& manifest) { manifest.parts[2].kind = TransferPartKind::process; },
      [](const TransferManifest& manifest) { return encode_manifest(manifest); },
      [](const Bytes& bytes) { return decode_manifest(bytes).has_value(); });
}

TEST(LaterEnums, make_a_notice_and_a_receipt_refused) {
  expect_unknown_refused<Receipt>(
      "an outcome", samples::receipt(), [](Receipt& receipt) { receipt.lines[0].outcome = Outcome::later; },
      [](const Receipt& receipt) { return encode_receipt(receipt).value(); },
      [](const Bytes& bytes) { return decode_receipt(bytes).has_value(); });
  Notice without_item = samples::notice();
  without_item.item.reset();
  without_item.step = Step::exists;
  expect_unknown_refused<Notice>(
      "a notice's step", without_item, [](Notice& notice) { notice.step = Step::none; },
      [](const Notice& notice) { return encode_notices({notice}).value(); },
      [](const Bytes& bytes) { return decode_notices(bytes).has_value(); });
}

}  // namespace
}  // namespace ginnel
