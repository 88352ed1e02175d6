// SPDX-License-Identifier: Apache-2.0
#include "tests/federation/later_schema.h"

#include <cstring>
#include <vector>

#include "federation/base/check.h"

namespace ginnel::samples {
namespace {

using Word = std::uint64_t;

class Grower {
 public:
  explicit Grower(ByteView message) {
    CHECK(message.size() % 8 == 0 && message.size() >= 16);
    std::vector<Word> words(message.size() / 8);
    std::memcpy(words.data(), message.data(), message.size());
    CHECK(std::uint32_t(words[0]) == 0);  // one segment
    in_.assign(words.begin() + 1, words.end());
  }

  Bytes run(std::size_t filler_bytes) {
    out_.assign(1, 0);
    copy_pointer(0, 0, filler_bytes);
    Bytes bytes((out_.size() + 1) * 8);
    const Word table = Word(out_.size()) << 32;
    std::memcpy(bytes.data(), &table, 8);
    std::memcpy(bytes.data() + 8, out_.data(), out_.size() * 8);
    return bytes;
  }

 private:
  struct Shape {
    std::size_t data = 0, pointers = 0;  // words
    Shape grown() const { return {data + 1, pointers + 1}; }
    std::size_t words() const { return data + pointers; }
  };
  static Shape shape_of(Word pointer) { return {std::uint16_t(pointer >> 32), std::uint16_t(pointer >> 48)}; }
  static Word bits_of(Shape shape) { return Word(shape.data) << 32 | Word(shape.pointers) << 48; }
  static Word offset_bits(std::size_t from, std::size_t to) {
    return Word(std::uint32_t(std::int32_t(to) - std::int32_t(from) - 1) << 2);
  }
  static std::size_t target(std::size_t at, Word pointer) {
    return std::size_t(std::int64_t(at) + 1 + (std::int32_t(std::uint32_t(pointer)) >> 2));
  }
  std::size_t allocate(std::size_t words) {
    out_.resize(out_.size() + words);
    return out_.size() - words;
  }

  void copy_pointer(std::size_t from, std::size_t to, std::size_t filler_bytes) {
    const Word pointer = in_.at(from);
    if (pointer == 0) return;
    CHECK((pointer & 3) < 2);  // no far pointers in one segment
    if ((pointer & 3) == 1) return copy_list(from, to);
    const Shape shape = shape_of(pointer);
    const std::size_t at = allocate(shape.grown().words());
    out_[to] = offset_bits(to, at) | bits_of(shape.grown());
    copy_struct(target(from, pointer), at, shape, filler_bytes);
  }

  void copy_struct(std::size_t from, std::size_t to, Shape shape, std::size_t filler_bytes) {
    for (std::size_t i = 0; i < shape.data; ++i) out_[to + i] = in_.at(from + i);
    out_[to + shape.data] = ~Word{0};
    const std::size_t pointers = to + shape.data + 1;
    for (std::size_t i = 0; i < shape.pointers; ++i) copy_pointer(from + shape.data + i, pointers + i, 8);
    const std::size_t added = pointers + shape.pointers, text = allocate((filler_bytes + 7) / 8);
    out_[added] = offset_bits(added, text) | 1 | Word{2} << 32 | Word(filler_bytes) << 35;
  }

  void copy_list(std::size_t from, std::size_t to) {
    const Word pointer = in_.at(from), size = pointer >> 32 & 7, count = pointer >> 35;
    const std::size_t source = target(from, pointer);
    if (size == 7) return copy_structs(source, to);
    constexpr std::size_t bits[] = {0, 1, 8, 16, 32, 64, 64};
    const std::size_t words = (count * bits[size] + 63) / 64, at = allocate(words);
    out_[to] = offset_bits(to, at) | (pointer & ~Word{0xffff'ffff}) | 1;
    for (std::size_t i = 0; i < words; ++i) {
      if (size == 6) {
        copy_pointer(source + i, at + i, 8);
      } else {
        out_[at + i] = in_.at(source + i);
      }
    }
  }

  void copy_structs(std::size_t tag_at, std::size_t to) {
    const Word tag = in_.at(tag_at), count = std::uint32_t(tag) >> 2;
    const Shape shape = shape_of(tag), grown = shape.grown();
    const std::size_t words = count * grown.words(), at = allocate(words + 1);
    out_[to] = offset_bits(to, at) | 1 | Word{7} << 32 | Word(words) << 35;
    out_[at] = count << 2 | bits_of(grown);
    for (std::size_t i = 0; i < count; ++i)
      copy_struct(tag_at + 1 + i * shape.words(), at + 1 + i * grown.words(), shape, 8);
  }

  std::vector<Word> in_, out_;
};

}  // namespace

Bytes with_added_fields(ByteView message, std::size_t filler_bytes) { return Grower(message).run(filler_bytes); }

}  // namespace ginnel::samples
