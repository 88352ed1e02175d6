// SPDX-License-Identifier: Apache-2.0
#include "node/gate/bundle_seal.h"

#include "federation/wire/bundle_codec.h"
#include "node/gate/adopted_bundle.h"
#include "tests/federation/members.h"
#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

using samples::member;

constexpr const char* failing_case = R"(
[[case]]
name   = "a nurse reads it"
asker  = { agency = "bfd-health", kind = "health", role = "practitioner" }
why    = { purpose = "first_contact", basis = "public_task" }
record = { owner = "leeds-csc", kind = "referral", category = "social-care.referral", sensitivity = 2 }
expect = { step = "exists" }
)";

std::shared_ptr<const Bundle> folder_of(int version, const std::string& more = "", const std::string& cases = "") {
  BundleFolder folder(permit_everything + more);
  write_text(folder.path() / "bundle.toml", "name = \"test\"\nversion = " + std::to_string(version) +
                                                "\nvocabulary = \"vocabulary.toml\"\npolicies = [\"test.cedar\"]\n" +
                                                (cases.empty() ? "" : "cases = [\"cases.toml\"]\n"));
  if (!cases.empty()) write_text(folder.path() / "cases.toml", cases);
  auto bundle = folder.read();
  EXPECT_TRUE(bundle) << bundle.error().text();
  return bundle ? std::move(*bundle) : west_yorkshire();
}

class BundleSeals : public testing::Test {
 protected:
  samples::Members members;
  StoreForTests store;

  SealedBundle signed_by(SealedBundle sealed, const std::vector<std::string>& trustees) {
    for (const auto& name : trustees)
      sealed = sign_bundle(std::move(sealed), member(name), members.keys(name).identity, members.anchor).value();
    return sealed;
  }
  std::shared_ptr<const Bundle> sealed(int version, const std::string& more = "") {
    return read_bundle(signed_by(seal_of(*folder_of(version, more)).value(), members.enough_signers())).value();
  }
  // As a start does it: the code of the refusal, or nothing.
  std::string start(const std::shared_ptr<const Bundle>& bundle, bool holds_directory = true) {
    auto turn = store.begin();
    if (auto good = check_seal(*bundle, members.anchor, holds_directory ? &members.directory : nullptr, *turn); !good)
      return good.error().code;
    if (auto adopted = adopt_bundle(bundle, *turn); !adopted) return adopted.error().code;
    EXPECT_TRUE(turn->commit());
    return "";
  }
  std::string sign(const SealedBundle& one, const std::string& name = "bradford-csc") {
    auto turn = store.begin();
    auto made = sign_bundle_in(*turn, one, member(name), members.keys(name).identity, members.anchor);
    if (!made) return made.error().code;
    EXPECT_TRUE(turn->commit());
    return "";
  }
  std::uint64_t entries() { return store->tree_head().size; }
  std::string read(const BundleDocument& document) {
    auto bundle = read_bundle(SealedBundle{encode_bundle_document(document).value(), {}});
    return bundle ? "" : bundle.error().code;
  }
};

TEST_F(BundleSeals, hold_the_bundle_that_was_in_the_folder) {
  const SealedBundle seal = seal_of(*west_yorkshire()).value();
  auto back = read_bundle(seal);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ((*back)->hash, west_yorkshire()->hash);
  EXPECT_EQ((*back)->files, west_yorkshire()->files);
  EXPECT_EQ((*back)->cases.size(), west_yorkshire()->cases.size());
  ASSERT_TRUE((*back)->seal);
  EXPECT_FALSE(west_yorkshire()->seal);
  EXPECT_EQ(seal_of(**back).value().bytes, seal.bytes) << "sealed again, it is the same document";

  TempDirectory folder;
  const auto file = std::filesystem::path(folder.path()) / "west-yorkshire.bundle";
  write_text(file, std::string(text_of(encode_sealed_bundle(seal).value())));
  EXPECT_EQ(read_bundle(file).value()->hash, west_yorkshire()->hash);
  std::filesystem::resize_file(file, limits::sealed_bundle_bytes_max + 1);
  EXPECT_EQ(read_bundle(file).error().code, "too-long");
}

TEST_F(BundleSeals, hold_what_their_manifest_names_and_nothing_else) {
  const BundleDocument good = decode_bundle_document(seal_of(*folder_of(3)).value().bytes).value();
  ASSERT_EQ(read(good), "");
  BundleDocument other = good;
  other.name = "another agreement";
  EXPECT_EQ(read(other), "bad-sealed-bundle");
  other = good;
  other.version = 4;
  EXPECT_EQ(read(other), "bad-sealed-bundle");
  other = good;
  other.files.push_back({"bundle/unread.cedar", permit_everything});
  EXPECT_EQ(read(other), "bad-sealed-bundle");
  other = good;
  std::swap(other.files[1], other.files[2]);
  EXPECT_EQ(read(other), "bad-sealed-bundle");
  other = good;
  other.files.pop_back();
  EXPECT_EQ(read(other), "bad-bundle");
  other = good;
  other.files.erase(other.files.begin());
  EXPECT_EQ(read(other), "no-bundle");
}

TEST_F(BundleSeals, are_not_made_of_what_lies_elsewhere) {
  BundleFolder folder(permit_everything);
  const auto inner = folder.path() / "a/b";
  std::filesystem::create_directories(inner);
  write_text(inner / "bundle.toml",
             "name = \"test\"\nversion = 1\nvocabulary = \"../../vocabulary.toml\"\npolicies = [\"p.cedar\"]\n");
  write_text(inner / "p.cedar", permit_everything);
  EXPECT_EQ(seal_of(*read_bundle(inner).value()).error().code, "outside-bundle");
}

TEST_F(BundleSeals, are_asked_for_before_a_bundle_is_in_force) {
  EXPECT_EQ(start(folder_of(3)), "unsigned-bundle");
  EXPECT_EQ(start(read_bundle(seal_of(*folder_of(3)).value()).value()), "too-few-endorsements");
  EXPECT_FALSE(adopted_bundle(*store.snapshot()).value());
  EXPECT_EQ(start(sealed(3)), "");
  EXPECT_EQ(adopted_bundle(*store.snapshot()).value()->hash, folder_of(3)->hash);
  EXPECT_EQ(start(folder_of(3)), "unsigned-bundle") << "in force, and read from where anybody may have changed it";
}

TEST_F(BundleSeals, do_not_bring_back_an_older_bundle_or_another_of_one_version) {
  ASSERT_EQ(start(sealed(3)), "");
  EXPECT_EQ(start(sealed(2)), "older-bundle");
  EXPECT_EQ(start(sealed(3, "// more\n")), "other-bundle");
  EXPECT_EQ(start(sealed(4)), "");
}

TEST_F(BundleSeals, in_force_outlast_the_revocation_of_a_trustee_who_signed) {
  ASSERT_EQ(start(sealed(3)), "");
  members.entry("wakefield-csc").revoked_since = noon;
  EXPECT_EQ(start(sealed(3)), "");
  EXPECT_EQ(start(sealed(4)), "too-few-endorsements");
}

TEST_F(BundleSeals, are_not_asked_for_by_a_node_that_hears_nobody) {
  EXPECT_EQ(start(folder_of(3), false), "");
  EXPECT_EQ(start(folder_of(3), true), "unsigned-bundle");
}

TEST_F(BundleSeals, are_signed_once_for_a_version_and_written_down) {
  const auto before = entries();
  EXPECT_EQ(sign(seal_of(*folder_of(3)).value()), "");
  EXPECT_EQ(entries(), before + 1);
  EXPECT_EQ(sign(seal_of(*folder_of(3)).value()), "") << "the same again";
  EXPECT_EQ(sign(seal_of(*folder_of(3, "// more\n")).value()), "version-signed");
  EXPECT_EQ(sign(seal_of(*folder_of(2)).value()), "older-bundle");
  EXPECT_EQ(sign(seal_of(*folder_of(4)).value()), "");
  EXPECT_EQ(sign(seal_of(*folder_of(5)).value(), "bfd-hospital"), "not-a-trustee");
}

TEST_F(BundleSeals, below_the_version_in_force_are_not_signed) {
  ASSERT_EQ(start(sealed(3)), "");
  EXPECT_EQ(sign(seal_of(*folder_of(2)).value()), "older-bundle");
}

TEST_F(BundleSeals, are_not_signed_over_cases_that_fail) {
  EXPECT_EQ(sign(seal_of(*folder_of(3, "", failing_case)).value()), "cases-fail");
}

}  // namespace
}  // namespace ginnel
