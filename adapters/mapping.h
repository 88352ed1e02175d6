// SPDX-License-Identifier: Apache-2.0
// A declared mapping: which column of which file means what (docs/formats/mapping.md).
//
// Read once from TOML, checked as a whole, immutable after that. Column numbers in here count a table's own `columns`;
// mapped_reader.h finds them in a file's header.
//
// Thread: any.
// Failure: read_mapping gives every mistake at once, each with its line and what to do; toml++ stops at the first
//          mistake in the TOML itself, which is then the only one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/date_form.h"
#include "adapters/text_form.h"
#include "federation/base/error.h"
#include "federation/record/label.h"
#include "federation/record/person.h"
#include "federation/record/record.h"

namespace ginnel {

// The closed lists that a mapping's words are checked against. An empty list checks nothing.
struct MappingWords {
  std::set<std::string> kinds, categories, markings, handlings;
};

namespace mapping {

inline constexpr int no_column = -1;

// A column as the mapping names it, and why, for the message when a file has no such column.
struct Column {
  std::string name;
  std::uint32_t line = 0;  // in the mapping
  std::string reads;       // "the date of the event"
};

// A word: always the same, or chosen by a column's value.
struct Choice {
  std::string constant;
  int column = no_column;
  std::map<std::string, std::string, std::less<>> values;
  std::optional<std::string> otherwise;
};

struct Condition {
  int column = no_column;
  std::set<std::string, std::less<>> values;  // upper case; {""} for "empty"
  bool wanted = true;                         // false: none of the values
};

struct DateSpec {
  int column = no_column;
  int time_column = no_column;
  std::vector<DateForm> forms;
  bool required = false;
  bool is_set() const { return column != no_column; }
};

struct FieldSpec {
  std::string name;
  TextForm value;
};

struct KeySpec {
  std::vector<int> columns;  // joined with "|"
};

struct IdentifierSpec {
  std::string scheme;
  int column = no_column;
  bool verified = false;
  std::optional<Condition> verified_when;
};

struct NameSpec {
  int given = no_column, family = no_column;
  std::string use;
};

struct AddressSpec {
  std::vector<int> lines;
  int postcode = no_column, uprn = no_column;
  DateSpec from, to;
  std::optional<Condition> protected_when;
};

struct RelationSpec {
  int to = no_column;
  Choice kind;
  bool same_household = false, parental_responsibility = false;
  std::optional<Condition> same_household_when, parental_responsibility_when;
  DateSpec from, to_date;
};

struct SubjectSpec {
  int column = no_column;
  std::optional<char> split;  // several keys in one cell
  Choice role;
};

struct Table {
  std::string name;                // "records.visits"
  std::vector<std::string> files;  // patterns of file names with * and ?
  std::vector<Column> columns;
  KeySpec key;
  std::vector<Condition> where;  // rows that do not fulfil all of them are somebody else's
  bool complete = false;         // the file lists everything the source holds
};

struct PeopleTable : Table {
  std::vector<IdentifierSpec> identifiers;
  std::vector<NameSpec> names;
  DateSpec birth, expected_birth, death;
  std::optional<Choice> sex;  // female, male, indeterminate, unknown
  std::vector<AddressSpec> addresses;
  std::vector<RelationSpec> relations;
  std::vector<Choice> markings;
};

struct RelationTable : Table {
  RelationSpec relation;  // `key` is the person whose relation it is
};

// What a record says; in a rule, what the rule changes.
struct RecordSpec {
  std::optional<Choice> kind, category, sensitivity, assertion;
  std::vector<Choice> markings;  // of the table and of every rule that applies
  std::optional<TextForm> handling, headline, narrative;
  std::vector<FieldSpec> fields;  // of the table, then of every rule that applies
};

struct Rule {
  std::vector<Condition> when;
  RecordSpec set;
};

struct RecordTable : Table {
  std::vector<SubjectSpec> subjects;
  DateSpec occurred, recorded, review_on;
  RecordSpec base;
  TextForm author_name, author_role, author_team, author_contact;
  std::string retention_rule;
  std::vector<Rule> rules;
};

}  // namespace mapping

struct Mapping {
  std::string path;    // as it was given, for messages
  std::string system;  // name of the source system
  MemberId owner;      // empty: whoever imports
  char delimiter = ',';
  bool windows_1252 = false;  // else UTF-8
  std::vector<Lookup> lookups;
  std::vector<mapping::PeopleTable> people;
  std::vector<mapping::RelationTable> relations;
  std::vector<mapping::RecordTable> records;
};

// Errors: `bad-mapping`, one for each mistake, in the order of their lines.
tl::expected<Mapping, std::vector<Error>> read_mapping(std::string_view text, std::string path,
                                                       const MappingWords& words = {});

// The same from a file. Further errors: `unreadable`.
tl::expected<Mapping, std::vector<Error>> load_mapping(const std::filesystem::path& file,
                                                       const MappingWords& words = {});

}  // namespace ginnel
