// SPDX-License-Identifier: Apache-2.0
// Rows of a statutory return from anybody, through the format that ships: whatever comes has a child, a day and a key
// of its series, and reading ends.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "adapters/limits.h"
#include "adapters/statutory/list_reader.h"
#include "federation/base/check.h"

namespace ginnel {

inline void read_fuzzed_rows(const char* adapter, const std::uint8_t* data, std::size_t size) {
  static const auto format =
      statutory::load_format(
          std::filesystem::path(GINNEL_SOURCE_DIR) / "config-examples/adapters" / (std::string(adapter) + ".toml"), {})
          .value();
  static const std::filesystem::path folder = [] {
    std::string name = (std::filesystem::temp_directory_path() / "ginnel-fuzz-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    return std::filesystem::path(name);
  }();
  const auto file = folder / "rows.csv";
  std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(data), std::streamsize(size));
  auto opened = open_lists(format, {file}, *MemberId::parse("bradford-csc"));
  if (!opened) return;
  // A row gives at most its person and as many records as a list has events.
  for (std::size_t items = 0; items <= 16 * (size + 1); ++items) {
    auto item = (*opened)->next();
    if (!item || !*item) return;
    if (auto* person = std::get_if<SourcePerson>(&**item)) CHECK(!person->key.empty());
    if (auto* record = std::get_if<SourceRecord>(&**item)) {
      const Record& made = record->record;
      CHECK(record->subjects.size() == 1 && made.occurred.date.is_set());
      CHECK(made.headline.size() <= limits::headline_bytes_max);
      CHECK(!record->series || made.source.key.starts_with(record->series->prefix));
    }
  }
  CHECK(false);  // more items than rows can give
}

}  // namespace ginnel
