// SPDX-License-Identifier: Apache-2.0
#include "node/web/consent_api.h"

#include <nlohmann/json.hpp>

#include "node/web/limits.h"
#include "node/web/object_reader.h"

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t words_max = 500;

std::string_view competence_word(Competence competence) {
  return competence == Competence::competent ? "competent" : "not_competent";
}

OrderedJson row_json(const ConsentRow& row) {
  const ConsentEntry& entry = row.entry;
  OrderedJson out{
      {"id", entry.consent.hex()},      {"state", row.state},        {"words", row.words}, {"decider", entry.decider},
      {"categories", entry.categories}, {"purposes", entry.purposes}};
  OrderedJson recipients = OrderedJson::array();
  for (const auto& member : entry.recipients) recipients.push_back(member.text());
  out["recipients"] = std::move(recipients);
  out["from"] = to_iso_utc(entry.from);
  out["begun"] = row.has_begun;
  if (entry.until.is_set()) out["until"] = to_iso_utc(entry.until);
  if (entry.competence != Competence::not_judged) {
    out["competence"] = std::string(competence_word(entry.competence));
    out["judgedBy"] = entry.judged_by;
  }
  out["note"] = entry.note;
  out["recordedAt"] = to_iso_utc(row.recorded_at);
  out["recordedBy"] = row.recorded_by;
  if (entry.withdrawn.is_set()) {
    out["withdrawn"] = to_iso_utc(entry.withdrawn);
    out["withdrawnBy"] = row.withdrawn_by;
    out["whyWithdrawn"] = entry.why_withdrawn;
  }
  return out;
}

}  // namespace

Expected<NewConsent> read_new_consent(std::string_view json) {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only({"person", "state", "decider", "categories", "purposes", "recipients", "from", "until", "competence",
                 "judgedBy", "note"});
  NewConsent out;
  ConsentEntry& entry = out.entry;
  if (auto person = PersonRef::parse(in.needed_text("person", limits::api_word_bytes_max)))
    entry.person = *person;
  else if (in.first_fault() == nullptr)
    in.fault("person", "is no id");
  entry.state = in.text("state", limits::api_word_bytes_max);
  entry.decider = in.text("decider", limits::api_word_bytes_max);
  entry.categories = in.texts("categories", limits::api_word_bytes_max, words_max);
  entry.purposes = in.texts("purposes", limits::api_word_bytes_max, words_max);
  for (const auto& recipient : in.texts("recipients", limits::api_word_bytes_max, words_max)) {
    if (auto member = MemberId::parse(recipient))
      entry.recipients.push_back(*member);
    else
      out.mistakes.emplace_back("`recipients` names what is no member's id");
  }
  entry.from = in.moment("from");
  entry.until = in.moment("until");
  const std::string competence = in.text("competence", limits::api_word_bytes_max);
  if (competence == "competent") entry.competence = Competence::competent;
  if (competence == "not_competent") entry.competence = Competence::not_competent;
  if (!competence.empty() && entry.competence == Competence::not_judged)
    out.mistakes.emplace_back("`competence` is neither `competent` nor `not_competent`; left out: nobody judged it");
  entry.judged_by = in.text("judgedBy", limits::api_name_bytes_max);
  entry.note = in.text("note", limits::api_reason_bytes_max, true);
  if (auto faults = in.all_faults()) return tl::unexpected(*faults);
  return out;
}

Expected<ConsentWithdrawal> read_consent_withdrawal(const ConsentId& consent, std::string_view json) {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only({"reason"});
  ConsentWithdrawal out{consent, in.needed_text("reason", limits::api_reason_bytes_max, true)};
  if (auto faults = in.all_faults()) return tl::unexpected(*faults);
  return out;
}

std::string to_json(const ConsentList& list) {
  OrderedJson rows = OrderedJson::array();
  for (const auto& row : list.rows) rows.push_back(row_json(row));
  return OrderedJson{{"consents", std::move(rows)}, {"more", list.more}}.dump(-1, ' ', false,
                                                                              OrderedJson::error_handler_t::replace);
}

}  // namespace ginnel
