// SPDX-License-Identifier: Apache-2.0
#include "node/web/refusal_api.h"

#include <nlohmann/json.hpp>

#include "node/web/limits.h"
#include "node/web/object_reader.h"

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* review_moment_field = "reviewOn";

Instant review_moment(ObjectReader& in) { return in.moment(review_moment_field); }

OrderedJson row_json(const RefusalRow& row) {
  const RefusalEntry& entry = row.entry;
  OrderedJson out{{"id", entry.refusal.hex()},     {"category", entry.category}, {"test", entry.test},
                  {"testTitle", row.test_title},   {"reason", entry.reason},     {"decided", to_iso_utc(entry.decided)},
                  {"recordedBy", row.recorded_by}, {"reviewDue", row.is_due}};
  if (!entry.record.empty()) out["record"] = entry.record.hex();
  if (!entry.recipient.empty()) out["recipient"] = entry.recipient.text();
  if (!entry.purpose.empty()) out["purpose"] = entry.purpose;
  if (entry.review.is_set()) out[review_moment_field] = to_iso_utc(entry.review);
  if (!entry.outcome.empty()) {
    out["outcome"] = entry.outcome;
    out["afterReview"] = entry.after_review;
    out["reviewedAt"] = to_iso_utc(row.reviewed_at);
    out["reviewedBy"] = row.reviewed_by;
  }
  return out;
}

}  // namespace

Expected<NewRefusal> read_new_refusal(std::string_view json) {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only({"person", "record", "category", "recipient", "purpose", "test", "reason", review_moment_field});
  NewRefusal out;
  RefusalEntry& entry = out.entry;
  const std::string person = in.needed_text("person", limits::api_word_bytes_max);
  entry.person = PersonRef::parse(person).value_or(PersonRef());
  if (!person.empty() && entry.person.empty()) in.fault("person", "is no id");
  const std::string record = in.text("record", limits::api_word_bytes_max);
  entry.record = RecordId::parse(record).value_or(RecordId());
  if (!record.empty() && entry.record.empty()) in.fault("record", "is no id");
  entry.category = in.text("category", limits::api_word_bytes_max);
  const std::string recipient = in.text("recipient", limits::api_word_bytes_max);
  entry.recipient = MemberId::parse(recipient).value_or(MemberId());
  if (!recipient.empty() && entry.recipient.empty()) out.mistakes.emplace_back("`recipient` is no member's id");
  entry.purpose = in.text("purpose", limits::api_word_bytes_max);
  entry.test = in.text("test", limits::api_word_bytes_max);
  entry.reason = in.text("reason", limits::api_reason_bytes_max, true);
  entry.review = review_moment(in);
  if (auto faults = in.all_faults()) return tl::unexpected(*faults);
  return out;
}

Expected<NewRefusalReview> read_refusal_review(const RefusalId& refusal, std::string_view json) {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only({"outcome", "reason", review_moment_field});
  NewRefusalReview out{refusal, in.needed_text("outcome", limits::api_word_bytes_max),
                       in.needed_text("reason", limits::api_reason_bytes_max, true), review_moment(in)};
  if (auto faults = in.all_faults()) return tl::unexpected(*faults);
  return out;
}

std::string to_json(const RefusalList& list) {
  OrderedJson rows = OrderedJson::array();
  for (const auto& row : list.rows) rows.push_back(row_json(row));
  return OrderedJson{{"refusals", std::move(rows)}, {"more", list.more}}.dump(-1, ' ', false,
                                                                              OrderedJson::error_handler_t::replace);
}

}  // namespace ginnel
