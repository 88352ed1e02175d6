// SPDX-License-Identifier: Apache-2.0
#include "adapters/csv.h"

#include <gmock/gmock.h>

#include <sstream>

#include "adapters/limits.h"

namespace ginnel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct ReadRow {
  std::uint32_t line;
  std::vector<std::string> fields;
  std::string fault;
};

std::vector<ReadRow> rows_of(const std::string& text, char delimiter = ',') {
  std::istringstream in(text);
  CsvReader reader(in, delimiter);
  CsvRow row;
  std::vector<ReadRow> rows;
  for (;;) {
    auto got = reader.next(row);
    EXPECT_TRUE(got) << (got ? "" : got.error().text());
    if (!got || !*got) return rows;
    rows.push_back({row.line, {row.fields.begin(), row.fields.end()}, row.fault});
  }
}

std::vector<std::string> only_row(const std::string& text) {
  auto rows = rows_of(text);
  EXPECT_EQ(rows.size(), 1u) << text;
  return rows.empty() ? std::vector<std::string>() : rows[0].fields;
}

TEST(Csv, the_three_line_ends_are_one) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    auto rows = rows_of(std::string("a,b") + end + "c,d" + end);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_THAT(rows[0].fields, ElementsAre("a", "b"));
    EXPECT_THAT(rows[1].fields, ElementsAre("c", "d"));
    EXPECT_EQ(rows[1].line, 2u);
  }
}

TEST(Csv, the_last_line_needs_no_end) {
  EXPECT_THAT(only_row("a,b"), ElementsAre("a", "b"));
  EXPECT_THAT(only_row("a,"), ElementsAre("a", ""));
  EXPECT_THAT(only_row("a,\"b\""), ElementsAre("a", "b"));
}

TEST(Csv, quotes_hold_delimiters_quotes_and_line_ends) {
  EXPECT_THAT(only_row("\"a,b\",\"say \"\"no\"\"\",\"two\r\nlines\"\n"),
              ElementsAre("a,b", "say \"no\"", "two\r\nlines"));
  EXPECT_THAT(only_row("\"\"\"\",x\n"), ElementsAre("\"", "x"));
  EXPECT_THAT(only_row("\"\",x\n"), ElementsAre("", "x"));
}

TEST(Csv, a_row_stands_at_its_first_line_and_the_next_one_after_its_last) {
  auto rows = rows_of("h\n\"one\ntwo\nthree\"\nlast\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].line, 2u);
  EXPECT_EQ(rows[2].line, 5u);
}

TEST(Csv, a_byte_order_mark_is_no_part_of_the_first_name) {
  EXPECT_THAT(only_row("\xef\xbb\xbfPupilId,x\n"), ElementsAre("PupilId", "x"));
  EXPECT_THAT(only_row("\xef\xbb\xbf\"PupilId\",x\n"), ElementsAre("PupilId", "x"));
}

TEST(Csv, blank_lines_are_no_rows_but_count) {
  auto rows = rows_of("\n\na\r\n\r\nb\n\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].line, 3u);
  EXPECT_EQ(rows[1].line, 5u);
}

TEST(Csv, an_empty_file_has_no_rows) {
  EXPECT_THAT(rows_of(""), IsEmpty());
  EXPECT_THAT(rows_of("\xef\xbb\xbf"), IsEmpty());
}

TEST(Csv, a_quote_inside_an_unquoted_field_is_a_quote) {
  EXPECT_THAT(only_row("5\" pipe,6' board\n"), ElementsAre("5\" pipe", "6' board"));
}

TEST(Csv, another_delimiter_may_be_named) { EXPECT_THAT(rows_of("a;b,c\n", ';')[0].fields, ElementsAre("a", "b,c")); }

TEST(Csv, a_truncated_quote_at_the_end_spoils_its_own_row_only) {
  auto rows = rows_of("a,b\n1,\"whole\"\n2,\"cut of");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].fault, "");
  EXPECT_EQ(rows[2].line, 3u);
  EXPECT_THAT(rows[2].fault, HasSubstr("never closed"));
  EXPECT_THAT(rows[2].fields, IsEmpty());
}

TEST(Csv, rows_after_a_quote_that_never_closes_are_read) {
  auto rows = rows_of("1,\"oops\n2,good\n3,good\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_NE(rows[0].fault, "");
  EXPECT_THAT(rows[1].fields, ElementsAre("2", "good"));
  EXPECT_EQ(rows[2].line, 3u);
}

// Found by the synthetic data: the next row's quote closed the stray one, and that row was lost without a word.
TEST(Csv, a_stray_quote_that_the_next_rows_quote_closes_spoils_its_own_row_only) {
  auto rows = rows_of("a,b,c\n1,\"x,y\n2,\"found, returned\",z\n3,\"said \"\"no\"\"\",z\n");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_THAT(rows[1].fault, HasSubstr("closing quote"));
  EXPECT_THAT(rows[2].fields, ElementsAre("2", "found, returned", "z"));
  EXPECT_EQ(rows[2].line, 3u);
  EXPECT_THAT(rows[3].fields, ElementsAre("3", "said \"no\"", "z"));
}

TEST(Csv, text_after_a_closing_quote_is_a_fault_of_its_row) {
  auto rows = rows_of("\"a\"b,c\nd,e\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].fault, HasSubstr("closing quote"));
  EXPECT_THAT(rows[1].fields, ElementsAre("d", "e"));
}

TEST(Csv, what_is_over_a_limit_is_refused_and_the_next_row_read) {
  std::string long_field(limits::csv_field_bytes_max + 1, 'x');
  std::string long_row;
  while (long_row.size() <= limits::csv_row_bytes_max) long_row += std::string(200'000, 'x') + ",";
  std::string many_columns(limits::csv_columns_max, ',');
  for (const std::string& bad : {long_field, "\"" + long_field + "\"", long_row, many_columns}) {
    auto rows = rows_of(bad + "\nfine\n");
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_THAT(rows[0].fault, HasSubstr("more than"));
    EXPECT_THAT(rows[1].fields, ElementsAre("fine"));
    EXPECT_EQ(rows[1].line, 2u);
  }
}

TEST(Csv, a_fault_never_quotes_the_row) {
  for (const char* text : {"1,\"Wintersgill", "\"Wintersgill\"x,1\n"}) {
    EXPECT_EQ(rows_of(text)[0].fault.find("Wintersgill"), std::string::npos);
  }
}

TEST(Csv, rows_longer_than_one_read_of_the_file_are_whole) {
  std::string text, expected(limits::csv_read_bytes + 17, 'y');
  for (int i = 0; i < 50; ++i) text += "\"" + expected + "\"\"\",z\n";
  auto rows = rows_of(text);
  ASSERT_EQ(rows.size(), 50u);
  for (const auto& row : rows) ASSERT_THAT(row.fields, ElementsAre(expected + "\"", "z"));
}

TEST(Csv, utf_16_is_refused_with_what_to_do) {
  std::istringstream in(
      std::string("\xff\xfe"
                  "a\0b\0",
                  6));
  CsvReader reader(in);
  CsvRow row;
  auto got = reader.next(row);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, "wrong-encoding");
  EXPECT_THAT(got.error().remedy, HasSubstr("UTF-8"));
}

}  // namespace
}  // namespace ginnel
