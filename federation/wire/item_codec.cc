// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/item_codec.h"

namespace ginnel::codec {

void check_item(const Item& item, Checker& check) {
  check.require(!item.record.empty(), "item.record", "is empty");
  check.word(item.kind, "item.kind");
  check.when(item.occurred, "item.occurred");
  check.when(item.recorded, "item.recorded");
  check.instant(item.received, "item.received");
  check.require(item.step >= Step::headline, "item.step", "is below headline");
  check.text(item.headline, limits::line_bytes_max, "item.headline");
  check_fields(item.fields, check);
  check.text(item.narrative, limits::narrative_bytes_max, "item.narrative");
  // SECURITY: the ladder holds on the wire too, whatever the gate's caller put in.
  const bool tells_content = !item.fields.empty() || !item.narrative.empty();
  check.require(item.step >= Step::content || !tells_content, "item.step", "is headline, and there is content");
  check_label(item.label, check);
  check_author(item.author, check);
  check.text(item.source_system, limits::name_bytes_max, "item.sourceSystem");
  check_attachments(item.attachments, check);
}

void write_item(const Item& item, wire::Item::Builder to) {
  to.setRecord(data_of(item.record));
  to.setKind(text_of(item.kind));
  write_when(item.occurred, to.initOccurred());
  write_when(item.recorded, to.initRecorded());
  to.setReceived(item.received.ms);
  to.setStep(static_cast<wire::Step>(item.step));
  to.setHeadline(text_of(item.headline));
  write_fields(item.fields, to.initFields(capnp::uint(item.fields.size())));
  to.setNarrative(text_of(item.narrative));
  to.setAssertion(static_cast<wire::Assertion>(item.assertion));
  write_label(item.label, to.initLabel(), false);
  write_author(item.author, to.initAuthor());
  to.setSourceSystem(text_of(item.source_system));
  to.setSubjectRole(static_cast<wire::SubjectRole>(item.subject_role));
  write_attachments(item.attachments, to.initAttachments(capnp::uint(item.attachments.size())));
  to.setReplaces(data_of(item.replaces));
  to.setConsent(static_cast<wire::ConsentTold>(item.consent));
  to.setSupersededAt(item.superseded_at.ms);
}

Item read_item(wire::Item::Reader from, Checker& check) {
  Item item;
  item.record = check.id<RecordId>(from.getRecord(), "item.record");
  item.kind = string_of(from.getKind());
  item.occurred = check.read_when(from.getOccurred(), "item.occurred");
  item.recorded = check.read_when(from.getRecorded(), "item.recorded");
  item.received = {from.getReceived()};
  item.step = check.closed(from.getStep(), Step::copy_out, "item.step");
  item.headline = string_of(from.getHeadline());
  item.fields = read_fields(from.getFields(), check);
  item.narrative = string_of(from.getNarrative());
  item.assertion = check.closed(from.getAssertion(), Assertion::opinion, "item.assertion");
  item.label = read_label(from.getLabel(), check);
  item.author = read_author(from.getAuthor());
  item.source_system = string_of(from.getSourceSystem());
  item.subject_role = check.closed(from.getSubjectRole(), SubjectRole::third_party, "item.subjectRole");
  item.attachments = read_attachments(from.getAttachments(), check);
  item.replaces = check.id<RecordId>(from.getReplaces(), "item.replaces", Empty::allowed);
  item.consent = check.closed(from.getConsent(), ConsentTold::given_for_another, "item.consent");
  item.superseded_at = {from.getSupersededAt()};
  return item;
}

// No less than the item takes: its fixed part is under 700 bytes, and a text takes up to 8 more than its length.
std::size_t item_bytes_at_most(const Item& item) {
  constexpr std::size_t fixed_bytes = 800, text_bytes = 16;
  std::size_t bytes = fixed_bytes;
  for (const auto* text :
       {&item.kind, &item.headline, &item.narrative, &item.label.category, &item.label.handling, &item.author.name,
        &item.author.role, &item.author.team, &item.author.contact, &item.source_system})
    bytes += text->size() + text_bytes;
  bytes += item.label.addressed_to.text().size() + text_bytes;
  for (const auto& field : item.fields) bytes += field.name.size() + field.value.size() + 3 * text_bytes;
  for (const auto& marking : item.label.markings) bytes += marking.size() + 2 * text_bytes;
  for (const auto& file : item.attachments) bytes += file.name.size() + file.media_type.size() + 6 * text_bytes;
  return bytes;
}

}  // namespace ginnel::codec
