// SPDX-License-Identifier: Apache-2.0
// How the codecs of this folder read and write Cap'n Proto. Private to federation/wire/*.cc: no other file includes it,
// so that no header of ours needs Cap'n Proto's.
//
// A decoder is a function (Root::Reader, Checker&) -> value. It converts without regard to limits; check_* functions,
// the same for encoding and decoding, then hold the value against them. The first refusal stands, naming the field and
// never its value. Nothing throws past decode_as().
#pragma once

#include <capnp/any.h>
#include <capnp/message.h>
#include <capnp/serialize.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/check.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/record/label.h"
#include "federation/record/record.h"
#include "federation/wire/ask.h"
#include "federation/wire/common.capnp.h"
#include "federation/wire/contact.h"
#include "federation/wire/limits.h"

namespace ginnel::codec {

bool is_utf8_without_nul(std::string_view text);
bool is_word(std::string_view text);  // 1 .. limits::word_bytes_max of printable ASCII without spaces

enum class Empty : bool { refused, allowed };

// Collects the first refusal of a value.
class Checker {
 public:
  bool good() const { return field_ == nullptr; }
  Error error(std::string code, std::string what) const;                         // a decoder's: its own code
  Error error(std::string what) const { return error(code_, std::move(what)); }  // an encoder's: too-long or bad-text

  void refuse(const char* field, const char* why, const char* code = "bad-text");
  void require(bool condition, const char* field, const char* why) {
    if (!condition) refuse(field, why);
  }
  void text(const std::string& value, std::size_t bytes_max, const char* field, Empty empty = Empty::allowed);
  void word(const std::string& value, const char* field, Empty empty = Empty::refused);
  void words(const std::set<std::string>& values, std::size_t count_max, const char* field);
  void count(std::size_t size, std::size_t count_max, const char* field);
  void instant(Instant value, const char* field, Empty empty = Empty::allowed);
  void when(const When& value, const char* field);

  // Conversions for decoders. What does not convert is refused and comes back empty.
  template <std::size_t size>
  std::array<std::uint8_t, size> fixed(capnp::Data::Reader data, const char* field, Empty empty = Empty::refused) {
    std::array<std::uint8_t, size> out{};
    if (data.size() == size) {
      std::copy(data.begin(), data.end(), out.begin());
      if (out == std::array<std::uint8_t, size>{} && empty == Empty::refused) refuse(field, "is all zero");
    } else if (data.size() != 0 || empty == Empty::refused) {
      refuse(field, "has not the right length");
    }
    return out;
  }
  template <class AnyId>
  AnyId id(capnp::Data::Reader data, const char* field, Empty empty = Empty::refused) {
    return AnyId(fixed<AnyId::size>(data, field, empty));
  }
  MemberId member(capnp::Text::Reader text, const char* field, Empty empty = Empty::refused);
  Date date(std::uint32_t number, const char* field);
  When read_when(wire::When::Reader from, const char* field);
  // SECURITY: an enum that the schema does not know arrives as its number.
  template <class To, class From>
  To closed(From value, To last, const char* field) {
    auto number = static_cast<std::uint16_t>(value);
    if (number > static_cast<std::uint16_t>(last)) {
      refuse(field, "is not a value of its closed set");
      return To{};
    }
    return static_cast<To>(number);
  }
  // True if the list may be walked. Asked before anything is made of it.
  template <class List>
  bool walk(const List& list, std::size_t count_max, const char* field) {
    count(list.size(), count_max, field);
    return list.size() <= count_max;
  }
  std::set<std::string> read_words(capnp::List<capnp::Text>::Reader from, std::size_t count_max, const char* field);

 private:
  const char* field_ = nullptr;
  const char* why_ = nullptr;
  const char* code_ = nullptr;
};

inline std::string string_of(capnp::Text::Reader text) { return {text.begin(), text.size()}; }
inline Bytes bytes_of(capnp::Data::Reader data) { return {data.begin(), data.end()}; }
inline capnp::Data::Reader data_of(ByteView bytes) { return {bytes.data(), bytes.size()}; }
inline capnp::Text::Reader text_of(const std::string& text) { return {text.data(), text.size()}; }
// An array of zeroes means "none" and is sent as an empty Data.
template <std::size_t size>
capnp::Data::Reader data_or_none(const std::array<std::uint8_t, size>& bytes) {
  if (bytes == std::array<std::uint8_t, size>{}) return {};
  return {bytes.data(), size};
}
template <class Tag>
capnp::Data::Reader data_of(const Id<Tag>& id) {
  return id.empty() ? capnp::Data::Reader() : data_of(id.bytes());
}
std::uint32_t date_number(Date date);

// Values that several messages share.
void write_when(const When& value, wire::When::Builder to);
void write_words(const std::set<std::string>& words, capnp::List<capnp::Text>::Builder to);
void write_contact(const Contact& value, wire::Contact::Builder to);
Contact read_contact(wire::Contact::Reader from);
void check_contact(const Contact& value, Checker& check);
void write_problem(const Problem& value, wire::Problem::Builder to);
Problem read_problem(wire::Problem::Reader from);
void check_problem(const Problem& value, Checker& check);
void write_bundle(const BundleRef& value, wire::BundleRef::Builder to);
BundleRef read_bundle(wire::BundleRef::Reader from, Checker& check);
void write_label(const Label& value, wire::Label::Builder to, bool with_rule);
Label read_label(wire::Label::Reader from, Checker& check);
void check_label(const Label& value, Checker& check);
void write_author(const Author& value, wire::Author::Builder to);
Author read_author(wire::Author::Reader from);
void check_author(const Author& value, Checker& check);
void write_fields(const std::vector<Field>& values, capnp::List<wire::Field>::Builder to);
std::vector<Field> read_fields(capnp::List<wire::Field>::Reader from, Checker& check);
void check_fields(const std::vector<Field>& values, Checker& check);
void write_attachments(const std::vector<Attachment>& values, capnp::List<wire::Attachment>::Builder to);
std::vector<Attachment> read_attachments(capnp::List<wire::Attachment>::Reader from, Checker& check);
void check_attachments(const std::vector<Attachment>& values, Checker& check);

// A thread's zeroed memory to build messages in: to allocate that much afresh cost more than to fill it.
kj::ArrayPtr<capnp::word> scratch(std::size_t words);
// The standard framing of a message with one segment.
Bytes framed(kj::ArrayPtr<const capnp::word> segment);

// What was built, in one segment, so that one value has one encoding.
Bytes in_one_segment(capnp::MallocMessageBuilder& builder);

// `fill` encodes nothing else meanwhile.
template <class Root, class Fill>
Bytes encode_as(std::size_t bytes_expected, Fill fill) {
  capnp::MallocMessageBuilder builder(scratch(bytes_expected / sizeof(capnp::word) + 64));
  fill(builder.initRoot<Root>());
  return in_one_segment(builder);
}

// How large a struct is without what it points to.
struct StructSize {
  std::uint16_t words = 0, pointers = 0;
};
// As its writers wrote it before its last fields: `fill` sets none of those.
template <class Root, class Fill>
Bytes encode_earlier(std::size_t bytes_expected, StructSize size, Fill fill) {
  capnp::MallocMessageBuilder builder(scratch(bytes_expected / sizeof(capnp::word) + 64));
  fill(builder.getRoot<capnp::AnyPointer>().initAsAnyStruct(size.words, size.pointers).as<Root>());
  return in_one_segment(builder);
}

// `failure` is the error of everything that is not as it must be.
struct Failure {
  const char* code;
  const char* what;
};
template <class Root, class Value, class Decode>
Expected<Value> decode_as(ByteView bytes, std::size_t bytes_max, Failure failure, Decode decode) {
  const auto refuse = [&](const char* why) { return fail(failure.code, failure.what, why); };
  if (bytes.size() > bytes_max) return refuse("it is longer than it may be");
  if (bytes.empty() || bytes.size() % sizeof(capnp::word) != 0) return refuse("its length is not a multiple of 8");
  try {
    // Received bytes lie anywhere; Cap'n Proto wants words.
    const bool is_aligned = reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(capnp::word) == 0;
    kj::Array<capnp::word> copy;
    kj::ArrayPtr<const capnp::word> words(reinterpret_cast<const capnp::word*>(bytes.data()),
                                          bytes.size() / sizeof(capnp::word));
    if (!is_aligned) {
      copy = kj::heapArray<capnp::word>(words.size());
      std::copy(bytes.begin(), bytes.end(), copy.asBytes().begin());
      words = copy;
    }
    capnp::ReaderOptions options;
    options.traversalLimitInWords = 4 * words.size() + 128;
    options.nestingLimit = limits::nesting_depth_max;
    capnp::FlatArrayMessageReader reader(words, options);
    if (reader.getEnd() != words.end()) return refuse("something follows it");
    Checker check;
    Value value = decode(reader.getRoot<Root>(), check);
    if (!check.good()) return tl::unexpected<Error>(check.error(failure.code, failure.what));
    return value;
  } catch (const kj::Exception&) {
    return refuse("it is not well formed");
  }
}

}  // namespace ginnel::codec
