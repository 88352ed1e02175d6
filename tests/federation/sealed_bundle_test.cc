// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/sealed_bundle.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "federation/wire/bundle_codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/signed.h"
#include "tests/federation/members.h"

namespace ginnel {
namespace {

using samples::member;

BundleDocument agreement() {
  return {"Agreement",
          3,
          {{"bundle/bundle.toml", "version = 3\n"},
           {"vocabulary.toml", "edition = \"1\"\n"},
           {"bundle/10-rules.cedar", "permit (principal, action, resource);\n"}}};
}

std::string refusal(const BundleDocument& document) {
  auto bytes = encode_bundle_document(document);
  return bytes ? "" : bytes.error().code;
}

// As it is after every `from` in it was overwritten by `to`, which is as long.
Bytes with(Bytes bytes, std::string_view from, std::string_view to) {
  EXPECT_EQ(from.size(), to.size());
  auto at = std::search(bytes.begin(), bytes.end(), from.begin(), from.end());
  EXPECT_NE(at, bytes.end()) << from;
  for (; at != bytes.end(); at = std::search(at, bytes.end(), from.begin(), from.end()))
    std::copy(to.begin(), to.end(), at);
  return bytes;
}

class SealedBundles : public testing::Test {
 protected:
  samples::Members members;
  SealedBundle sealed{encode_bundle_document(agreement()).value(), {}};

  SealedBundle signed_by(SealedBundle one, const std::vector<std::string>& trustees) {
    for (const auto& name : trustees)
      one = sign_bundle(std::move(one), member(name), members.keys(name).identity, members.anchor).value();
    return one;
  }
  SealedBundle signed_by_enough() { return signed_by(sealed, members.enough_signers()); }
  std::string check(const SealedBundle& one, const Directory* held = nullptr) {
    auto good = check_bundle_signatures(one, members.anchor.rule, held);
    return good ? "" : good.error().code;
  }
  std::string read(ByteView bytes) {
    auto document = decode_bundle_document(bytes);
    return document ? "" : document.error().code;
  }
};

TEST_F(SealedBundles, come_back_as_they_were) {
  EXPECT_EQ(decode_bundle_document(sealed.bytes).value(), agreement());
  const SealedBundle full = signed_by_enough();
  EXPECT_EQ(decode_sealed_bundle(encode_sealed_bundle(full).value()).value(), full);
}

TEST_F(SealedBundles, are_good_when_every_group_of_trustees_has_signed) {
  EXPECT_EQ(check(signed_by_enough(), &members.directory), "");
  EXPECT_EQ(check(sealed), "too-few-endorsements");
  EXPECT_EQ(check(signed_by(sealed, {"bradford-csc", "leeds-csc", "wy-police", "wy-icb"})), "too-few-endorsements");
  EXPECT_EQ(check(signed_by(sealed, {"bradford-csc", "leeds-csc", "wakefield-csc", "wy-police"})),
            "too-few-endorsements");
  EXPECT_EQ(check_bundle_signatures(signed_by_enough(), {}, nullptr).error().code, "bad-anchor");
}

TEST_F(SealedBundles, with_one_byte_changed_have_no_signature) {
  const SealedBundle good = signed_by_enough();
  for (std::size_t at = 0; at < good.bytes.size(); at += 5) {
    SealedBundle changed = good;
    changed.bytes[at] ^= 1;
    EXPECT_EQ(check(changed), "too-few-endorsements") << at;
  }
}

TEST_F(SealedBundles, take_no_signature_of_a_stranger_or_under_a_strangers_key) {
  const SigningKey& hospital = members.keys("bfd-hospital").identity;
  EXPECT_EQ(sign_bundle(sealed, member("bfd-hospital"), hospital, members.anchor).error().code, "not-a-trustee");
  EXPECT_EQ(sign_bundle(sealed, member("leeds-csc"), hospital, members.anchor).error().code, "not-a-trustee");
  SealedBundle forged = signed_by(sealed, {"bradford-csc", "leeds-csc", "wy-police", "wy-icb"});
  const Signature by_stranger = sign(hospital, domain::policy_bundle, signed_digest(forged.bytes));
  forged.endorsements.push_back({member("bfd-hospital"), by_stranger});
  forged.endorsements.push_back({member("wakefield-csc"), by_stranger});
  EXPECT_EQ(check(forged), "too-few-endorsements");
}

TEST_F(SealedBundles, count_a_trustee_once) {
  SealedBundle twice = signed_by(sealed, {"bradford-csc", "leeds-csc", "wy-police", "wy-icb"});
  twice.endorsements.push_back(twice.endorsements.front());
  twice.endorsements.push_back(twice.endorsements.front());
  EXPECT_EQ(check(twice), "too-few-endorsements");
  EXPECT_EQ(bundle_signatures(twice, members.anchor.rule, nullptr)[0].have.size(), 2u);
  EXPECT_EQ(signed_by(signed_by_enough(), members.enough_signers()).endorsements.size(), 5u);
}

TEST_F(SealedBundles, take_no_signature_of_a_revoked_trustee) {
  const SealedBundle good = signed_by_enough();
  members.entry("wakefield-csc").revoked_since = samples::noon;
  EXPECT_EQ(check(good, &members.directory), "too-few-endorsements");
  EXPECT_EQ(check(signed_by(good, {"kirklees-csc"}), &members.directory), "");
}

TEST_F(SealedBundles, take_no_signature_that_was_made_for_a_list_of_members_nor_the_other_way_about) {
  SealedBundle replayed = sealed;
  for (const auto& name : members.enough_signers())
    replayed.endorsements.push_back(endorse(sealed.bytes, member(name), members.keys(name).identity));
  EXPECT_EQ(check(replayed), "too-few-endorsements");

  const Bytes list = encode_directory(members.directory);
  const SealedBundle signed_as_bundle = signed_by({list, {}}, members.enough_signers());
  EXPECT_FALSE(check_endorsements({list, signed_as_bundle.endorsements}, members.anchor.rule));
}

TEST_F(SealedBundles, hold_no_file_that_would_leave_its_folder_and_none_twice) {
  for (const std::string name : {"", ".", "..", "../x", "/etc/passwd", "a/../x", "a//x", "a/", "a\\x", "a b", "a:b",
                                 "bundle/\xc3\xa9", "a/./x"}) {
    EXPECT_FALSE(is_bundle_file_name(name)) << name;
    BundleDocument document = agreement();
    document.files[1].name = name;
    EXPECT_NE(refusal(document), "") << name;
  }
  EXPECT_FALSE(is_bundle_file_name(std::string(limits::bundle_file_name_bytes_max + 1, 'a')));
  EXPECT_TRUE(is_bundle_file_name("bundle/cases/10-danger_2.toml"));

  EXPECT_EQ(read(with(sealed.bytes, "vocabulary.toml", "../cabulary.tom")), "bad-sealed-bundle");
  EXPECT_EQ(read(with(sealed.bytes, "vocabulary.toml", "/etc/ulary.toml")), "bad-sealed-bundle");
  BundleDocument alike = agreement();
  alike.files[1].name = "bundle/bundle.tom_";
  EXPECT_EQ(read(with(encode_bundle_document(alike).value(), "bundle/bundle.tom_", "bundle/bundle.toml")),
            "bad-sealed-bundle");
}

TEST_F(SealedBundles, are_refused_whole_past_their_limits) {
  BundleDocument long_file = agreement();
  long_file.files[2].text.assign(limits::bundle_file_bytes_max + 1, 'x');
  EXPECT_EQ(refusal(long_file), "too-long");
  BundleDocument many = agreement();
  while (many.files.size() <= limits::bundle_files_max)
    many.files.push_back({"f" + std::to_string(many.files.size()), ""});
  EXPECT_EQ(refusal(many), "too-long");
  BundleDocument big = agreement();
  for (int i = 0; i < 3; ++i)
    big.files.push_back({"f" + std::to_string(i), std::string(limits::bundle_file_bytes_max - 1, 'x')});
  EXPECT_EQ(refusal(big), "too-long");
  BundleDocument unnumbered = agreement();
  unnumbered.version = 0;
  EXPECT_NE(refusal(unnumbered), "");
  EXPECT_EQ(read(Bytes(limits::sealed_bundle_bytes_max + 8)), "bad-sealed-bundle");
}

TEST_F(SealedBundles, that_claim_more_than_they_hold_are_refused) {
  Bytes segment = sealed.bytes;
  std::fill_n(segment.begin() + 4, 4, std::uint8_t{0xff});  // the segment's length in words
  EXPECT_EQ(read(segment), "bad-sealed-bundle");
  // Whatever is overwritten with the largest count: refused, or a document that is not this one.
  for (std::size_t at = 8; at + 8 <= sealed.bytes.size(); at += 8) {
    Bytes changed = sealed.bytes;
    std::fill_n(changed.begin() + std::ptrdiff_t(at) + 4, 4, std::uint8_t{0xff});
    auto document = decode_bundle_document(changed);
    EXPECT_FALSE(document && *document == agreement()) << at;
  }
}

TEST_F(SealedBundles, have_one_encoding_and_nothing_after_it) {
  Bytes longer = sealed.bytes;
  longer.resize(longer.size() + 8);
  EXPECT_EQ(read(longer), "bad-sealed-bundle");
  Bytes file = encode_sealed_bundle(signed_by_enough()).value();
  file.resize(file.size() + 8);
  EXPECT_EQ(decode_sealed_bundle(file).error().code, "bad-sealed-bundle");

  // A byte of the padding behind a text: it means the same, and nobody was shown it.
  Bytes padded = sealed.bytes;
  const std::string_view name = "Agreement";
  auto at = std::search(padded.begin(), padded.end(), name.begin(), name.end());
  ASSERT_NE(at, padded.end());
  at[std::ptrdiff_t(name.size()) + 1] = 'x';
  EXPECT_EQ(read(padded), "bad-sealed-bundle");
}

}  // namespace
}  // namespace ginnel
