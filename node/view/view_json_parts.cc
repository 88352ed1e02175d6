// SPDX-License-Identifier: Apache-2.0
#include "node/view/view_json_parts.h"

#include <nlohmann/json.hpp>

namespace ginnel {

OrderedJson or_null(const When& when) { return when.is_set() ? OrderedJson(to_iso(when)) : OrderedJson(); }
OrderedJson or_null(Instant instant) { return instant.is_set() ? OrderedJson(to_iso_utc(instant)) : OrderedJson(); }
void put_if_set(OrderedJson& to, const char* name, const std::string& text) {
  if (!text.empty()) to[name] = text;
}

namespace {

OrderedJson part_json(const ViewPart& part) {
  OrderedJson out;
  out["agency"] = part.agency.text();
  out["name"] = part.agency_name;
  out["kind"] = part.agency_kind;
  out["status"] = std::string(name_of(part.status));
  put_if_set(out, "reason", part.reason);
  out["contact"] = {{"name", part.contact.name},
                    {"role", part.contact.role},
                    {"team", part.contact.team},
                    {"phone", part.contact.phone}};
  if (part.answered_at.is_set()) out["answeredAt"] = to_iso_utc(part.answered_at);
  if (part.data_to.is_set()) out["dataTo"] = to_iso_utc(part.data_to);
  out["items"] = part.items;
  out["withheld"] = part.withheld;
  return out;
}

}  // namespace

OrderedJson author_json(const Author& author) {
  return {{"name", author.name}, {"role", author.role}, {"team", author.team}, {"contact", author.contact}};
}

OrderedJson marks_json(const std::vector<ViewMark>& marks) {
  auto out = OrderedJson::array();
  for (const auto& mark : marks)
    out.push_back({{"id", mark.id.hex()},
                   {"agency", mark.agency.text()},
                   {"reason", mark.reason},
                   {"author", author_json(mark.author)},
                   {"recorded", or_null(mark.recorded)}});
  return out;
}

void put_what_was_asked(OrderedJson& to, const CaseView& view) {
  to["child"] = OrderedJson::object();
  put_if_set(to["child"], "familyName", view.family);
  put_if_set(to["child"], "givenName", view.given);
  if (view.birth_date.is_set()) to["child"]["dateOfBirth"] = view.birth_date.iso();
  put_if_set(to["child"], "nhsNumber", view.nhs_number);
  put_if_set(to, "standing", view.standing);
  to["purpose"] = view.purpose;
  to["basis"] = view.basis;
  to["askedAt"] = or_null(view.asked_at);
  if (view.as_known_at.is_set()) to["asKnownAt"] = to_iso_utc(view.as_known_at);
}

void put_content(OrderedJson& to, const ViewItem& item) {
  to["fields"] = OrderedJson::array();
  for (const auto& field : item.fields) to["fields"].push_back({{"name", field.name}, {"value", field.value}});
  to["narrative"] = item.narrative;
  for (const auto& each : item.attachments) {
    OrderedJson file{{"name", each.file.name},
                     {"mediaType", each.file.media_type},
                     {"size", each.file.size_bytes},
                     {"sha256", to_hex(each.file.sha256)}};
    if (!each.id.empty()) file["id"] = each.id.hex();
    to["attachments"].push_back(std::move(file));
  }
}

OrderedJson item_json(const ViewItem& item) {
  OrderedJson out;
  out["id"] = item.id.hex();
  out["agency"] = item.agency.text();
  out["agencyKind"] = item.agency_kind;
  out["category"] = item.category;
  out["kind"] = item.kind;
  out["occurred"] = or_null(item.occurred);
  if (item.occurred.precision == Precision::expected) out["occurredIsExpected"] = true;
  out["recorded"] = or_null(item.recorded);
  out["received"] = or_null(item.received);
  out["step"] = std::string(name_of(item.step));
  out["headline"] = item.headline;
  if (item.step >= Step::content) {
    put_content(out, item);
  }
  out["assertion"] = item.assertion == Assertion::opinion ? "opinion" : "fact";
  out["author"] = author_json(item.author);
  out["source"] = item.source_system;
  if (item.superseded_at.is_set()) out["supersededAt"] = to_iso_utc(item.superseded_at);
  if (!item.marks.empty()) out["significant"] = marks_json(item.marks);
  return out;
}

OrderedJson withheld_json(const ViewWithheld& row) {
  OrderedJson out;
  out["agency"] = row.agency.text();
  out["category"] = row.category;
  out["count"] = row.count;
  out["reason"] = row.reason;
  out["ask"] = row.ask;
  return out;
}

void put_parts(OrderedJson& to, const CaseView& view) {
  to["parts"] = OrderedJson::array();
  for (const auto& part : view.parts) to["parts"].push_back(part_json(part));
}

void put_what_is_missing(OrderedJson& to, const CaseView& view) {
  to["withheld"] = OrderedJson::array();
  for (const auto& row : view.withheld) to["withheld"].push_back(withheld_json(row));
  to["withdrawn"] = OrderedJson::array();
  for (const auto& row : view.withdrawn)
    to["withdrawn"].push_back(
        {{"agency", row.agency.text()}, {"at", to_iso_utc(row.at)}, {"kind", row.kind}, {"reason", row.reason}});
}

}  // namespace ginnel
