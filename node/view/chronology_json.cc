// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "node/view/chronology.h"
#include "node/view/view_json_parts.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

OrderedJson source_json(const CaseView& view, const ViewItem& item) {
  OrderedJson out;
  out["id"] = item.id.hex();
  out["agency"] = item.agency.text();
  out["agencyName"] = name_of_agency(view, item.agency);
  out["agencyKind"] = item.agency_kind;
  out["recorded"] = or_null(item.recorded);
  out["received"] = or_null(item.received);
  if (item.superseded_at.is_set()) out["supersededAt"] = to_iso_utc(item.superseded_at);
  out["author"] = author_json(item.author);
  out["source"] = item.source_system;
  out["sha256"] = to_hex(item.hash);
  return out;
}

OrderedJson entry_json(const CaseView& view, const ChronologyEntry& entry) {
  const ViewItem& told = entry.told();
  OrderedJson out;
  out["number"] = entry.number;
  out["inChildsWords"] = entry.in_childs_words;
  out["occurred"] = or_null(told.occurred);
  if (told.occurred.precision == Precision::expected) out["occurredIsExpected"] = true;
  out["kind"] = told.kind;
  out["category"] = told.category;
  out["step"] = std::string(name_of(told.step));
  out["headline"] = told.headline;
  if (told.step >= Step::content) put_content(out, told);
  out["assertion"] = told.assertion == Assertion::opinion ? "opinion" : "fact";
  out["significant"] = marks_json(entry.marks());
  out["sources"] = OrderedJson::array();
  for (const auto& item : entry.sources) out["sources"].push_back(source_json(view, item));
  return out;
}

}  // namespace

std::string to_json(const Chronology& chronology) {
  const CaseView& view = chronology.view;
  OrderedJson out;
  out["view"] = view.id.hex();
  put_what_was_asked(out, view);
  out["shownAt"] = or_null(view.shown_at);
  out["shownTo"] = chronology.shown_to;
  out["complete"] = view.complete;
  out["notes"] = chronology_notes(chronology);
  put_parts(out, view);
  put_what_is_missing(out, view);
  out["entries"] = OrderedJson::array();
  for (const auto& entry : chronology.entries) out["entries"].push_back(entry_json(view, entry));
  return out.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace ginnel
