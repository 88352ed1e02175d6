// SPDX-License-Identifier: Apache-2.0
// A node's view of a small federation: a directory, a store, a gate under the West Yorkshire agreement.
#pragma once

#include "node/view/part_maker.h"
#include "tests/federation/members.h"
#include "tests/node/gate_for_tests.h"

namespace ginnel {

inline MemberId member(const std::string& id) { return *MemberId::parse(id); }

// The tests' node is bradford-csc's, as StoreForTests has it.
inline OwnPart own_part() {
  OwnPart own;
  own.member = member("bradford-csc");
  own.kind = "social_care";
  own.name = "Bradford";
  own.duty = {"Duty desk", "", "", "01632 960001", "always"};
  own.basis = "public_task";
  own.data_to = noon;
  own.data_age_ms_max = 48 * hour_ms;
  return own;
}

inline Record record_about(const PersonRef& person, const std::string& kind, const std::string& category,
                           int sensitivity, const std::string& headline = "Headline") {
  Record record = visit_to({person}, headline);
  record.kind = kind;
  record.label.category = category;
  record.label.sensitivity = std::uint8_t(sensitivity);
  return record;
}

class ViewForTests {
 public:
  ViewForTests() {
    for (const auto* name : {"leeds-health", "bradford-education"})
      members.add(name, std::string(name).ends_with("health") ? "health" : "education");
    book.emplace(members.book());
  }

  GateForTests gate_and_store;
  StoreForTests& store = gate_and_store.store;
  const Gate& gate = gate_and_store.gate;
  samples::Members members;
  std::optional<DirectoryBook> book;
  SeededRandom random{21};
  PersonFinder finder;

  std::vector<std::pair<EntryKind, Access>> accesses_since_start() { return accesses_since(1); }
  // Entries that are about access, and can be opened without a permit.
  std::vector<std::pair<EntryKind, Access>> accesses_since(std::uint64_t from) {
    std::vector<std::pair<EntryKind, Access>> out;
    auto snapshot = store.snapshot();
    for (std::uint64_t at = from; at < snapshot->tree_head().size; ++at) {
      auto entry = snapshot->entry(at);
      if (entry) out.emplace_back(entry->header.kind, decode_access(entry->body).value());
    }
    return out;
  }
};

}  // namespace ginnel
