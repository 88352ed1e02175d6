// SPDX-License-Identifier: Apache-2.0
// One row under one table of a mapping: a person, a relation or a record, or why it is none.
//
// Pure: no file, no order of rows. A value that fails its check is left out and flagged; what the item cannot be
// without rejects the row. Neither a flag nor a rejection quotes the row.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/mapping.h"

namespace ginnel::mapping {

struct Row {
  const Mapping& mapping;
  const Table& table;
  std::vector<std::string_view> cells;  // trimmed, UTF-8, by the table's column numbers
  SourcePlace place;
  Date today = {};  // not set: nothing is known to lie in the future

  std::string_view cell(int column) const {
    return column == no_column ? std::string_view() : cells[std::size_t(column)];
  }
  const std::string& column_name(int column) const { return table.columns[std::size_t(column)].name; }
};

template <class Item>
using Made = tl::expected<Item, Rejected>;

bool fulfils(const Row& row, const std::vector<Condition>& conditions);
bool fulfils(const Row& row, const Condition& condition);

Made<std::string> key_of(const Row& row, const KeySpec& spec);

// `more` are the relations that stand in files of their own.
Made<SourcePerson> person_of(const Row& row, const PeopleTable& table, const std::vector<SourceRelation>& more);
Made<std::pair<std::string, SourceRelation>> relation_of(const Row& row, const RelationTable& table);
Made<SourceRecord> record_of(const Row& row, const RecordTable& table, const MemberId& owner);

// -- parts of the above

// Nothing if the mapping has no word for the value.
std::optional<std::string> choose(const Row& row, const Choice& choice);
tl::unexpected<Rejected> reject(const Row& row, int column, std::string reason);
// Not set where there is no column or an empty cell; an unreadable date is rejected if required, else flagged.
Made<When> date_in(const Row& row, const DateSpec& spec, std::vector<Flag>& flags);

}  // namespace ginnel::mapping
