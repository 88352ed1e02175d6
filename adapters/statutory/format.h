// SPDX-License-Identifier: Apache-2.0
// A statutory format as data: which elements or columns make which dated record, under which code sets.
//
// The files stand in config-examples/adapters (docs/formats/statutory-formats.md), because forms and codes change by
// the year and words of the vocabulary are not for C++ to name. A name is a column, or a path of elements ("A/B");
// several names are the spellings that are met.
//
// Thread: any; immutable once read. Failure: `bad-adapter`, one for each mistake, as of a mapping.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/date_form.h"
#include "adapters/mapping.h"
#include "adapters/source_identity.h"
#include "federation/base/error.h"

namespace ginnel::statutory {

using Names = std::vector<std::string>;

struct CodeSet {
  std::string source;  // where it was published, and whether anybody held it against the text
  Date effective_from;
  std::map<std::string, std::string, std::less<>> meanings;  // by code, upper case
};

enum class FieldForm { text, date, yes_no };

struct FieldSpec {
  std::string name;  // as people read it
  Names from;
  std::string codes;  // a code set; empty: the value as it is
  FieldForm form = FieldForm::text;
  bool in_headline = false;          // its first value follows the headline
  bool is_required = false;          // missing: flagged
  bool is_not_before_event = false;  // a date that should not be earlier than the event: flagged
};

// `from` holds a date that should be `working_days` after the event: compared, flagged, never used.
struct TargetCheck {
  Names from;
  int working_days = 0;
};

struct EventSpec {
  std::string id;  // part of the record's key: never changed
  Names at;        // CIN: paths of the elements that it stands in, from the child
  Names date;
  bool is_required = false;               // without a date the row or element is rejected
  bool is_before_birth_expected = false;  // as a referral of an unborn child is
  bool is_once_a_day = false;             // of one kind on one day a child has one, however often the file tells it
  std::string kind, category;
  int sensitivity = 0;
  std::set<std::string> markings;
  std::string headline;
  Names not_before;  // dates that should not be later than this one
  std::vector<FieldSpec> fields;
  std::optional<TargetCheck> target;
};

struct SexSpec {
  Names from;
  std::map<std::string, Sex, std::less<>> values;  // upper case
};

struct ChildSpec {
  Names key, upn, former_upn, birth, expected_birth, death;
  Names required;            // missing: flagged
  std::vector<SexSpec> sex;  // a value of another one's list is taken, and flagged
};

// One kind of file among several, told apart by its columns.
struct ListSpec {
  std::string id;
  Names file_words;               // in the file's name
  Names needs;                    // columns that it must have
  std::string skipped_because;    // not empty: the file is known and not read
  std::vector<EventSpec> events;  // none: the list brings people only
};

// Since when a delivery tells of everything, seen from the last day that it tells of.
enum class Covers {
  unknown,
  collection_year,  // the first of April before
  months,           // so many months before
};

// Under which words of the vocabulary the making of a return is decided.
struct MadeFor {
  std::string purpose, basis;
};

struct Format {
  SourceIdentity identity;
  std::string same_keys_as;                        // the system whose keys of children these are; empty: none
  std::map<std::string, std::string> authorities;  // code by member
  Covers covers = Covers::unknown;
  int covers_months = 0;
  std::optional<MadeFor> made_for;  // a node may make such a file of its own records
  std::vector<DateForm> dates;
  std::map<std::string, CodeSet> codes;
  ChildSpec child;
  std::vector<EventSpec> events;  // CIN
  Names known;                    // CIN: elements that are known and not read
  std::vector<ListSpec> lists;    // comma-separated
  std::set<Date> bank_holidays;
  int holidays_from = 0, holidays_to = -1;  // years that the table covers, inclusive

  // Since when a delivery tells of everything whose last day is this one; not set: unknown.
  Date covers_since(Date last) const;
  // The n-th working day after `day`; nothing where the table lacks a year.
  std::optional<Date> working_days_after(Date day, int n) const;
};

tl::expected<Format, std::vector<Error>> load_format(const std::filesystem::path& file, const MappingWords& words);

}  // namespace ginnel::statutory
