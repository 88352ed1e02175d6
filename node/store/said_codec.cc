// SPDX-License-Identifier: Apache-2.0
// Bodies of what people said about somebody: consent, refusals to share, how long something is kept (said_entries.h);
// and of what authorities said when a lead moves.
#include "node/store/codec.h"
#include "node/store/codec_parts.h"

namespace ginnel {

using namespace codec_parts;

namespace {

Date day_of(std::int32_t days) {
  static const std::int32_t first = Date::of(1800, 1, 1)->days(), last = Date::of(2200, 12, 31)->days();
  if (days < first || days > last) throw BadValue{"a day is none"};
  return Date::from_days(days);
}

}  // namespace

Bytes encode(const ConsentEntry& body) {
  return encoded<stored::Consent>([&](stored::Consent::Builder to) {
    to.setConsent(id_data(body.consent));
    to.setPerson(id_data(body.person));
    to.setState(text_from(body.state));
    to.setDecider(text_from(body.decider));
    put_texts(to.initCategories(unsigned(body.categories.size())), body.categories);
    put_texts(to.initPurposes(unsigned(body.purposes.size())), body.purposes);
    auto recipients = to.initRecipients(unsigned(body.recipients.size()));
    for (unsigned i = 0; i < body.recipients.size(); ++i) recipients.set(i, text_from(body.recipients[i].text()));
    to.setFrom(body.from.ms);
    to.setUntil(body.until.ms);
    to.setCompetence(std::uint16_t(body.competence));
    to.setJudgedBy(text_from(body.judged_by));
    to.setNote(text_from(body.note));
    to.setWithdrawn(body.withdrawn.ms);
    to.setWhyWithdrawn(text_from(body.why_withdrawn));
  });
}

Expected<ConsentEntry> decode_consent(ByteView bytes) {
  return decoded<stored::Consent>(bytes, [](stored::Consent::Reader from) {
    ConsentEntry body;
    body.consent = id_of<ConsentId>(from.getConsent());
    body.person = id_of<PersonRef>(from.getPerson());
    body.state = string_of(from.getState());
    body.decider = string_of(from.getDecider());
    body.categories = texts_of(from.getCategories());
    body.purposes = texts_of(from.getPurposes());
    for (auto member : from.getRecipients()) body.recipients.push_back(member_of(member));
    body.from = {from.getFrom()};
    body.until = {from.getUntil()};
    body.competence = closed(from.getCompetence(), Competence::not_competent);
    body.judged_by = string_of(from.getJudgedBy());
    body.note = string_of(from.getNote());
    body.withdrawn = {from.getWithdrawn()};
    body.why_withdrawn = string_of(from.getWhyWithdrawn());
    return body;
  });
}

Bytes encode(const RefusalEntry& body) {
  return encoded<stored::RefusalToShare>([&](stored::RefusalToShare::Builder to) {
    to.setRefusal(id_data(body.refusal));
    to.setPerson(id_data(body.person));
    to.setRecord(id_data(body.record));
    to.setCategory(text_from(body.category));
    to.setRecipient(text_from(body.recipient.text()));
    to.setPurpose(text_from(body.purpose));
    to.setTest(text_from(body.test));
    to.setReason(text_from(body.reason));
    to.setDecided(body.decided.ms);
    to.setReview(body.review.ms);
    to.setOutcome(text_from(body.outcome));
    to.setAfterReview(text_from(body.after_review));
  });
}

Expected<RefusalEntry> decode_refusal(ByteView bytes) {
  return decoded<stored::RefusalToShare>(bytes, [](stored::RefusalToShare::Reader from) {
    RefusalEntry body;
    body.refusal = id_of<RefusalId>(from.getRefusal());
    body.person = id_of<PersonRef>(from.getPerson());
    body.record = id_of<RecordId>(from.getRecord());
    body.category = string_of(from.getCategory());
    body.recipient = member_of(from.getRecipient());
    body.purpose = string_of(from.getPurpose());
    body.test = string_of(from.getTest());
    body.reason = string_of(from.getReason());
    body.decided = {from.getDecided()};
    body.review = {from.getReview()};
    body.outcome = string_of(from.getOutcome());
    body.after_review = string_of(from.getAfterReview());
    return body;
  });
}

Bytes encode(const RetentionEntry& body) {
  return encoded<stored::Retention>([&](stored::Retention::Builder to) {
    to.setRetention(id_data(body.retention));
    to.setPerson(id_data(body.person));
    to.setAct(std::uint16_t(body.act));
    to.setReason(text_from(body.reason));
    to.setAuthor(text_from(body.author));
    to.setSince(body.since.ms);
    to.setReviewOn(body.review_on.is_set() ? body.review_on.days() : 0);
    put_texts(to.initRules(unsigned(body.rules.size())), body.rules);
    to.setRecords(body.records);
    to.setReleased(body.released.ms);
    to.setReleasedBy(text_from(body.released_by));
    to.setWhyReleased(text_from(body.why_released));
  });
}

Expected<RetentionEntry> decode_retention(ByteView bytes) {
  return decoded<stored::Retention>(bytes, [](stored::Retention::Reader from) {
    RetentionEntry body;
    body.retention = id_of<RetentionId>(from.getRetention());
    body.person = id_of<PersonRef>(from.getPerson());
    body.act = closed(from.getAct(), last_retention_act);
    body.reason = string_of(from.getReason());
    body.author = string_of(from.getAuthor());
    body.since = {from.getSince()};
    if (const std::int32_t days = from.getReviewOn(); days != 0) body.review_on = day_of(days);
    body.rules = texts_of(from.getRules());
    body.records = from.getRecords();
    body.released = {from.getReleased()};
    body.released_by = string_of(from.getReleasedBy());
    body.why_released = string_of(from.getWhyReleased());
    return body;
  });
}

Bytes encode(const TransferEntry& body) {
  return encoded<stored::Transfer>([&](stored::Transfer::Builder to) {
    to.setTransfer(id_data(body.transfer));
    to.setProcess(id_data(body.process));
    to.setOriginator(text_from(body.originator.text()));
    to.setReceiver(text_from(body.receiver.text()));
    to.setStatement(data_of(body.statement));
  });
}

Expected<TransferEntry> decode_transfer_entry(ByteView bytes) {
  return decoded<stored::Transfer>(bytes, [](stored::Transfer::Reader from) {
    TransferEntry body;
    body.transfer = id_of<TransferId>(from.getTransfer());
    body.process = id_of<ProcessId>(from.getProcess());
    body.originator = member_of(from.getOriginator());
    body.receiver = member_of(from.getReceiver());
    body.statement = bytes_of(from.getStatement());
    return body;
  });
}

}  // namespace ginnel
