// SPDX-License-Identifier: Apache-2.0
#include "adapters/mapped_row.h"

#include "adapters/limits.h"

namespace ginnel::mapping {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  }
  return out;
}

}  // namespace

tl::unexpected<Rejected> reject(const Row& row, int column, std::string reason) {
  return tl::unexpected(
      Rejected{row.place.file, row.place.line, column == no_column ? "" : row.column_name(column), std::move(reason)});
}

bool fulfils(const Row& row, const Condition& condition) {
  return (condition.values.count(upper(row.cell(condition.column))) > 0) == condition.wanted;
}

bool fulfils(const Row& row, const std::vector<Condition>& conditions) {
  for (const Condition& condition : conditions) {
    if (!fulfils(row, condition)) return false;
  }
  return true;
}

Made<std::string> key_of(const Row& row, const KeySpec& spec) {
  std::string key;
  for (int column : spec.columns) {
    if (row.cell(column).empty()) return reject(row, column, "the key is empty");
    if (!key.empty()) key += '|';
    key += row.cell(column);
  }
  if (key.size() > limits::source_key_bytes_max) {
    return reject(row, spec.columns[0],
                  "the key has more than " + std::to_string(limits::source_key_bytes_max) + " bytes");
  }
  return key;
}

std::optional<std::string> choose(const Row& row, const Choice& choice) {
  if (choice.column == no_column) return choice.constant;
  auto known = choice.values.find(row.cell(choice.column));
  if (known != choice.values.end()) return known->second;
  return choice.otherwise;
}

Made<When> date_in(const Row& row, const DateSpec& spec, std::vector<Flag>& flags) {
  std::string_view text = row.cell(spec.column);
  if (text.empty()) {
    if (spec.required) return reject(row, spec.column, "a date is needed and there is none");
    return When{};
  }
  auto when = read_date(spec.forms, text);
  if (!when) {
    if (spec.required) return reject(row, spec.column, "not a date of the form that the mapping gives");
    flags.push_back({row.column_name(spec.column), "not a date of the form that the mapping gives; left out"});
    return When{};
  }
  std::string_view time = row.cell(spec.time_column);
  if (!time.empty() && when->precision == Precision::day) {
    if (auto minutes = read_time_of_day(time)) return When::at_instant(london_instant(when->date, *minutes));
    flags.push_back({row.column_name(spec.time_column), "not a time of day; left out"});
  }
  return *when;
}

}  // namespace ginnel::mapping
