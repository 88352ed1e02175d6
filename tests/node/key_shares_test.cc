// SPDX-License-Identifier: Apache-2.0
#include "node/store/key_shares.h"

#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <set>

#include "node/store/root_key.h"
#include "tests/node/temp_directory.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

// Its first bytes come in order; what comes after them is the seed's.
class KnownBytes : public Random {
 public:
  explicit KnownBytes(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
  void fill(std::span<std::uint8_t> to) override {
    for (auto& byte : to) byte = at_ < bytes_.size() ? bytes_[at_++] : 0;
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

SecretKey key_of(std::uint8_t first) {
  Bytes bytes(SecretKey::size, 0);
  bytes[0] = first;
  return *SecretKey::from(bytes);
}

std::array<KeyShare, 3> shares_of(const SecretKey& key, std::uint64_t seed = 1) {
  SeededRandom random(seed);
  return split_key(key, random);
}

TEST(KeyShares, are_points_of_a_line_over_the_field_of_aes) {
  // 0x53 + 0xca x at 1, 2 and 3: worked out by hand. 2 * 0xca = 0x194 + 0x11b = 0x8f.
  std::vector<std::uint8_t> bytes(8, 7);  // the set
  bytes.push_back(0xca);
  KnownBytes random(bytes);
  const auto shares = split_key(key_of(0x53), random);
  EXPECT_EQ(shares[0].value[0], 0x53 ^ 0xca);
  EXPECT_EQ(shares[1].value[0], 0x53 ^ 0x8f);
  EXPECT_EQ(shares[2].value[0], 0x53 ^ 0x8f ^ 0xca);
  EXPECT_EQ(shares[2].value[1], 0);
  EXPECT_EQ(shares[0].set, (std::array<std::uint8_t, 8>{7, 7, 7, 7, 7, 7, 7, 7}));
}

TEST(KeyShares, any_two_give_the_key_back_in_either_order) {
  SeededRandom random(5);
  for (int round = 0; round < 500; ++round) {
    const SecretKey key = SecretKey::make(random);
    const auto shares = split_key(key, random);
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j)
        if (i != j) {
          ASSERT_EQ(join_shares(shares[i], shares[j]).value(), key);
        }
  }
}

TEST(KeyShares, one_alone_could_belong_to_every_key) {
  for (std::size_t share = 0; share < 3; ++share)
    for (int secret : {0, 1, 0x53, 0xff}) {
      std::set<std::uint8_t> values;
      for (int slope = 0; slope < 256; ++slope) {
        std::vector<std::uint8_t> bytes(8, 0);
        bytes.push_back(std::uint8_t(slope));
        KnownBytes random(bytes);
        values.insert(split_key(key_of(std::uint8_t(secret)), random)[share].value[0]);
      }
      EXPECT_EQ(values.size(), 256u) << "each value of a share is as likely as another, whatever the secret";
    }
}

TEST(KeyShares, two_that_do_not_belong_together_are_refused) {
  const auto shares = shares_of(key_of(1)), others = shares_of(key_of(1), 2);
  EXPECT_EQ(join_shares(shares[0], shares[0]).error().code, "bad-share");
  EXPECT_EQ(join_shares(shares[0], others[1]).error().code, "bad-share");
  KeyShare fourth = shares[1];
  for (std::uint8_t number : {0, 4, 255}) {
    fourth.number = number;
    EXPECT_EQ(join_shares(shares[0], fourth).error().code, "bad-share");
  }
}

TEST(KeyShares, a_line_comes_back_as_it_was_and_one_wrong_letter_is_found) {
  const KeyShare share = shares_of(key_of(9))[1];
  const std::string line = share_text(share);
  EXPECT_EQ(line.substr(0, 17), "ginnel-share-1:2:");
  EXPECT_EQ(parse_share(line).value(), share);
  std::string typed = "  " + line + "\r\n";
  for (char& c : typed) c = char(std::toupper(c));
  EXPECT_EQ(parse_share(typed).value(), share);
  for (std::size_t at = 0; at < line.size(); ++at) {
    std::string wrong = line;
    wrong[at] = wrong[at] == '3' ? '1' : '3';
    auto read = parse_share(wrong);
    ASSERT_FALSE(read) << at;
    EXPECT_EQ(read.error().code, "bad-share");
    EXPECT_EQ(read.error().text().find(to_hex(share.value)), std::string::npos);
    EXPECT_FALSE(parse_share(line.substr(0, at))) << at;
  }
}

TEST(SharedRoot, opens_with_two_of_its_own_shares_only) {
  TempDirectory dir;
  const auto file = std::filesystem::path(dir.path()) / "root-key.json";
  const auto other_file = std::filesystem::path(dir.path()) / "other.json";
  SeededRandom random(3);
  auto made = make_shared_root(file, random), other = make_shared_root(other_file, random);
  ASSERT_TRUE(made && other);
  auto opened = open_shared_root(file, made->shares[2], made->shares[0]);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->key, made->root.key);
  EXPECT_EQ(opened->method, "key-shares");
  EXPECT_EQ(open_shared_root(file, other->shares[0], other->shares[1]).error().code, "bad-share");
  EXPECT_EQ(open_shared_root(file, made->shares[0], made->shares[0]).error().code, "bad-share");
  KeyShare changed = made->shares[1];
  changed.value[5] ^= 1;
  EXPECT_EQ(open_shared_root(file, made->shares[0], changed).error().code, "bad-share");
  EXPECT_EQ(make_shared_root(file, random).error().code, "file-exists");
  const std::string content = content_of(file);
  EXPECT_EQ(content.find(to_hex(made->root.key.bytes())), std::string::npos);
  for (const KeyShare& share : made->shares) EXPECT_EQ(content.find(to_hex(share.value)), std::string::npos);
}

}  // namespace
}  // namespace ginnel
