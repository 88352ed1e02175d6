// SPDX-License-Identifier: Apache-2.0
// What people have marked as significant in a child's history, and why (DOMAIN 5: the pattern was there, and nobody saw
// it among the rest).
//
// A mark is a record of the agency whose worker made it, of a kind of its own, with the label of what it marks. So
// policy decides who reads it, it is corrected, kept and erased like any record, and what protects the marked entry
// protects the mark (docs/decisions/0067).
//
// Thread: any; pure. What a peer wrote is read here: a mark that names nothing that is shown stays an entry by itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "federation/record/record.h"
#include "node/store/label_reader.h"
#include "node/view/case_view.h"

namespace ginnel {

inline constexpr std::string_view significance_kind = "significance";  // word of the list `record_kind`
inline constexpr const char* significance_source = "ginnel-significance";

namespace limits {
inline constexpr std::size_t significance_reason_bytes_max = 400;  // it is the mark's headline
}  // namespace limits

// An entry of some agency, wherever it is held: "wy-police/0123..ef".
struct EntryRef {
  MemberId agency;
  RecordId record;
  bool operator==(const EntryRef&) const = default;
  std::string text() const { return agency.text() + "/" + record.hex(); }
  static std::optional<EntryRef> parse(std::string_view text);
};

struct NewSignificance {
  ViewId view;  // where the worker saw the entry
  EntryRef entry;
  std::string reason;                 // why, in their words: others may be shown it alone
  std::vector<std::string> mistakes;  // of what was typed
};

// The mark as a record, without who is marked, who marks, and when: those are the caller's.
Record mark_of(const EntryRef& entry, const std::string& reason, const RecordLabel& marked);

// Takes the marks out of the items and puts each on what it marks, or on the version that replaced that.
void attach_marks(std::vector<ViewItem>& items);

}  // namespace ginnel
