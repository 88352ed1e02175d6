// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/process_head.h"

#include <gtest/gtest.h>

#include <limits>

#include "federation/wire/signed.h"
#include "tests/federation/members.h"

namespace ginnel {
namespace {

using samples::member;
using samples::noon;

class ProcessHeadTest : public testing::Test {
 protected:
  ProcessHead head() {
    ProcessHead out = samples::process_head();
    out.child_commitments = {commit_to(child, salt), commit_to(same_child_by_name, salt)};
    out.proves = {"child_protection", "transfer"};
    return out;
  }
  Bytes issue(const ProcessHead& value, const std::string& signer = "bradford-csc", std::uint32_t number = 1) {
    return issue_head(value, members.keys(signer).signing, number).value();
  }
  std::string verify(const Bytes& signed_head, const std::string& purpose = "child_protection") {
    auto verified = verify_head(signed_head, book, child, salt, purpose, now);
    return verified ? "proved" : verified.error().code;
  }

  samples::Members members;
  DirectoryBook book = members.book();
  Identity child{"9990000018", "Aisha", "Tester", *Date::of(2016, 3, 14), ""};
  Identity same_child_by_name{"", "Aisha", "Tester", *Date::of(2016, 3, 14), ""};
  Identity other_child{"9990000026", "", "", {}, ""};
  Bytes salt = Bytes(16, 0x77);
  Instant now = noon + hour_ms;
};

TEST_F(ProcessHeadTest, a_genuine_head_proves_its_purposes_for_its_child) {
  auto verified = verify_head(issue(head()), book, child, salt, "child_protection", now);
  ASSERT_TRUE(verified) << verified.error().text();
  EXPECT_EQ(*verified, head());
  EXPECT_TRUE(verify_head(issue(head()), book, same_child_by_name, salt, "transfer", now));
}

TEST_F(ProcessHeadTest, another_child_or_another_salt_does_not_open_it) {
  const Bytes bytes = issue(head());
  EXPECT_EQ(verify_head(bytes, book, other_child, salt, "child_protection", now).error().code, "head-wrong-child");
  EXPECT_EQ(verify_head(bytes, book, child, Bytes(16, 0x78), "child_protection", now).error().code, "head-wrong-child");
  EXPECT_EQ(verify_head(bytes, book, child, {}, "child_protection", now).error().code, "head-wrong-child");
}

TEST_F(ProcessHeadTest, a_purpose_that_it_does_not_claim_is_not_proved) {
  EXPECT_EQ(verify(issue(head()), "court_proceedings"), "head-wrong-purpose");
}

TEST_F(ProcessHeadTest, a_lead_proves_only_what_the_directory_lets_it) {
  ProcessHead value = head();
  value.proves = {"child_protection", "police_protection"};
  EXPECT_EQ(verify(issue(value), "police_protection"), "head-lead-may-not");
  value.lead = member("bfd-hospital");
  EXPECT_EQ(verify(issue(value, "bfd-hospital"), "child_protection"), "head-lead-may-not");
}

TEST_F(ProcessHeadTest, it_lives_72_hours_at_most) {
  ProcessHead value = head();
  value.expires = value.issued_at + 72 * hour_ms + 1;
  EXPECT_EQ(issue_head(value, members.keys("bradford-csc").signing, 1).error().code, "bad-head");
  // A lead that signs such a head all the same is not believed.
  const Bytes forged =
      encode_signed(sign_bytes(encode_head(value), domain::process_head, members.keys("bradford-csc").signing, 1));
  EXPECT_EQ(verify(forged), "bad-head");
  const Bytes good = issue(head());
  now = noon + (72 * hour_ms - 1);
  EXPECT_EQ(verify(good), "proved");
  now = noon + 72 * hour_ms;
  EXPECT_EQ(verify(good), "head-expired");
}

TEST_F(ProcessHeadTest, times_whose_difference_fits_no_number_are_refused) {  // found by directory_fuzz
  constexpr auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  for (auto [issued, expires] :
       {std::pair{least, most}, {std::int64_t{-2}, most}, {noon.ms, least}, {least, noon.ms}}) {
    ProcessHead value = head();
    value.issued_at.ms = issued;
    value.expires.ms = expires;
    EXPECT_FALSE(decode_head(encode_head(value)));
  }
}

TEST_F(ProcessHeadTest, a_head_from_the_future_is_not_believed_yet) {
  now = noon + (-limits::message_ahead_ms_max - 1);
  EXPECT_EQ(verify(issue(head())), "head-not-yet");
}

TEST_F(ProcessHeadTest, only_the_leads_own_key_signs_it) {
  EXPECT_EQ(verify(issue(head(), "leeds-csc")), "head-forged");
  EXPECT_EQ(verify(issue(head(), "bradford-csc", 2)), "head-key-unknown");
  const auto& keys = members.keys("bradford-csc");
  const Bytes as_message = encode_signed(sign_bytes(encode_head(head()), domain::message, keys.signing, 1));
  EXPECT_EQ(verify(as_message), "head-forged");
}

TEST_F(ProcessHeadTest, a_lead_that_is_no_member_or_revoked_proves_nothing) {
  ProcessHead value = head();
  value.lead = member("york-csc");
  EXPECT_EQ(verify(issue(value)), "head-lead-unknown");
  const Bytes good = issue(head());
  book.suspend(member("bradford-csc"));
  EXPECT_EQ(verify(good), "head-lead-revoked");
  book.lift(member("bradford-csc"));
  members.entry("bradford-csc").revoked_since = noon;
  ++members.directory.version;
  ASSERT_TRUE(book.adopt(members.sign_directory(members.enough_signers()), noon));
  EXPECT_EQ(verify(good), "head-lead-revoked");
}

TEST_F(ProcessHeadTest, no_changed_byte_proves_anything) {
  const Bytes good = issue(head());
  int proved = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes changed = good;
    changed[at] = std::uint8_t(changed[at] ^ 0x10);
    auto verified = verify_head(changed, book, child, salt, "child_protection", now);
    if (!verified) continue;
    EXPECT_EQ(*verified, head());
    ++proved;
  }
  EXPECT_LT(proved, 16) << "only unread bits of the outer struct";
  EXPECT_EQ(verify({}), "bad-head");
  EXPECT_EQ(verify(Bytes(limits::process_head_bytes_max + 8)), "bad-head");
}

}  // namespace
}  // namespace ginnel
