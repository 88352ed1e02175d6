// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/directory.h"

#include <gtest/gtest.h>

#include <limits>

#include "federation/wire/limits.h"
#include "tests/federation/members.h"

namespace ginnel {
namespace {

using samples::member;
using samples::noon;
using Names = std::vector<std::string>;

class DirectoryTest : public testing::Test {
 protected:
  std::string adopt(const Bytes& signed_directory, Instant now = noon) {
    auto adopted = book.adopt(signed_directory, now);
    if (!adopted) return adopted.error().code;
    return *adopted ? "adopted" : "held already";
  }
  std::string adopt_signed_by(const Names& signers) { return adopt(members.sign_directory(signers)); }
  std::string add(const KeyStatement& statement) {
    auto added = book.add_statement(members.sign_statement(statement));
    if (!added) return added.error().code;
    return *added ? "added" : "held already";
  }
  void adopt_next_version() {
    ++members.directory.version;
    ASSERT_EQ(adopt_signed_by(members.enough_signers()), "adopted");
  }

  samples::Members members;
  DirectoryBook book{members.anchor, {}};
};

TEST_F(DirectoryTest, three_authorities_the_police_and_the_board_make_it_valid) {
  EXPECT_EQ(adopt_signed_by({"bradford-csc", "leeds-csc", "wakefield-csc", "wy-police", "wy-icb"}), "adopted");
  EXPECT_EQ(*book.directory(), members.directory);
}

TEST_F(DirectoryTest, no_fewer_will_do) {
  for (const Names& signers :
       std::vector<Names>{{},
                          {"bradford-csc", "leeds-csc", "wy-police", "wy-icb"},
                          {"bradford-csc", "leeds-csc", "wakefield-csc", "kirklees-csc", "calderdale-csc", "wy-icb"},
                          {"bradford-csc", "leeds-csc", "wakefield-csc", "kirklees-csc", "calderdale-csc", "wy-police"},
                          {"bradford-csc", "bradford-csc", "bradford-csc", "wy-police", "wy-icb"},
                          {"bradford-csc", "leeds-csc", "bfd-hospital", "wy-police", "wy-icb"}})
    EXPECT_EQ(adopt_signed_by(signers), "too-few-endorsements");
  EXPECT_EQ(book.directory(), nullptr);
}

TEST_F(DirectoryTest, an_endorsement_by_another_key_or_of_another_document_counts_for_nothing) {
  SignedDirectory value{encode_directory(members.directory), {}};
  for (const auto& name : members.enough_signers())
    value.endorsements.push_back(endorse(value.bytes, member(name), members.keys("bfd-hospital").identity));
  EXPECT_EQ(adopt(encode_signed_directory(value)), "too-few-endorsements");

  auto good = decode_signed_directory(members.sign_directory(members.enough_signers())).value();
  ++members.directory.version;
  good.bytes = encode_directory(members.directory);
  EXPECT_EQ(adopt(encode_signed_directory(good)), "too-few-endorsements");
}

TEST_F(DirectoryTest, an_anchor_that_anybody_satisfies_is_refused) {
  members.directory.rule = {};
  DirectoryBook trusting(TrustAnchor{}, {});
  EXPECT_FALSE(trusting.adopt(members.sign_directory({}), noon));
  EXPECT_FALSE(check_endorsements({encode_directory(members.directory), {}}, {}));
  TrustAnchor nobody = members.anchor;
  nobody.rule[0].needed = 0;
  EXPECT_EQ(nobody.check().error().code, "bad-anchor");
  TrustAnchor impossible = members.anchor;
  impossible.rule[1].needed = 2;
  EXPECT_EQ(impossible.check().error().code, "bad-anchor");
  TrustAnchor twice = members.anchor;
  twice.rule[1].trustees.begin()->second = twice.rule[2].trustees.begin()->second;
  EXPECT_EQ(twice.check().error().code, "bad-anchor");
  EXPECT_TRUE(members.anchor.check());
}

TEST_F(DirectoryTest, a_document_cannot_bring_its_own_rule) {
  members.directory.rule = {{"me", 1, {{member("bfd-hospital"), members.keys("bfd-hospital").identity.public_key}}}};
  EXPECT_EQ(adopt_signed_by({"bfd-hospital"}), "trustee-rule-differs");
}

TEST_F(DirectoryTest, the_highest_version_is_kept_and_an_older_one_refused) {
  const Bytes first = members.sign_directory(members.enough_signers());
  EXPECT_EQ(adopt(first), "adopted");
  EXPECT_EQ(adopt(first), "held already");
  adopt_next_version();
  EXPECT_EQ(adopt(first), "older-directory");
  EXPECT_EQ(book.version(), 2u);
}

TEST_F(DirectoryTest, two_documents_of_one_version_are_an_alarm) {
  EXPECT_EQ(adopt_signed_by(members.enough_signers()), "adopted");
  const Directory held = *book.directory();
  members.entry("bfd-hospital").name = "another name";
  EXPECT_EQ(adopt_signed_by(members.enough_signers()), "directory-conflict");
  EXPECT_EQ(*book.directory(), held);
}

TEST_F(DirectoryTest, a_document_from_the_future_is_refused) {
  members.directory.issued_at = noon + day_ms + 1;
  EXPECT_EQ(adopt_signed_by(members.enough_signers()), "directory-from-future");
}

TEST_F(DirectoryTest, malformed_documents_are_refused) {
  const auto refused = [&](auto change) {
    samples::Members other;
    change(other);
    const auto adopted = DirectoryBook(other.anchor, {}).adopt(other.sign_directory(other.enough_signers()), noon);
    ASSERT_FALSE(adopted);
    EXPECT_EQ(adopted.error().code, "bad-directory");
  };
  refused([](auto& other) { other.directory.version = 0; });
  refused([](auto& other) { other.directory.issued_at = {}; });
  refused([](auto& other) { std::swap(other.directory.members[0], other.directory.members[1]); });
  refused([](auto& other) { other.directory.members[1] = other.directory.members[0]; });
  refused([](auto& other) { other.directory.members[1].identity_key = other.directory.members[0].identity_key; });
  refused([](auto& other) { other.directory.members[1].identity_key = {}; });
  refused([](auto& other) { other.directory.members[1].duty.phone = ""; });
  refused([](auto& other) { other.directory.members[1].duty.hours = std::string(200, 'h'); });
  refused([](auto& other) { other.directory.members[1].name = ""; });
  refused([](auto& other) { other.directory.members[1].kind = "two words"; });
  const Bytes good = members.sign_directory(members.enough_signers());
  for (std::size_t size = 0; size < good.size(); size += 5)
    EXPECT_FALSE(book.adopt(ByteView(good).first(size), noon)) << size;
}

TEST_F(DirectoryTest, standing_follows_the_directorys_age) {
  DirectoryRules rules;
  rules.purposes_past_closed = {"police_protection"};
  book = members.book(rules);
  const Instant issued = members.directory.issued_at;
  const auto hospital = member("bfd-hospital");
  const auto expect = [&](std::int64_t days, DirectoryAge age, Standing ordinary, Standing urgent) {
    const Instant now = issued + days * day_ms + 1;
    EXPECT_EQ(book.age(now), age) << days;
    EXPECT_EQ(book.standing(hospital, "early_help", now), ordinary) << days;
    EXPECT_EQ(book.standing(hospital, "police_protection", now), urgent) << days;
    EXPECT_EQ(book.standing(hospital, now), urgent) << days;
  };
  expect(0, DirectoryAge::fresh, Standing::good, Standing::good);
  expect(59, DirectoryAge::fresh, Standing::good, Standing::good);
  expect(60, DirectoryAge::warn, Standing::good, Standing::good);
  expect(90, DirectoryAge::closed, Standing::directory_too_old, Standing::good_with_banner);
  expect(180, DirectoryAge::past_last, Standing::directory_too_old, Standing::directory_too_old);
  EXPECT_EQ(DirectoryBook(members.anchor, rules).standing(hospital, noon), Standing::no_directory);
}

TEST_F(DirectoryTest, without_rules_no_purpose_outlives_the_directory) {
  book = members.book();
  const Instant late = members.directory.issued_at + 91 * day_ms;
  EXPECT_EQ(book.standing(member("wy-police"), late), Standing::directory_too_old);
  EXPECT_EQ(book.standing(member("wy-police"), "", late), Standing::directory_too_old);
}

TEST_F(DirectoryTest, standing_names_who_is_not_heard_and_why) {
  book = members.book();
  EXPECT_EQ(book.standing(member("york-csc"), noon), Standing::unknown_member);
  book.suspend(member("leeds-csc"));
  EXPECT_EQ(book.standing(member("leeds-csc"), noon), Standing::suspended);
  members.entry("wy-police").suspended_since = noon;
  members.entry("bfd-hospital").revoked_since = noon;
  adopt_next_version();
  EXPECT_EQ(book.standing(member("wy-police"), noon), Standing::suspended);
  EXPECT_EQ(book.standing(member("bfd-hospital"), noon), Standing::revoked);
  EXPECT_EQ(book.standing(member("wakefield-csc"), noon + 301 * day_ms), Standing::no_keys);
}

TEST_F(DirectoryTest, peers_are_those_who_may_be_heard) {
  book = members.book();
  book.suspend(member("leeds-csc"));
  members.entry("wy-police").revoked_since = noon;
  adopt_next_version();
  std::set<std::string> names;
  for (const auto& peer : book.peers(member("bradford-csc"), noon)) names.insert(peer.id.text());
  EXPECT_EQ(names, (std::set<std::string>{"bfd-hospital", "calderdale-csc", "kirklees-csc", "wakefield-csc"}));
}

TEST_F(DirectoryTest, only_the_identity_key_states_keys) {
  EXPECT_EQ(adopt_signed_by(members.enough_signers()), "adopted");
  const KeyStatement statement = members.statement("leeds-csc");
  auto forged = book.add_statement(sign_key_statement(statement, members.keys("wy-police").identity));
  EXPECT_EQ(forged.error().code, "bad-signature");
  forged = book.add_statement(sign_key_statement(statement, members.keys("leeds-csc").signing));
  EXPECT_EQ(forged.error().code, "bad-signature");
  EXPECT_EQ(add(statement), "added");
  EXPECT_EQ(add(statement), "held already");
}

TEST_F(DirectoryTest, statements_of_nobody_and_of_the_revoked_are_refused) {
  KeyStatement statement = members.statement("leeds-csc");
  EXPECT_EQ(add(statement), "unknown-member");
  members.entry("leeds-csc").revoked_since = noon;
  EXPECT_EQ(adopt_signed_by(members.enough_signers()), "adopted");
  EXPECT_EQ(add(statement), "revoked");
}

TEST_F(DirectoryTest, statements_only_go_forward) {
  book = members.book();
  KeyStatement third = members.statement("leeds-csc", 3);
  third.incarnation = 2;
  EXPECT_EQ(add(third), "added");
  EXPECT_EQ(add(members.statement("leeds-csc", 2)), "older-statement");
  KeyStatement fourth = members.statement("leeds-csc", 4);
  EXPECT_EQ(add(fourth), "older-incarnation");
  KeyStatement other_third = third;
  other_third.endpoints = {"tcp://127.0.0.1:2"};
  EXPECT_EQ(add(other_third), "statement-conflict");
  EXPECT_EQ(*book.newest_statement(member("leeds-csc")), third);
}

TEST_F(DirectoryTest, nobody_states_another_members_key) {
  book = members.book();
  KeyStatement thief = members.statement("bfd-hospital", 2);
  thief.curve_key = members.keys("leeds-csc").curve.public_key;
  EXPECT_EQ(add(thief), "key-in-use");
  thief.curve_key = members.keys("bfd-hospital").curve.public_key;
  thief.signing_key = members.keys("leeds-csc").signing.public_key;
  EXPECT_EQ(add(thief), "key-in-use");
}

TEST_F(DirectoryTest, malformed_statements_are_refused) {
  book = members.book();
  const auto refused = [&](auto change) {
    KeyStatement statement = members.statement("leeds-csc", 2);
    change(statement);
    EXPECT_EQ(add(statement), "bad-key-statement");
  };
  refused([](auto& s) { s.number = 0, s.supersedes = 0; });
  refused([](auto& s) { s.supersedes = 2; });
  refused([](auto& s) { s.signing_key = {}; });
  refused([](auto& s) { s.curve_key = {}; });
  refused([](auto& s) { s.oprf_key = Bytes(31, 1); });
  refused([](auto& s) { s.endpoints = {"ipc:///tmp/x"}; });
  refused([](auto& s) { s.endpoints = Names(9, "tcp://127.0.0.1:1"); });
  refused([](auto& s) { s.incarnation = 0; });
  refused([](auto& s) { s.valid_until = s.valid_from; });
  refused([](auto& s) { s.valid_until = s.valid_from + 401 * day_ms; });
  // Times whose difference fits no number; found by directory_fuzz.
  refused([](auto& s) { s.valid_from.ms = std::numeric_limits<std::int64_t>::min(); });
  refused([](auto& s) { s.valid_from.ms = -2, s.valid_until.ms = std::numeric_limits<std::int64_t>::max(); });
  refused([](auto& s) { s.valid_until.ms = std::numeric_limits<std::int64_t>::min(); });
}

TEST_F(DirectoryTest, keys_overlap_while_they_rotate) {
  book = members.book();
  KeyStatement next = members.statement("leeds-csc", 2);
  SeededRandom random(8);
  next.curve_key = CurveKey::make(random).public_key;
  next.valid_from = noon + hour_ms;
  next.superseded_until = noon + 2 * hour_ms;
  EXPECT_EQ(add(next), "added");
  const auto leeds = member("leeds-csc");
  const auto peer = [&](Instant now) {
    for (const auto& out : book.peers(member("bradford-csc"), now))
      if (out.id == leeds) return out;
    return PeerKeys{};
  };
  const PublicKey old_key = members.keys("leeds-csc").curve.public_key;
  EXPECT_EQ(peer(noon).server_key, old_key);
  EXPECT_EQ(peer(noon).client_keys, std::vector{old_key});
  EXPECT_EQ(peer(noon + hour_ms).server_key, next.curve_key);
  EXPECT_EQ(peer(noon + hour_ms).client_keys, (std::vector{next.curve_key, old_key}));
  EXPECT_EQ(peer(noon + 2 * hour_ms).client_keys, std::vector{next.curve_key});
  EXPECT_EQ(book.statement(leeds, 1, noon + 2 * hour_ms), nullptr);
  EXPECT_EQ(book.statement(leeds, 7, noon), nullptr);
}

TEST_F(DirectoryTest, a_new_identity_key_makes_a_members_old_statements_void) {
  book = members.book();
  SeededRandom random(77);
  members.keys("leeds-csc").identity = SigningKey::make(random);
  members.entry("leeds-csc").identity_key = members.keys("leeds-csc").identity.public_key;
  // The trustee keys of the anchor stay: Leeds signs no directory until the anchors change.
  ++members.directory.version;
  ASSERT_EQ(adopt_signed_by({"bradford-csc", "kirklees-csc", "wakefield-csc", "wy-police", "wy-icb"}), "adopted");
  EXPECT_EQ(book.newest_statement(member("leeds-csc")), nullptr);
  EXPECT_NE(book.newest_statement(member("wy-police")), nullptr);
}

TEST_F(DirectoryTest, a_book_is_the_same_after_a_restart) {
  book = members.book();
  KeyStatement next = members.statement("leeds-csc", 2);
  EXPECT_EQ(add(next), "added");
  DirectoryBook again(members.anchor, {});
  ASSERT_TRUE(again.adopt(book.signed_directory(), noon));
  for (const auto& statement : book.signed_statements()) ASSERT_TRUE(again.add_statement(statement));
  EXPECT_EQ(again.peers(member("wy-icb"), noon), book.peers(member("wy-icb"), noon));
  EXPECT_EQ(again.signed_statements(), book.signed_statements());
}

TEST(DirectoryParts, a_long_directory_travels_in_parts_and_comes_together) {
  samples::Members members;
  for (int i = 0; i < 3000; ++i) members.add("school-" + std::to_string(10'000 + i), "education");
  const Bytes whole = members.sign_directory(members.enough_signers());
  ASSERT_GT(whole.size(), 2 * limits::directory_part_bytes_max);
  const auto parts = split_directory(1, whole);
  DirectoryAssembly assembly;
  for (std::size_t i = parts.size() - 1; i > 0; --i) {
    const Bytes payload = encode_directory_part(parts[i]);
    EXPECT_LE(payload.size(), limits::payload_bytes_max);
    EXPECT_FALSE(assembly.add(decode_directory_part(payload).value()));
    EXPECT_FALSE(assembly.add(parts[i])) << "a part twice completes nothing";
  }
  auto together = assembly.add(parts[0]);
  ASSERT_TRUE(together);
  EXPECT_EQ(*together, whole);
  DirectoryBook book(members.anchor, {});
  EXPECT_TRUE(book.adopt(*together, noon).value());
}

TEST(DirectoryParts, a_part_that_lies_makes_no_directory) {
  const Bytes whole(400'000, 7);
  auto parts = split_directory(5, whole);
  DirectoryAssembly assembly;
  parts[1].bytes[0] ^= 1;
  for (const auto& part : parts) EXPECT_FALSE(assembly.add(part));
  parts = split_directory(5, whole);
  std::optional<Bytes> together;
  for (const auto& part : parts) together = assembly.add(part);
  EXPECT_EQ(together, whole);
  auto older = split_directory(4, whole);
  for (const auto& part : older) EXPECT_FALSE(assembly.add(part)) << "an older one does not displace a newer";
}

}  // namespace
}  // namespace ginnel
