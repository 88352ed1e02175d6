// SPDX-License-Identifier: Apache-2.0
#include "node/web/totp.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

// RFC 6238, Appendix B, the SHA-1 rows.
const Bytes rfc_secret = copy_of(view_of("12345678901234567890"));

struct TotpRow {
  std::int64_t seconds;
  const char* code;
};
constexpr TotpRow rfc_rows[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                                {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};

TEST(Totp, gives_the_codes_of_rfc_6238) {
  for (const auto& row : rfc_rows)
    EXPECT_EQ(totp_code(rfc_secret, totp_step_at({row.seconds * 1000}), 8), row.code) << row.seconds;
}

TEST(Totp, six_digits_are_the_last_six_of_eight) {
  EXPECT_EQ(totp_code(rfc_secret, totp_step_at({1111111109 * 1000LL})), "081804");
}

TEST(Totp, a_code_of_the_step_before_or_after_still_matches) {
  const Instant now{1111111109 * 1000LL};
  auto step = totp_step_at(now);
  for (std::uint64_t near : {step - 1, step, step + 1})
    EXPECT_EQ(match_totp(rfc_secret, totp_code(rfc_secret, near), now, 0), near);
  EXPECT_FALSE(match_totp(rfc_secret, totp_code(rfc_secret, step - 2), now, 0));
  EXPECT_FALSE(match_totp(rfc_secret, totp_code(rfc_secret, step + 2), now, 0));
}

TEST(Totp, a_code_that_was_used_does_not_match_again) {
  const Instant now{1111111109 * 1000LL};
  auto step = totp_step_at(now);
  EXPECT_FALSE(match_totp(rfc_secret, totp_code(rfc_secret, step), now, step));
  EXPECT_TRUE(match_totp(rfc_secret, totp_code(rfc_secret, step + 1), now, step));
}

TEST(Totp, a_code_may_be_typed_with_a_space_in_it) {
  EXPECT_TRUE(match_totp(rfc_secret, "081 804", {1111111109 * 1000LL}, 0));
}

TEST(Totp, what_is_no_code_matches_nothing) {
  for (const char* typed : {"", "0", "81804", "0081804", "08180x"})
    EXPECT_FALSE(match_totp(rfc_secret, typed, {1111111109 * 1000LL}, 0)) << typed;
}

}  // namespace
}  // namespace ginnel
