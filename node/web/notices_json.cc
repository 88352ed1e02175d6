// SPDX-License-Identifier: Apache-2.0
#include "node/web/notices_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "node/web/json_value.h"

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string text_of_json(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

OrderedJson json_of(const OverviewStep& step) {
  OrderedJson out{{"number", step.number}, {"title", step.title}, {"open", step.is_open}};
  const auto put = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out[name] = value;
  };
  put("owner", step.owner);
  if (step.opened.is_set()) out["opened"] = to_iso(step.opened);
  if (step.closed.is_set()) out["closed"] = to_iso(step.closed);
  if (step.due.is_set()) out["due"] = to_iso_utc(step.due);
  put("lateReason", step.late_because);
  if (!step.waits_for.empty()) out["waitsFor"] = step.waits_for;
  if (!step.missing.empty()) out["missing"] = step.missing;
  put("outcome", step.outcome);
  if (step.is_cancelled) out["cancelled"] = true;
  return out;
}

OrderedJson json_of(const ProcessOverview& overview, const std::vector<Field>& stands) {
  OrderedJson out{{"process", overview.process.hex()},
                  {"title", overview.title},
                  {"states", overview.states},
                  {"asAt", to_iso_utc(overview.as_at)},
                  {"ended", overview.has_ended}};
  out["steps"] = OrderedJson::array();
  for (const auto& step : overview.steps) out["steps"].push_back(json_of(step));
  if (overview.left_out > 0) out["leftOut"] = overview.left_out;
  out["stands"] = OrderedJson::array();
  for (const auto& line : stands) out["stands"].push_back({{"name", line.name}, {"value", line.value}});
  return out;
}

OrderedJson json_of(const InboxItem& item) {
  OrderedJson out{{"id", item.id},
                  {"agency", item.agency.text()},
                  {"name", item.agency_name},
                  {"kind", item.kind},
                  {"title", item.title},
                  {"toldAt", to_iso_utc(item.told_at)},
                  {"arrivedAt", to_iso_utc(item.arrived_at)},
                  {"step", std::string(name_of(item.step))},
                  {"category", item.category}};
  OrderedJson child = OrderedJson::object();
  if (!item.family.empty()) child["familyName"] = item.family;
  if (!item.given.empty()) child["givenName"] = item.given;
  if (item.birth_date.is_set()) child["dateOfBirth"] = item.birth_date.iso();
  out["child"] = std::move(child);
  if (!item.view.empty()) out["caseView"] = item.view.hex();
  if (item.record) {
    const ViewItem& record = *item.record;
    OrderedJson one{{"id", record.id.hex()}, {"category", record.category}, {"kind", record.kind}};
    if (record.occurred.is_set()) one["occurred"] = to_iso(record.occurred);
    one["headline"] = record.headline;
    if (record.step >= Step::content) {
      one["fields"] = OrderedJson::array();
      for (const auto& field : record.fields) one["fields"].push_back({{"name", field.name}, {"value", field.value}});
      one["narrative"] = record.narrative;
    }
    one["author"] = {{"name", record.author.name},
                     {"role", record.author.role},
                     {"team", record.author.team},
                     {"contact", record.author.contact}};
    out["item"] = std::move(one);
  }
  if (item.invitation) {
    OrderedJson one{
        {"step", item.invitation->title}, {"invited", item.invitation->invited}, {"wanted", item.invitation->wanted}};
    if (item.invitation->due.is_set()) one["due"] = to_iso_utc(item.invitation->due);
    out["invitation"] = std::move(one);
  }
  if (item.overview) out["overview"] = json_of(*item.overview, item.stands);
  if (!item.reason.empty()) out["reason"] = item.reason;
  out["takesBack"] = item.takes_back;
  if (item.struck_at) out["withdrawn"] = {{"at", to_iso_utc(*item.struck_at)}, {"reason", item.struck_reason}};
  if (item.acknowledged_at)
    out["acknowledged"] = {
        {"at", to_iso_utc(*item.acknowledged_at)}, {"by", item.acknowledged_by}, {"note", item.note}};
  out["contact"] = {{"name", item.contact.name},
                    {"role", item.contact.role},
                    {"team", item.contact.team},
                    {"phone", item.contact.phone}};
  return out;
}

OrderedJson json_of(const SentNotice& notice) {
  OrderedJson out{{"kind", notice.kind}, {"title", notice.title}, {"at", to_iso_utc(notice.at)}};
  OrderedJson child = OrderedJson::object();
  if (!notice.family.empty()) child["familyName"] = notice.family;
  if (!notice.given.empty()) child["givenName"] = notice.given;
  if (notice.birth_date.is_set()) child["dateOfBirth"] = notice.birth_date.iso();
  out["child"] = std::move(child);
  if (!notice.category.empty()) out["category"] = notice.category;
  if (!notice.headline.empty()) out["headline"] = notice.headline;
  if (!notice.reason.empty()) out["reason"] = notice.reason;
  out["recipients"] = OrderedJson::array();
  for (const auto& one : notice.recipients) {
    OrderedJson row{{"id", one.id.hex()},          {"agency", one.agency.text()},   {"name", one.agency_name},
                    {"state", one.state},          {"stateTitle", one.state_title}, {"at", to_iso_utc(one.at)},
                    {"askedByUs", one.asked_by_us}};
    if (!one.reported.empty()) row["reportedTo"] = one.reported;
    if (!one.told_otherwise.empty()) row["followedUp"] = one.told_otherwise;
    out["recipients"].push_back(std::move(row));
  }
  return out;
}

// Texts by name; nothing but texts, and only those names.
class Texts {
 public:
  Texts(const JsonValue& json, std::initializer_list<std::string_view> names) : json_(json) {
    if (json.kind != JsonValue::Kind::object) fault_ = "the body";
    for (const auto& member : json.object)
      if (std::find(names.begin(), names.end(), member.name) == names.end()) fault_ = "a name that is not known";
  }
  std::string get(std::string_view name) {
    const JsonValue* found = json_.find(name);
    if (!found) return {};
    const bool has_controls = std::any_of(found->text.begin(), found->text.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    });
    if (found->kind != JsonValue::Kind::text || has_controls) fault_ = std::string(name);
    return found->text;
  }
  const std::string& fault() const { return fault_; }

 private:
  const JsonValue& json_;
  std::string fault_;
};

}  // namespace

std::string to_json(const InboxItem& item) { return text_of_json(json_of(item)); }

std::string to_json(const InboxList& list) {
  OrderedJson items = OrderedJson::array();
  for (const auto& item : list.items) items.push_back(json_of(item));
  return text_of_json({{"notices", std::move(items)},
                       {"waiting", list.waiting},
                       {"hasMore", list.has_more},
                       {"undecided", list.undecided}});
}

std::string to_json(const SentNotice& notice) { return text_of_json(json_of(notice)); }

std::string to_json(const SentList& list) {
  OrderedJson notices = OrderedJson::array();
  for (const auto& one : list.notices) notices.push_back(json_of(one));
  return text_of_json({{"sent", std::move(notices)}, {"hasMore", list.has_more}, {"undecided", list.undecided}});
}

std::string to_json(const std::vector<Reliance>& relied) {
  OrderedJson rows = OrderedJson::array();
  for (const auto& one : relied) {
    OrderedJson row{
        {"name", one.name}, {"first", to_iso_utc(one.first)}, {"last", to_iso_utc(one.last)}, {"times", one.times}};
    if (!one.view.empty()) row["caseView"] = one.view.hex();
    rows.push_back(std::move(row));
  }
  return text_of_json({{"relied", std::move(rows)}});
}

std::string to_json(const CorrectionMade& made) {
  OrderedJson out{{"toBeTold", made.told}};
  if (!made.item.empty()) out["item"] = made.item.hex();
  return text_of_json(out);
}

Expected<std::string> read_acknowledgement(std::string_view text) {
  if (text.empty()) return std::string();
  auto json = read_json(text);
  if (!json) return tl::unexpected(json.error());
  Texts texts(*json, {"note"});
  std::string note = texts.get("note");
  if (!texts.fault().empty()) return bad_field(texts.fault(), not_as_it_should_be, "send {} or {\"note\": \"...\"}");
  return note;
}

Expected<CorrectionRequest> read_correction(std::string_view text) {
  auto json = read_json(text);
  if (!json) return tl::unexpected(json.error());
  Texts texts(*json, {"caseView", "item", "kind", "reason", "headline", "narrative"});
  CorrectionRequest out;
  const auto view = ViewId::parse(texts.get("caseView"));
  const auto item = RecordId::parse(texts.get("item"));
  out.kind = texts.get("kind");
  out.reason = texts.get("reason");
  out.headline = texts.get("headline");
  out.narrative = texts.get("narrative");
  if (!texts.fault().empty()) return bad_field(texts.fault(), not_as_it_should_be, "see docs/api.md for the names");
  if (!view) return bad_field("caseView", not_as_it_should_be, "send the id of the case view that showed the item");
  if (!item) return bad_field("item", not_as_it_should_be, "send the item's id, as the case view gives it");
  out.view = *view;
  out.item = *item;
  return out;
}

}  // namespace ginnel
