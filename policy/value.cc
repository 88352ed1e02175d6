// SPDX-License-Identifier: Apache-2.0
#include "policy/value.h"

#include <algorithm>
#include <array>

#include "policy/string_literal.h"

namespace ginnel::policy {

namespace {

template <class T>
std::strong_ordering compare(const T* a, const T* a_end, const T* b, const T* b_end) {
  return std::lexicographical_compare_three_way(a, a_end, b, b_end);
}

bool same_name(const Record::Field& a, const Record::Field& b) { return a.first == b.first; }

std::string text_of(const Set& set) {
  std::string out = "[";
  for (const auto& element : set) out += (out.size() > 1 ? ", " : "") + element.text();
  return out + "]";
}

std::string text_of(const Record& record) {
  std::string out = "{";
  for (const auto& [name, value] : record) out += (out.size() > 1 ? ", " : "") + quote(name) + ": " + value.text();
  return out + "}";
}

}  // namespace

std::string EntityUid::text() const { return type + "::" + quote(id); }

Set::Set(std::vector<Value> elements) {
  if (elements.empty()) return;
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  elements_ = std::make_shared<const std::vector<Value>>(std::move(elements));
}
const Value* Set::begin() const { return elements_ ? elements_->data() : nullptr; }
const Value* Set::end() const { return elements_ ? elements_->data() + elements_->size() : nullptr; }
std::size_t Set::size() const { return elements_ ? elements_->size() : 0; }
// What is compared for being the same is cheaper than for its order, and most sets and records are short.
constexpr std::size_t searched_one_by_one_max = 8;

bool Set::contains(const Value& value) const {
  if (size() <= searched_one_by_one_max) return std::find(begin(), end(), value) != end();
  return std::binary_search(begin(), end(), value);
}
std::strong_ordering Set::operator<=>(const Set& other) const {
  if (elements_ == other.elements_) return std::strong_ordering::equal;
  return compare(begin(), end(), other.begin(), other.end());
}

Record::Record(std::vector<Field> fields) {
  if (fields.empty()) return;
  std::stable_sort(fields.begin(), fields.end(), [](const Field& a, const Field& b) { return a.first < b.first; });
  fields.erase(std::unique(fields.begin(), fields.end(), same_name), fields.end());
  fields_ = std::make_shared<const std::vector<Field>>(std::move(fields));
}
Record::Record(std::initializer_list<Field> fields) : Record(std::vector<Field>(fields)) {}
const Record::Field* Record::begin() const { return fields_ ? fields_->data() : nullptr; }
const Record::Field* Record::end() const { return fields_ ? fields_->data() + fields_->size() : nullptr; }
std::size_t Record::size() const { return fields_ ? fields_->size() : 0; }
const Value* Record::find(std::string_view name) const {
  if (size() <= searched_one_by_one_max) {
    const auto same = std::find_if(begin(), end(), [&](const Field& field) { return field.first == name; });
    return same != end() ? &same->second : nullptr;
  }
  const auto found =
      std::lower_bound(begin(), end(), name, [](const Field& field, std::string_view n) { return field.first < n; });
  return found != end() && found->first == name ? &found->second : nullptr;
}
std::strong_ordering Record::operator<=>(const Record& other) const {
  if (fields_ == other.fields_) return std::strong_ordering::equal;
  return compare(begin(), end(), other.begin(), other.end());
}

std::string_view Value::type_name() const {
  static constexpr std::array<std::string_view, 10> names = {"bool",   "long",    "string", "entity",   "set",
                                                             "record", "decimal", "ipaddr", "datetime", "duration"};
  return names[data_.index()];
}

std::string Value::text() const {
  switch (type()) {
    case Type::boolean:
      return *as_bool() ? "true" : "false";
    case Type::integer:
      return std::to_string(*as_integer());
    case Type::string:
      return quote(*as_string());
    case Type::entity:
      return as_entity()->text();
    case Type::set:
      return text_of(*as_set());
    case Type::record:
      return text_of(*as_record());
    case Type::decimal:
      return "decimal(" + quote(as_decimal()->text()) + ")";
    case Type::ip:
      return "ip(" + quote(as_ip()->text()) + ")";
    case Type::datetime:
      return as_datetime()->text();
    case Type::duration:
      return "duration(" + quote(as_duration()->text()) + ")";
  }
  return {};
}

}  // namespace ginnel::policy
