// SPDX-License-Identifier: Apache-2.0
#include "node/view/view_json.h"

#include <nlohmann/json.hpp>

#include "node/view/view_json_parts.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

// Reads one object's members, and keeps the name of the first that is not as it must be.
class Reader {
 public:
  Reader(const Json& object, std::string& fault) : object_(object), fault_(fault) {
    if (!object.is_object()) fail_at("an object");
  }

  const Json* find(const char* name) const {
    if (!object_.is_object()) return nullptr;
    auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }
  std::string text(const char* name) {
    const auto* found = find(name);
    if (!found) return {};
    if (!found->is_string()) return fail_at(name), std::string();
    return found->get<std::string>();
  }
  std::string needed_text(const char* name) {
    if (!find(name)) fail_at(name);
    return text(name);
  }
  std::uint32_t count(const char* name) {
    const auto* found = find(name);
    if (found && found->is_number_unsigned() && found->get<std::uint64_t>() <= UINT32_MAX)
      return found->get<std::uint32_t>();
    fail_at(name);
    return 0;
  }
  std::int64_t number(const char* name) {
    const auto* found = find(name);
    if (found && found->is_number_integer()) return found->get<std::int64_t>();
    fail_at(name);
    return 0;
  }
  bool truth(const char* name, bool is_needed) {
    const auto* found = find(name);
    if (found && found->is_boolean()) return found->get<bool>();
    if (found || is_needed) fail_at(name);
    return false;
  }
  When when(const char* name) {
    auto given = text(name);
    if (given.empty()) return {};
    auto read = parse_when(given);
    if (!read) fail_at(name);
    return read.value_or(When());
  }
  Instant instant(const char* name) {
    auto given = text(name);
    if (given.empty()) return {};
    auto read = parse_iso_utc(given);
    if (!read) fail_at(name);
    return read.value_or(Instant());
  }
  template <class IdType>
  IdType id(const char* name) {
    auto read = IdType::parse(needed_text(name));
    if (!read) fail_at(name);
    return read.value_or(IdType());
  }
  PartStatus status(const char* name) {
    auto read = part_status_from(needed_text(name));
    if (!read) fail_at(name);
    return read.value_or(PartStatus::unknown);
  }
  Step step(const char* name) {
    auto given = needed_text(name);
    for (std::uint16_t i = 0; auto step = step_from(i); ++i)
      if (name_of(*step) == given) return *step;
    fail_at(name);
    return Step::none;
  }
  template <class Each>
  void each(const char* name, bool is_needed, Each read_one) {
    const auto* found = find(name);
    if (!found && !is_needed) return;
    if (!found || !found->is_array()) return fail_at(name);
    for (const auto& value : *found) read_one(Reader(value, fault_));
  }
  Reader inner(const char* name) {
    static const Json empty = Json::object();
    const auto* found = find(name);
    return Reader(found ? *found : empty, fault_);
  }

 private:
  void fail_at(const char* name) {
    if (fault_.empty()) fault_ = name;
  }
  const Json& object_;
  std::string& fault_;
};

ViewPart read_part(Reader from) {
  ViewPart part;
  part.agency = from.id<MemberId>("agency");
  part.agency_name = from.text("name");
  part.agency_kind = from.text("kind");
  part.status = from.status("status");
  part.reason = from.text("reason");
  auto contact = from.inner("contact");
  part.contact = {contact.text("name"), contact.text("role"), contact.text("team"), contact.text("phone")};
  part.answered_at = from.instant("answeredAt");
  part.data_to = from.instant("dataTo");
  part.items = from.count("items");
  part.withheld = from.count("withheld");
  return part;
}

Author read_author(Reader from) {
  return {from.text("name"), from.text("role"), from.text("team"), from.text("contact")};
}

ViewItem read_item(Reader from) {
  ViewItem item;
  item.id = from.id<RecordId>("id");
  item.agency = from.id<MemberId>("agency");
  item.agency_kind = from.text("agencyKind");
  item.category = from.needed_text("category");
  item.kind = from.needed_text("kind");
  item.occurred = from.when("occurred");
  if (from.truth("occurredIsExpected", false)) item.occurred.precision = Precision::expected;
  item.recorded = from.when("recorded");
  item.received = from.instant("received");
  item.step = from.step("step");
  item.headline = from.text("headline");
  from.each("fields", false, [&](Reader field) { item.fields.push_back({field.text("name"), field.text("value")}); });
  item.narrative = from.text("narrative");
  from.each("attachments", false, [&](Reader file) {
    ViewAttachment one;
    one.file.name = file.text("name");
    one.file.media_type = file.text("mediaType");
    item.attachments.push_back(std::move(one));
  });
  item.assertion = from.text("assertion") == "opinion" ? Assertion::opinion : Assertion::fact;
  item.author = read_author(from.inner("author"));
  item.source_system = from.text("source");
  item.superseded_at = from.instant("supersededAt");
  from.each("significant", false, [&](Reader mark) {
    item.marks.push_back({mark.id<RecordId>("id"), mark.id<MemberId>("agency"), mark.text("reason"),
                          read_author(mark.inner("author")), mark.when("recorded")});
  });
  return item;
}

ViewWithheld read_withheld(Reader from) {
  ViewWithheld row;
  row.agency = from.id<MemberId>("agency");
  row.category = from.text("category");
  row.count = from.count("count");
  row.reason = from.text("reason");
  row.ask = from.text("ask");
  return row;
}

CaseView read_view(Reader from) {
  CaseView view;
  view.id = from.id<ViewId>("id");
  view.complete = from.truth("complete", true);
  view.elapsed_ms = from.number("elapsedMs");
  view.open = from.truth("open", false);
  view.allocated = from.truth("allocated", false);
  auto child = from.inner("child");
  view.family = child.text("familyName");
  view.given = child.text("givenName");
  view.birth_date = child.when("dateOfBirth").date;
  view.nhs_number = child.text("nhsNumber");
  view.standing = from.text("standing");
  view.purpose = from.text("purpose");
  view.basis = from.text("basis");
  view.asked_at = from.instant("askedAt");
  view.as_known_at = from.instant("asKnownAt");
  view.kept_until = from.instant("keptUntil");
  from.each("parts", true, [&](Reader part) { view.parts.push_back(read_part(part)); });
  from.each("items", true, [&](Reader item) { view.items.push_back(read_item(item)); });
  from.each("withheld", true, [&](Reader row) { view.withheld.push_back(read_withheld(row)); });
  from.each("withdrawn", false, [&](Reader row) {
    view.withdrawn.push_back({row.id<MemberId>("agency"), row.instant("at"), row.text("kind"), row.text("reason")});
  });
  return view;
}

}  // namespace

std::string to_json(const CaseView& view) {
  OrderedJson out;
  out["id"] = view.id.hex();
  out["complete"] = view.complete;
  out["open"] = view.open;
  out["allocated"] = view.allocated;
  out["elapsedMs"] = view.elapsed_ms;
  put_what_was_asked(out, view);
  out["keptUntil"] = or_null(view.kept_until);
  put_parts(out, view);
  out["items"] = OrderedJson::array();
  for (const auto& item : view.items) out["items"].push_back(item_json(item));
  put_what_is_missing(out, view);
  // Texts were checked where they came in; should one be broken all the same, its mark is better than no view.
  return out.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

Expected<CaseView> view_from_json(std::string_view json) {
  auto value = Json::parse(json, nullptr, false);
  if (value.is_discarded()) return fail("bad-answer", "cannot read the case view", "the answer is not JSON");
  std::string fault;
  auto view = read_view(Reader(value, fault));
  if (!fault.empty())
    return fail("bad-answer", "cannot read the case view", "`" + fault + "` is missing or not of its type",
                "use the command line and the node in versions that fit");
  return view;
}

}  // namespace ginnel
