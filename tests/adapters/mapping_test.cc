// SPDX-License-Identifier: Apache-2.0
#include "adapters/mapping.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/source_tree.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;

std::vector<Error> mistakes_of(std::string_view text, const MappingWords& words = {}) {
  auto mapping = read_mapping(text, "m.toml", words);
  return mapping ? std::vector<Error>() : mapping.error();
}

MappingWords some_words() {
  return {
      {"visit", "note"}, {"social-care.visit", "household"}, {"protected_address"}, {"official", "official_sensitive"}};
}

TEST(Mapping, every_mistake_is_told_at_once_in_order_with_its_line_and_remedy) {
  auto found = mistakes_of(R"(system = "cms"
owner = "Not A Member"
dates = "DD/MM/YY"
colour = "red"

[records.visits]
files = "*visits*.csv"
key = "ID"
subjects = { column = "PERSON", role = "chld" }
occurred = 7
kind = "vist"
categry = "social-care.visit"
sensitivity = 5
markings = ["protected_adress"]
headline = "visit ({OUTCOME"
)",
                           some_words());
  struct {
    const char *line, *why, *remedy;
  } expected[] = {
      {"line 2:", "`owner`", "wy-police"},
      {"line 3:", "`DD/MM/YY` is no form of a date", "DD/MM/YYYY"},
      {"line 4:", "`colour` is no setting", "its settings are"},
      {"line 6:", "has no `category`", "social-care.visit"},
      {"line 9:", "`chld` is no role", "did you mean `child`?"},
      {"line 10:", "`occurred`", "name a column"},
      {"line 11:", "`vist` is no kind", "did you mean `visit`?"},
      {"line 12:", "`categry` is no setting of [records.visits]", "did you mean `category`?"},
      {"line 13:", "`5` is no sensitivity", "`4`"},
      {"line 14:", "`protected_adress` is no marking", "did you mean `protected_address`?"},
      {"line 15:", "a `{` has no `}`", "{COLUMN}"},
  };
  ASSERT_EQ(found.size(), std::size(expected));
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].code, "bad-mapping");
    EXPECT_EQ(found[i].what, "cannot use the mapping m.toml");
    EXPECT_THAT(found[i].why, HasSubstr(expected[i].line));
    EXPECT_THAT(found[i].why, HasSubstr(expected[i].why));
    EXPECT_THAT(found[i].remedy, HasSubstr(expected[i].remedy));
  }
}

TEST(Mapping, toml_that_is_none_is_told_first_and_alone) {
  auto found = mistakes_of("system = \"cms\"\n[records.visits\nkey = 1\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].why, HasSubstr("line 2:"));
}

TEST(Mapping, a_table_name_that_begins_badly_is_a_mistake_in_every_build) {
  auto found = mistakes_of("system = \"cms\"\n[*\"]\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].why, HasSubstr("line 2:"));
}

TEST(Mapping, a_mapping_that_reads_nothing_is_a_mistake) {
  auto found = mistakes_of("system = \"cms\"\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].why, HasSubstr("reads nothing"));
}

TEST(Mapping, words_in_value_tables_and_in_rules_are_checked_too) {
  auto found = mistakes_of(R"(system = "cms"
[records.visits]
files = "v.csv"
key = "ID"
subjects = { column = "PERSON", role = { column = "R", values = { C = "kid" } } }
occurred = "D"
kind = { column = "K", values = { V = "visit", X = "visitt" }, default = "nothing" }
category = "household"
sensitivity = 1
headline = "x"
[[records.visits.rules]]
when = { column = "K", is = "X", not = "Y" }
kind = "notte"
)",
                           some_words());
  ASSERT_EQ(found.size(), 5u);
  EXPECT_THAT(found[0].why, HasSubstr("`kid` is no role"));
  EXPECT_THAT(found[1].why, HasSubstr("`visitt`"));
  EXPECT_THAT(found[2].why, HasSubstr("`nothing`"));
  EXPECT_THAT(found[3].why, HasSubstr("no test, or more than one"));
  EXPECT_THAT(found[4].why, HasSubstr("`notte`"));
}

TEST(Mapping, people_need_a_key_names_and_known_schemes) {
  auto found = mistakes_of(
      "system = \"cms\"\n[people.p]\nfiles = \"p.csv\"\nidentifiers = { scheme = \"nhs_no\", column = \"N\" }\n");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_THAT(found[0].why, HasSubstr("has no `key`"));
  EXPECT_THAT(found[1].why, HasSubstr("has no `names`"));
  EXPECT_THAT(found[2].why, HasSubstr("`nhs_no` is no scheme"));
}

TEST(Mapping, columns_are_counted_once_with_the_line_that_names_them) {
  auto mapping = read_mapping(R"(system = "cms"
[records.visits]
files = ["*visits*.csv", "besuche.csv"]
key = ["ID", "SEQ"]
subjects = { column = "PERSON", role = "child" }
occurred = { column = "DAY", time = "TIME", form = ["DD/MM/YYYY", "ISO"] }
kind = "visit"
category = "household"
sensitivity = 0
headline = "visit on {DAY}"
)",
                              "m.toml");
  ASSERT_TRUE(mapping);
  const auto& table = mapping->records[0];
  ASSERT_EQ(table.columns.size(), 5u);
  EXPECT_EQ(table.columns[3].name, "DAY");
  EXPECT_EQ(table.columns[3].line, 6u);
  EXPECT_EQ(table.columns[3].reads, "the date of the event");
  EXPECT_EQ(table.key.columns.size(), 2u);
  EXPECT_EQ(table.occurred.forms.size(), 2u);
  EXPECT_TRUE(table.occurred.required);
}

TEST(Mapping, a_mapping_over_the_limit_is_refused) {
  auto found = mistakes_of(std::string(2 * 1024 * 1024, '#'));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].why, HasSubstr("more than"));
}

TEST(Mapping, a_file_that_is_not_there_says_so) {
  auto mapping = load_mapping("no/such/mapping.toml");
  ASSERT_FALSE(mapping);
  EXPECT_EQ(mapping.error()[0].code, "bad-mapping");
}

// The ids of one list of the vocabulary, read line by line.
std::set<std::string> vocabulary_words(const std::string& list) {
  std::ifstream in(source_tree() / "config-examples/policies/vocabulary.toml");
  std::set<std::string> words;
  std::string line, current;
  while (std::getline(in, line)) {
    if (line.starts_with("[[")) current = line.substr(2, line.find(']') - 2);
    if (current == list && line.starts_with("id = \"")) words.insert(line.substr(6, line.size() - 7));
  }
  EXPECT_FALSE(words.empty()) << list;
  return words;
}

TEST(Mapping, the_example_mappings_are_sound_and_use_words_of_the_vocabulary_only) {
  MappingWords words{vocabulary_words("record_kind"), vocabulary_words("category"), vocabulary_words("marking"),
                     vocabulary_words("handling")};
  for (const char* kind : {"social-care", "police", "health", "education", "probation"}) {
    auto mapping = load_mapping(source_tree() / "config-examples/mappings" / (std::string(kind) + ".toml"), words);
    EXPECT_TRUE(mapping) << kind << ": " << (mapping ? "" : mapping.error()[0].text());
  }
}

TEST(Mapping, the_smallest_mapping_of_the_documentation_is_sound) {
  std::ifstream in(source_tree() / "docs/formats/mapping.md");
  std::string text(std::istreambuf_iterator<char>(in), {});
  auto from = text.find("```toml\n");
  ASSERT_NE(from, std::string::npos);
  from += 8;
  auto mapping = read_mapping(text.substr(from, text.find("```", from) - from), "mapping.md");
  EXPECT_TRUE(mapping) << (mapping ? "" : mapping.error()[0].text());
}

}  // namespace
}  // namespace ginnel
