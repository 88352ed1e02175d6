// SPDX-License-Identifier: Apache-2.0
// The pieces of JSON that a case view and its chronology have in common; docs/api.md says what they mean.
//
// Thread: any; pure. Optional fields are left out; a time that a source did not give is null, because the field is
// always there.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "node/view/case_view.h"

namespace ginnel {

using OrderedJson = nlohmann::ordered_json;

OrderedJson or_null(const When& when);
OrderedJson or_null(Instant instant);
void put_if_set(OrderedJson& to, const char* name, const std::string& text);
OrderedJson author_json(const Author& author);
OrderedJson marks_json(const std::vector<ViewMark>& marks);
// `child`, `standing`, `purpose`, `basis`, `askedAt`, `asKnownAt`.
void put_what_was_asked(OrderedJson& to, const CaseView& view);
// `fields`, `narrative`, `attachments`.
void put_content(OrderedJson& to, const ViewItem& item);
OrderedJson item_json(const ViewItem& item);
OrderedJson withheld_json(const ViewWithheld& row);
// `parts`; `withheld` and `withdrawn`.
void put_parts(OrderedJson& to, const CaseView& view);
void put_what_is_missing(OrderedJson& to, const CaseView& view);

}  // namespace ginnel
