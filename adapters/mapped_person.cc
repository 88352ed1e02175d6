// SPDX-License-Identifier: Apache-2.0
#include "adapters/content_hash.h"
#include "adapters/limits.h"
#include "adapters/mapped_row.h"
#include "federation/record/nhs_number.h"
#include "federation/record/postcode.h"
#include "federation/record/upn.h"

namespace ginnel::mapping {
namespace {

// The same digit ten times passes the check, and is what people type who have no number.
bool is_placeholder(std::string_view number) { return number.find_first_not_of(number.front()) == std::string::npos; }

// What a system writes where it must have a date of birth and knows none.
constexpr Date birth_placeholder{1900, 1, 1};

bool no_postcode(std::string_view text) { return text.empty() || text.starts_with("ZZ99") || text.starts_with("zz99"); }

void add_identifiers(SourcePerson& to, const Row& row, const PeopleTable& table) {
  to.person.identifiers.push_back({"source:" + to.system, to.key, true});
  for (const IdentifierSpec& spec : table.identifiers) {
    std::string_view text = row.cell(spec.column);
    if (text.empty()) continue;
    std::optional<std::string> value(text);
    if (spec.scheme == "nhs") value = parse_nhs_number(text);
    if (spec.scheme == "upn") value = parse_upn(text);
    if (!value) {
      // A number that fails its check would link strangers.
      to.flags.push_back(
          {row.column_name(spec.column), "the check digit is wrong; the person is kept without the number"});
      continue;
    }
    if (spec.scheme == "nhs" && is_placeholder(*value)) {
      to.flags.push_back({row.column_name(spec.column), "a placeholder, nobody's number; left out"});
      continue;
    }
    bool verified = spec.verified || (spec.verified_when && fulfils(row, *spec.verified_when));
    to.person.identifiers.push_back({spec.scheme, *value, verified});
  }
}

void add_names(SourcePerson& to, const Row& row, const PeopleTable& table) {
  for (const NameSpec& spec : table.names) {
    PersonName name;
    name.given = row.cell(spec.given);
    name.family = row.cell(spec.family);
    name.use = spec.use;
    if (!name.given.empty() || !name.family.empty()) to.person.names.push_back(std::move(name));
  }
}

Made<std::monostate> add_dates(SourcePerson& to, const Row& row, const PeopleTable& table) {
  auto birth = date_in(row, table.birth, to.flags);
  if (!birth) return tl::unexpected(birth.error());
  auto expected = date_in(row, table.expected_birth, to.flags);
  if (!expected) return tl::unexpected(expected.error());
  auto death = date_in(row, table.death, to.flags);
  if (!death) return tl::unexpected(death.error());
  bool is_future = row.today.is_set() && birth->is_set() && birth->date > row.today;
  if (is_future || (birth->is_set() && birth->date == birth_placeholder)) {
    to.flags.push_back({row.column_name(table.birth.column), is_future ? "a date of birth in the future; left out"
                                                                       : "a placeholder for an unknown day; left out"});
    *birth = When();
  }
  if (birth->is_set()) {
    to.person.birth = {birth->date, birth->precision == Precision::minute ? Precision::day : birth->precision};
  } else if (expected->is_set()) {
    to.person.birth = {expected->date, Precision::expected};
  }
  to.person.death = death->date;
  return {};
}

void add_sex(SourcePerson& to, const Row& row, const PeopleTable& table) {
  if (!table.sex) return;
  auto word = choose(row, *table.sex);
  if (!word) {
    if (!row.cell(table.sex->column).empty()) {
      to.flags.push_back({row.column_name(table.sex->column), "the mapping has no word for this value; left out"});
    }
    return;
  }
  to.person.sex = *word == "female"          ? Sex::female
                  : *word == "male"          ? Sex::male
                  : *word == "indeterminate" ? Sex::indeterminate
                                             : Sex::unknown;
}

Made<std::monostate> add_addresses(SourcePerson& to, const Row& row, const PeopleTable& table) {
  for (const AddressSpec& spec : table.addresses) {
    Address address;
    for (int line : spec.lines) {
      if (!row.cell(line).empty()) address.lines.emplace_back(row.cell(line));
    }
    std::string_view postcode = row.cell(spec.postcode);
    if (!no_postcode(postcode)) {
      if (auto normal = parse_postcode(postcode)) {
        address.postcode = *normal;
      } else {
        to.flags.push_back({row.column_name(spec.postcode), "not a postcode; left out"});
      }
    }
    address.uprn = row.cell(spec.uprn);
    auto from = date_in(row, spec.from, to.flags), until = date_in(row, spec.to, to.flags);
    if (!from || !until) return tl::unexpected(from ? until.error() : from.error());
    address.from = from->date;
    address.to = until->date;
    address.is_protected = spec.protected_when && fulfils(row, *spec.protected_when);
    if (!address.lines.empty() || !address.postcode.empty()) to.person.addresses.push_back(std::move(address));
  }
  return {};
}

Made<std::optional<SourceRelation>> relation_in(const Row& row, const RelationSpec& spec, std::vector<Flag>& flags) {
  if (row.cell(spec.to).empty()) return std::optional<SourceRelation>();
  auto kind = choose(row, spec.kind);
  if (!kind) {
    flags.push_back(
        {row.column_name(spec.kind.column), "the mapping has no word for this value; the relation is left out"});
    return std::optional<SourceRelation>();
  }
  SourceRelation relation;
  relation.other_key = row.cell(spec.to);
  relation.kind = *kind;
  relation.same_household =
      spec.same_household || (spec.same_household_when && fulfils(row, *spec.same_household_when));
  relation.parental_responsibility = spec.parental_responsibility || (spec.parental_responsibility_when &&
                                                                      fulfils(row, *spec.parental_responsibility_when));
  auto from = date_in(row, spec.from, flags), until = date_in(row, spec.to_date, flags);
  if (!from || !until) return tl::unexpected(from ? until.error() : from.error());
  relation.from = from->date;
  relation.to = until->date;
  return std::optional(std::move(relation));
}

Made<std::monostate> add_markings(SourcePerson& to, const Row& row, const PeopleTable& table) {
  for (const Choice& choice : table.markings) {
    if (choice.column != no_column && row.cell(choice.column).empty()) continue;
    auto marking = choose(row, choice);
    // SECURITY: an unknown shield must not be read as none.
    if (!marking) return reject(row, choice.column, "the mapping has no marking for this value");
    if (!marking->empty()) to.person.markings_by_source.insert(*marking);
  }
  return {};
}

}  // namespace

Made<SourcePerson> person_of(const Row& row, const PeopleTable& table, const std::vector<SourceRelation>& more) {
  auto key = key_of(row, table.key);
  if (!key) return tl::unexpected(key.error());
  SourcePerson made;
  made.system = row.mapping.system;
  made.key = *key;
  made.place = row.place;
  add_identifiers(made, row, table);
  add_names(made, row, table);
  if (made.person.names.empty()) return reject(row, table.names[0].family, "the person has no name");
  if (auto dates = add_dates(made, row, table); !dates) return tl::unexpected(dates.error());
  add_sex(made, row, table);
  if (auto addresses = add_addresses(made, row, table); !addresses) return tl::unexpected(addresses.error());
  if (auto markings = add_markings(made, row, table); !markings) return tl::unexpected(markings.error());
  for (const RelationSpec& spec : table.relations) {
    auto relation = relation_in(row, spec, made.flags);
    if (!relation) return tl::unexpected(relation.error());
    if (*relation) made.relations.push_back(**relation);
  }
  made.relations.insert(made.relations.end(), more.begin(), more.end());
  if (made.relations.size() > limits::person_relations_max) {
    return reject(row, no_column, "more than " + std::to_string(limits::person_relations_max) + " relations");
  }
  made.content_hash = content_hash_of(made);
  return made;
}

Made<std::pair<std::string, SourceRelation>> relation_of(const Row& row, const RelationTable& table) {
  auto key = key_of(row, table.key);
  if (!key) return tl::unexpected(key.error());
  std::vector<Flag> flags;
  auto relation = relation_in(row, table.relation, flags);
  if (!relation) return tl::unexpected(relation.error());
  if (!flags.empty()) return tl::unexpected(Rejected{row.place.file, row.place.line, flags[0].field, flags[0].reason});
  if (!*relation) return reject(row, table.relation.to, "the key of the related person is empty");
  return std::pair(*key, **relation);
}

}  // namespace ginnel::mapping
