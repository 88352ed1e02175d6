// SPDX-License-Identifier: Apache-2.0
#include "node/setup/systemd_credential.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "node/setup/unlock.h"
#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

class SystemdCredential : public testing::Test {
 protected:
  SystemdCredential() {
    ::chmod(dir_.path().c_str(), 0700);
    for (int i = 0; i < 32; ++i) key_ += char(i);
    put(key_);
  }
  void put(const std::string& content, mode_t mode = 0400) {
    fs::remove(file_);
    std::ofstream(file_, std::ios::binary) << content;
    ::chmod(file_.c_str(), mode);
  }
  std::string code(const std::string& name = "root") {
    auto root = open_credential_root(dir_.path(), name);
    return root ? "" : root.error().code;
  }

  TempDirectory dir_;
  std::string key_;
  fs::path file_ = fs::path(dir_.path()) / "root";
};

TEST_F(SystemdCredential, is_the_key_itself) {
  auto root = open_credential_root(dir_.path(), "root");
  ASSERT_TRUE(root) << root.error().text();
  EXPECT_EQ(root->method, "systemd-credential");
  EXPECT_TRUE(root->warning.empty());
  EXPECT_TRUE(equal_in_constant_time(root->key.bytes(), view_of(key_)));
  put(key_, 0440);  // the group's bit is the mask of systemd's access list
  EXPECT_EQ(code(), "");
}

TEST_F(SystemdCredential, is_refused_unless_it_is_plainly_one) {
  for (const std::string& content : {std::string(), key_.substr(1), key_ + "\n", std::string(64, 'a'),
                                     std::string(32, '\0'), std::string(32, 'x')}) {
    put(content);
    EXPECT_EQ(code(), "bad-credential") << content.size();
  }
  for (mode_t mode : {0404, 0402, 0460, 0777, 0644}) {
    put(key_, mode);
    EXPECT_EQ(code(), "bad-credential") << std::oct << mode;
  }
  fs::rename(file_, fs::path(dir_.path()) / "other");
  fs::create_symlink("other", file_);
  EXPECT_EQ(code(), "bad-credential") << "a link";
  fs::remove(file_);
  fs::create_directory(file_);
  EXPECT_EQ(code(), "bad-credential") << "a folder";
  fs::remove(file_);
  ASSERT_EQ(::mkfifo(file_.c_str(), 0400), 0);
  EXPECT_EQ(code(), "bad-credential") << "a pipe, which must not hold the start up";
}

TEST_F(SystemdCredential, of_another_user_or_from_a_folder_that_others_write_is_refused) {
  ::chmod(dir_.path().c_str(), 0777);
  EXPECT_EQ(code(), "bad-credential");
  ::chmod(dir_.path().c_str(), 0700);
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(file_.c_str(), 12345, 12345), 0);
  EXPECT_EQ(code(), "bad-credential");
}

TEST_F(SystemdCredential, that_is_not_there_says_how_to_make_it) {
  for (const auto& [directory, name] :
       {std::pair<std::string, std::string>{"", "root"}, {"/no/such/folder", "root"}, {dir_.path(), "another"}}) {
    auto root = open_credential_root(directory, name);
    ASSERT_FALSE(root);
    EXPECT_EQ(root.error().code, "no-credential");
    EXPECT_NE(root.error().remedy.find("systemd-creds encrypt --name=" + name), std::string::npos);
    EXPECT_NE(root.error().remedy.find("LoadCredentialEncrypted=" + name), std::string::npos);
  }
}

TEST_F(SystemdCredential, names_lead_nowhere_else) {
  for (const char* name : {"", ".", "..", "../root", "a/b", ".hidden", "-x", "a b", "a\n"})
    EXPECT_FALSE(is_credential_name(name)) << name;
  EXPECT_FALSE(is_credential_name(std::string(65, 'a')));
  EXPECT_TRUE(is_credential_name("ginnel-root-key_2.v1"));
  EXPECT_EQ(code("../root"), "bad-credential");
}

TEST_F(SystemdCredential, unlocks_a_node_that_is_configured_so_and_is_never_written) {
  NodeConfig config;
  config.root_key = RootKeyMethod::systemd_credential;
  config.root_key_credential = "root";
  const AskSecret nobody = [](Secret) { return Expected<std::string>(fail("asked", "nobody is asked")); };
  ::setenv("CREDENTIALS_DIRECTORY", dir_.path().c_str(), 1);
  SeededRandom random(1);
  auto made = make_root_key(config, nobody, random);
  auto opened = unlock(config, nobody);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ASSERT_TRUE(made && opened);
  EXPECT_TRUE(equal_in_constant_time(made->root.key.bytes(), opened->key.bytes()));
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_.path()), fs::directory_iterator()), 1);
  EXPECT_EQ(unlock(config, nobody).error().code, "no-credential");
}

}  // namespace
}  // namespace ginnel
