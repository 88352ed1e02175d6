// SPDX-License-Identifier: Apache-2.0
#include "adapters/mapped_reader.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/adapters/temporary_folder.h"

namespace ginnel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* mapping_text = R"(system = "cms"
dates = "DD/MM/YYYY"
[people.persons]
files = "persons*.csv"
complete = true
key = "ID"
identifiers = [{ scheme = "nhs", column = "NHS" }, { scheme = "upn", column = "UPN" }]
names = [{ given = "FIRST", family = "LAST" }, { given = "AKA", family = "LAST", use = "alias" }]
birth = { column = "DOB", required = true }
sex = { column = "SEX", values = { F = "female", M = "male" } }
addresses = { lines = ["STREET"], postcode = "PC", protected_when = { column = "SHIELD", is = "pa" } }
relations = { to = "MOTHER", kind = "mother", parental_responsibility = true }
markings = { column = "SHIELD", values = { PA = "protected_address" } }

[relations.links]
files = "links*.csv"
complete = true
key = "ID"
to = "OTHER"
kind = { column = "HOW", values = { SIB = "sibling" } }
same_household_when = { column = "HH", is = "Y" }
from = "SINCE"

[records.visits]
files = "visits*.csv"
complete = true
key = "V_ID"
where = { column = "STATE", not = "DELETED" }
subjects = [{ column = "CHILD", role = "child" }, { column = "OTHERS", split = ";", role = "household" }]
kind = "visit"
category = "social-care.visit"
sensitivity = 2
markings = { column = "FLAG", values = { P = "protected_address", X = "" } }
occurred = { column = "DAY", time = "TIME" }
recorded = "ENTERED"
headline = "home visit[: {RESULT}]"
fields = { name = "result", value = "{RESULT}" }
narrative = "{NOTE}"
author = { name = "{WHO}", role = "Social worker" }
[[records.visits.rules]]
when = { column = "RESULT", is = ["no answer", "refused"] }
kind = "not_seen"
sensitivity = 3
fields = { name = "attempt", value = "failed" }
)";

constexpr const char* persons_header = "ID,NHS,UPN,FIRST,LAST,AKA,DOB,SEX,STREET,PC,SHIELD,MOTHER\n";
constexpr const char* visits_header = "V_ID,CHILD,OTHERS,DAY,TIME,ENTERED,RESULT,NOTE,WHO,FLAG,STATE\n";

struct Import {
  std::vector<SourcePerson> people;
  std::vector<SourceRecord> records;
  std::vector<Rejected> rejected;
  std::vector<std::string> order;
  bool complete = false;
};

class MappedReader : public ::testing::Test {
 protected:
  Expected<std::unique_ptr<Adapter>> open(const std::vector<std::pair<std::string, std::string>>& files,
                                          const std::string& mapping = mapping_text) {
    std::vector<std::filesystem::path> paths;
    for (const auto& [name, text] : files) {
      paths.push_back(folder_.path() / name);
      std::ofstream(paths.back(), std::ios::binary) << text;
    }
    auto read = read_mapping(mapping, "m.toml");
    EXPECT_TRUE(read) << (read ? "" : read.error()[0].text());
    return open_mapped(*read, paths, *MemberId::parse("leeds-csc"));
  }

  Import import(const std::vector<std::pair<std::string, std::string>>& files,
                const std::string& mapping = mapping_text) {
    Import out;
    auto adapter = open(files, mapping);
    EXPECT_TRUE(adapter) << (adapter ? "" : adapter.error().text());
    while (adapter) {
      auto item = (*adapter)->next();
      EXPECT_TRUE(item) << (item ? "" : item.error().text());
      if (!item || !*item) break;
      if (auto* person = std::get_if<SourcePerson>(&**item)) {
        out.order.push_back("person " + person->key);
        out.people.push_back(std::move(*person));
      } else if (auto* record = std::get_if<SourceRecord>(&**item)) {
        out.order.push_back(record->record.source.key);
        out.records.push_back(std::move(*record));
      } else {
        out.rejected.push_back(std::get<Rejected>(**item));
      }
    }
    if (adapter) out.complete = (*adapter)->complete();
    return out;
  }
  Import import_people(const std::string& rows) { return import({{"persons.csv", persons_header + rows}}); }
  Import import_visits(const std::string& rows) { return import({{"visits.csv", visits_header + rows}}); }

  TemporaryFolder folder_;
};

TEST_F(MappedReader, a_person_is_read_whole) {
  auto got = import_people("7, 943 476 5919 ,a950000178301,Łucja,O'Tester,Lucy,14/03/2016,F,1 Lane,bd11aa,,8\n");
  ASSERT_EQ(got.people.size(), 1u);
  const SourcePerson& source = got.people[0];
  const Person& person = source.person;
  EXPECT_EQ(source.system, "cms");
  EXPECT_EQ(source.key, "7");
  EXPECT_THAT(person.identifiers,
              ElementsAre(Identifier{"source:cms", "7", true}, Identifier{"nhs", "9434765919", false},
                          Identifier{"upn", "A950000178301", false}));
  ASSERT_EQ(person.names.size(), 2u);
  EXPECT_EQ(person.names[0].given, "Łucja");
  EXPECT_EQ(person.names[1].use, "alias");
  EXPECT_EQ(person.birth, (Birth{*Date::of(2016, 3, 14), Precision::day}));
  EXPECT_EQ(person.sex, Sex::female);
  ASSERT_EQ(person.addresses.size(), 1u);
  EXPECT_EQ(person.addresses[0].postcode, "BD1 1AA");
  EXPECT_THAT(source.relations, ElementsAre(SourceRelation{"8", "mother", false, true, {}, {}}));
  EXPECT_THAT(source.flags, IsEmpty());
  EXPECT_EQ(source.place, (SourcePlace{"persons.csv", 2}));
}

TEST_F(MappedReader, a_number_with_a_wrong_check_digit_is_left_out_and_flagged) {
  auto got = import_people("7,9434765918,A123456789123,Ann,Tester,,14/03/2016,F,1 Lane,BD1 1AA,,\n");
  ASSERT_EQ(got.people.size(), 1u);
  EXPECT_THAT(got.people[0].person.identifiers, ElementsAre(Identifier{"source:cms", "7", true}));
  ASSERT_EQ(got.people[0].flags.size(), 2u);
  EXPECT_EQ(got.people[0].flags[0].field, "NHS");
  EXPECT_EQ(got.people[0].flags[1].field, "UPN");
}

TEST_F(MappedReader, other_faults_of_a_person_are_flagged_and_nothing_is_quoted) {
  auto got =
      import_people("7,,,Ann,Tester,,14/03/2016,Q,1 Lane,BRADFORD,,\n8,,,Bo,Tester,,14/03/2017,,1 Lane,ZZ99 3VZ,,\n");
  ASSERT_EQ(got.people.size(), 2u);
  ASSERT_EQ(got.people[0].flags.size(), 2u);
  for (const Flag& flag : got.people[0].flags) EXPECT_EQ(flag.reason.find("BRADFORD"), std::string::npos);
  EXPECT_EQ(got.people[0].person.sex, Sex::unknown);
  EXPECT_THAT(got.people[1].flags, IsEmpty());  // ZZ99 means none
}

TEST_F(MappedReader, a_person_without_key_name_or_needed_birth_date_is_rejected_alone) {
  auto got = import_people(
      ",,,Ann,Tester,,14/03/2016,F,,,,\n"
      "2,,,,,,14/03/2016,F,,,,\n"
      "3,,,Ann,Tester,,31/02/2016,F,,,,\n"
      "4,,,Ann,Tester,,,F,,,,\n"
      "5,,,Good,Tester,,14/03/2016,F,,,,\n");
  ASSERT_EQ(got.people.size(), 1u);
  EXPECT_EQ(got.people[0].key, "5");
  ASSERT_EQ(got.rejected.size(), 4u);
  EXPECT_EQ(got.rejected[0].field, "ID");
  EXPECT_EQ(got.rejected[2].field, "DOB");
  EXPECT_EQ(got.rejected[2].line, 4u);
  EXPECT_EQ(got.rejected[2].reason.find("31/02"), std::string::npos);
  EXPECT_FALSE(got.complete);
}

TEST_F(MappedReader, a_shield_that_the_mapping_does_not_know_rejects_rather_than_opens) {
  auto got = import_people("7,,,Ann,Tester,,14/03/2016,F,1 Lane,,ZZ,\n8,,,Ann,Tester,,14/03/2016,F,1 Lane,,PA,\n");
  ASSERT_EQ(got.rejected.size(), 1u);
  EXPECT_EQ(got.rejected[0].field, "SHIELD");
  ASSERT_EQ(got.people.size(), 1u);
  EXPECT_THAT(got.people[0].person.markings_by_source, ElementsAre("protected_address"));
  EXPECT_TRUE(got.people[0].person.addresses[0].is_protected);
}

TEST_F(MappedReader, relations_of_a_file_of_their_own_join_their_person) {
  auto got = import({{"visits.csv", visits_header},
                     {"links.csv", "ID,OTHER,HOW,HH,SINCE\n7,9,SIB,Y,01/02/2020\n7,,SIB,Y,\n7,9,???,Y,\n"},
                     {"persons.csv", std::string(persons_header) + "7,,,Ann,Tester,,14/03/2016,F,,,,8\n"}});
  ASSERT_EQ(got.people.size(), 1u);
  EXPECT_THAT(got.people[0].relations,
              ElementsAre(SourceRelation{"8", "mother", false, true, {}, {}},
                          SourceRelation{"9", "sibling", true, false, *Date::of(2020, 2, 1), {}}));
  EXPECT_EQ(got.rejected.size(), 2u);
}

TEST_F(MappedReader, a_record_is_read_whole) {
  auto got = import_visits("1,7,8; 9,08/07/2026,2310,09/07/2026,seen alone,\"two\nlines\",P. Booth,P,\n");
  ASSERT_EQ(got.records.size(), 1u);
  const SourceRecord& source = got.records[0];
  const Record& record = source.record;
  EXPECT_THAT(source.subjects,
              ElementsAre(SourceSubject{"7", SubjectRole::child}, SourceSubject{"8", SubjectRole::household},
                          SourceSubject{"9", SubjectRole::household}));
  EXPECT_EQ(record.kind, "visit");
  EXPECT_EQ(to_iso(record.occurred), "2026-07-08T23:10:00+01:00");
  EXPECT_EQ(to_iso(record.recorded_at_source), "2026-07-09");
  EXPECT_EQ(record.headline, "home visit: seen alone");
  EXPECT_THAT(record.fields, ElementsAre(Field{"result", "seen alone"}));
  EXPECT_EQ(record.narrative, "two\nlines");
  EXPECT_EQ(record.label.category, "social-care.visit");
  EXPECT_EQ(record.label.sensitivity, 2);
  EXPECT_THAT(record.label.markings, ElementsAre("protected_address"));
  EXPECT_EQ(record.label.handling, "official");
  EXPECT_EQ(record.label.owner.text(), "leeds-csc");
  EXPECT_EQ(record.author, (Author{"P. Booth", "Social worker", "", ""}));
  EXPECT_EQ(record.source.system, "cms");
  EXPECT_EQ(record.source.key, "visits:1");
  EXPECT_TRUE(record.id.empty());
  EXPECT_TRUE(record.subjects.empty());
}

TEST_F(MappedReader, a_rule_changes_what_it_names_and_leaves_the_rest) {
  auto got = import_visits("1,7,,08/07/2026,,,No Answer,,,,\n");
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].record.kind, "not_seen");
  EXPECT_EQ(got.records[0].record.label.sensitivity, 3);
  EXPECT_EQ(got.records[0].record.label.category, "social-care.visit");
  EXPECT_THAT(got.records[0].record.fields, ElementsAre(Field{"result", "No Answer"}, Field{"attempt", "failed"}));
}

TEST_F(MappedReader, a_file_cut_in_a_row_keeps_the_rows_before_it_and_says_so) {
  auto adapter =
      open({{"visits.csv", std::string(visits_header) + "1,7,,08/07/2026,,,seen,,,,\n2,7,,08/0"}}, mapping_text);
  ASSERT_TRUE(adapter);
  EXPECT_TRUE(std::holds_alternative<SourceRecord>(*(*adapter)->next().value()));
  EXPECT_TRUE(std::holds_alternative<Rejected>(*(*adapter)->next().value()));
  auto end = (*adapter)->next();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, "cut-file");
  EXPECT_FALSE((*adapter)->complete());
}

TEST_F(MappedReader, a_file_cut_in_a_row_does_not_keep_the_files_after_it_from_being_read) {
  auto adapter = open({{"visits-1.csv", std::string(visits_header) + "1,7,,08/07/2026,,,seen,,,,\n2,7,,08/0"},
                       {"visits-2.csv", std::string(visits_header) + "3,7,,09/07/2026,,,seen,,,,\n"}},
                      mapping_text);
  ASSERT_TRUE(adapter);
  EXPECT_TRUE(std::holds_alternative<SourceRecord>(*(*adapter)->next().value()));
  EXPECT_TRUE(std::holds_alternative<Rejected>(*(*adapter)->next().value()));
  EXPECT_TRUE(std::holds_alternative<SourceRecord>(*(*adapter)->next().value()));
  auto end = (*adapter)->next();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, "cut-file");
  EXPECT_THAT(end.error().what, HasSubstr("visits-1.csv"));
}

TEST_F(MappedReader, bad_rows_are_told_and_stop_nothing) {
  auto got = import_visits(
      "1,7,,31/02/2026,,,seen,,,,\n"
      "2,,,08/07/2026,,,seen,,,,\n"
      "3,7,,08/07/2026,,,seen\n"
      "4,7,,08/07/2026,,,seen,,,Q,\n"
      "5,7,,08/07/2026,25:00,31/02/2026,seen,,,,\n"
      "6,7,,08/07/2026,,01/07/2026,seen,,,,\n"
      "7,7,,08/07/2026,,,\xe9,,,,\n"
      "8,7,,08/07/2026,,,seen,,,,DELETED\n"
      "9,7,,08/07/2026,,,seen,,,X,,,\n"
      "10,7,,08/07/2026,,,\"cut o\n");
  std::vector<std::string> fields;
  for (const Rejected& one : got.rejected) fields.push_back(std::to_string(one.line) + " " + one.field);
  EXPECT_THAT(fields, ElementsAre("2 DAY", "3 CHILD", "4 ", "5 FLAG", "8 ", "11 "));
  EXPECT_THAT(got.order, ElementsAre("visits:5", "visits:6", "visits:9"));
  ASSERT_EQ(got.records.size(), 3u);
  EXPECT_EQ(got.records[0].flags.size(), 2u);  // no time of day, no date of entry
  EXPECT_EQ(to_iso(got.records[0].record.occurred), "2026-07-08");
  ASSERT_EQ(got.records[1].flags.size(), 1u);
  EXPECT_THAT(got.records[1].flags[0].reason, HasSubstr("before it occurred"));
}

TEST_F(MappedReader, a_renamed_column_stops_the_import_with_the_line_to_change) {
  auto opened = open({{"visits.csv", "V_ID,CHILD,OTHERS,DAY_OF_VISIT,TIME,ENTERED,RESULT,NOTE,WHO,FLAG,STATE\n"}});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "missing-column");
  EXPECT_EQ(opened.error().what, "cannot import visits.csv: column `DAY` is missing");
  EXPECT_EQ(opened.error().why, "the mapping m.toml reads the date of the event from it (line 34)");
  EXPECT_EQ(opened.error().remedy,
            "the file has `DAY_OF_VISIT`: if that is the new name, change line 34; nothing was imported");
}

TEST_F(MappedReader, every_missing_column_of_a_file_is_told_at_once) {
  auto opened = open({{"visits.csv", "V_ID,CHILD,OTHERS,TIME,ENTERED,NOTE,WHO,FLAG,STATE\n"}});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().what, HasSubstr("columns `DAY` and `RESULT` are missing"));
}

TEST_F(MappedReader, a_bad_second_file_stops_the_import_before_the_first_is_read) {
  auto opened = open(
      {{"persons.csv", std::string(persons_header) + "7,,,Ann,Tester,,14/03/2016,F,,,,\n"}, {"visits.csv", "V_ID\n"}});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().what, HasSubstr("visits.csv"));
}

TEST_F(MappedReader, files_that_cannot_be_read_say_what_to_do) {
  std::string twice = std::string("DAY,") + visits_header;
  EXPECT_EQ(open({{"visits.csv", twice}}).error().code, "double-column");
  EXPECT_EQ(open({{"visits.csv", ""}}).error().code, "empty-file");
  EXPECT_EQ(open({{"other.csv", "a,b\n"}}).error().code, "unknown-file");
  EXPECT_EQ(open({{"visits.csv", std::string("\xff\xfe"
                                             "a\0",
                                             4)}})
                .error()
                .code,
            "wrong-encoding");
  auto mapping = read_mapping(mapping_text, "m.toml");
  EXPECT_EQ(open_mapped(*mapping, {"no/such/visits.csv"}, *MemberId::parse("leeds-csc")).error().code, "unreadable");
}

TEST_F(MappedReader, another_agencys_mapping_is_refused) {
  auto opened = open({{"visits.csv", visits_header}}, "owner = \"wy-police\"\n" + std::string(mapping_text));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "wrong-owner");
}

TEST_F(MappedReader, people_come_first_whatever_the_order_of_the_files) {
  auto got = import({{"visits.csv", std::string(visits_header) + "1,7,,08/07/2026,,,seen,,,,\n"},
                     {"persons.csv", std::string(persons_header) + "7,,,Ann,Tester,,14/03/2016,F,,,,\n"}});
  EXPECT_THAT(got.order, ElementsAre("person 7", "visits:1"));
}

TEST_F(MappedReader, only_whole_files_of_every_table_without_a_bad_row_are_complete) {
  std::string links = "ID,OTHER,HOW,HH,SINCE\n", persons = persons_header, visits = visits_header;
  EXPECT_TRUE(import({{"persons.csv", persons}, {"links.csv", links}, {"visits.csv", visits}}).complete);
  EXPECT_FALSE(import({{"persons.csv", persons}, {"links.csv", links}}).complete);
  EXPECT_FALSE(import({{"persons.csv", persons}, {"links.csv", links}, {"visits.csv", visits + "x\n"}}).complete);
}

TEST_F(MappedReader, the_same_content_has_the_same_hash_wherever_it_stands) {
  const std::string row = "7,,08/07/2026,,,seen,a note,,,\n";
  auto first = import_visits("1," + row), second = import_visits("2,7,,08/07/2026,,,other,,,,\n1," + row);
  auto changed = import_visits("1,7,,08/07/2026,,,seen,another note,,,\n");
  EXPECT_EQ(first.records[0].record.source.content_hash, second.records[1].record.source.content_hash);
  EXPECT_NE(first.records[0].record.source.content_hash, changed.records[0].record.source.content_hash);
}

TEST_F(MappedReader, a_key_used_twice_with_other_content_is_rejected_and_a_plain_double_is_nothing) {
  auto got = import_visits("1,7,,08/07/2026,,,seen,,,,\n1,7,,08/07/2026,,,seen,,,,\n1,7,,08/07/2026,,,other,,,,\n");
  EXPECT_EQ(got.records.size(), 1u);
  ASSERT_EQ(got.rejected.size(), 1u);
  EXPECT_THAT(got.rejected[0].reason, HasSubstr("line 2 has the same key"));
}

TEST_F(MappedReader, a_file_from_windows_is_read_when_the_mapping_says_so) {
  std::string row = std::string(persons_header) + "7,,,Zo\xeb,Tester,,14/03/2016,F,,,,\n";
  EXPECT_EQ(import({{"persons.csv", row}}).rejected.size(), 1u);
  auto got = import({{"persons.csv", row}}, "encoding = \"windows-1252\"\n" + std::string(mapping_text));
  ASSERT_EQ(got.people.size(), 1u);
  EXPECT_EQ(got.people[0].person.names[0].given, "Zoë");
}

TEST_F(MappedReader, one_row_may_hold_a_person_and_a_record) {
  auto got = import({{"flat.csv", "ID,FIRST,LAST,DAY\n7,Ann,Tester,2026-07-08\n7,Ann,Tester,2026-07-09\n"}},
                    R"(system = "flat"
[people.p]
files = "flat.csv"
key = "ID"
names = { given = "FIRST", family = "LAST" }
[records.r]
files = "flat.csv"
key = ["ID", "DAY"]
subjects = { column = "ID", role = "child" }
occurred = "DAY"
kind = "contact"
category = "social-care.contact"
sensitivity = 1
headline = "contact"
)");
  EXPECT_THAT(got.order, ElementsAre("person 7", "r:7|2026-07-08", "r:7|2026-07-09"));
}

}  // namespace
}  // namespace ginnel
