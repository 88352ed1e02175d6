// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/record_codec.h"

#include "federation/wire/codec.h"
#include "federation/wire/record.capnp.h"

namespace ginnel {
namespace {

using codec::Empty;
constexpr codec::Failure bad_record{"bad-record", "cannot read a record"};
constexpr codec::Failure bad_person{"bad-person", "cannot read a person"};

void check_record(const Record& record, codec::Checker& check) {
  check.require(!record.id.empty(), "id", "is empty");
  check.require(!record.subjects.empty(), "subjects", "has no element");
  check.count(record.subjects.size(), limits::subjects_max, "subjects");
  for (const auto& subject : record.subjects) check.require(!subject.person.empty(), "subject.person", "is empty");
  check.word(record.kind, "kind");
  check.when(record.occurred, "occurred");
  check.when(record.recorded_at_source, "recordedAtSource");
  check.instant(record.received_by_node, "receivedByNode");
  check.text(record.headline, limits::line_bytes_max, "headline");
  codec::check_fields(record.fields, check);
  check.text(record.narrative, limits::narrative_bytes_max, "narrative");
  codec::check_label(record.label, check);
  codec::check_author(record.author, check);
  check.text(record.source.system, limits::name_bytes_max, "source.system");
  check.text(record.source.key, limits::line_bytes_max, "source.key");
  codec::check_attachments(record.attachments, check);
  check.words(record.markings_by_person, limits::markings_max, "markingsByPerson");
}

void write_subjects(const std::vector<Subject>& subjects, capnp::List<wire::Subject>::Builder to) {
  for (capnp::uint i = 0; i < to.size(); ++i) {
    to[i].setPerson(codec::data_of(subjects[i].person));
    to[i].setRole(static_cast<wire::SubjectRole>(subjects[i].role));
  }
}

std::vector<Subject> read_subjects(capnp::List<wire::Subject>::Reader from, codec::Checker& check) {
  std::vector<Subject> out;
  if (!check.walk(from, limits::subjects_max, "subjects")) return out;
  out.reserve(from.size());
  for (auto subject : from)
    out.push_back({check.id<PersonRef>(subject.getPerson(), "subject.person"),
                   check.closed(subject.getRole(), SubjectRole::third_party, "subject.role")});
  return out;
}

void write_source(const Source& source, wire::Source::Builder to) {
  to.setSystem(codec::text_of(source.system));
  to.setKey(codec::text_of(source.key));
  to.setContentHash(codec::data_or_none(source.content_hash));
  to.setVersion(source.version);
}

Source read_source(wire::Source::Reader from, codec::Checker& check) {
  return Source{codec::string_of(from.getSystem()), codec::string_of(from.getKey()),
                check.fixed<32>(from.getContentHash(), "source.contentHash", Empty::allowed), from.getVersion()};
}

Record read_record(wire::Record::Reader from, codec::Checker& check) {
  Record record;
  record.id = check.id<RecordId>(from.getId(), "id");
  record.subjects = read_subjects(from.getSubjects(), check);
  record.kind = codec::string_of(from.getKind());
  record.occurred = check.read_when(from.getOccurred(), "occurred");
  record.recorded_at_source = check.read_when(from.getRecordedAtSource(), "recordedAtSource");
  record.received_by_node = {from.getReceivedByNode()};
  record.headline = codec::string_of(from.getHeadline());
  record.fields = codec::read_fields(from.getFields(), check);
  record.narrative = codec::string_of(from.getNarrative());
  record.assertion = check.closed(from.getAssertion(), Assertion::opinion, "assertion");
  record.label = codec::read_label(from.getLabel(), check);
  record.author = codec::read_author(from.getAuthor());
  record.source = read_source(from.getSource(), check);
  record.replaces = check.id<RecordId>(from.getReplaces(), "replaces", Empty::allowed);
  record.attachments = codec::read_attachments(from.getAttachments(), check);
  record.markings_by_person = check.read_words(from.getMarkingsByPerson(), limits::markings_max, "markingsByPerson");
  check_record(record, check);
  return record;
}

std::size_t record_expected_bytes(const Record& record) {
  std::size_t expected = 1024 + record.narrative.size() + record.headline.size() + record.source.key.size();
  for (const auto& field : record.fields) expected += field.name.size() + field.value.size() + 32;
  expected += record.markings_by_person.size() * (limits::word_bytes_max + 16);
  return expected + record.subjects.size() * 48 + record.attachments.size() * 256;
}

void check_address(const Address& address, codec::Checker& check) {
  check.count(address.lines.size(), limits::address_lines_max, "address.lines");
  for (const auto& line : address.lines) check.text(line, limits::name_bytes_max, "address.lines");
  check.text(address.postcode, limits::word_bytes_max, "address.postcode");
  check.text(address.uprn, limits::word_bytes_max, "address.uprn");
}

void check_person(const Person& person, codec::Checker& check) {
  check.require(!person.ref.empty(), "ref", "is empty");
  check.count(person.identifiers.size(), limits::person_list_max, "identifiers");
  for (const auto& identifier : person.identifiers) {
    check.text(identifier.scheme, limits::name_bytes_max, "identifier.scheme", Empty::refused);
    check.text(identifier.value, limits::name_bytes_max, "identifier.value");
  }
  check.count(person.names.size(), limits::person_list_max, "names");
  for (const auto& name : person.names) {
    check.text(name.given, limits::name_bytes_max, "name.given");
    check.text(name.family, limits::name_bytes_max, "name.family");
    check.text(name.use, limits::word_bytes_max, "name.use");
  }
  check.require(person.birth.precision != Precision::minute, "birth.precision", "is finer than a day");
  check.require(person.birth.date.is_set() == (person.birth.precision != Precision::none), "birth.precision",
                "does not go with the date");
  check.count(person.addresses.size(), limits::person_list_max, "addresses");
  for (const auto& address : person.addresses) check_address(address, check);
  check.count(person.relationships.size(), limits::person_list_max, "relationships");
  for (const auto& relationship : person.relationships) {
    check.require(!relationship.to.empty(), "relationship.to", "is empty");
    check.text(relationship.kind, limits::name_bytes_max, "relationship.kind");
    check.text(relationship.source, limits::name_bytes_max, "relationship.source");
  }
  check.words(person.markings_by_source, limits::markings_max, "markingsBySource");
  check.words(person.markings_by_person, limits::markings_max, "markingsByPerson");
}

void write_identifiers(const std::vector<Identifier>& values, capnp::List<wire::Identifier>::Builder to) {
  for (capnp::uint i = 0; i < to.size(); ++i) {
    to[i].setScheme(codec::text_of(values[i].scheme));
    to[i].setValue(codec::text_of(values[i].value));
    to[i].setVerified(values[i].verified);
  }
}

void write_names(const std::vector<PersonName>& values, capnp::List<wire::PersonName>::Builder to) {
  for (capnp::uint i = 0; i < to.size(); ++i) {
    to[i].setGiven(codec::text_of(values[i].given));
    to[i].setFamily(codec::text_of(values[i].family));
    to[i].setUse(codec::text_of(values[i].use));
    to[i].setFrom(codec::date_number(values[i].from));
    to[i].setTo(codec::date_number(values[i].to));
  }
}

void write_address(const Address& value, wire::Address::Builder to) {
  auto lines = to.initLines(capnp::uint(value.lines.size()));
  for (capnp::uint i = 0; i < lines.size(); ++i) lines.set(i, codec::text_of(value.lines[i]));
  to.setPostcode(codec::text_of(value.postcode));
  to.setUprn(codec::text_of(value.uprn));
  to.setFrom(codec::date_number(value.from));
  to.setTo(codec::date_number(value.to));
  to.setProtected(value.is_protected);
}

Address read_address(wire::Address::Reader from, codec::Checker& check) {
  Address address;
  if (check.walk(from.getLines(), limits::address_lines_max, "address.lines"))
    for (auto line : from.getLines()) address.lines.push_back(codec::string_of(line));
  address.postcode = codec::string_of(from.getPostcode());
  address.uprn = codec::string_of(from.getUprn());
  address.from = check.date(from.getFrom(), "address.from");
  address.to = check.date(from.getTo(), "address.to");
  address.is_protected = from.getProtected();
  return address;
}

void write_relationships(const std::vector<Relationship>& values, capnp::List<wire::Relationship>::Builder to) {
  for (capnp::uint i = 0; i < to.size(); ++i) {
    to[i].setTo(codec::data_of(values[i].to));
    to[i].setKind(codec::text_of(values[i].kind));
    to[i].setSameHousehold(values[i].same_household);
    to[i].setParentalResponsibility(values[i].parental_responsibility);
    to[i].setFrom(codec::date_number(values[i].from));
    to[i].setToDate(codec::date_number(values[i].to_date));
    to[i].setSource(codec::text_of(values[i].source));
  }
}

Relationship read_relationship(wire::Relationship::Reader from, codec::Checker& check) {
  Relationship out;
  out.to = check.id<PersonRef>(from.getTo(), "relationship.to");
  out.kind = codec::string_of(from.getKind());
  out.same_household = from.getSameHousehold();
  out.parental_responsibility = from.getParentalResponsibility();
  out.from = check.date(from.getFrom(), "relationship.from");
  out.to_date = check.date(from.getToDate(), "relationship.toDate");
  out.source = codec::string_of(from.getSource());
  return out;
}

Person read_person(wire::Person::Reader from, codec::Checker& check) {
  Person person;
  person.ref = check.id<PersonRef>(from.getRef(), "ref");
  if (check.walk(from.getIdentifiers(), limits::person_list_max, "identifiers"))
    for (auto value : from.getIdentifiers())
      person.identifiers.push_back(
          {codec::string_of(value.getScheme()), codec::string_of(value.getValue()), value.getVerified()});
  if (check.walk(from.getNames(), limits::person_list_max, "names"))
    for (auto value : from.getNames())
      person.names.push_back({codec::string_of(value.getGiven()), codec::string_of(value.getFamily()),
                              codec::string_of(value.getUse()), check.date(value.getFrom(), "name.from"),
                              check.date(value.getTo(), "name.to")});
  person.birth.date = check.date(from.getBirth().getDate(), "birth.date");
  person.birth.precision = check.closed(from.getBirth().getPrecision(), Precision::expected, "birth.precision");
  person.death = check.date(from.getDeath(), "death");
  person.sex = check.closed(from.getSex(), Sex::indeterminate, "sex");
  if (check.walk(from.getAddresses(), limits::person_list_max, "addresses"))
    for (auto value : from.getAddresses()) person.addresses.push_back(read_address(value, check));
  if (check.walk(from.getRelationships(), limits::person_list_max, "relationships"))
    for (auto value : from.getRelationships()) person.relationships.push_back(read_relationship(value, check));
  person.markings_by_source = check.read_words(from.getMarkingsBySource(), limits::markings_max, "markingsBySource");
  person.markings_by_person = check.read_words(from.getMarkingsByPerson(), limits::markings_max, "markingsByPerson");
  check_person(person, check);
  return person;
}

Expected<Bytes> within(Bytes bytes, std::size_t bytes_max, const char* what) {
  if (bytes.size() > bytes_max) return fail("too-long", what, "it is longer than it may be");
  return bytes;
}

}  // namespace

Expected<Bytes> encode_record(const Record& record) {
  codec::Checker check;
  check_record(record, check);
  if (!check.good()) return tl::unexpected<Error>(check.error("cannot keep a record"));
  Bytes bytes = codec::encode_as<wire::Record>(record_expected_bytes(record), [&](wire::Record::Builder to) {
    to.setId(codec::data_of(record.id));
    write_subjects(record.subjects, to.initSubjects(capnp::uint(record.subjects.size())));
    to.setKind(codec::text_of(record.kind));
    codec::write_when(record.occurred, to.initOccurred());
    codec::write_when(record.recorded_at_source, to.initRecordedAtSource());
    to.setReceivedByNode(record.received_by_node.ms);
    to.setHeadline(codec::text_of(record.headline));
    codec::write_fields(record.fields, to.initFields(capnp::uint(record.fields.size())));
    to.setNarrative(codec::text_of(record.narrative));
    to.setAssertion(static_cast<wire::Assertion>(record.assertion));
    codec::write_label(record.label, to.initLabel(), true);
    codec::write_author(record.author, to.initAuthor());
    write_source(record.source, to.initSource());
    to.setReplaces(codec::data_of(record.replaces));
    codec::write_attachments(record.attachments, to.initAttachments(capnp::uint(record.attachments.size())));
    codec::write_words(record.markings_by_person,
                       to.initMarkingsByPerson(capnp::uint(record.markings_by_person.size())));
  });
  return within(std::move(bytes), limits::record_bytes_max, "cannot keep a record");
}

Expected<Record> decode_record(ByteView bytes) {
  return codec::decode_as<wire::Record, Record>(bytes, limits::record_bytes_max, bad_record, read_record);
}

Expected<Bytes> encode_person(const Person& person) {
  codec::Checker check;
  check_person(person, check);
  if (!check.good()) return tl::unexpected<Error>(check.error("cannot keep a person"));
  Bytes bytes = codec::encode_as<wire::Person>(4096, [&](wire::Person::Builder to) {
    to.setRef(codec::data_of(person.ref));
    write_identifiers(person.identifiers, to.initIdentifiers(capnp::uint(person.identifiers.size())));
    write_names(person.names, to.initNames(capnp::uint(person.names.size())));
    to.initBirth().setDate(codec::date_number(person.birth.date));
    to.getBirth().setPrecision(static_cast<wire::Precision>(person.birth.precision));
    to.setDeath(codec::date_number(person.death));
    to.setSex(static_cast<wire::Sex>(person.sex));
    auto addresses = to.initAddresses(capnp::uint(person.addresses.size()));
    for (capnp::uint i = 0; i < addresses.size(); ++i) write_address(person.addresses[i], addresses[i]);
    write_relationships(person.relationships, to.initRelationships(capnp::uint(person.relationships.size())));
    codec::write_words(person.markings_by_source,
                       to.initMarkingsBySource(capnp::uint(person.markings_by_source.size())));
    codec::write_words(person.markings_by_person,
                       to.initMarkingsByPerson(capnp::uint(person.markings_by_person.size())));
  });
  return within(std::move(bytes), limits::person_bytes_max, "cannot keep a person");
}

Expected<Person> decode_person(ByteView bytes) {
  return codec::decode_as<wire::Person, Person>(bytes, limits::person_bytes_max, bad_person, read_person);
}

}  // namespace ginnel
