// SPDX-License-Identifier: Apache-2.0
// The file of a transfer as bytes: its manifest, and the parts that have a form of their own.
#include "federation/wire/transfer_manifest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "tests/federation/wire_samples.h"

namespace ginnel {
namespace {

class TransferManifestTest : public testing::Test {
 protected:
  using Part = TransferPartKind;

  template <class Value>
  static std::string refusal_of(const Expected<Value>& read) {
    if (read) return "";
    EXPECT_EQ(read.error().code, "bad-payload");
    return read.error().why;
  }
  static std::string refused(const std::function<void(TransferManifest&)>& change) {
    TransferManifest manifest = samples::transfer_manifest();
    change(manifest);
    return refusal_of(decode_manifest(encode_manifest(manifest)));
  }
  static Hash hash_of(std::size_t number) { return Hash{1, std::uint8_t(number), std::uint8_t(number >> 8)}; }
  // A child, a process, and as many records as make it `count` parts.
  static TransferManifest manifest_of(std::size_t count, std::uint64_t size_bytes) {
    TransferManifest out{samples::id<TransferId>(0x44), {}};
    for (std::size_t i = 0; i < count; ++i)
      out.parts.push_back({i == 0 ? Part::child : i == 1 ? Part::process : Part::records, hash_of(i), size_bytes, {}});
    return out;
  }
  // The first place where `from` stands in `bytes` holds `to`.
  static Bytes with(Bytes bytes, const Bytes& from, const Bytes& to) {
    const auto at = std::search(bytes.begin(), bytes.end(), from.begin(), from.end());
    EXPECT_NE(at, bytes.end());
    std::copy(to.begin(), to.end(), at);
    return bytes;
  }
  static Bytes letters(std::string_view text) { return {text.begin(), text.end()}; }
};

TEST_F(TransferManifestTest, reads_back_as_it_was_written) {
  EXPECT_EQ(refused([](TransferManifest&) {}), "");
  EXPECT_EQ(decode_manifest(encode_manifest(samples::transfer_manifest())).value(), samples::transfer_manifest());
  const TransferManifest least = manifest_of(2, 1);
  EXPECT_EQ(decode_manifest(encode_manifest(least)).value(), least);
}

TEST_F(TransferManifestTest, holds_so_many_parts_of_so_many_bytes_and_no_more) {
  const TransferManifest most =
      manifest_of(limits::transfer_parts_max, limits::transfer_file_bytes_max / limits::transfer_parts_max);
  const Bytes bytes = encode_manifest(most);
  EXPECT_LE(bytes.size(), limits::file_page_bytes) << "a manifest is one page";
  EXPECT_EQ(decode_manifest(bytes).value(), most);
  EXPECT_EQ(refused([](auto& m) { m = manifest_of(limits::transfer_parts_max + 1, 1); }),
            "`parts` has too many elements");

  const std::size_t count = limits::transfer_file_bytes_max / limits::file_bytes_max;
  EXPECT_EQ(refused([&](auto& m) { m = manifest_of(count, limits::file_bytes_max); }), "");
  EXPECT_EQ(refused([&](auto& m) {
              m = manifest_of(count, limits::file_bytes_max);
              m.parts.push_back({Part::records, hash_of(count), 1, {}});
            }),
            "`parts.sizeBytes` are too much together");
  EXPECT_EQ(refused([](auto& m) { m.parts[2].size_bytes = limits::file_bytes_max + 1; }),
            "`parts.sizeBytes` is none or too high");
  EXPECT_EQ(refused([](auto& m) { m.parts[2].size_bytes = ~std::uint64_t{0}; }),
            "`parts.sizeBytes` is none or too high");
  EXPECT_EQ(refused([](auto& m) { m.parts[2].size_bytes = 0; }), "`parts.sizeBytes` is none or too high");
}

TEST_F(TransferManifestTest, has_one_child_and_a_process_and_every_hash_once) {
  EXPECT_EQ(refused([](auto& m) { m.parts.clear(); }), "`parts` has not exactly one for the child");
  EXPECT_EQ(refused([](auto& m) { m.parts.erase(m.parts.begin()); }), "`parts` has not exactly one for the child");
  EXPECT_EQ(refused([](auto& m) { m.parts[2].kind = Part::child; }), "`parts` has not exactly one for the child");
  EXPECT_EQ(refused([](auto& m) { m.parts[1].kind = Part::records; }), "`parts` has none for the process");
  EXPECT_EQ(refused([](auto& m) { m.parts[2].kind = Part::process; }), "");
  EXPECT_EQ(refused([](auto& m) { m.parts[3].sha256 = m.parts[0].sha256; }), "`parts.sha256` stands there twice");
}

TEST_F(TransferManifestTest, is_held_against_the_schema_field_by_field) {
  EXPECT_EQ(refused([](auto& m) { m.transfer = {}; }), "`transfer` has not the right length");
  EXPECT_EQ(refused([](auto& m) { m.parts[0].kind = Part::none; }), "`parts.kind` is nothing");
  EXPECT_EQ(refused([](auto& m) { m.parts[0].kind = Part(5); }), "`parts.kind` is not a value of its closed set");
  EXPECT_EQ(refused([](auto& m) { m.parts[0].sha256 = {}; }), "`parts.sha256` is all zero");
  EXPECT_EQ(refused([](auto& m) { m.parts[3].record = {}; }), "`parts.record` does not fit `kind`");
  for (const std::size_t part : {0u, 1u, 2u})
    EXPECT_EQ(refused([&](auto& m) { m.parts[part].record = samples::id<RecordId>(0x30); }),
              "`parts.record` does not fit `kind`");
}

TEST_F(TransferManifestTest, the_childs_part_reads_back_as_it_was_written) {
  EXPECT_EQ(decode_child_part(encode_child_part(samples::transfer_child_part()).value()).value(),
            samples::transfer_child_part());
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    TransferChildPart part = samples::transfer_child_part();
    part.person = samples::Chance(seed).person();
    if (seed % 2 == 0) part.child.nhs_number.clear();
    EXPECT_EQ(decode_child_part(encode_child_part(part).value()).value(), part) << "seed " << seed;
  }
}

TEST_F(TransferManifestTest, the_childs_part_is_not_written_as_it_would_not_be_read) {
  const auto refused_with = [](const std::function<void(TransferChildPart&)>& change) {
    TransferChildPart part = samples::transfer_child_part();
    change(part);
    const auto written = encode_child_part(part);
    return written ? std::string() : written.error().code + ": " + written.error().why;
  };
  EXPECT_EQ(refused_with([](auto& part) { part.salt = {}; }), "bad-text: `salt` is all zero");
  EXPECT_EQ(refused_with([](auto& part) { part.child = {}; }), "bad-text: `identity` is nobody");
  EXPECT_EQ(refused_with([](auto& part) { part.child.family.assign(201, 'x'); }),
            "too-long: `identity.family` is too long");
  EXPECT_EQ(refused_with([](auto& part) { part.child.given = "\xff"; }),
            "bad-text: `identity.given` is not valid UTF-8");
  EXPECT_EQ(refused_with([](auto& part) { part.person.ref = {}; }), "bad-text: `ref` is empty");
}

TEST_F(TransferManifestTest, the_childs_part_is_refused_by_the_field_and_never_its_value) {
  const Bytes good = encode_child_part(samples::transfer_child_part()).value();
  const Bytes salt = copy_of(samples::bytes<16>(0xb0));
  EXPECT_EQ(refusal_of(decode_child_part(with(good, salt, Bytes(16, 0)))), "`salt` is all zero");
  EXPECT_EQ(refusal_of(decode_child_part(with(good, letters("9990000018"), letters("9990000019")))),
            "`identity` is not one that can be asked about");
  EXPECT_EQ(refusal_of(decode_child_part(with(good, letters("Aisha"), Bytes(5, 0xff)))),
            "`identity.given` is not valid UTF-8");
  // What only the encoded person has.
  EXPECT_EQ(refusal_of(decode_child_part(with(good, letters("Flat 2"), Bytes(6, 0xff)))),
            "`person` is not well formed");
  // Of another message: nothing in it is the child.
  EXPECT_NE(refusal_of(decode_child_part(encode_process_part(samples::transfer_process_part()))), "");
}

TEST_F(TransferManifestTest, the_processs_part_holds_so_many_records_of_so_many_bytes_and_no_more) {
  const auto read = [](std::size_t count, std::size_t bytes) {
    const TransferProcessPart part{std::vector<Bytes>(count, Bytes(bytes, 7))};
    const auto back = decode_process_part(encode_process_part(part));
    EXPECT_TRUE(!back || *back == part);
    return refusal_of(back);
  };
  EXPECT_EQ(read(0, 1), "");
  EXPECT_EQ(read(limits::transfer_process_records_max, 1000), "");
  EXPECT_EQ(read(limits::transfer_process_records_max + 1, 1), "`records` has too many elements");
  EXPECT_EQ(read(2, limits::transfer_process_record_bytes_max), "");
  EXPECT_EQ(read(2, limits::transfer_process_record_bytes_max + 1), "`records` has one that is empty or too long");
  EXPECT_EQ(read(2, 0), "`records` has one that is empty or too long");
  EXPECT_EQ(read(63, limits::transfer_process_record_bytes_max), "") << "many pages long";
  EXPECT_EQ(read(64, limits::transfer_process_record_bytes_max), "it is longer than it may be");
}

// 256 pointers to one record of 64 KiB: 16 MiB of 66 KiB.
TEST_F(TransferManifestTest, a_part_does_not_grow_when_it_is_read) {
  constexpr std::uint64_t count = 256, blob_words = 8192;
  std::vector<std::uint64_t> words = {(2 + count + blob_words) << 32, std::uint64_t{1} << 48,
                                      1 | std::uint64_t{6} << 32 | count << 35};
  for (std::uint64_t i = 0; i < count; ++i)
    words.push_back((count - 1 - i) << 2 | 1 | std::uint64_t{2} << 32 | (blob_words * 8) << 35);
  words.resize(words.size() + blob_words, 0x0707'0707'0707'0707);
  Bytes bytes;
  for (const std::uint64_t word : words)
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(std::uint8_t(word >> shift));
  EXPECT_EQ(refusal_of(decode_process_part(bytes)), "it is not well formed");
}

// Whether it reads; that it then reads again as the same.
bool reads_as_one_value(const Bytes& bytes) {
  const auto manifest = decode_manifest(bytes);
  EXPECT_TRUE(!manifest || decode_manifest(encode_manifest(*manifest)).value() == *manifest);
  const auto child_part = decode_child_part(bytes);
  EXPECT_TRUE(!child_part || decode_child_part(encode_child_part(*child_part).value()).value() == *child_part);
  const auto process_part = decode_process_part(bytes);
  EXPECT_TRUE(!process_part || decode_process_part(encode_process_part(*process_part)).value() == *process_part);
  return manifest || child_part || process_part;
}

TEST_F(TransferManifestTest, nothing_shorter_is_read_and_no_changed_byte_makes_what_cannot_be_written) {
  for (const Bytes& good :
       {encode_manifest(samples::transfer_manifest()), encode_child_part(samples::transfer_child_part()).value(),
        encode_process_part(samples::transfer_process_part())}) {
    EXPECT_TRUE(reads_as_one_value(good));
    for (std::size_t size = 0; size < good.size(); ++size)
      EXPECT_FALSE(reads_as_one_value(copy_of(ByteView(good).first(size)))) << size;
    for (std::size_t at = 0; at < good.size(); ++at)
      for (const int value : {0x00, 0x01, 0x06, 0x80, 0xff}) {
        Bytes changed = good;
        changed[at] = std::uint8_t(value);
        reads_as_one_value(changed);
      }
    Bytes longer = good;
    longer.resize(longer.size() + 8);
    EXPECT_FALSE(reads_as_one_value(longer)) << "something follows it";
  }
}

}  // namespace
}  // namespace ginnel
