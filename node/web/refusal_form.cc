// SPDX-License-Identifier: Apache-2.0
#include "node/web/refusal_form.h"

#include <utility>

#include "node/web/limits.h"

namespace ginnel {

tl::expected<NewRefusal, std::vector<FormFault>> read_refusal_form(const PersonRef& person, const FormFields& form) {
  FormTexts in{form};
  NewRefusal out;
  RefusalEntry& entry = out.entry;
  entry.person = person;
  entry.category = in.line("category", limits::api_word_bytes_max);
  if (entry.category.empty()) in.fault("category", "Choose what was not shared");
  const std::string recipient = in.line("recipient", limits::api_word_bytes_max);
  entry.recipient = MemberId::parse(recipient).value_or(MemberId());
  if (!recipient.empty() && entry.recipient.empty()) in.fault("recipient", "Choose an agency of the list");
  entry.purpose = in.line("purpose", limits::api_word_bytes_max);
  entry.test = in.line("test", limits::api_word_bytes_max);
  if (entry.test.empty()) in.fault("test", "Choose why it was not shared");
  entry.reason = in.text("reason", limits::api_reason_bytes_max);
  if (entry.reason.empty()) in.fault("reason", "Enter how you came to it");
  entry.review = in.day("review-on", false, "The day of the review");
  if (in.form.get("review-on").empty()) in.fault("review-on", "Enter the day on which somebody looks at it again");
  if (!in.faults.empty()) return tl::unexpected(std::move(in.faults));
  return out;
}

tl::expected<NewRefusalReview, std::vector<FormFault>> read_review_form(const RefusalId& refusal,
                                                                        const FormFields& form) {
  const std::string id = refusal.hex();
  FormTexts in{form};
  NewRefusalReview out{refusal, in.line("outcome", limits::api_word_bytes_max, control_for("outcome", id)),
                       in.text("reason", limits::api_reason_bytes_max, control_for("reason", id)),
                       in.day("review-on", false, "The day of the next review", control_for("review-on", id))};
  if (out.outcome.empty()) in.fault(control_for("outcome", id), "Choose what came of it");
  if (out.reason.empty()) in.fault(control_for("reason", id), "Enter why");
  if (out.outcome == "stands" && form.get("review-on").empty())
    in.fault(control_for("review-on", id), "Enter the day on which somebody looks at it again");
  if (out.outcome != "stands" && !form.get("review-on").empty())
    in.fault(control_for("review-on", id), "Leave out the day of the next review: there is none where it is shared");
  if (!in.faults.empty()) return tl::unexpected(std::move(in.faults));
  return out;
}

std::string refusal_control_of(std::string_view field) {
  static constexpr std::pair<std::string_view, const char*> controls[] = {
      {"category", "category"}, {"recipient", "recipient"}, {"purpose", "purpose"},
      {"test", "test"},         {"reason", "reason"},       {"reviewOn", "review-on"}};
  for (const auto& [name, control] : controls)
    if (name == field) return control;
  return {};
}

}  // namespace ginnel
