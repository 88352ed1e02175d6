// SPDX-License-Identifier: Apache-2.0
// The checker itself: what it must not let pass.
#include "tests/matrix/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ginnel::matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const char* const text =
    "# two rows\n"
    "purposes: first second\n"
    "kind category : own other\n"
    "a b : c -   # because\n"
    "a d : c .\n";

Table table() { return parse_table(text, "t.txt"); }
Observed as_the_file() {
  Observed out({"own", "other"});
  out.add({"a", "b"}, "own", "c");
  out.add({"a", "b"}, "other", "-");
  out.add({"a", "d"}, "own", "c");
  return out;
}

TEST(Checker, reads_notes_keys_columns_and_cells) {
  const Table read = table();
  EXPECT_THAT(read.notes.at("purposes"), ElementsAre("first", "second"));
  EXPECT_THAT(read.columns, ElementsAre("own", "other"));
  ASSERT_EQ(read.rows.size(), 2u);
  EXPECT_EQ(read.rows[0].line, 4);
  EXPECT_THAT(read.rows[0].key, ElementsAre("a", "b"));
  EXPECT_THAT(read.rows[0].cells, ElementsAre("c", "-"));
}

TEST(Checker, has_no_complaint_about_what_is_so) {
  EXPECT_THAT(complaints(table(), as_the_file()), IsEmpty());
  EXPECT_THAT(unseen_flips(table(), as_the_file(), {"e"}), IsEmpty());
}

TEST(Checker, tells_the_line_of_a_cell_that_is_not_so) {
  Table changed = table();
  changed.rows[0].cells[1] = "c";
  EXPECT_THAT(complaints(changed, as_the_file()), ElementsAre(HasSubstr("t.txt:4")));
}

TEST(Checker, tells_a_cell_that_is_so_for_some_only) {
  Observed observed = as_the_file();
  observed.add({"a", "b"}, "own", "e", "a clinician");
  EXPECT_THAT(complaints(table(), observed), ElementsAre(HasSubstr("a clinician")));
}

TEST(Checker, asks_for_a_row_that_is_not_there_and_tells_what_to_write) {
  Observed observed = as_the_file();
  observed.add({"a", "new"}, "own", "c");
  EXPECT_THAT(complaints(table(), observed), ElementsAre(HasSubstr("add `a new : own other`")));
}

TEST(Checker, tells_a_row_and_a_cell_that_stand_for_nothing) {
  Observed observed({"own", "other"});
  observed.add({"a", "b"}, "own", "c");
  EXPECT_THAT(complaints(table(), observed), ElementsAre(HasSubstr("t.txt:4"), HasSubstr("t.txt:5")));
}

}  // namespace
}  // namespace ginnel::matrix
