// SPDX-License-Identifier: Apache-2.0
#include "policy/extension.h"

#include <gtest/gtest.h>

#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

using test::evaluate;

constexpr std::int64_t integer_min = std::numeric_limits<std::int64_t>::min();

TEST(Decimal, four_digits_after_the_point_are_kept) {
  EXPECT_EQ(Decimal::parse("1.5")->ten_thousandths, 15'000);
  EXPECT_EQ(Decimal::parse("-0.0001")->ten_thousandths, -1);
  EXPECT_EQ(Decimal::parse("-0.5")->ten_thousandths, -5'000) << "the sign of a zero before the point counts";
  EXPECT_EQ(Decimal::parse("000.1000")->ten_thousandths, 1'000);
}

TEST(Decimal, the_range_is_that_of_64_bits) {
  EXPECT_EQ(Decimal::parse("-922337203685477.5808")->ten_thousandths, integer_min);
  EXPECT_TRUE(Decimal::parse("922337203685477.5807"));
  EXPECT_FALSE(Decimal::parse("922337203685477.5808"));
  EXPECT_FALSE(Decimal::parse("-922337203685477.5809"));
  EXPECT_FALSE(Decimal::parse("99999999999999999999.0"));
}

TEST(Decimal, other_texts_are_refused) {
  for (const auto* text :
       {"", "1", "1.", ".5", "+1.0", "1.00000", "1,5", " 1.0", "1.0 ", "--1.0", "1.-5", "1e2.0", "-.5"}) {
    EXPECT_FALSE(Decimal::parse(text)) << text;
  }
}

TEST(Decimal, its_text_reads_back) {
  for (const auto* text : {"0.0", "-0.5", "12.3456", "-922337203685477.5808", "922337203685477.5807"}) {
    EXPECT_EQ(Decimal::parse(text)->text(), text);
  }
}

TEST(Decimal, it_is_ordered_by_its_methods_only) {
  EXPECT_EQ(evaluate("decimal(\"1.0\").lessThan(decimal(\"1.1\"))"), "true");
  EXPECT_EQ(evaluate("decimal(\"1.0\").lessThanOrEqual(decimal(\"1.00\"))"), "true");
  EXPECT_EQ(evaluate("decimal(\"-1.0\").greaterThan(decimal(\"-1.1\"))"), "true");
  EXPECT_EQ(evaluate("decimal(\"1.0\").greaterThanOrEqual(decimal(\"1.1\"))"), "false");
  EXPECT_EQ(evaluate("decimal(\"1.0\") == decimal(\"1.0000\")"), "true");
}

TEST(IpAddress, addresses_and_ranges_of_both_kinds_are_read) {
  EXPECT_FALSE(IpAddress::parse("10.0.0.1")->v6);
  EXPECT_EQ(IpAddress::parse("10.0.0.1")->prefix_bits, 32);
  EXPECT_EQ(IpAddress::parse("10.0.0.0/8")->prefix_bits, 8);
  EXPECT_TRUE(IpAddress::parse("::")->v6);
  EXPECT_EQ(*IpAddress::parse("ABCD::Ef"), *IpAddress::parse("abcd:0:0::00ef"));
  EXPECT_EQ(*IpAddress::parse("::1:2:3:4:5:6:7"), *IpAddress::parse("0:1:2:3:4:5:6:7"));
  EXPECT_EQ(*IpAddress::parse("1:2:3:4:5:6:7::"), *IpAddress::parse("1:2:3:4:5:6:7:0"));
  EXPECT_NE(*IpAddress::parse("10.0.0.1/24"), *IpAddress::parse("10.0.0.0/24")) << "the host part counts";
}

TEST(IpAddress, other_texts_are_refused) {
  for (const auto* text : {"",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "01.2.3.4",
                           "1.2.3.4/",
                           "1.2.3.4/33",
                           "1.2.3.4/032",
                           "1.2.3.4/00",
                           "1.2.3.4/+3",
                           " 1.2.3.4",
                           "1.2.3.4 ",
                           "::ffff:1.2.3.4",
                           "::1.2",
                           "1::2::3",
                           "1:2:3:4:5:6:7:8::",
                           ":::",
                           ":1",
                           "1:",
                           "00001::",
                           "g::",
                           "::1/129",
                           "::1/0128",
                           "::1%1",
                           "1:2:3:4:5:6:7",
                           "[::1]",
                           "0x1::"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, a_range_is_loopback_or_multicast_when_all_of_it_is) {
  EXPECT_TRUE(IpAddress::parse("127.0.0.1")->is_loopback());
  EXPECT_TRUE(IpAddress::parse("127.3.2.1/8")->is_loopback());
  EXPECT_FALSE(IpAddress::parse("127.0.0.1/7")->is_loopback());
  EXPECT_TRUE(IpAddress::parse("::1")->is_loopback());
  EXPECT_FALSE(IpAddress::parse("::1/0")->is_loopback());
  EXPECT_FALSE(IpAddress::parse("::7f00:1")->is_loopback());
  EXPECT_TRUE(IpAddress::parse("224.0.0.0/4")->is_multicast());
  EXPECT_FALSE(IpAddress::parse("224.0.0.0/3")->is_multicast());
  EXPECT_TRUE(IpAddress::parse("239.255.255.255")->is_multicast());
  EXPECT_FALSE(IpAddress::parse("240.0.0.0")->is_multicast());
  EXPECT_TRUE(IpAddress::parse("ff00::/8")->is_multicast());
  EXPECT_FALSE(IpAddress::parse("ff00::/7")->is_multicast());
}

TEST(IpAddress, a_range_lies_in_itself_and_in_wider_ones_of_its_kind) {
  const auto in = [](const char* a, const char* b) { return IpAddress::parse(a)->is_in_range(*IpAddress::parse(b)); };
  EXPECT_TRUE(in("10.1.2.3", "10.0.0.0/8"));
  EXPECT_TRUE(in("10.1.2.3", "10.9.9.9/8")) << "the host part of the range is nothing to it";
  EXPECT_FALSE(in("10.0.0.0/7", "10.0.0.0/8"));
  EXPECT_TRUE(in("10.1.2.3/12", "10.0.0.0/12"));
  EXPECT_FALSE(in("10.16.0.0", "10.0.0.0/12"));
  EXPECT_TRUE(in("1.2.3.4", "9.9.9.9/0"));
  EXPECT_TRUE(in("2001:db8::1", "2001:db8::/33"));
  EXPECT_FALSE(in("2001:db8:8000::1", "2001:db8::/33"));
  EXPECT_TRUE(in("::/0", "::/0"));
  EXPECT_FALSE(in("1.2.3.4", "::/0"));
}

TEST(Duration, its_units_come_in_order_each_once) {
  EXPECT_EQ(Duration::parse("1d2h3m4s5ms")->ms, 93'784'005);
  EXPECT_EQ(Duration::parse("-1h30m")->ms, -5'400'000);
  EXPECT_EQ(Duration::parse("1m5ms")->ms, 60'005);
  EXPECT_EQ(Duration::parse("00000000000000000000000001s")->ms, 1'000);
  for (const auto* text : {"", "-", "1", "d", "1s1m", "1d1d", "1ms1s", "1x", "+1d", "1 d", "--1d", "1.5h", "-1d-1h"}) {
    EXPECT_FALSE(Duration::parse(text)) << text;
  }
}

TEST(Duration, the_range_is_that_of_64_bits) {
  EXPECT_EQ(Duration::parse("-9223372036854775808ms")->ms, integer_min);
  EXPECT_FALSE(Duration::parse("9223372036854775808ms"));
  EXPECT_FALSE(Duration::parse("-9223372036854775809ms"));
  EXPECT_FALSE(Duration::parse("106751991168d"));
  EXPECT_FALSE(Duration::parse("1s9223372036854775807ms"));
}

TEST(Duration, conversions_round_towards_zero) {
  EXPECT_EQ(evaluate("duration(\"-1500ms\").toSeconds()"), "-1");
  EXPECT_EQ(evaluate("duration(\"1d2h\").toHours()"), "26");
  EXPECT_EQ(evaluate("duration(\"1d2h\").toDays()"), "1");
  EXPECT_EQ(evaluate("duration(\"90s\").toMinutes()"), "1");
  EXPECT_EQ(evaluate("duration(\"90s\").toMilliseconds()"), "90000");
}

TEST(Datetime, dates_and_times_with_offsets_are_read) {
  EXPECT_EQ(Datetime::parse("1970-01-01")->ms, 0);
  EXPECT_EQ(Datetime::parse("2024-03-01")->ms, 1'709'251'200'000);
  EXPECT_EQ(Datetime::parse("1969-12-31T23:59:59.999Z")->ms, -1);
  EXPECT_EQ(Datetime::parse("2024-03-01T00:00:00+0130")->ms, Datetime::parse("2024-02-29T22:30:00Z")->ms);
  EXPECT_EQ(Datetime::parse("2024-03-01T00:00:00.250-2359")->ms, Datetime::parse("2024-03-01T23:59:00.250Z")->ms);
  EXPECT_EQ(Datetime::parse("0000-01-01")->ms, -62'167'219'200'000);
  EXPECT_EQ(Datetime::parse("9999-12-31T23:59:59.999Z")->ms, 253'402'300'799'999);
}

TEST(Datetime, other_texts_are_refused) {
  for (const auto* text : {"",
                           "2024",
                           "2024-1-1",
                           "10000-01-01",
                           "2023-02-29",
                           "1900-02-29",
                           "2024-13-01",
                           "2024-00-01",
                           "2024-01-00",
                           "2024-01-32",
                           "2024-01-01T",
                           "2024-01-01T00:00",
                           "2024-01-01T00:00:00",
                           "2024-01-01T24:00:00Z",
                           "2024-01-01T00:60:00Z",
                           "2016-12-31T23:59:60Z",
                           "2024-01-01T00:00:00.1Z",
                           "2024-01-01T00:00:00.1234Z",
                           "2024-01-01T00:00:00+2400",
                           "2024-01-01T00:00:00+0060",
                           "2024-01-01T00:00:00+01:00",
                           "2024-01-01T00:00:00ZZ",
                           "2024-01-01 00:00:00Z",
                           "2024-01-01Z",
                           "-2024-01-01"}) {
    EXPECT_FALSE(Datetime::parse(text)) << text;
  }
}

TEST(Datetime, a_date_is_the_midnight_at_or_before) {
  EXPECT_EQ(evaluate("datetime(\"2024-03-01T12:34:56Z\").toDate() == datetime(\"2024-03-01\")"), "true");
  EXPECT_EQ(evaluate("datetime(\"1969-12-31T23:59:59.999Z\").toDate() == datetime(\"1969-12-31\")"), "true");
  EXPECT_EQ(evaluate("datetime(\"1969-12-31\").toDate() == datetime(\"1969-12-31\")"), "true");
  EXPECT_EQ(evaluate("datetime(\"1969-12-31T23:59:59.999Z\").toTime()"), "duration(\"86399999ms\")");
  EXPECT_EQ(evaluate("datetime(\"1969-12-31\").toTime()"), "duration(\"0ms\")");
  EXPECT_FALSE(Datetime{integer_min}.to_date());
}

TEST(Datetime, offsets_and_differences_that_overflow_are_errors) {
  EXPECT_EQ(evaluate("datetime(\"2024-03-01\").offset(duration(\"-1d\")) == datetime(\"2024-02-29\")"), "true");
  EXPECT_EQ(evaluate("datetime(\"2024-03-01\").durationSince(datetime(\"2024-02-29\"))"), "duration(\"86400000ms\")");
  EXPECT_TRUE(evaluate("datetime(\"2024-03-01\").offset(duration(\"9223372036854775807ms\"))").starts_with("error"));
  EXPECT_TRUE(evaluate("datetime(\"2024-03-01\").durationSince(datetime(\"1970-01-01\").offset(duration(\"-922337203685"
                       "4775808ms\")))")
                  .starts_with("error"));
}

TEST(Extension, methods_take_their_own_type_only) {
  EXPECT_EQ(evaluate("ip(\"1.1.1.1\").lessThan(decimal(\"1.0\"))"), "error: expected decimal, found ipaddr");
  EXPECT_EQ(evaluate("\"1.1.1.1\".isIpv4()"),
            "error: expected ipaddr, found string; a string becomes one by `ip(...)`");
  EXPECT_EQ(evaluate("datetime(\"2024-01-01\").offset(datetime(\"2024-01-01\"))"),
            "error: expected duration, found datetime");
  EXPECT_EQ(evaluate("duration(\"1d\").toDate()"), "error: expected datetime, found duration");
}

}  // namespace
}  // namespace ginnel::policy
