// SPDX-License-Identifier: Apache-2.0
#include "node/store/root_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

constexpr PasswordCost cheap{1, 8 << 10};
constexpr std::string_view passphrase = "correct ginnel battery";

class RootKey : public testing::Test {
 protected:
  std::string contents() {
    std::stringstream bytes;
    bytes << std::ifstream(file_).rdbuf();
    return bytes.str();
  }
  void write(const std::string& text) { std::ofstream(file_) << text; }
  mode_t mode() {
    struct stat status {};
    EXPECT_EQ(::stat(file_.c_str(), &status), 0);
    return status.st_mode & 0777;
  }

  TempDirectory directory_;
  std::filesystem::path file_ = directory_.path() + "/root.key";
  SeededRandom random_{8};
};

TEST_F(RootKey, the_same_passphrase_gives_the_same_key_again) {
  auto made = make_passphrase_root(file_, passphrase, random_, cheap);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(mode(), mode_t(0600));
  auto opened = open_passphrase_root(file_, passphrase);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->key, made->key);
  EXPECT_EQ(opened->method, "passphrase");
  EXPECT_TRUE(opened->warning.empty());
}

TEST_F(RootKey, a_wrong_passphrase_is_said_to_be_wrong) {
  ASSERT_TRUE(make_passphrase_root(file_, passphrase, random_, cheap));
  EXPECT_EQ(open_passphrase_root(file_, "correct ginnel batterY").error().code, "wrong-passphrase");
  EXPECT_EQ(open_passphrase_root(file_, "").error().code, "wrong-passphrase");
}

TEST_F(RootKey, the_passphrase_file_holds_neither_key_nor_passphrase) {
  auto made = make_passphrase_root(file_, passphrase, random_, cheap);
  EXPECT_EQ(contents().find(to_hex(made->key.bytes())), std::string::npos);
  EXPECT_EQ(contents().find("ginnel battery"), std::string::npos);
}

TEST_F(RootKey, a_short_passphrase_is_refused_and_leaves_no_file) {
  EXPECT_EQ(make_passphrase_root(file_, "short", random_, cheap).error().code, "weak-passphrase");
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(RootKey, a_root_key_is_never_overwritten) {
  ASSERT_TRUE(make_demo_root(file_, random_));
  const std::string before = contents();
  EXPECT_EQ(make_demo_root(file_, random_).error().code, "file-exists");
  EXPECT_EQ(make_passphrase_root(file_, passphrase, random_, cheap).error().code, "file-exists");
  EXPECT_EQ(contents(), before);
}

TEST_F(RootKey, the_demonstrations_key_comes_with_a_loud_warning) {
  auto made = make_demo_root(file_, random_);
  auto opened = open_demo_root(file_);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->key, made->key);
  EXPECT_NE(opened->warning.find("DEMONSTRATION"), std::string::npos);
  EXPECT_EQ(mode(), mode_t(0600));
}

TEST_F(RootKey, one_kind_of_file_is_not_taken_for_the_other) {
  ASSERT_TRUE(make_demo_root(file_, random_));
  EXPECT_EQ(open_passphrase_root(file_, passphrase).error().code, "bad-root-key-file");
}

TEST_F(RootKey, a_missing_or_mangled_file_is_an_error_of_its_own) {
  EXPECT_EQ(open_demo_root(file_).error().code, "no-root-key-file");
  ASSERT_TRUE(make_passphrase_root(file_, passphrase, random_, cheap));
  const std::string good = contents();
  for (const std::string& bad :
       {std::string(), std::string("{"), std::string("[]"), good.substr(0, good.size() / 2), std::string(5000, ' ')}) {
    write(bad);
    EXPECT_EQ(open_passphrase_root(file_, passphrase).error().code, "bad-root-key-file") << bad.substr(0, 40);
  }
}

TEST_F(RootKey, a_file_that_asks_for_absurd_work_is_refused) {
  ASSERT_TRUE(make_passphrase_root(file_, passphrase, random_, cheap));
  std::string text = contents();
  text.replace(text.find("\"memory_bytes\": 8192"), 20, "\"memory_bytes\": 819200000000");
  write(text);
  EXPECT_EQ(open_passphrase_root(file_, passphrase).error().code, "bad-root-key-file");
}

}  // namespace
}  // namespace ginnel
