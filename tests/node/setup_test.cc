// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>

#include "federation/base/crypto/password.h"
#include "node/people/session.h"
#include "node/setup/accounts.h"
#include "node/setup/data_to.h"
#include "node/setup/init_node.h"
#include "node/setup/open_store.h"
#include "node/setup/own_keys.h"
#include "node/setup/private_file.h"
#include "node/setup/source_states.h"
#include "node/store/memory_kv.h"
#include "tests/node/temp_directory.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

const Instant set_up_at{1'795'000'000'000};

class Setup : public testing::Test {
 protected:
  Setup() {
    EXPECT_TRUE(Store::create(*ledger_, *keys_, root_, random_, *MemberId::parse("bradford-csc"), 1, set_up_at));
    reopen();
  }
  void reopen() {
    store_.reset();
    auto opened = Store::open(*ledger_, *keys_, root_, random_);
    ASSERT_TRUE(opened) << opened.error().text();
    store_ = std::move(*opened);
  }
  template <class Write>
  void in_turn(Write write) {
    auto turn = store_->begin(set_up_at);
    ASSERT_TRUE(turn) << turn.error().text();
    write(**turn);
    ASSERT_TRUE((*turn)->commit());
  }
  std::unique_ptr<Snapshot> now() { return std::move(*store_->snapshot()); }

  SeededRandom random_{7};
  SecretKey root_ = SecretKey::make(random_);
  std::unique_ptr<Kv> ledger_ = std::make_unique<MemoryKv>(), keys_ = std::make_unique<MemoryKv>();
  std::unique_ptr<Store> store_;
};

NewUser social_worker() { return {"s.worker", "S. Worker", "practitioner", "Keighley locality", "$argon2id$..."}; }

TEST_F(Setup, own_keys_come_back_after_a_restart) {
  OwnKeys made = OwnKeys::make(random_);
  made.statement_number = 3;
  in_turn([&](Turn& turn) { EXPECT_TRUE(put_own_keys(turn, made)); });
  reopen();
  auto loaded = load_own_keys(*now());
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->identity.seed, made.identity.seed);
  EXPECT_EQ(loaded->identity.public_key, made.identity.public_key);
  EXPECT_EQ(loaded->signing.public_key, made.signing.public_key);
  EXPECT_EQ(loaded->curve.public_key, made.curve.public_key);
  EXPECT_EQ(loaded->statement_number, 3u);
}

TEST_F(Setup, a_store_without_own_keys_says_that_its_setting_up_was_not_finished) {
  auto loaded = load_own_keys(*now());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, "no-own-keys");
}

TEST_F(Setup, the_federations_documents_come_back_and_a_statement_can_be_replaced) {
  auto leeds = *MemberId::parse("leeds-csc");
  in_turn([&](Turn& turn) {
    EXPECT_TRUE(put_directory(turn, view_of("first")));
    EXPECT_TRUE(put_directory(turn, view_of("directory")));
    EXPECT_TRUE(put_statement(turn, leeds, 1, view_of("one")));
    EXPECT_TRUE(put_statement(turn, leeds, 2, view_of("two")));
    EXPECT_TRUE(erase_statement(turn, leeds, 1));
  });
  auto documents = load_federation_documents(*now());
  ASSERT_TRUE(documents);
  EXPECT_EQ(text_of(documents->directory), "directory");
  ASSERT_EQ(documents->statements.size(), 1u);
  EXPECT_EQ(text_of(documents->statements[0]), "two");
}

TEST_F(Setup, how_far_the_data_goes_is_kept) {
  EXPECT_FALSE(load_data_to(*now())->is_set());
  in_turn([&](Turn& turn) { EXPECT_TRUE(put_data_to(turn, set_up_at)); });
  EXPECT_EQ(*load_data_to(*now()), set_up_at);
}

TEST_F(Setup, a_source_is_quarantined_until_its_next_good_import) {
  const SourceIdentity source{"case-system", {}, {"Dana Owner", "data team", "01632 960100"}, false};
  const auto after = [&](std::vector<SourceState> states, Instant now, std::optional<Error> problem,
                         std::optional<Instant> told = {}) {
    return with_outcome(std::move(states), {source, "persons.csv", now, told, std::move(problem)});
  };
  auto states = after({}, set_up_at, {});
  EXPECT_EQ(states.at(0).data_to, set_up_at);
  states = after(states, set_up_at + hour_ms, Error{"cut-file", "cannot import persons.csv", "it is cut", ""});
  ASSERT_EQ(states.size(), 1u);
  EXPECT_EQ(states[0].data_to, set_up_at) << "what was not read to its end is known up to the last good import only";
  EXPECT_EQ(states[0].quarantined, set_up_at + hour_ms);
  EXPECT_EQ(
      quarantine_words(states[0]),
      "the source `case-system` is quarantined: cannot import persons.csv: it is cut; tell Dana Owner, 01632 960100");
  in_turn([&](Turn& turn) { EXPECT_TRUE(put_source_states(turn, states)); });
  EXPECT_EQ(load_source_states(*now()).value(), states);
  states = after(states, set_up_at + 2 * hour_ms, {});
  EXPECT_FALSE(states[0].quarantined.is_set());
  EXPECT_EQ(states[0].data_to, set_up_at + 2 * hour_ms);
  EXPECT_EQ(after({}, set_up_at, {}, set_up_at + day_ms)[0].data_to, set_up_at) << "no file tells of days to come";
}

TEST_F(Setup, an_added_user_has_a_token_that_opens_a_session) {
  AddedUser added;
  in_turn([&](Turn& turn) {
    auto result = add_user(turn, social_worker(), random_);
    ASSERT_TRUE(result) << result.error().text();
    added = *result;
  });
  auto reader = now();
  auto account = load_account(*reader, "s.worker");
  ASSERT_TRUE(account && *account);
  EXPECT_EQ((*account)->display_name, "S. Worker");
  EXPECT_EQ((*account)->id, added.account.id);
  auto session = load_session(*reader, added.api_token.token, set_up_at);
  ASSERT_TRUE(session && *session);
  EXPECT_EQ((*session)->role, "practitioner");
  EXPECT_EQ((*session)->token, "");
  EXPECT_FALSE(*load_session(*reader, added.api_token.token, set_up_at + 366 * day_ms));
  EXPECT_FALSE(*load_session(*reader, "guess", set_up_at));
}

TEST_F(Setup, the_same_name_twice_is_refused_and_changes_nothing) {
  in_turn([&](Turn& turn) { EXPECT_TRUE(add_user(turn, social_worker(), random_)); });
  in_turn([&](Turn& turn) {
    NewUser other = social_worker();
    other.role = "manager";
    auto result = add_user(turn, other, random_);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "user-exists");
  });
  EXPECT_EQ((*load_account(*now(), "s.worker"))->role, "practitioner");
  EXPECT_EQ(load_accounts(*now())->size(), 1u);
}

TEST_F(Setup, disabling_an_account_ends_its_token_at_once) {
  AddedUser added;
  in_turn([&](Turn& turn) { added = *add_user(turn, social_worker(), random_); });
  added.account.disabled = true;
  in_turn([&](Turn& turn) { EXPECT_TRUE(put_account(turn, added.account)); });
  EXPECT_FALSE(*load_session(*now(), added.api_token.token, set_up_at));
}

TEST_F(Setup, a_closed_session_is_gone) {
  AddedUser added;
  Session session;
  in_turn([&](Turn& turn) {
    added = *add_user(turn, social_worker(), random_);
    session = make_session(added.account, random_, set_up_at);
    EXPECT_TRUE(put_session(turn, session));
  });
  EXPECT_TRUE(*load_session(*now(), session.token, set_up_at));
  in_turn([&](Turn& turn) { EXPECT_TRUE(erase_session(turn, session.token)); });
  EXPECT_FALSE(*load_session(*now(), session.token, set_up_at));
  EXPECT_TRUE(*load_session(*now(), added.api_token.token, set_up_at));
}

class InitNode : public testing::Test {
 protected:
  InitNode() {
    init_.keys = OwnKeys::make(*random_);
    NodeConfig& config = init_.config;
    config.dir = std::filesystem::path(dir_.path()) / "node";
    config.member = *MemberId::parse("bradford-csc");
    config.duty = {"Front door", "", "", "01632 960001", ""};
    config.own_basis = "public_task";
    config.ledger_dir = config.dir / "store/ledger";
    config.keys_dir = config.dir / "store/keys";
    config.map_bytes = std::size_t{1} << 30;
    config.listen = "tcp://127.0.0.1:7441";
    config.https = {"127.0.0.1", 8441, config.dir / "tls/certificate.pem", config.dir / "tls/key.pem"};
    config.policies = config.dir / "policies/west-yorkshire";
    TrusteeGroup group{"authorities", 1, {}};
    group.trustees[config.member] = init_.keys.identity.public_key;
    config.trust.rule.push_back(group);
    config.root_key = RootKeyMethod::demo_file;
    config.root_key_file = config.dir / "root-key.json";
    init_.policies_from = source_tree() / "config-examples/policies";
    init_.certificate_pem = "certificate";
    init_.certificate_key_pem = "the private key of the certificate";
    init_.users = {{"s.worker", "S. Worker", "practitioner", "", "$argon2id$..."}};
    init_.statements.push_back(make_statement(config.member, init_.keys, config.listen, clock_->now()));
  }

  TempDirectory dir_;
  std::unique_ptr<Clock> clock_ = system_clock();
  std::unique_ptr<Random> random_ = system_random();
  NodeInit init_;
};

TEST_F(InitNode, what_was_set_up_can_be_read_unlocked_and_opened) {
  auto users = init_node(init_, *clock_, *random_);
  ASSERT_TRUE(users) << users.error().text();
  ASSERT_EQ(users->size(), 1u);
  auto config = read_config(init_.config.dir);
  ASSERT_TRUE(config) << config.error().front().text();
  auto root = unlock(*config, {});
  ASSERT_TRUE(root) << root.error().text();
  auto opened = open_store(*config, root->key, *random_);
  ASSERT_TRUE(opened) << opened.error().text();
  auto snapshot = opened->store->snapshot();
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(load_own_keys(**snapshot)->identity.public_key, init_.keys.identity.public_key);
  EXPECT_EQ(load_federation_documents(**snapshot)->statements.size(), 1u);
  EXPECT_TRUE(*load_session(**snapshot, (*users)[0].api_token.token, clock_->now()));
}

TEST_F(InitNode, no_file_but_the_root_keys_holds_a_private_key_and_secrets_are_for_their_owner_only) {
  ASSERT_TRUE(init_node(init_, *clock_, *random_));
  auto raw = [](const SecretKey& key) { return std::string(text_of(key.bytes())); };
  for (const auto& entry : fs::recursive_directory_iterator(init_.config.dir)) {
    if (!entry.is_regular_file()) continue;
    std::string content = content_of(entry.path());
    for (const SecretKey& key : {init_.keys.identity.seed, init_.keys.signing.seed, init_.keys.curve.secret}) {
      EXPECT_EQ(content.find(raw(key)), std::string::npos) << entry.path();
      EXPECT_EQ(content.find(to_hex(key.bytes())), std::string::npos) << entry.path();
    }
  }
  for (const fs::path& secret : {init_.config.root_key_file, init_.config.https.key})
    EXPECT_EQ(fs::status(secret).permissions(), fs::perms::owner_read | fs::perms::owner_write) << secret;
}

TEST_F(InitNode, a_folder_with_a_node_in_it_is_left_alone) {
  ASSERT_TRUE(init_node(init_, *clock_, *random_));
  std::string before = content_of(init_.config.root_key_file);
  auto again = init_node(init_, *clock_, *random_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "node-exists");
  EXPECT_EQ(content_of(init_.config.root_key_file), before);
}

TEST_F(InitNode, a_start_that_failed_leaves_no_node_behind) {
  init_.users.push_back(init_.users[0]);  // the same name twice
  ASSERT_FALSE(init_node(init_, *clock_, *random_));
  EXPECT_FALSE(fs::exists(init_.config.dir / "node.toml"));
}

TEST_F(InitNode, without_a_root_key_nothing_is_left_behind_and_another_try_works) {
  init_.config.root_key = RootKeyMethod::passphrase;
  init_.ask_secret = [](Secret) { return Expected<std::string>("short"); };
  EXPECT_EQ(init_node(init_, *clock_, *random_).error().code, "weak-passphrase");
  EXPECT_TRUE(fs::is_empty(init_.config.dir));
  init_.ask_secret = [](Secret) { return Expected<std::string>("correct barley lantern moor"); };
  EXPECT_TRUE(init_node(init_, *clock_, *random_));
}

TEST_F(InitNode, a_passphrase_opens_what_it_made_and_another_does_not) {
  init_.config.root_key = RootKeyMethod::passphrase;
  init_.ask_secret = [](Secret) { return Expected<std::string>("correct barley lantern moor"); };
  ASSERT_TRUE(init_node(init_, *clock_, *random_));
  auto config = read_config(init_.config.dir);
  ASSERT_TRUE(config);
  EXPECT_TRUE(unlock(*config, init_.ask_secret));
  EXPECT_FALSE(unlock(*config, [](Secret) { return Expected<std::string>("wrong barley lantern moor"); }));
}

TEST_F(InitNode, two_of_three_shares_open_what_it_made_and_lie_nowhere_in_its_folder) {
  TempDirectory shares;
  init_.config.root_key = RootKeyMethod::key_shares;
  init_.shares_to = shares.path();
  ASSERT_TRUE(init_node(init_, *clock_, *random_));
  auto config = read_config(init_.config.dir);
  ASSERT_TRUE(config) << config.error().front().text();
  EXPECT_EQ(config->root_key, RootKeyMethod::key_shares);
  const auto with = [&](const char* one, const char* other) {
    return unlock(*config, [&](Secret which) -> Expected<std::string> {
      return content_of(fs::path(shares.path()) / (which == Secret::first_share ? one : other));
    });
  };
  for (auto [one, other] : {std::pair{"share-1", "share-2"}, {"share-3", "share-2"}, {"share-1", "share-3"}}) {
    auto root = with(one, other);
    ASSERT_TRUE(root) << root.error().text();
    EXPECT_TRUE(open_store(*config, root->key, *random_));
  }
  EXPECT_EQ(with("share-1", "share-1").error().code, "bad-share");
  for (const char* name : {"share-1", "share-2", "share-3"}) {
    const fs::path file = fs::path(shares.path()) / name;
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    const std::string value = content_of(file).substr(34, 64);
    for (const auto& entry : fs::recursive_directory_iterator(init_.config.dir))
      if (entry.is_regular_file()) {
        EXPECT_EQ(content_of(entry.path()).find(value), std::string::npos) << entry.path();
      }
  }
}

TEST(PrivateFile, a_replaced_file_is_never_half_there) {
  TempDirectory dir;
  fs::path file = std::filesystem::path(dir.path()) / "f";
  ASSERT_TRUE(write_file(file, "first"));
  ASSERT_TRUE(write_private_file(file, "second"));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()), 1);
  EXPECT_FALSE(write_file(std::filesystem::path(dir.path()) / "missing" / "f", "x"));
}

}  // namespace
}  // namespace ginnel
