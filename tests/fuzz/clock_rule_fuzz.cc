// SPDX-License-Identifier: Apache-2.0
// Clocks and calendars as people write them: what is read is written back the same, what is refused says why.
#include "federation/base/check.h"
#include "node/calendar/clock_rule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto rule = parse_clock_rule(text);
  CHECK(rule ? *parse_clock_rule(rule->text()) == *rule : !rule.error().why.empty());
  if (auto amount = parse_amount(text)) CHECK(*parse_amount(amount->text()) == *amount);
  if (auto event = parse_event_name(text)) CHECK(event->text() == text);
  auto calendar = Calendar::parse(text, "c.toml");
  if (!calendar) return CHECK(!calendar.error().empty()), 0;
  (void)calendar->parse_terms(text, "t.toml");
  if (rule) (void)deadline(*rule, When::on(*Date::of(2026, 4, 2)), *calendar);
  return 0;
}
