// SPDX-License-Identifier: Apache-2.0
#include "node/store/codec.h"

#include "federation/wire/record_codec.h"
#include "node/store/codec_parts.h"

namespace ginnel {

using namespace codec_parts;

namespace {

void put_items(capnp::List<stored::AccessItem>::Builder list, const std::vector<AccessItem>& items) {
  for (unsigned i = 0; i < items.size(); ++i) {
    auto to = list[i];
    const auto& item = items[i];
    to.setRecord(id_data(item.record));
    to.setStep(std::uint16_t(item.step));
    to.setCategory(text_from(item.category));
    put_texts(to.initPolicies(unsigned(item.policies.size())), item.policies);
    to.setReason(text_from(item.reason));
    to.setHash(hash_data(item.hash));
    to.setLabel(item.label);
  }
}

void put_consents(capnp::List<stored::DecidedConsent>::Builder list, const std::vector<DecidedConsent>& consents) {
  for (unsigned i = 0; i < consents.size(); ++i) {
    list[i].setCategory(text_from(consents[i].category));
    list[i].setState(text_from(consents[i].state));
    list[i].setDecider(text_from(consents[i].decider));
    list[i].setSince(consents[i].since.ms);
    list[i].setCompetence(std::uint8_t(consents[i].competence));
  }
}

void put_decided_by(stored::DecidedBy::Builder to, const DecidedBy& by) {
  to.setAgencyKind(text_from(by.agency_kind));
  to.setBreakGlass(by.break_glass);
  to.setHighest(std::uint8_t(by.highest));
  if (!by.proven.empty()) put_texts(to.initProven(unsigned(by.proven.size())), by.proven);
  if (!by.categories.empty()) put_texts(to.initCategories(unsigned(by.categories.size())), by.categories);
  to.setConsentsUnreadable(by.consents_unreadable);
  if (!by.consents.empty()) put_consents(to.initConsents(unsigned(by.consents.size())), by.consents);
  if (by.labels.empty()) return;
  auto labels = to.initLabels(unsigned(by.labels.size()));
  for (unsigned i = 0; i < by.labels.size(); ++i) {
    const DecidedLabel& label = by.labels[i];
    labels[i].setKind(text_from(label.kind));
    labels[i].setCategory(text_from(label.category));
    labels[i].setHandling(text_from(label.handling));
    labels[i].setOwner(text_from(label.owner.text()));
    labels[i].setSensitivity(label.sensitivity);
    labels[i].setTold(std::uint8_t(label.told));
    if (!label.addressed_to.empty()) labels[i].setAddressedTo(text_from(label.addressed_to.text()));
    if (!label.markings.empty()) put_texts(labels[i].initMarkings(unsigned(label.markings.size())), label.markings);
  }
}

DecidedBy decided_by_of(stored::DecidedBy::Reader from) {
  const auto highest = step_from(from.getHighest());
  if (!highest) throw BadValue{"a step of the ladder is unknown"};
  DecidedBy by;
  by.agency_kind = string_of(from.getAgencyKind());
  by.break_glass = from.getBreakGlass();
  by.highest = *highest;
  by.proven = texts_of(from.getProven());
  by.categories = texts_of(from.getCategories());
  for (auto label : from.getLabels())
    by.labels.push_back({string_of(label.getKind()), string_of(label.getCategory()), string_of(label.getHandling()),
                         member_of(label.getOwner()), label.getSensitivity(), texts_of(label.getMarkings()),
                         closed(label.getTold(), ConsentTold::given_for_another), member_of(label.getAddressedTo())});
  for (auto consent : from.getConsents())
    by.consents.push_back({string_of(consent.getCategory()),
                           string_of(consent.getState()),
                           string_of(consent.getDecider()),
                           {consent.getSince()},
                           closed(consent.getCompetence(), Competence::not_competent)});
  by.consents_unreadable = from.getConsentsUnreadable();
  return by;
}

// A number of a later version counts as not allocated: nothing may follow from it.
Allocated allocated_of(std::uint8_t number) {
  return number <= std::uint8_t(Allocated::in_conflict) ? Allocated(number) : Allocated::unreadable;
}

AccessItem item_of(stored::AccessItem::Reader from) {
  const auto step = step_from(from.getStep());
  if (!step) throw BadValue{"a step of the ladder is unknown"};
  AccessItem item;
  item.record = id_of<RecordId>(from.getRecord());
  item.step = *step;
  item.category = string_of(from.getCategory());
  item.policies = texts_of(from.getPolicies());
  item.reason = string_of(from.getReason());
  item.hash = hash_of(from.getHash());
  item.label = from.getLabel();
  return item;
}

void put_holder(stored::TaskHolder::Builder to, const TaskHolder& holder) {
  to.setUser(id_data(holder.user));
  to.setRole(text_from(holder.role));
}
TaskHolder holder_of(stored::TaskHolder::Reader from) {
  return {id_of<UserId>(from.getUser()), string_of(from.getRole())};
}

}  // namespace

Bytes encode(const Genesis& body) {
  return encoded<stored::Genesis>([&](stored::Genesis::Builder to) {
    to.setMember(text_from(body.member.text()));
    to.setIncarnation(body.incarnation);
  });
}

Expected<Genesis> decode_genesis(ByteView bytes) {
  return decoded<stored::Genesis>(bytes, [](stored::Genesis::Reader from) {
    return Genesis{member_of(from.getMember()), from.getIncarnation()};
  });
}

Expected<Bytes> encode(const PersonVersion& body) {
  auto person = encode_person(body.person);
  if (!person) return tl::unexpected(person.error());
  return encoded<stored::PersonVersion>([&](stored::PersonVersion::Builder to) {
    to.setPerson(data_of(*person));
    put_texts(to.initLinkKeys(unsigned(body.link_keys.size())), body.link_keys);
    auto sources = to.initSources(unsigned(body.sources.size()));
    for (unsigned i = 0; i < body.sources.size(); ++i) {
      const auto& source = body.sources[i];
      sources[i].setSystem(text_from(source.system));
      sources[i].setKey(text_from(source.key));
      sources[i].setContentHash(hash_data(source.content_hash));
      sources[i].setVersion(source.version);
      sources[i].setSaid(data_of(source.said));
    }
  });
}

Expected<PersonVersion> decode_person_version(ByteView bytes) {
  Bytes person_bytes;
  auto version = decoded<stored::PersonVersion>(bytes, [&](stored::PersonVersion::Reader from) {
    PersonVersion body;
    person_bytes = bytes_of(from.getPerson());
    body.link_keys = texts_of(from.getLinkKeys());
    for (auto source : from.getSources())
      body.sources.push_back({string_of(source.getSystem()), string_of(source.getKey()),
                              hash_of(source.getContentHash()), source.getVersion(), bytes_of(source.getSaid())});
    return body;
  });
  if (!version) return version;
  auto person = decode_person(person_bytes);
  if (!person) return tl::unexpected(person.error());
  version->person = std::move(*person);
  return version;
}

Bytes encode(const Access& body) {
  return encoded<stored::Access>([&](stored::Access::Builder to) {
    to.setView(id_data(body.view));
    to.setAsk(id_data(body.ask));
    to.setPeer(text_from(body.peer.text()));
    to.setPerson(id_data(body.person));
    to.setIdentity(text_from(body.identity));
    to.setWorker(text_from(body.worker));
    to.setRole(text_from(body.role));
    to.setPurpose(text_from(body.purpose));
    to.setBasis(text_from(body.basis));
    to.setReason(text_from(body.reason));
    to.setCaseRef(text_from(body.case_ref));
    to.setBundle(text_from(body.bundle));
    auto scope = to.initScope(unsigned(body.scope.size()));
    for (unsigned i = 0; i < body.scope.size(); ++i) scope.set(i, text_from(body.scope[i].text()));
    put_items(to.initItems(unsigned(body.items.size())), body.items);
    to.setOutcome(text_from(body.outcome));
    to.setAttached(data_of(body.attached));
    if (!body.notice.empty()) to.setNotice(id_data(body.notice));
    to.setAllocated(std::uint8_t(body.allocated));
    if (!body.also.empty()) put_people(to.initAlso(unsigned(body.also.size())), body.also);
    if (!body.markings.empty()) put_texts(to.initMarkings(unsigned(body.markings.size())), body.markings);
    if (body.decided_by) put_decided_by(to.initDecidedBy(), *body.decided_by);
    to.setInShadow(body.in_shadow);
    if (!body.form.empty()) to.setForm(text_from(body.form));
  });
}

Expected<Access> decode_access(ByteView bytes) {
  return decoded<stored::Access>(bytes, [](stored::Access::Reader from) {
    Access body;
    body.view = id_of<ViewId>(from.getView());
    body.ask = id_of<AskId>(from.getAsk());
    body.peer = member_of(from.getPeer());
    body.person = id_of<PersonRef>(from.getPerson());
    body.identity = string_of(from.getIdentity());
    body.worker = string_of(from.getWorker());
    body.role = string_of(from.getRole());
    body.purpose = string_of(from.getPurpose());
    body.basis = string_of(from.getBasis());
    body.reason = string_of(from.getReason());
    body.case_ref = string_of(from.getCaseRef());
    body.bundle = string_of(from.getBundle());
    for (auto member : from.getScope()) body.scope.push_back(member_of(member));
    for (auto item : from.getItems()) body.items.push_back(item_of(item));
    body.outcome = string_of(from.getOutcome());
    body.attached = bytes_of(from.getAttached());
    body.also = people_of(from.getAlso());
    body.notice = id_of<NoticeId>(from.getNotice());
    body.allocated = allocated_of(from.getAllocated());
    body.markings = texts_of(from.getMarkings());
    if (from.hasDecidedBy()) body.decided_by = decided_by_of(from.getDecidedBy());
    body.in_shadow = from.getInShadow();
    body.form = string_of(from.getForm());
    return body;
  });
}

Bytes encode(const ImportRun& body) {
  return encoded<stored::ImportRun>([&](stored::ImportRun::Builder to) {
    to.setSystem(text_from(body.system));
    to.setFile(text_from(body.file));
    to.setPeopleAdded(body.people_added);
    to.setPeopleChanged(body.people_changed);
    to.setPeopleUnchanged(body.people_unchanged);
    to.setRecordsAdded(body.records_added);
    to.setRecordsChanged(body.records_changed);
    to.setRecordsUnchanged(body.records_unchanged);
    to.setRejected(body.rejected);
    to.setFlagged(body.flagged);
    to.setComplete(body.complete);
    to.setQuarantine(text_from(body.quarantine));
  });
}

Expected<ImportRun> decode_import_run(ByteView bytes) {
  return decoded<stored::ImportRun>(bytes, [](stored::ImportRun::Reader from) {
    ImportRun body;
    body.system = string_of(from.getSystem());
    body.file = string_of(from.getFile());
    body.people_added = from.getPeopleAdded();
    body.people_changed = from.getPeopleChanged();
    body.people_unchanged = from.getPeopleUnchanged();
    body.records_added = from.getRecordsAdded();
    body.records_changed = from.getRecordsChanged();
    body.records_unchanged = from.getRecordsUnchanged();
    body.rejected = from.getRejected();
    body.flagged = from.getFlagged();
    body.complete = from.getComplete();
    body.quarantine = string_of(from.getQuarantine());
    return body;
  });
}

Bytes encode(const RejectedRow& body) {
  return encoded<stored::RejectedRow>([&](stored::RejectedRow::Builder to) {
    to.setFile(text_from(body.file));
    to.setLine(body.line);
    to.setField(text_from(body.field));
    to.setReason(text_from(body.reason));
  });
}

Expected<RejectedRow> decode_rejected_row(ByteView bytes) {
  return decoded<stored::RejectedRow>(bytes, [](stored::RejectedRow::Reader from) {
    return RejectedRow{string_of(from.getFile()), from.getLine(), string_of(from.getField()),
                       string_of(from.getReason())};
  });
}

Bytes encode(const Adopted& body) {
  return encoded<stored::Adopted>([&](stored::Adopted::Builder to) {
    to.setVersion(body.version);
    to.setHash(hash_data(body.hash));
    to.setDocument(data_of(body.document));
  });
}

Expected<Adopted> decode_adopted(ByteView bytes) {
  return decoded<stored::Adopted>(bytes, [](stored::Adopted::Reader from) {
    return Adopted{from.getVersion(), hash_of(from.getHash()), bytes_of(from.getDocument())};
  });
}

Bytes encode(const OperatorAct& body) {
  return encoded<stored::OperatorAct>([&](stored::OperatorAct::Builder to) {
    to.setAct(text_from(body.act));
    to.setMethod(text_from(body.method));
    to.setUser(id_data(body.user));
    to.setDetail(text_from(body.detail));
  });
}

Expected<OperatorAct> decode_operator_act(ByteView bytes) {
  return decoded<stored::OperatorAct>(bytes, [](stored::OperatorAct::Reader from) {
    return OperatorAct{string_of(from.getAct()), string_of(from.getMethod()), id_of<UserId>(from.getUser()),
                       string_of(from.getDetail())};
  });
}

Bytes encode(const Tombstone& body) {
  return encoded<stored::Tombstone>([&](stored::Tombstone::Builder to) {
    auto erased = to.initErased(unsigned(body.erased.size()));
    for (unsigned i = 0; i < body.erased.size(); ++i) erased.set(i, data_of(body.erased[i].bytes()));
    to.setPerson(id_data(body.person));
    to.setView(id_data(body.view));
    auto replaced = to.initStillReplaced(unsigned(body.still_replaced.size()));
    for (unsigned i = 0; i < body.still_replaced.size(); ++i) replaced.set(i, body.still_replaced[i]);
    to.setReason(text_from(body.reason));
    if (!body.also.empty()) put_people(to.initAlso(unsigned(body.also.size())), body.also);
    if (body.records.empty()) return;
    auto records = to.initRecords(unsigned(body.records.size()));
    for (unsigned i = 0; i < body.records.size(); ++i) records.set(i, data_of(body.records[i].bytes()));
  });
}

Expected<Tombstone> decode_tombstone(ByteView bytes) {
  return decoded<stored::Tombstone>(bytes, [](stored::Tombstone::Reader from) {
    Tombstone body;
    for (auto key : from.getErased()) body.erased.push_back(id_of<KeyId>(key));
    body.person = id_of<PersonRef>(from.getPerson());
    body.view = id_of<ViewId>(from.getView());
    for (auto sequence : from.getStillReplaced()) body.still_replaced.push_back(sequence);
    body.reason = string_of(from.getReason());
    body.also = people_of(from.getAlso());
    for (auto record : from.getRecords()) body.records.push_back(id_of<RecordId>(record));
    return body;
  });
}

Bytes encode(const Merge& body) {
  return encoded<stored::Merge>([&](stored::Merge::Builder to) {
    to.setOne(id_data(body.one));
    to.setOther(id_data(body.other));
    to.setState(std::uint16_t(body.state));
    to.setMadeBy(text_from(body.made_by));
    to.setScoreCentibits(body.score_centibits);
    to.setReason(text_from(body.reason));
  });
}

Expected<Merge> decode_merge(ByteView bytes) {
  return decoded<stored::Merge>(bytes, [](stored::Merge::Reader from) {
    if (from.getState() > std::uint16_t(LinkState::merged)) throw BadValue{"a merge has an unknown state"};
    return Merge{id_of<PersonRef>(from.getOne()), id_of<PersonRef>(from.getOther()), LinkState(from.getState()),
                 string_of(from.getMadeBy()),     from.getScoreCentibits(),          string_of(from.getReason())};
  });
}

Bytes encode(const Unmerge& body) {
  return encoded<stored::Unmerge>([&](stored::Unmerge::Builder to) {
    to.setOne(id_data(body.one));
    to.setOther(id_data(body.other));
    to.setReason(text_from(body.reason));
  });
}

Expected<Unmerge> decode_unmerge(ByteView bytes) {
  return decoded<stored::Unmerge>(bytes, [](stored::Unmerge::Reader from) {
    return Unmerge{id_of<PersonRef>(from.getOne()), id_of<PersonRef>(from.getOther()), string_of(from.getReason())};
  });
}

Bytes encode(const Marking& body) {
  return encoded<stored::Marking>([&](stored::Marking::Builder to) {
    to.setPerson(id_data(body.person));
    to.setRecord(id_data(body.record));
    if (!body.also.empty()) put_people(to.initAlso(unsigned(body.also.size())), body.also);
    put_texts(to.initPutOn(unsigned(body.put_on.size())), body.put_on);
    put_texts(to.initTakenOff(unsigned(body.taken_off.size())), body.taken_off);
    to.setReason(text_from(body.reason));
  });
}

Expected<Marking> decode_marking(ByteView bytes) {
  return decoded<stored::Marking>(bytes, [](stored::Marking::Reader from) {
    return Marking{id_of<PersonRef>(from.getPerson()), id_of<RecordId>(from.getRecord()), people_of(from.getAlso()),
                   texts_of(from.getPutOn()),          texts_of(from.getTakenOff()),      string_of(from.getReason())};
  });
}

Bytes encode(const TaskEntry& body) {
  return encoded<stored::Task>([&](stored::Task::Builder to) {
    to.setTask(id_data(body.task));
    to.setAct(std::uint16_t(body.act));
    to.setState(std::uint16_t(body.state));
    to.setKind(text_from(body.kind));
    to.setOrigin(text_from(body.origin));
    to.setTitle(text_from(body.title));
    to.setNote(text_from(body.note));
    to.setPerson(id_data(body.person));
    to.setView(id_data(body.view));
    auto holders = to.initHolders(unsigned(body.holders.size()));
    for (unsigned i = 0; i < body.holders.size(); ++i) put_holder(holders[i], body.holders[i]);
    put_holder(to.initDeputy(), body.deputy);
    to.setManagerRole(text_from(body.manager_role));
    to.setOpened(body.opened.ms);
    to.setWarnFrom(body.warn_from.ms);
    to.setDue(body.due.ms);
    to.setManagerAt(body.manager_at.ms);
    to.setEscalated(body.escalated);
    to.setRule(text_from(body.rule));
    to.setOutcome(text_from(body.outcome));
    to.setReason(text_from(body.reason));
  });
}

Expected<TaskEntry> decode_task(ByteView bytes) {
  return decoded<stored::Task>(bytes, [](stored::Task::Reader from) {
    TaskEntry body;
    body.task = id_of<TaskId>(from.getTask());
    body.act = closed(from.getAct(), TaskAct::cancelled);
    body.state = closed(from.getState(), TaskState::cancelled);
    body.kind = string_of(from.getKind());
    body.origin = string_of(from.getOrigin());
    body.title = string_of(from.getTitle());
    body.note = string_of(from.getNote());
    body.person = id_of<PersonRef>(from.getPerson());
    body.view = id_of<ViewId>(from.getView());
    for (auto holder : from.getHolders()) body.holders.push_back(holder_of(holder));
    body.deputy = holder_of(from.getDeputy());
    body.manager_role = string_of(from.getManagerRole());
    body.opened = {from.getOpened()};
    body.warn_from = {from.getWarnFrom()};
    body.due = {from.getDue()};
    body.manager_at = {from.getManagerAt()};
    if (from.getEscalated() > 2) throw BadValue{"a task went to nobody known"};
    body.escalated = std::uint8_t(from.getEscalated());
    body.rule = string_of(from.getRule());
    body.outcome = string_of(from.getOutcome());
    body.reason = string_of(from.getReason());
    return body;
  });
}

Bytes encode(const AllocationEntry& body) {
  return encoded<stored::Allocation>([&](stored::Allocation::Builder to) {
    to.setAllocation(id_data(body.allocation));
    to.setPerson(id_data(body.person));
    to.setWorker(id_data(body.worker));
    to.setTeam(text_from(body.team));
    to.setFrom(body.from.ms);
    to.setTo(body.to.ms);
    to.setReason(text_from(body.reason));
    to.setRelation(std::uint8_t(body.relation));
  });
}

Expected<AllocationEntry> decode_allocation(ByteView bytes) {
  return decoded<stored::Allocation>(bytes, [](stored::Allocation::Reader from) {
    AllocationEntry body;
    body.allocation = id_of<AllocationId>(from.getAllocation());
    body.person = id_of<PersonRef>(from.getPerson());
    body.worker = id_of<UserId>(from.getWorker());
    body.team = string_of(from.getTeam());
    body.from = {from.getFrom()};
    body.to = {from.getTo()};
    body.reason = string_of(from.getReason());
    body.relation = closed(from.getRelation(), WorkerRelation::conflict);
    return body;
  });
}

Bytes encode(const AttachmentKept& body) {
  return encoded<stored::AttachmentKept>([&](stored::AttachmentKept::Builder to) {
    to.setAttachment(id_data(body.attachment));
    to.setRecord(id_data(body.record));
    put_people(to.initPeople(unsigned(body.people.size())), body.people);
    to.setName(text_from(body.name));
    to.setMediaType(text_from(body.media_type));
    to.setSizeBytes(body.size_bytes);
    to.setSha256(hash_data(body.sha256));
    to.setContentKey(data_of(body.content_key));
  });
}

Expected<AttachmentKept> decode_attachment_kept(ByteView bytes) {
  return decoded<stored::AttachmentKept>(bytes, [](stored::AttachmentKept::Reader from) {
    AttachmentKept body;
    body.attachment = id_of<AttachmentId>(from.getAttachment());
    body.record = id_of<RecordId>(from.getRecord());
    body.people = people_of(from.getPeople());
    body.name = string_of(from.getName());
    body.media_type = string_of(from.getMediaType());
    body.size_bytes = from.getSizeBytes();
    body.sha256 = hash_of(from.getSha256());
    body.content_key = bytes_of(from.getContentKey());
    return body;
  });
}

}  // namespace ginnel
