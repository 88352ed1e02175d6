// SPDX-License-Identifier: Apache-2.0
#include "node/people/people_codec.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

Account account() {
  SeededRandom random(3);
  Account account;
  account.id = UserId::make(random);
  account.username = "a.tester";
  account.display_name = "A. T\xC3\xA9ster";
  account.role = "practitioner";
  account.team = "east";
  account.password_hash = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA";
  account.totp_secret = "MZXW6YTBOI";
  account.disabled = true;
  return account;
}

Session session() {
  SeededRandom random(4);
  Session session;
  session.token = "the-token-itself";
  session.csrf = "csrf";
  session.user = UserId::make(random);
  session.username = "a.tester";
  session.display_name = "A. Tester";
  session.role = "practitioner";
  session.team = "east";
  session.expires = {1'795'000'000'000};
  return session;
}

TEST(PeopleCodec, an_account_comes_back_as_it_was) {
  auto given = account();
  auto read = decode_account(encode(given));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, given.id);
  EXPECT_EQ(read->username, given.username);
  EXPECT_EQ(read->display_name, given.display_name);
  EXPECT_EQ(read->role, given.role);
  EXPECT_EQ(read->team, given.team);
  EXPECT_EQ(read->password_hash, given.password_hash);
  EXPECT_EQ(read->totp_secret, given.totp_secret);
  EXPECT_TRUE(read->disabled);
}

TEST(PeopleCodec, a_session_comes_back_without_its_token) {
  auto given = session();
  auto bytes = encode(given);
  EXPECT_EQ(text_of(bytes).find(given.token), std::string_view::npos);
  auto read = decode_session(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->token, "");
  EXPECT_EQ(read->csrf, given.csrf);
  EXPECT_EQ(read->user, given.user);
  EXPECT_EQ(read->username, given.username);
  EXPECT_EQ(read->display_name, given.display_name);
  EXPECT_EQ(read->role, given.role);
  EXPECT_EQ(read->team, given.team);
  EXPECT_EQ(read->expires, given.expires);
}

TEST(PeopleCodec, bytes_that_are_cut_or_lengthened_are_refused) {
  auto bytes = encode(account());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(decode_account(ByteView(bytes).first(length))) << length;
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(decode_account(longer).error().code, "bad-account");
}

TEST(PeopleCodec, one_kind_is_not_read_as_the_other) {
  EXPECT_EQ(decode_session(encode(account())).error().code, "bad-session");
  EXPECT_EQ(decode_account(encode(session())).error().code, "bad-account");
}

TEST(PeopleCodec, a_later_layout_is_refused) {
  auto bytes = encode(account());
  bytes[1] = 2;
  EXPECT_FALSE(decode_account(bytes));
}

TEST(PeopleCodec, a_length_that_promises_more_than_there_is_reads_nothing) {
  auto bytes = encode(session());
  bytes[18] = 0xff;  // the first text's length
  EXPECT_FALSE(decode_session(bytes));
}

}  // namespace
}  // namespace ginnel
