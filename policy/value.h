// SPDX-License-Identifier: Apache-2.0
// The values of the language: what an attribute holds and what an expression yields.
//
// A Value is immutable and cheap to copy where it is big: sets and records share their contents. Equality is the
// language's own: values of different types are unequal and never an error, sets know neither order nor
// repetition. Values are safe to read from several threads.
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "policy/extension.h"

namespace ginnel::policy {

// The name of an entity: its type (`Share::Category`, no blanks) and an id of any characters.
struct EntityUid {
  std::string type, id;
  auto operator<=>(const EntityUid&) const = default;
  bool operator==(const EntityUid& other) const { return id == other.id && type == other.type; }  // ids differ most
  std::string text() const;  // Share::Category::"health", the id escaped
};

class Value;

// Distinct values in a fixed order of our own, so that equality is one pass and `contains` a binary search.
class Set {
 public:
  Set() = default;
  explicit Set(std::vector<Value> elements);
  const Value* begin() const;
  const Value* end() const;
  std::size_t size() const;
  bool contains(const Value& value) const;
  std::strong_ordering operator<=>(const Set& other) const;
  bool operator==(const Set& other) const { return (*this <=> other) == 0; }

 private:
  std::shared_ptr<const std::vector<Value>> elements_;  // null when empty
};

// Fields by name, each name once.
class Record {
 public:
  using Field = std::pair<std::string, Value>;
  Record() = default;
  explicit Record(std::vector<Field> fields);  // of two fields with one name the first stays
  Record(std::initializer_list<Field> fields);
  const Field* begin() const;
  const Field* end() const;
  std::size_t size() const;
  const Value* find(std::string_view name) const;  // null: no such field
  std::strong_ordering operator<=>(const Record& other) const;
  bool operator==(const Record& other) const { return (*this <=> other) == 0; }

 private:
  std::shared_ptr<const std::vector<Field>> fields_;  // sorted by name; null when empty
};

class Value {
 public:
  // In the order of the variant below.
  enum class Type : std::uint8_t { boolean, integer, string, entity, set, record, decimal, ip, datetime, duration };

  Value() : data_(false) {}
  template <std::same_as<bool> B>
  Value(B value) : data_(value) {}
  template <std::integral I>
  requires(!std::same_as<I, bool> && !std::same_as<I, char> && (std::signed_integral<I> || sizeof(I) < 8))
      Value(I value)
      : data_(static_cast<std::int64_t>(value)) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(EntityUid value) : data_(std::move(value)) {}
  Value(Set value) : data_(std::move(value)) {}
  Value(Record value) : data_(std::move(value)) {}
  Value(Decimal value) : data_(value) {}
  Value(IpAddress value) : data_(value) {}
  Value(Datetime value) : data_(value) {}
  Value(Duration value) : data_(value) {}

  Type type() const { return static_cast<Type>(data_.index()); }
  std::string_view type_name() const;  // as the language says it: bool, long, string, entity, set, record, ipaddr, ...

  // Null unless the value is of that type.
  const bool* as_bool() const { return std::get_if<bool>(&data_); }
  const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&data_); }
  const std::string* as_string() const { return std::get_if<std::string>(&data_); }
  const EntityUid* as_entity() const { return std::get_if<EntityUid>(&data_); }
  const Set* as_set() const { return std::get_if<Set>(&data_); }
  const Record* as_record() const { return std::get_if<Record>(&data_); }
  const Decimal* as_decimal() const { return std::get_if<Decimal>(&data_); }
  const IpAddress* as_ip() const { return std::get_if<IpAddress>(&data_); }
  const Datetime* as_datetime() const { return std::get_if<Datetime>(&data_); }
  const Duration* as_duration() const { return std::get_if<Duration>(&data_); }

  // An order for storage, without meaning in the language.
  std::strong_ordering operator<=>(const Value& other) const = default;
  bool operator==(const Value& other) const {
    if (type() != other.type()) return false;
    // What policies compare most, and the variant's own comparison calls through a table.
    if (const auto* entity = as_entity()) return *entity == *other.as_entity();
    if (const auto* string = as_string()) return *string == *other.as_string();
    return data_ == other.data_;
  }

  std::string text() const;  // as it would stand in a policy

 private:
  std::variant<bool, std::int64_t, std::string, EntityUid, Set, Record, Decimal, IpAddress, Datetime, Duration> data_;
};

}  // namespace ginnel::policy

template <>
struct std::hash<ginnel::policy::EntityUid> {
  // Not noexcept on purpose: libstdc++ then keeps each entry's hash instead of computing it again on every visit.
  std::size_t operator()(const ginnel::policy::EntityUid& uid) const {
    const std::size_t type = std::hash<std::string>()(uid.type);
    return std::hash<std::string>()(uid.id) ^ (type + 0x9e3779b97f4a7c15u + (type << 6) + (type >> 2));
  }
};
