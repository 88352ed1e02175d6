// SPDX-License-Identifier: Apache-2.0
// The layout of small side rows: a version, then fields in order, texts and lists with their length.
//
// Thread: any; values. Rows are sealed by the store, so a reader that finds another layout meets a bug or a later
// version: good() is false then, and everything it gave is empty.
#pragma once

#include <string>

#include "federation/base/bytes.h"
#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

class RowWriter {
 public:
  explicit RowWriter(std::uint8_t version) { bytes_.push_back(version); }
  RowWriter& number(std::uint64_t value) { return put_u64(bytes_, value), *this; }
  RowWriter& instant(Instant value) { return number(std::uint64_t(value.ms)); }
  RowWriter& bytes(ByteView value) {
    put_u32(bytes_, std::uint32_t(value.size()));
    append(bytes_, value);
    return *this;
  }
  RowWriter& text(std::string_view value) { return bytes(view_of(value)); }
  template <class Tag>
  RowWriter& id(const Id<Tag>& value) {
    return append(bytes_, value.bytes()), *this;
  }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

class RowReader {
 public:
  RowReader(ByteView bytes, std::uint8_t version) : rest_(bytes) {
    const ByteView first = take(1);
    good_ = good_ && first[0] == version;
  }
  std::uint64_t number() {
    const ByteView part = take(8);
    return good_ ? *read_u64(part, 0) : 0;
  }
  Instant instant() { return Instant{std::int64_t(number())}; }
  Bytes bytes() {
    const ByteView length = take(4);
    return copy_of(take(good_ ? *read_u32(length, 0) : 0));
  }
  std::string text() {
    const Bytes part = bytes();
    return std::string(text_of(part));
  }
  template <class IdType>
  IdType id() {
    return IdType::from(take(IdType::size)).value_or(IdType());
  }
  bool good() const { return good_; }
  bool at_end() const { return good_ && rest_.empty(); }

 private:
  ByteView take(std::size_t bytes) {
    good_ = good_ && bytes <= rest_.size();
    if (!good_) return {};
    const ByteView part = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return part;
  }
  ByteView rest_;
  bool good_ = true;
};

}  // namespace ginnel
