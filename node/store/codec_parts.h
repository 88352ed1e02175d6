// SPDX-License-Identifier: Apache-2.0
// How bodies of entries are read and written with Cap'n Proto: what the codecs of node/store have in common. For
// codec.cc, process_codec.cc and said_codec.cc alone.
//
// Thread: any. What is not of the schema is `bad-entry`; a decoder throws BadValue to decoded(), where it ends.
#pragma once

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <cstring>

#include "federation/base/error.h"
#include "node/store/entry.capnp.h"
#include "node/store/entry.h"
#include "node/store/limits.h"

namespace ginnel::codec_parts {

inline constexpr unsigned nesting_max = 12;
inline constexpr std::size_t traversal_spare_words = 128;

// What a decoder throws to its own decode(): the bytes are of the schema but hold a value that cannot be.
struct BadValue {
  const char* why;
};

inline tl::unexpected<Error> bad_entry(const char* why) {
  return fail("bad-entry", "cannot read the body of a ledger entry", why, "run `ginnel ledger verify`");
}

inline kj::ArrayPtr<const kj::byte> data_of(ByteView bytes) { return {bytes.data(), bytes.size()}; }
inline capnp::Text::Reader text_from(const std::string& text) { return {text.data(), text.size()}; }
inline Bytes bytes_of(capnp::Data::Reader data) { return {data.begin(), data.end()}; }
inline std::string string_of(capnp::Text::Reader text) { return {text.begin(), text.end()}; }

template <class T>
kj::ArrayPtr<const kj::byte> id_data(const Id<T>& id) {
  return id.empty() ? kj::ArrayPtr<const kj::byte>() : data_of(id.bytes());
}
template <class IdType>
IdType id_of(capnp::Data::Reader data) {
  if (data.size() == 0) return {};
  auto id = IdType::from({data.begin(), data.size()});
  if (!id) throw BadValue{"an id has a wrong length"};
  return *id;
}
inline Hash hash_of(capnp::Data::Reader data) {
  Hash hash{};
  if (data.size() == 0) return hash;
  if (data.size() != hash.size()) throw BadValue{"a hash has a wrong length"};
  std::copy(data.begin(), data.end(), hash.begin());
  return hash;
}
inline kj::ArrayPtr<const kj::byte> hash_data(const Hash& hash) {
  return hash == Hash{} ? kj::ArrayPtr<const kj::byte>() : data_of(hash);
}
inline MemberId member_of(capnp::Text::Reader text) {
  if (text.size() == 0) return {};
  auto member = MemberId::parse(string_of(text));
  if (!member) throw BadValue{"a member's name is none"};
  return *member;
}
template <class List>
void put_people(List list, const std::vector<PersonRef>& people) {
  for (unsigned i = 0; i < people.size(); ++i) list.set(i, id_data(people[i]));
}
inline std::vector<PersonRef> people_of(capnp::List<capnp::Data>::Reader list) {
  std::vector<PersonRef> people;
  for (auto person : list) people.push_back(id_of<PersonRef>(person));
  return people;
}
template <class List>
void put_texts(List list, const std::vector<std::string>& texts) {
  for (unsigned i = 0; i < texts.size(); ++i) list.set(i, text_from(texts[i]));
}
inline std::vector<std::string> texts_of(capnp::List<capnp::Text>::Reader list) {
  std::vector<std::string> texts;
  for (auto text : list) texts.push_back(string_of(text));
  return texts;
}

// One segment: copied into a message of the exact size, so that a reader in any language meets the simplest framing.
template <class Schema, class Fill>
Bytes encoded(const Fill& fill) {
  capnp::MallocMessageBuilder grown;
  auto root = grown.initRoot<Schema>();
  fill(root);
  capnp::MallocMessageBuilder exact(unsigned(root.totalSize().wordCount + 1), capnp::AllocationStrategy::FIXED_SIZE);
  exact.setRoot(root.asReader());
  const auto words = capnp::messageToFlatArray(exact);
  const auto bytes = words.asBytes();
  return {bytes.begin(), bytes.end()};
}

template <class Schema, class Read>
auto decoded(ByteView bytes, const Read& read) -> Expected<decltype(read(std::declval<typename Schema::Reader>()))> {
  if (bytes.empty() || bytes.size() % sizeof(capnp::word) != 0) return bad_entry("its length is not that of a message");
  if (bytes.size() > limits::entry_body_bytes_max) return bad_entry("it is over the size of a body");
  try {
    // The bytes may stand anywhere; Cap'n Proto reads aligned words.
    auto words = kj::heapArray<capnp::word>(bytes.size() / sizeof(capnp::word));
    std::memcpy(words.begin(), bytes.data(), bytes.size());
    capnp::ReaderOptions options;
    options.traversalLimitInWords = 4 * words.size() + traversal_spare_words;
    options.nestingLimit = nesting_max;
    capnp::FlatArrayMessageReader reader(words, options);
    return read(reader.getRoot<Schema>());
  } catch (const BadValue& bad) {
    return bad_entry(bad.why);
  } catch (const kj::Exception&) {
    return bad_entry("it is not of its schema");
  }
}

// A number of a closed set.
template <class Enum>
Enum closed(std::uint16_t number, Enum last) {
  if (number > std::uint16_t(last)) throw BadValue{"a number of a closed set is unknown"};
  return Enum(number);
}

}  // namespace ginnel::codec_parts
