// SPDX-License-Identifier: Apache-2.0
#include "adapters/content_hash.h"

#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

// Everything with its length before it, so that no two different contents give the same bytes.
class Content {
 public:
  explicit Content(std::string_view domain) { text(domain); }
  void number(std::uint64_t value) { put_u64(bytes_, value); }
  void text(std::string_view value) {
    put_u32(bytes_, std::uint32_t(value.size()));
    append(bytes_, view_of(value));
  }
  void date(Date value) {
    put_u16(bytes_, std::uint16_t(value.year));
    put_u16(bytes_, std::uint16_t(value.month << 8 | value.day));
  }
  void when(const When& value) {
    number(std::uint64_t(value.at.ms));
    date(value.date);
    number(std::uint64_t(value.precision));
  }
  template <class List, class Put>
  void list(const List& items, Put put) {
    number(items.size());
    for (const auto& item : items) put(item);
  }
  void words(const std::set<std::string>& items) {
    list(items, [&](const std::string& word) { text(word); });
  }
  Hash hash() const { return sha256(bytes_); }

 private:
  Bytes bytes_;
};

}  // namespace

Hash content_hash_of(const SourcePerson& source) {
  const Person& person = source.person;
  Content content("ginnel source person v1");
  content.list(person.identifiers, [&](const Identifier& it) {
    content.text(it.scheme);
    content.text(it.value);
    content.number(it.verified);
  });
  content.list(person.names, [&](const PersonName& it) {
    content.text(it.given);
    content.text(it.family);
    content.text(it.use);
    content.date(it.from);
    content.date(it.to);
  });
  content.date(person.birth.date);
  content.number(std::uint64_t(person.birth.precision));
  content.date(person.death);
  content.number(std::uint64_t(person.sex));
  content.list(person.addresses, [&](const Address& it) {
    content.list(it.lines, [&](const std::string& line) { content.text(line); });
    content.text(it.postcode);
    content.text(it.uprn);
    content.date(it.from);
    content.date(it.to);
    content.number(it.is_protected);
  });
  content.words(person.markings_by_source);
  content.list(source.relations, [&](const SourceRelation& it) {
    content.text(it.other_key);
    content.text(it.kind);
    content.number(std::uint64_t(it.same_household) << 1 | std::uint64_t(it.parental_responsibility));
    content.date(it.from);
    content.date(it.to);
  });
  return content.hash();
}

Hash content_hash_of(const SourceRecord& source) {
  const Record& record = source.record;
  Content content("ginnel source record v1");
  content.list(source.subjects, [&](const SourceSubject& it) {
    content.text(it.key);
    content.number(std::uint64_t(it.role));
  });
  content.text(record.kind);
  content.when(record.occurred);
  content.when(record.recorded_at_source);
  content.text(record.headline);
  content.list(record.fields, [&](const Field& it) {
    content.text(it.name);
    content.text(it.value);
  });
  content.text(record.narrative);
  content.number(std::uint64_t(record.assertion));
  content.text(record.label.category);
  content.number(record.label.sensitivity);
  content.words(record.label.markings);
  content.text(record.label.handling);
  content.text(record.label.owner.text());
  content.text(record.label.retention.rule);
  content.date(record.label.retention.review_on);
  content.text(record.author.name);
  content.text(record.author.role);
  content.text(record.author.team);
  content.text(record.author.contact);
  content.list(record.attachments, [&](const Attachment& it) {
    content.text(it.name);
    content.text(it.media_type);
    content.number(it.size_bytes);
    content.text(text_of(it.sha256));
  });
  return content.hash();
}

}  // namespace ginnel
