// SPDX-License-Identifier: Apache-2.0
#include "federation/record/identity.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Identity, a_number_alone_is_enough) {
  auto identity = read_identity("943 476 5919", "", "", "", "");
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->nhs_number, "9434765919");
  EXPECT_EQ(canonical(*identity), "nhs:9434765919");
}

TEST(Identity, names_and_birth_date_are_enough_and_compare_in_normal_form) {
  auto a = read_identity("", " O'Brien ", "Łukasz", "14/03/2016", "bd11aa");
  auto b = read_identity("", "OBRIEN", "lukasz", "2016-03-14", "");
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->family, "O'Brien");
  EXPECT_EQ(a->postcode, "BD1 1AA");
  EXPECT_EQ(canonical(*a), "demographic:obrien|lukasz|2016-03-14");
  EXPECT_EQ(canonical(*a), canonical(*b));
}

TEST(Identity, too_little_asks_for_more) {
  for (auto [family, given, born] : {std::tuple{"", "Aisha", "2016-03-14"},
                                     {"Tester", "", "2016-03-14"},
                                     {"Tester", "Aisha", ""},
                                     {"??", "Aisha", "2016-03-14"}}) {
    auto identity = read_identity("", family, given, born, "");
    ASSERT_FALSE(identity);
    EXPECT_EQ(identity.error().code, "say-more");
  }
}

TEST(Identity, an_error_names_the_field_and_never_its_value) {
  struct {
    const char *nhs, *born, *postcode, *code, *value;
  } cases[] = {
      {"9434765918", "2016-03-14", "BD1 1AA", "bad-nhs-number", "9434765918"},
      {"", "2016-02-30", "BD1 1AA", "bad-date", "2016-02-30"},
      {"", "2016-03-14", "BRADFORD", "bad-postcode", "BRADFORD"},
  };
  for (const auto& c : cases) {
    auto identity = read_identity(c.nhs, "Tester", "Aisha", c.born, c.postcode);
    ASSERT_FALSE(identity);
    EXPECT_EQ(identity.error().code, c.code);
    EXPECT_EQ(identity.error().text().find(c.value), std::string::npos);
    EXPECT_EQ(identity.error().text().find("Aisha"), std::string::npos);
  }
}

TEST(Identity, a_code_for_no_postcode_is_no_mistake) {
  auto identity = read_identity("", "Tester", "Aisha", "2016-03-14", "ZZ99 3VZ");
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->postcode, "");
}

TEST(Identity, a_commitment_has_pinned_bytes_and_changes_with_salt_and_child) {
  Identity child{.nhs_number = "9990000018", .given = {}, .family = {}, .birth_date = {}, .postcode = {}};
  Bytes salt(16, 7), other_salt(16, 8);
  // printf 'ginnel child commitment v1\0' + sixteen bytes 07 + 'nhs:9990000018', through sha256sum
  EXPECT_EQ(to_hex(commit_to(child, salt)), "41da5a962a08741740063f13eea30639e015117c4fa9911eb9bc776ec2f67b3c");
  EXPECT_NE(commit_to(child, salt), commit_to(child, other_salt));
  Identity other = child;
  other.nhs_number = "9434765919";
  EXPECT_NE(commit_to(child, salt), commit_to(other, salt));
}

}  // namespace
}  // namespace ginnel
