// SPDX-License-Identifier: Apache-2.0
// Makes people and dated records of named values, whatever file the values stand in.
//
// Sound values are taken, the rest is flagged; no date of a file is taken for true because the file says so: dates that
// contradict each other are kept as they stand and flagged. Neither a flag nor a rejection quotes the file.
//
// Thread: any; pure but for the keys that it has given out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/statutory/format.h"

namespace ginnel::statutory {

// A row by its columns, an element by what stands in it.
class Values {
 public:
  virtual ~Values() = default;
  // Every value, not empty, under any of these names.
  virtual std::vector<std::string_view> all(const Names& names) const = 0;
  std::string_view first(const Names& names) const {
    auto values = all(names);
    return values.empty() ? std::string_view() : values.front();
  }
};

// What is true of the whole file or the whole child while its records are made.
struct Context {
  SourcePlace place;
  std::string child_key;
  Date born;       // not set: unknown, or not born yet
  Date file_ends;  // the file's reference date; not set: none
};

// How often a key was given: two assessments may start on one day.
using KeyCounts = std::unordered_map<std::string, int>;

class ItemMaker {
 public:
  ItemMaker(const Format& format, MemberId owner) : format_(format), owner_(std::move(owner)) {}

  tl::expected<SourcePerson, Rejected> person(const Values& values, const SourcePlace& place) const;

  // Nothing if the event has no date here.
  tl::expected<std::optional<SourceRecord>, Rejected> record(const EventSpec& spec, const Values& values,
                                                             const Context& context, KeyCounts& counts) const;

  // The day of the event, and the prefix of its key; nothing if it has none that can be read.
  std::optional<Date> day_of(const EventSpec& spec, const Values& values) const;
  static std::string key_prefix(const EventSpec& spec, const std::string& child_key);

 private:
  std::optional<Date> read_date(std::string_view text) const;
  Date flagged_date(const Values& values, const Names& names, std::vector<Flag>& flags) const;
  void add_upn(SourcePerson& to, std::string_view text, const Names& from) const;
  void add_sex(SourcePerson& to, const Values& values) const;
  void add_field(SourceRecord& to, std::string& headline, const FieldSpec& spec, const Values& values) const;
  std::string meaning(const FieldSpec& spec, std::string_view code, std::vector<Flag>& flags) const;
  void check_dates(SourceRecord& to, const EventSpec& spec, const Values& values, const Context& context) const;

  const Format& format_;
  const MemberId owner_;
};

}  // namespace ginnel::statutory
