// SPDX-License-Identifier: Apache-2.0
#include "node/people/token.h"

#include <gtest/gtest.h>

#include <set>

namespace ginnel {
namespace {

TEST(Token, is_43_characters_that_need_no_escape_and_never_the_same_twice) {
  SeededRandom random(7);
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    auto token = make_token(random);
    EXPECT_EQ(token.size(), token_characters);
    EXPECT_TRUE(looks_like_token(token)) << token;
    EXPECT_TRUE(seen.insert(token).second);
  }
}

TEST(Token, what_has_another_form_is_none) {
  SeededRandom random(7);
  auto token = make_token(random);
  EXPECT_FALSE(looks_like_token(token.substr(1)));
  EXPECT_FALSE(looks_like_token(token + "A"));
  EXPECT_FALSE(looks_like_token("=" + token.substr(1)));
  EXPECT_FALSE(looks_like_token(""));
}

TEST(Token, the_hash_that_is_kept_does_not_hold_the_token) {
  SeededRandom random(7);
  auto token = make_token(random);
  EXPECT_NE(token_hash(token), token_hash(make_token(random)));
  EXPECT_EQ(token_hash("abc"), token_hash("abc"));
  EXPECT_EQ(to_hex(token_hash("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace ginnel
