// SPDX-License-Identifier: Apache-2.0
#include "node/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "adapters/link_rules_reader.h"
#include "node/cli/output.h"
#include "node/gate/bundle.h"
#include "node/retention/schedule.h"
#include "node/start.h"
#include "tests/node/temp_directory.h"
#include "tests/source_tree.h"

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
  config_.in_shadow = true;
  config_.own_policies = std::filesystem::path(dir_.path()) / "own-policies";
  std::filesystem::create_directory(config_.own_policies);
  write("own-policies/bundle.toml", "");
  write("node.toml", write_config(config_));
  auto read = read_config(dir_.path());
  ASSERT_TRUE(read) << read.error().front().text();
  EXPECT_EQ(read->own_policies, config_.own_policies);
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
  EXPECT_TRUE(read->in_shadow);
  EXPECT_EQ(write_config(*read), write_config(config_));
}

TEST_F(Config, other_link_rules_are_read_with_their_mistakes_and_written_back) {
  EXPECT_EQ(parse_config(write_config(config_), dir_.path())->link_rules, nullptr);
  config_.link_rules_file = std::filesystem::path(dir_.path()) / "linking.toml";
  write("linking.toml", std::string(default_link_rules_text()));
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_TRUE(read) << read.error().front().text();
  ASSERT_NE(read->link_rules, nullptr);
  EXPECT_EQ(write_config(*read), write_config(config_));

  write("linking.toml", "same = \"very\"\n");
  read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().front().code, "bad-link-rules");
  config_.link_rules_file = std::filesystem::path(dir_.path()) / "gone.toml";
  read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().front().why.find("`rules` of [linking] names no file"), std::string::npos)
      << read.error().front().why;
}

// Child protection as the shipped files have it.
TEST_F(Config, a_retention_schedule_is_read_with_its_mistakes_and_written_back) {
  EXPECT_EQ(parse_config(write_config(config_), dir_.path())->retention, nullptr);
  config_.retention_file = std::filesystem::path(dir_.path()) / "retention.toml";
  write("retention.toml", "edition = \"Ours\"\n");
  const auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_TRUE(read) << read.error().front().text();
  EXPECT_EQ(read->retention_file, config_.retention_file);
  ASSERT_NE(read->retention, nullptr);
  EXPECT_EQ(read->retention->edition(), "Ours");
  write("retention.toml", "edition = \"Ours\"\n[[rule]]\nid = \"a\"\n");
  const auto wrong = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().front().code, "bad-retention");
}

ProcessesConfig shipped_processes() {
  const auto folder = source_tree() / "config-examples";
  ProcessesConfig out;
  out.definitions = {folder / "processes/child-protection.toml"};
  out.holidays = folder / "calendar/england-and-wales.toml";
  out.terms = folder / "calendar/school-terms-west-yorkshire.toml";
  out.authority = "west-yorkshire";
  out.agency = "social_care";
  out.roles = {{"manager", "manager"}, {"social_worker", "practitioner"}};
  return out;
}

TEST_F(Config, processes_are_read_with_their_definitions_and_calendar_and_written_back) {
  EXPECT_EQ(parse_config(write_config(config_), dir_.path())->process_rules, nullptr);
  config_.processes = shipped_processes();
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_TRUE(read) << read.error().front().text();
  ASSERT_NE(read->process_rules, nullptr);
  EXPECT_TRUE(read->process_rules->definitions.find({"child-protection", "west-yorkshire", 1}));
  EXPECT_EQ(read->process_rules->roles.at("social_worker"), "practitioner");
  EXPECT_TRUE(read->process_rules->calendar.holiday({2026, 12, 25}));
  EXPECT_EQ(write_config(*read), write_config(config_));
}

TEST_F(Config, every_mistake_about_processes_is_told_at_once_with_its_line) {
  const auto bundle = read_bundle(source_tree() / "config-examples/policies/west-yorkshire");
  ASSERT_TRUE(bundle);
  const auto faults = [&](const ProcessesConfig& processes) {
    config_.processes = processes;
    auto read = parse_config(write_config(config_), dir_.path(), [&](const auto&) { return &(*bundle)->vocabulary; });
    std::string out;
    if (!read)
      for (const Error& error : read.error()) out += error.text() + "\n";
    return out;
  };
  EXPECT_EQ(faults(shipped_processes()), "");
  ProcessesConfig wrong = shipped_processes();
  wrong.definitions.push_back(std::filesystem::path(dir_.path()) / "gone.toml");
  wrong.roles = {{"social_worker", "operator"}, {"social_wrker", "practitioner"}};
  wrong.agency = "social_car";
  const std::string told = faults(wrong);
  for (const char* part :
       {"gone.toml", "which is no file", "`operator`", "`social_wrker`", "did you mean `social_worker`",
        "does not say who is `manager`", "`agency` of [processes] is none of the agencies", "line "})
    EXPECT_THAT(told, HasSubstr(part));
  // A fault of a definition names its own file and line.
  write("mine.toml", "id = \"mine\"\nauthority = 7\n");
  wrong = shipped_processes();
  wrong.definitions = {std::filesystem::path(dir_.path()) / "mine.toml"};
  EXPECT_THAT(faults(wrong), HasSubstr("mine.toml"));
  EXPECT_THAT(faults(wrong), HasSubstr("line 2"));
  // A step that would stand as a record of a kind that the vocabulary does not know.
  std::string shipped = content_of(shipped_processes().definitions.front());
  const std::string kind = "kind = \"strategy_discussion\"";
  shipped.replace(shipped.find(kind), kind.size(), "kind = \"strategy_discusion\"");
  write("mine.toml", shipped);
  EXPECT_THAT(faults(wrong), HasSubstr("did you mean `strategy_discussion`"));
  EXPECT_THAT(faults(wrong), HasSubstr("mine.toml"));
  // An invitation that nobody could read as one.
  std::string text = content_of(source_tree() / "config-examples/policies/vocabulary.toml");
  const std::string word = "id = \"process_invitation\"";
  text.replace(text.find(word), word.size(), "id = \"process_invitatoin\"");
  const auto without = Vocabulary::parse(text, "vocabulary.toml");
  ASSERT_TRUE(without);
  config_.processes = shipped_processes();
  auto unread = parse_config(write_config(config_), dir_.path(), [&](const auto&) { return &*without; });
  ASSERT_FALSE(unread);
  EXPECT_THAT(unread.error().front().text(), HasSubstr("did you mean `process_invitatoin`"));
  // The same definition twice: nobody could say which is followed.
  wrong = shipped_processes();
  wrong.definitions.push_back(wrong.definitions.front());
  EXPECT_THAT(faults(wrong), HasSubstr("cannot be used"));
}

TEST_F(Config, the_rotation_of_own_keys_is_read_and_must_fit_their_life) {
  config_.rotation = {200 * day_ms, 50, 10 * day_ms, 5 * day_ms};
  write("node.toml", write_config(config_));
  auto read = read_config(dir_.path());
  ASSERT_TRUE(read) << read.error().front().text();
  EXPECT_EQ(read->rotation.life_ms, 200 * day_ms);
  EXPECT_EQ(read->rotation.announce_percent, 50);
  EXPECT_EQ(read->rotation.announced_ms, 10 * day_ms);
  EXPECT_EQ(read->rotation.overlap_ms, 5 * day_ms);

  config_.rotation = {100 * day_ms, 90, 14 * day_ms, 7 * day_ms};
  write("node.toml", write_config(config_));
  read = read_config(dir_.path());
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().front().text().find("announce_percent"), std::string::npos);

  config_.rotation = {401 * day_ms, 60, 14 * day_ms, 7 * day_ms};
  write("node.toml", write_config(config_));
  EXPECT_FALSE(read_config(dir_.path()));
}

TEST_F(Config, the_test_issuer_of_heads_is_off_unless_it_is_asked_for) {
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->test_head_issuer);
  EXPECT_FALSE(read->in_shadow);
}

TEST_F(Config, a_clock_that_can_be_put_ahead_is_a_demonstrations_alone) {
  config_.clock_file = std::filesystem::path(dir_.path()) / "clock";
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_TRUE(read) << read.error().front().text();
  EXPECT_EQ(read->clock_file, config_.clock_file);

  config_.root_key = RootKeyMethod::passphrase;
  read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().front().why.find("`clock_file`"), std::string::npos) << read.error().front().why;
}

// "LINE: why" of each, in the order in which they are told.
std::vector<std::string> whys(const std::vector<Error>& errors) {
  std::vector<std::string> out;
  for (const Error& error : errors) {
    EXPECT_FALSE(error.remedy.empty()) << error.why;
    out.push_back(error.why);
  }
  return out;
}

TEST_F(Config, every_mistake_of_both_files_is_told_at_once_in_order_with_its_line) {
  write("trust.toml",
        "[[group]]\nname = \"authorities\"\nneeded = 2\n[group.trustees]\nleeds-csc = \"abcd\"\n"
        "[[group]]\nname = \"authorities\"\nneded = 1\n[group.trustees]\nPolice = 7\n");
  auto read = parse_config(R"(membr = "bradford-csc"
own_basis = 4
test_head_issuer = "yes"
[duty]
name = ""
[store]
keys = "store/ledger/keys"
map_gib = 0
[transport]
listen = "tcp://0.0.0.0:8441"
[https]
address = "127.0.0.1"
port = 8441
certificate = "tls/certificate.pem"
key = "tls/kee.pem"
[policy]
bundle = "policies"
[root_key]
method = "post-it"
file = "root.key"
[directory]
warn_days = 600
last_days = "180 days"
purposes_past_closed = ["transfer", 7, "transfer"]
[currency]
limit_days = 2
)",
                           dir_.path());
  ASSERT_FALSE(read);
  const std::vector<std::string> expected{
      "line 1: the configuration has no `member`",
      "line 1: `membr` is no setting of the configuration",
      "line 2: `own_basis` of the configuration is not of the right form",
      "line 3: `test_head_issuer` of the configuration is not of the right form",
      "line 4: [duty] has no `phone`",
      "line 5: `name` of [duty] is not of the right form",
      "line 7: `keys` of [store] and `ledger` share a folder, or one lies in the other",
      "line 8: `map_gib` of [store] is no whole number from 1 to 65536",
      "line 13: `port` of [https] is the port of `listen` too",
      "line 15: `key` of [https] names no file",
      "line 19: `post-it` is no way to unlock",
      "line 21: `closed_days` of [directory] is before `warn_days`",
      "line 23: `last_days` of [directory] is no whole number from 1 to 3650",
      "line 24: `purposes_past_closed` of [directory] is not of the right form",
      "line 24: `transfer` stands twice in `purposes_past_closed` of [directory]",
      "line 26: `limit_days` is no setting of [currency]",
      "line 3: `needed` of [[group]] is more than the group has trustees, so no list of members could ever be valid",
      "line 5: `leeds-csc` of [group.trustees] of `authorities` is no identity key",
      "line 6: [[group]] has no `needed`",
      "line 7: `name` of [[group]] is `authorities`, which names another group already",
      "line 8: `neded` is no setting of [[group]]",
      "line 10: `Police` of [group.trustees] of `authorities` is no member id",
      "line 10: `Police` of [group.trustees] of `authorities` is not of the right form",
  };
  const std::vector<std::string> told = whys(read.error());
  EXPECT_THAT(told, testing::UnorderedElementsAreArray(expected));
  const auto line_number = [](const std::string& why) { return std::atoi(why.c_str() + 5); };
  for (std::size_t i = 1; i < 16 && i < told.size(); ++i) EXPECT_LE(line_number(told[i - 1]), line_number(told[i]));
  for (std::size_t i = 0; i < told.size(); ++i)
    EXPECT_THAT(read.error()[i].what, HasSubstr(i < 16 ? "node.toml" : "trust.toml")) << told[i];
  EXPECT_EQ(read.error()[1].remedy, "did you mean `member`?");
  EXPECT_EQ(read.error()[15].remedy, "did you mean `limit_hours`?");
}

TEST_F(Config, words_are_looked_for_in_the_bundles_vocabulary) {
  auto vocabulary = Vocabulary::read(source_tree() / "config-examples/policies/vocabulary.toml");
  ASSERT_TRUE(vocabulary);
  const auto of = [&](const std::filesystem::path&) { return &*vocabulary; };
  EXPECT_TRUE(parse_config(write_config(config_), dir_.path(), of));
  config_.own_basis = "duty_to_share";  // known, and not in force
  config_.directory_rules.purposes_past_closed = {"child_protecton"};
  auto read = parse_config(write_config(config_), dir_.path(), of);
  ASSERT_FALSE(read);
  ASSERT_EQ(read.error().size(), 2u);
  EXPECT_THAT(read.error()[0].why, HasSubstr("`duty_to_share` is no legal basis in force"));
  EXPECT_THAT(read.error()[1].why, HasSubstr("`child_protecton` is no purpose in force"));
  EXPECT_EQ(read.error()[1].remedy, "did you mean `child_protection`?");
  EXPECT_TRUE(parse_config(write_config(config_), dir_.path())) << "without a vocabulary only forms are checked";
}

TEST_F(Config, a_start_tells_the_mistakes_of_node_trust_bundle_vocabulary_and_policies_together) {
  write("node.toml", write_config(config_) + "\n[currensy]\n");
  write("trust.toml", "[[group]]\n");
  write("policies/bundle.toml",
        "name = \"a\"\nversion = 1\nvocabulary = \"v.toml\"\npolicies = [\"p.cedar\", \"q.cedar\"]\n");
  write("policies/v.toml", "[[purpose]]\nid = \"a\"\n");
  write("policies/p.cedar", "permit (principal, action resource);\n");
  auto read = read_start(dir_.path());
  ASSERT_FALSE(read);
  std::string all;
  for (const Error& error : read.error()) {
    EXPECT_EQ(exit_code_for(error), ExitCode::usage) << error.code;
    all += error.text() + "\n";
  }
  for (const char* mistake :
       {"`currensy` is no setting", "[[group]] has no `name`", "bundle.toml:4: cannot open `q.cedar`",
        "v.toml:1: [[purpose]] has no `title`", "p.cedar:1:"})
    EXPECT_THAT(all, HasSubstr(mistake));
}

TEST_F(Config, a_credential_stands_instead_of_a_file) {
  config_.root_key = RootKeyMethod::systemd_credential;
  config_.root_key_credential = "ginnel-root-key";
  config_.root_key_file.clear();
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_TRUE(read) << read.error().front().text();
  EXPECT_EQ(read->root_key, RootKeyMethod::systemd_credential);
  EXPECT_EQ(read->root_key_credential, "ginnel-root-key");
  config_.root_key_credential = "../shadow";
  read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().why, HasSubstr("is no name of a credential"));
}

TEST_F(Config, an_endpoint_needs_an_address_and_a_port_that_can_be) {
  for (const char* bad : {"127.0.0.1:7441", "tcp://:7441", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:0",
                          "tcp://127.0.0.1:65536", "tcp://127.0.0.1:74x", "udp://127.0.0.1:7441"}) {
    config_.listen = bad;
    auto read = parse_config(write_config(config_), dir_.path());
    ASSERT_FALSE(read) << bad;
    EXPECT_THAT(read.error().front().why, HasSubstr("is no endpoint")) << bad;
  }
}

TEST_F(Config, a_file_that_is_not_there_is_a_mistake) {
  std::filesystem::remove(std::filesystem::path(dir_.path()) / "tls/key.pem");
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().text(), HasSubstr("tls/key.pem"));
  EXPECT_THAT(read.error().front().remedy, HasSubstr("correct the path"));
}

TEST_F(Config, a_path_that_no_file_can_have_is_a_mistake_like_any_other) {
  for (const std::string& path : {std::string(300, 'x'), std::string(5000, 'x'), std::string("/proc/1/fd/a/b")}) {
    config_.https.key = path;
    config_.policies = path;
    auto read = parse_config(write_config(config_), dir_.path());
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().size(), 2u) << path.size();
    EXPECT_FALSE(read_bundle(path));
  }
}

TEST_F(Config, a_sealed_bundle_is_named_itself_or_takes_the_place_of_the_folder_beside_it) {
  const std::filesystem::path dir(dir_.path());
  EXPECT_EQ(parse_config(write_config(config_), dir_.path())->policies, dir / "policies");
  write("policies.bundle", "x");
  EXPECT_EQ(parse_config(write_config(config_), dir_.path())->policies, dir / "policies.bundle");
  config_.policies = dir / "policies.bundle";
  write("policies.bundle.bundle", "x");
  EXPECT_EQ(parse_config(write_config(config_), dir_.path())->policies, dir / "policies.bundle");
  std::filesystem::remove(dir / "policies.bundle");
  std::filesystem::remove(dir / "policies.bundle.bundle");
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().remedy, HasSubstr("ginnel policy adopt"));
}

TEST_F(Config, ledger_and_keys_cannot_share_a_folder) {
  config_.keys_dir = config_.ledger_dir;
  auto read = parse_config(write_config(config_), dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().why, HasSubstr("share a folder"));
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

TEST_F(Config, no_letter_outside_ascii_reaches_the_toml_reader) {
  auto read = parse_config("m\xc3\xa4mber = 1\n", dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().why, HasSubstr("line 1: there is a letter outside ASCII"));
}

}  // namespace
}  // namespace ginnel
