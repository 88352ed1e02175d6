// SPDX-License-Identifier: Apache-2.0
#include "node/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

using testing::HasSubstr;

class Config : public testing::Test {
 protected:
  Config() {
    for (const char* file : {"tls/certificate.pem", "tls/key.pem", "root.key", "policies/bundle.toml"}) {
      std::filesystem::create_directories((std::filesystem::path(dir_.path()) / file).parent_path());
      std::ofstream(std::filesystem::path(dir_.path()) / file) << "x";
    }
    write("trust.toml", write_trust(anchor_));
    config_.dir = dir_.path();
    config_.member = *MemberId::parse("bradford-csc");
    config_.duty = {"Front door", "duty manager", "", "01632 960001", "always"};
    config_.own_basis = "public_task";
    config_.ledger_dir = std::filesystem::path(dir_.path()) / "store/ledger";
    config_.keys_dir = "/var/keys";
    config_.listen = "tcp://127.0.0.1:7441";
    config_.https = {"127.0.0.1", 8441, std::filesystem::path(dir_.path()) / "tls/certificate.pem",
                     std::filesystem::path(dir_.path()) / "tls/key.pem"};
    config_.policies = std::filesystem::path(dir_.path()) / "policies";
    config_.trust = anchor_;
    config_.root_key = RootKeyMethod::demo_file;
    config_.root_key_file = std::filesystem::path(dir_.path()) / "root.key";
    config_.currency.limit_by_system_ms["a \"quoted\" system"] = 3 * hour_ms;
    config_.directory_rules.purposes_past_closed = {"child_protection"};
  }
  static TrustAnchor one_trustee() {
    TrustAnchor anchor;
    TrusteeGroup group{"authorities", 1, {}};
    group.trustees[*MemberId::parse("leeds-csc")] = PublicKey{1, 2, 3};
    anchor.rule.push_back(group);
    return anchor;
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(std::filesystem::path(dir_.path()) / name) << text;
  }

  TempDirectory dir_;
  TrustAnchor anchor_ = one_trustee();
  NodeConfig config_;
};

TEST_F(Config, what_is_written_is_read_back) {
  config_.test_head_issuer = true;
  write("node.toml", write_config(config_));
  auto read = read_config(dir_.path());
  ASSERT_TRUE(read) << read.error().front().text();
  EXPECT_EQ(read->member.text(), "bradford-csc");
  EXPECT_EQ(read->duty, config_.duty);
  EXPECT_EQ(read->ledger_dir, config_.ledger_dir);
  EXPECT_EQ(read->keys_dir, config_.keys_dir);
  EXPECT_EQ(read->https.key, config_.https.key);
  EXPECT_EQ(read->https.port, 8441);
  EXPECT_EQ(read->trust.rule, anchor_.rule);
  EXPECT_EQ(read->root_key, RootKeyMethod::demo_file);
  EXPECT_EQ(read->currency.of("a \"quoted\" system"), 3 * hour_ms);
  EXPECT_EQ(read->currency.of("another"), 48 * hour_ms);
  EXPECT_EQ(read->directory_rules.purposes_past_closed, config_.directory_rules.purposes_past_closed);
  EXPECT_TRUE(read->test_head_issuer);
  EXPECT_EQ(write_config(*read), write_config(config_));
}

TEST_F(Config, the_test_issuer_of_heads_is_off_unless_it_is_asked_for) {
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->test_head_issuer);
}

TEST_F(Config, every_mistake_is_told_at_once_with_its_line) {
  std::string text = write_config(config_);
  auto change = [&](const std::string& from, const std::string& to) {
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
  };
  change("member = \"bradford-csc\"", "membr = \"bradford-csc\"");
  change("port = 8441", "port = 99999");
  change("method = \"demo-file\"", "method = \"post-it\"");
  change("warn_days = 60", "warn_days = 600");
  auto read = parse_config(text, dir_.path());
  ASSERT_FALSE(read);
  std::string all;
  for (const Error& error : read.error()) {
    EXPECT_EQ(error.code, "bad-config");
    EXPECT_THAT(error.why, HasSubstr("line "));
    EXPECT_FALSE(error.remedy.empty()) << error.why;
    all += error.text() + "\n";
  }
  EXPECT_THAT(all, HasSubstr("has no `member`"));
  EXPECT_THAT(all, HasSubstr("did you mean `member`?"));
  EXPECT_THAT(all, HasSubstr("`port` of [https]"));
  EXPECT_THAT(all, HasSubstr("`method` of [root_key]"));
  EXPECT_THAT(all, HasSubstr("`closed_days` of [directory]"));
  EXPECT_EQ(read.error().size(), 5u) << all;
}

TEST_F(Config, a_file_that_is_not_there_is_a_mistake) {
  std::filesystem::remove(std::filesystem::path(dir_.path()) / "tls/key.pem");
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().text(), HasSubstr("tls/key.pem"));
}

TEST_F(Config, ledger_and_keys_cannot_share_a_folder) {
  config_.keys_dir = config_.ledger_dir;
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().why, HasSubstr("ledger's folder too"));
}

TEST_F(Config, text_that_is_no_toml_names_its_line) {
  auto read = parse_config("member = \"bradford-csc\"\nown_basis = public task\n", dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().why, HasSubstr("line 2"));
}

TEST_F(Config, a_trust_anchor_that_nobody_can_satisfy_is_refused) {
  anchor_.rule[0].needed = 2;
  write("trust.toml", write_trust(anchor_));
  EXPECT_FALSE(parse_config(write_config(config_), dir_.path()));
}

TEST_F(Config, a_trustee_key_of_the_wrong_length_is_refused) {
  write("trust.toml", "[[group]]\nname = \"authorities\"\nneeded = 1\n[group.trustees]\nleeds-csc = \"abcd\"\n");
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().text(), HasSubstr("64 hexadecimal digits"));
}

}  // namespace
}  // namespace ginnel
