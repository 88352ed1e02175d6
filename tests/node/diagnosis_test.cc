// SPDX-License-Identifier: Apache-2.0
#include "node/doctor/diagnosis.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/federation/wire_samples.h"

namespace ginnel {
namespace {

constexpr Instant examined_at{1'795'435'200'000};

KeyStatement statement(std::uint32_t number, std::int64_t used_percent = 10) {
  KeyStatement out;
  out.number = number;
  out.endpoints = {"tcp://192.0.2.7:7445"};
  out.valid_from = examined_at + -365 * day_ms / 100 * used_percent;
  out.valid_until = out.valid_from + 365 * day_ms;
  return out;
}

// A node with one peer, all well.
NodeFacts all_well() {
  NodeFacts facts;
  facts.me = samples::member("calderdale-csc");
  facts.dir = "DIR";
  facts.is_running = true;
  facts.now = examined_at;
  facts.root_key = "passphrase";
  facts.directory_version = 18;
  facts.directory_issued_at = examined_at + -12 * day_ms;
  facts.directory_age = DirectoryAge::fresh;
  facts.is_member = true;
  facts.own_newest = statement(7);
  facts.own_number = 7;
  facts.listen = "tcp://192.0.2.7:7445";
  PeerFacts peer;
  peer.id = samples::member("wakefield-csc");
  peer.newest = peer.current = statement(3);
  peer.heard_at = examined_at + -minute_ms;
  peer.directory_version = 18;
  peer.probe = Probe{peer.id, ProbeReach::admitted, 1, 2, ""};
  facts.peers = {peer};
  return facts;
}

std::string text_of(const Finding& finding) {
  std::string out = finding.about + "\n";
  for (const auto& [hop, what] : finding.hops) out += hop + ": " + what + "\n";
  return out + finding.remedy;
}

Finding about(const std::vector<Finding>& findings, std::string_view what) {
  for (const Finding& one : findings)
    if (one.about == what) return one;
  return {Health::ok, "nothing", "nothing", {}, ""};
}
Finding of_peer(const std::function<void(PeerFacts&)>& change) {
  NodeFacts facts = all_well();
  change(facts.peers[0]);
  return about(diagnose(facts), "peer wakefield-csc");
}
Finding of_reach(ProbeReach reach) {
  return of_peer([&](PeerFacts& peer) { peer.probe->reach = reach; });
}

TEST(Diagnosis, of_a_healthy_node_finds_nothing) {
  for (const Finding& one : diagnose(all_well())) {
    EXPECT_EQ(one.health, Health::ok) << text_of(one);
    EXPECT_EQ(one.remedy, "") << text_of(one);
  }
}

TEST(Diagnosis, every_reason_of_a_silent_peer_has_its_own_code_and_a_remedy) {
  std::set<std::string> codes;
  for (ProbeReach reach : {ProbeReach::no_endpoint, ProbeReach::unresolved, ProbeReach::refused,
                           ProbeReach::unreachable, ProbeReach::timed_out, ProbeReach::no_greeting, ProbeReach::not_zmq,
                           ProbeReach::other_key, ProbeReach::not_admitted}) {
    const Finding finding = of_reach(reach);
    EXPECT_EQ(finding.health, Health::failed) << text_of(finding);
    EXPECT_FALSE(finding.remedy.empty()) << text_of(finding);
    EXPECT_TRUE(codes.insert(finding.code).second) << finding.code;
  }
  EXPECT_EQ(of_reach(ProbeReach::admitted).code, "ok");
}

TEST(Diagnosis, a_peer_that_does_not_know_our_key_is_told_with_the_number_to_look_for_there) {
  const Finding finding = of_reach(ProbeReach::not_admitted);
  EXPECT_EQ(finding.code, "not-admitted");
  EXPECT_NE(text_of(finding).find("our key statement 7"), std::string::npos);
  EXPECT_NE(finding.remedy.find("ginnel member show calderdale-csc"), std::string::npos);
}

TEST(Diagnosis, a_peer_suspended_here_is_not_blamed) {
  const Finding finding = of_peer([](PeerFacts& peer) {
    peer.suspended_here = "stolen laptop (since 2026-11-26)";
    peer.standing = Standing::suspended;
    peer.probe.reset();
  });
  EXPECT_EQ(finding.code, "suspended-here");
  EXPECT_EQ(finding.health, Health::warning);
  EXPECT_NE(finding.remedy.find("--lift"), std::string::npos);
}

TEST(Diagnosis, a_peer_without_keys_and_one_whose_keys_are_over_are_two_things) {
  const auto no_keys = [](PeerFacts& peer) {
    peer.standing = Standing::no_keys;
    peer.current.reset();
    peer.probe.reset();
  };
  Finding finding = of_peer([&](PeerFacts& peer) { no_keys(peer), peer.newest.reset(); });
  EXPECT_NE(text_of(finding).find("no key statement of it has come here"), std::string::npos);
  finding = of_peer([&](PeerFacts& peer) { no_keys(peer), peer.newest = statement(3, 110); });
  EXPECT_NE(text_of(finding).find("statement 3 ended on"), std::string::npos);
}

TEST(Diagnosis, a_clock_that_differs_is_told_before_messages_are_dropped_and_after) {
  Finding finding = of_peer([](PeerFacts& peer) { peer.clock_ahead_ms = 90 * second_ms; });
  EXPECT_EQ(finding.code, "clock-differs");
  EXPECT_EQ(finding.health, Health::warning);
  finding = of_peer([](PeerFacts& peer) {
    peer.heard_at.reset();
    peer.dropped = Drop::sent_in_future;
    peer.dropped_at = examined_at + -minute_ms;
  });
  EXPECT_EQ(finding.code, "clock-differs");
  EXPECT_EQ(finding.health, Health::failed);
  // What was let fall before the last good message is over.
  finding = of_peer([](PeerFacts& peer) {
    peer.dropped = Drop::sent_in_future;
    peer.dropped_at = examined_at + -10 * minute_ms;
  });
  EXPECT_EQ(finding.code, "ok");
}

TEST(Diagnosis, when_most_peers_are_off_alike_it_is_this_clock) {
  NodeFacts facts = all_well();
  for (const char* name : {"leeds-csc", "wy-police"}) {
    PeerFacts peer = facts.peers[0];
    peer.id = samples::member(name);
    facts.peers.push_back(peer);
  }
  for (PeerFacts& peer : facts.peers) peer.clock_ahead_ms = 100 * second_ms;
  const Finding finding = about(diagnose(facts), "clock");
  EXPECT_EQ(finding.code, "clock-wrong");
  EXPECT_NE(text_of(finding).find("behind"), std::string::npos);
  facts.peers[0].clock_ahead_ms = 0;
  facts.peers[1].clock_ahead_ms = 0;
  EXPECT_EQ(about(diagnose(facts), "clock").code, "ok");
}

TEST(Diagnosis, an_old_directory_is_told_by_its_age_and_by_what_peers_hold) {
  NodeFacts facts = all_well();
  facts.directory_age = DirectoryAge::warn;
  EXPECT_EQ(about(diagnose(facts), "directory").health, Health::warning);
  facts.directory_age = DirectoryAge::closed;
  EXPECT_EQ(about(diagnose(facts), "directory").code, "directory-closed");
  facts = all_well();
  facts.peers[0].directory_version = 19;
  EXPECT_EQ(about(diagnose(facts), "directory").code, "newer-directory");
  EXPECT_EQ(of_peer([](PeerFacts& peer) { peer.directory_version = 17; }).code, "older-directory-there");
  facts = all_well();
  facts.is_revoked = true;
  EXPECT_EQ(about(diagnose(facts), "directory").code, "revoked");
  facts = {};
  facts.is_running = true;
  EXPECT_EQ(about(diagnose(facts), "directory").code, "no-directory");
}

TEST(Diagnosis, the_silence_of_a_member_without_records_is_a_warning_only) {
  const Finding finding = of_peer([](PeerFacts& peer) {
    peer.holds_records = false;
    peer.probe->reach = ProbeReach::refused;
  });
  EXPECT_EQ(finding.health, Health::warning);
  EXPECT_EQ(finding.code, "not-running");
}

TEST(Diagnosis, a_revoked_member_is_no_trouble) {
  EXPECT_EQ(of_peer([](PeerFacts& peer) { peer.standing = Standing::revoked; }).about, "nothing");
}

TEST(Diagnosis, damage_beside_the_ledger_is_told_with_the_first_of_it) {
  NodeFacts facts = all_well();
  facts.stored_problems = 2;
  facts.first_problem = "index identity: a bucket is damaged";
  const Finding store = about(diagnose(facts), "store");
  EXPECT_EQ(store.health, Health::failed);
  EXPECT_EQ(store.code, "index-mismatch");
  EXPECT_EQ(store.hops.back().second, facts.first_problem);
  EXPECT_NE(store.remedy.find("ginnel ledger verify"), std::string::npos);
}

TEST(Diagnosis, own_keys_and_store_are_looked_at_first) {
  NodeFacts facts = all_well();
  facts.own_newest = statement(7, 85);
  EXPECT_EQ(about(diagnose(facts), "own keys").code, "own-keys-old");
  facts.own_newest = statement(7, 101);
  EXPECT_EQ(about(diagnose(facts), "own keys").code, "own-keys-expired");
  facts.own_newest = statement(8);
  facts.own_next_from = examined_at + 3 * day_ms;
  EXPECT_EQ(about(diagnose(facts), "own keys").code, "ok");
  facts.ledger_problems = 1;
  facts.verified_to = 5;
  EXPECT_EQ(about(diagnose(facts), "store").code, "ledger-damaged");
  facts = all_well();
  facts.read_only_reason = "disk full";
  EXPECT_EQ(about(diagnose(facts), "store").code, "read-only");
  facts.is_running = false;
  EXPECT_EQ(about(diagnose(facts), "this node").code, "stopped");
}

TEST(Diagnosis, a_bundle_that_a_start_would_refuse_is_told_before_that_start) {
  NodeFacts facts = all_well();
  EXPECT_EQ(about(diagnose(facts), "policy bundle").code, "nothing");
  facts.bundle_refusal = "no trustee has signed it";
  Finding finding = about(diagnose(facts), "policy bundle");
  EXPECT_EQ(finding.code, "unsigned-bundle");
  EXPECT_EQ(finding.health, Health::warning);
  EXPECT_NE(text_of(finding).find("no trustee has signed it"), std::string::npos) << text_of(finding);
  EXPECT_NE(finding.remedy.find("ginnel policy adopt"), std::string::npos);
  facts.is_running = false;
  EXPECT_EQ(about(diagnose(facts), "policy bundle").health, Health::failed);
}

TEST(Diagnosis, own_policies_that_a_start_would_refuse_are_told_before_that_start) {
  NodeFacts facts = all_well();
  EXPECT_EQ(about(diagnose(facts), "own policies").code, "nothing");
  facts.own_policies_refusal = "own.cedar:2:1: own policies only forbid";
  const Finding finding = about(diagnose(facts), "own policies");
  EXPECT_EQ(finding.code, "bad-own-policies");
  EXPECT_NE(text_of(finding).find("only forbid"), std::string::npos) << text_of(finding);
  facts.is_running = false;
  EXPECT_EQ(about(diagnose(facts), "own policies").health, Health::failed);
}

TEST(Diagnosis, a_node_in_shadow_is_a_warning_that_says_how_it_ends) {
  NodeFacts facts = all_well();
  EXPECT_EQ(about(diagnose(facts), "sharing").code, "nothing");
  facts.in_shadow = true;
  const Finding finding = about(diagnose(facts), "sharing");
  EXPECT_EQ(finding.health, Health::warning);
  EXPECT_EQ(finding.code, "in-shadow");
  EXPECT_NE(text_of(finding).find("ginnel policy replay DIR"), std::string::npos) << text_of(finding);
  EXPECT_NE(finding.remedy.find("--shadow"), std::string::npos);
}

}  // namespace
}  // namespace ginnel
