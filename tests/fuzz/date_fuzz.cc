// SPDX-License-Identifier: Apache-2.0
// Dates, times and encodings of agencies' exports, and the forms in which a mapping says that they are written.
#include "adapters/date_form.h"
#include "adapters/encoding.h"
#include "adapters/text_form.h"
#include "federation/base/check.h"
#include "federation/base/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* form : {"DD/MM/YYYY", "DD-MON-YYYY HH:MI", "ISO"}) (void)DateForm::parse(form)->read(text);
  if (auto form = DateForm::parse(text)) (void)form->read("2015-03-04 10:11");
  if (auto minutes = read_time_of_day(text)) CHECK(*minutes >= 0 && *minutes < 24 * 60);
  (void)parse_date(text), (void)parse_when(text), (void)parse_iso_utc(text);
  CHECK(is_utf8(utf8_from_windows_1252(text)));
  const auto number = [](std::string_view name) { return name.size() > 3 ? -1 : int(name.size()); };
  if (auto form = TextForm::parse(text, {number, number})) (void)form->fill({"a", "b", "c", "d"}, {{}, {}, {}, {}});
  return 0;
}
