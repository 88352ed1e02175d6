// SPDX-License-Identifier: Apache-2.0
// A notice as a worker's inbox shows it, of a child called <Aisha>; what each test is about is its own to set.
#pragma once

#include <string>

#include "node/notices/inbox_view.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {

inline InboxItem told_item(const std::string& agency, const std::string& agency_name, Instant now) {
  InboxItem item;
  item.id = some_id;
  item.agency = *MemberId::parse(agency);
  item.agency_name = agency_name;
  item.kind = "new-record";
  item.title = "Something new";
  item.told_at = item.arrived_at = now;
  item.family = "Tester";
  item.given = "<Aisha>";
  item.step = Step::content;
  item.record.emplace();
  item.record->step = Step::content;
  item.contact = {"Duty desk", "", "", "01632 960033"};
  return item;
}

}  // namespace ginnel
