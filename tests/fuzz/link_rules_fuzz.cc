// SPDX-License-Identifier: Apache-2.0
// Rules of linking from anybody: what is refused says why; what is taken can be used.
#include "adapters/link_file.h"
#include "adapters/link_rules_reader.h"
#include "federation/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto columns = read_link_columns(text, "fuzz"); !columns) CHECK(!columns.error().empty());
  auto rules = read_link_rules(text, "fuzz");
  if (!rules) {
    for (const Error& error : rules.error()) CHECK(!error.why.empty() && !error.remedy.empty());
    return 0;
  }
  block_keys({{describe_name("Anna-Maria", "Kowalska", *rules)}, {}, {}, {}, {}, {}}, *rules);
  return 0;
}
