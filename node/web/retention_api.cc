// SPDX-License-Identifier: Apache-2.0
#include "node/web/retention_api.h"

#include <nlohmann/json.hpp>

#include "node/web/limits.h"
#include "node/web/object_reader.h"

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* review_field = "reviewOn";

// A day, and no moment of it.
Date review_day(ObjectReader& in) {
  const std::string text = in.text(review_field, limits::api_word_bytes_max);
  if (text.empty()) return {};
  const auto day = parse_date(text);
  if (!day) in.fault(review_field, "is no day", "write it as 2027-03-03");
  return day.value_or(Date());
}

OrderedJson rules_json(const std::vector<RetentionRuleShown>& rules) {
  OrderedJson out = OrderedJson::array();
  for (const auto& rule : rules) out.push_back({{"id", rule.id}, {"title", rule.title}, {"source", rule.source}});
  return out;
}

OrderedJson entry_json(const RetentionKept& kept) {
  const RetentionEntry& entry = kept.entry;
  OrderedJson out{{"id", entry.retention.hex()},
                  {"person", kept.person.id.hex()},
                  {"reason", entry.reason},
                  {"since", to_iso_utc(entry.since)},
                  {review_field, entry.review_on.iso()}};
  if (!entry.author.empty()) out["by"] = entry.author;
  if (!entry.holds()) out["waits"] = entry.act == RetentionAct::waits;
  return out;
}

}  // namespace

Expected<NewRetentionDecision> read_retention_decision(const TaskId& task, std::string_view json) {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only({"outcome", "reason", review_field});
  NewRetentionDecision out{task, in.needed_text("outcome", limits::api_word_bytes_max),
                           in.needed_text("reason", limits::api_reason_bytes_max, true), review_day(in)};
  if (auto faults = in.all_faults()) return tl::unexpected(*faults);
  return out;
}

Expected<NewHold> read_new_hold(std::string_view json) {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only({"person", "reason", review_field});
  const std::string person = in.needed_text("person", limits::api_word_bytes_max);
  NewHold out{PersonRef::parse(person).value_or(PersonRef()),
              in.needed_text("reason", limits::api_reason_bytes_max, true), review_day(in)};
  if (!person.empty() && out.person.empty()) in.fault("person", "is no id");
  if (auto faults = in.all_faults()) return tl::unexpected(*faults);
  return out;
}

Expected<HoldRelease> read_hold_release(const RetentionId& hold, std::string_view json) {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only({"reason"});
  HoldRelease out{hold, in.needed_text("reason", limits::api_reason_bytes_max, true)};
  if (auto faults = in.all_faults()) return tl::unexpected(*faults);
  return out;
}

std::string to_json(const RetentionDesk& desk) {
  OrderedJson due = OrderedJson::array(), kept = OrderedJson::array(), held = OrderedJson::array();
  for (const auto& row : desk.due) {
    OrderedJson one{{"task", row.task.hex()},     {"person", row.person.id.hex()},
                    {"due", to_iso_utc(row.due)}, {"late", row.is_late},
                    {"says", row.says},           {"records", row.records},
                    {"everything", row.whole},    {"mayDecide", row.may_decide}};
    if (!row.obstacle.empty()) one["obstacle"] = row.obstacle;
    due.push_back(std::move(one));
  }
  for (const auto& row : desk.kept) kept.push_back(entry_json(row));
  for (const auto& row : desk.held) held.push_back(entry_json(row));
  OrderedJson out{{"on", desk.is_on},
                  {"schedule",
                   {{"edition", desk.edition},
                    {"rules", rules_json(desk.rules)},
                    {"standingHolds", rules_json(desk.standing_holds)}}},
                  {"due", std::move(due)},
                  {"kept", std::move(kept)},
                  {"held", std::move(held)},
                  {"more", desk.more}};
  return out.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace ginnel
