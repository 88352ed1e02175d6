// SPDX-License-Identifier: Apache-2.0
// Reads a CSV file of people for `ginnel link`: finds its columns by their usual names, or by a mapping of them.
//
// Spaces around headers and values do not count, nor do case, spaces and punctuation inside headers. Dates are
// YYYY-MM-DD, YYYYMMDD or DD/MM/YYYY; a value that is not what its column says is compared as text, or not at all.
//
// Thread: any. Failure: `unreadable`, `no-columns` (nothing to compare by), `too-many-rows`, `bad-columns`; a bad row
// is counted and passed over. Limits: limits::link_*.
#pragma once

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "federation/record/description.h"

namespace ginnel {

struct LinkFile {
  std::vector<std::string> ids;  // the first column's values
  std::vector<Description> people;
  std::vector<std::string> columns_unused;  // headers that say nothing to linking, for a person to see
  std::uint64_t bad_rows = 0;
};

// What a column is, by its header in lower case without spaces and punctuation.
using LinkColumns = std::map<std::string, std::string, std::less<>>;

// "given_name = \"Forename\"": what a column is, and its header. Errors: `bad-columns`, each with its line.
tl::expected<LinkColumns, std::vector<Error>> read_link_columns(std::string_view toml, std::string path);

// `columns` may be empty; what it does not name is found by the usual names. `name` is the file's, for errors.
Expected<LinkFile> read_link_file(std::istream& in, const std::string& name, const LinkColumns& columns,
                                  const LinkRules& rules);

}  // namespace ginnel
