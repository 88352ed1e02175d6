// SPDX-License-Identifier: Apache-2.0
// Files from anybody: lines never go back, and a sound row written with quotes reads again as the same.
#include <sstream>

#include "adapters/csv.h"
#include "federation/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  CsvReader reader(in);
  CsvRow row, again;
  for (std::uint32_t line = 0; reader.next(row).value_or(false); line = row.line) {
    CHECK(row.line > line && row.fields.empty() == !row.fault.empty());
    std::string text;
    for (auto field : row.fields) {
      text += text.empty() ? "\"" : ",\"";
      for (char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
      text += '"';
    }
    std::istringstream written(text);
    bool blank = row.fields.size() < 2 && text.size() < 3, fits = text.size() < 1024 * 1024;
    CHECK(blank || !fits || (CsvReader(written).next(again).value() && again.fault.empty()));
  }
  return 0;
}
