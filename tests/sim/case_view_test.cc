// SPDX-License-Identifier: Apache-2.0
// Case views over a whole federation: what a practitioner sees, and what nobody learns by it.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

// --- silence

TEST(CaseView, a_silent_agency_is_named_and_its_part_joins_later) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("wy-police").freeze();
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.deadline = 2s});
  view.expect_part("wy-police", PartStatus::silent).expect_incomplete();
  EXPECT_NE(view.part("wy-police").reason.find("no answer in 2 s"), std::string::npos);
  EXPECT_EQ(view.part("wy-police").reason.find("holds nothing"), std::string::npos);
  EXPECT_EQ(view.part("wy-police").contact.phone, "01632 960033");
  t.node("wy-police").thaw();
  t.run_for(10s);
  view.expect_part("wy-police", PartStatus::answered).expect_complete();
  view.expect_shown("wy-police", "involvement", Step::headline);
}

TEST(CaseView, every_agency_in_scope_is_named_with_its_status_and_whom_to_ring) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto view = t.node("bradford-csc").ask(Story::moved_twice);
  view.expect_complete();
  ASSERT_EQ(view.now().parts.size(), 10u);
  EXPECT_EQ(view.now().parts.front().agency, id("bradford-csc"));
  for (const auto& agency : t.agencies()) {
    view.expect_part(agency, expected_status(Story::moved_twice, "bradford-csc", agency));
    EXPECT_FALSE(view.part(agency).contact.phone.empty()) << agency;
    EXPECT_EQ(view.part(agency).reason.empty(), view.part(agency).status == PartStatus::answered) << agency;
  }
}

TEST(CaseView, a_part_that_is_never_answered_stays_silent_and_names_when_it_was_last_heard) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice).expect_complete();
  t.network().cut(id("bradford-csc"), id("wakefield-csc"));
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.deadline = 1s});
  view.expect_part("wakefield-csc", PartStatus::silent).expect_incomplete();
  EXPECT_NE(view.part("wakefield-csc").reason.find("last heard 23 Nov 2026 12:00"), std::string::npos);
  t.run_for(20min);
  view.expect_part("wakefield-csc", PartStatus::silent).expect_incomplete();
  EXPECT_FALSE(view.now().open);
}

TEST(CaseView, a_part_of_many_pages_survives_a_crash_of_its_holder) {
  World t(seed());
  t.ten_agencies();
  Holding thick{"wy-police", person_from(identity_of(Story::unknown)), {}};
  for (int i = 0; i < 500; ++i) {
    Record record = record_of("wy-police", "involvement", "police", 0, "Involvement " + std::to_string(i));
    record.author.name = std::string(150, 'a');
    record.author.team = std::string(150, 't');
    record.headline = "Involvement " + std::to_string(i) + std::string(400, '.');
    thick.records.push_back(record);
  }
  t.with(thick);
  auto police = t.node("wy-police");
  t.network().lose_next(id("bradford-csc"), id("wy-police"), 0);
  // The first page arrives at 10 ms; the requests for the others find a node that remembers nothing.
  t.at(t.clock().now() + 7, [&] { police.crash(); });
  t.at(t.clock().now() + 9, [&] { police.restart(); });
  auto view = t.node("bradford-csc").ask(Story::unknown, {.scope = {"wy-police"}});
  t.run_for(1min);
  view.expect_part("wy-police", PartStatus::answered).expect_complete();
  EXPECT_EQ(view.part("wy-police").items, 500u);
  EXPECT_EQ(police.entries(EntryKind::disclosed).size(), 1u);
}

// --- what is shown

TEST(CaseView, without_a_head_only_involvement_is_shown) {
  World t(seed());
  t.ten_agencies();
  for (const auto& holding : holdings_of(Story::moved_twice)) t.with(holding);  // no plan is open
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  view.expect_complete().expect_shown("wy-police", "involvement", Step::headline);
  view.expect_not_shown("wy-police", "domestic_incident").expect_not_shown("bradford-health", "was_not_brought");
  view.expect_withheld("wy-police", "police", "There is more");
  for (const auto& item : view.now().items)
    if (item.agency != id("bradford-csc")) {
      EXPECT_EQ(item.kind, "involvement");
      EXPECT_TRUE(item.narrative.empty() && item.fields.empty());
    }
}

TEST(CaseView, with_a_head_content_is_shown) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  view.expect_complete();
  view.expect_shown("wy-police", "domestic_incident", Step::content);
  view.expect_shown("bradford-health", "was_not_brought", Step::content);
  EXPECT_EQ(view.now().standing, "Plan. Lead: Bradford Children's Services.");
}

TEST(CaseView, the_refuge_childs_school_is_withheld_because_another_part_carries_the_marking) {
  World t(seed());
  t.ten_agencies().with_story(Story::refuge_address);
  auto view = t.node("bradford-csc").ask(Story::refuge_address);
  view.expect_part("bradford-education", PartStatus::withheld).expect_not_shown("bradford-education", "involvement");
  view.expect_withheld("bradford-education", "education", "Protected address");
  view.expect_part("wy-police", PartStatus::answered).expect_part("calderdale-csc", PartStatus::answered);
  view.expect_not_shown("calderdale-csc", "move").expect_complete();
}

TEST(CaseView, the_same_school_is_shown_when_no_other_part_carries_the_marking) {
  World t(seed());
  t.ten_agencies();
  for (auto holding : holdings_of(Story::refuge_address)) {
    for (auto& record : holding.records) record.label.markings.clear();
    t.with(holding);
  }
  auto view = t.node("bradford-csc").ask(Story::refuge_address);
  view.expect_shown("bradford-education", "involvement", Step::headline).expect_complete();
}

TEST(CaseView, a_marking_that_arrives_late_withholds_what_was_shown_before) {
  World t(seed());
  t.ten_agencies().with_story(Story::refuge_address);
  t.node("calderdale-csc").freeze();
  auto view = t.node("bradford-csc").ask(Story::refuge_address, {.deadline = 1s});
  view.expect_incomplete().expect_part("calderdale-csc", PartStatus::silent);
  t.node("calderdale-csc").thaw();
  t.run_for(10s);
  view.expect_part("bradford-education", PartStatus::withheld).expect_not_shown("bradford-education", "involvement");
}

TEST(CaseView, a_sexual_health_record_is_counted_as_health_and_its_marking_is_told_to_nobody) {
  World t(seed());
  t.ten_agencies().with_story(Story::sexual_health_competent);
  auto view = t.node("bradford-csc").ask(Story::sexual_health_competent);
  view.expect_withheld("bradford-health", "health", "clinician").expect_complete();
  view.expect_not_shown("bradford-health", "health_attendance");
  for (const auto& packet : t.network().log) {
    const auto message = t.opened(packet);
    ASSERT_TRUE(message);
    if (message->header.kind != Kind::answer) continue;
    const auto answer = decode_answer(message->payload);
    EXPECT_FALSE(answer->markings.contains("sexual_health"));
    for (const auto& withheld : answer->withheld) EXPECT_EQ(withheld.category.find("sexual"), std::string::npos);
  }
}

// --- heads

class Heads : public testing::Test {
 protected:
  World t{seed()};
  const Identity child = identity_of(Story::moved_twice);
  Salt salt{};

  void SetUp() override {
    t.ten_agencies();
    for (const auto& holding : holdings_of(Story::moved_twice)) t.with(holding);
    t.random().fill(salt);
  }
  ProcessHead head_for(const Identity& whom) {
    ProcessHead head = plan_head();
    head.process = ProcessId::make(t.random());
    head.lead = id("bradford-csc");
    head.lead_epoch = head.number = 1;
    head.child_commitments = {commit_to(whom, salt)};
    head.issued_at = t.clock().now();
    head.expires = t.clock().now() + hour_ms;
    return head;
  }
  Bytes by(const std::string& signer, const ProcessHead& head) {
    return issue_head(head, t.machine(signer).keys().signing, 1).value();
  }
  // What the police answer to leeds-csc's ask that carries this head.
  Answer police_answer(const Bytes& head) {
    Ask ask;
    ask.id = AskId::make(t.random());
    ask.about = child;
    ask.claims.worker = {1};
    ask.claims.role = "practitioner";
    ask.claims.purpose = "child_protection";
    ask.claims.basis = "public_task";
    ask.claims.named_reason = "test";
    ask.deadline = t.clock().now() + 5000;
    ask.process_head = head;
    ask.process_head_salt = head.empty() ? Salt{} : salt;
    t.inject("leeds-csc", "wy-police",
             t.sealed(t.message("leeds-csc", "wy-police", Kind::ask, encode_ask(ask).value())));
    t.run_for(1s);
    const auto message = t.opened(t.network().log.back());
    EXPECT_TRUE(message && message->header.kind == Kind::answer);
    return decode_answer(message->payload).value();
  }
  static bool tells_content(const Answer& answer) {
    return std::any_of(answer.items.begin(), answer.items.end(),
                       [](const Item& item) { return item.step >= Step::content; });
  }
};

TEST_F(Heads, a_genuine_head_proves_the_purpose) {
  EXPECT_TRUE(tells_content(police_answer(by("bradford-csc", head_for(child)))));
}

TEST_F(Heads, no_head_proves_nothing) {
  const Answer answer = police_answer({});
  EXPECT_FALSE(tells_content(answer));
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_EQ(answer.items[0].kind, "involvement");
}

TEST_F(Heads, a_head_for_another_child_proves_nothing) {
  EXPECT_FALSE(tells_content(police_answer(by("bradford-csc", head_for(identity_of(Story::refuge_address))))));
}

TEST_F(Heads, an_expired_head_proves_nothing) {
  ProcessHead head = head_for(child);
  head.issued_at = t.clock().now() + -2 * hour_ms;
  head.expires = t.clock().now() + -1;
  EXPECT_FALSE(tells_content(police_answer(by("bradford-csc", head))));
}

TEST_F(Heads, a_head_that_the_lead_did_not_sign_proves_nothing) {
  EXPECT_FALSE(tells_content(police_answer(by("leeds-csc", head_for(child)))));
}

TEST_F(Heads, a_lead_that_the_directory_does_not_name_for_it_proves_nothing) {
  ProcessHead head = head_for(child);
  head.lead = id("leeds-health");
  EXPECT_FALSE(tells_content(police_answer(by("leeds-health", head))));
}

TEST_F(Heads, a_head_for_another_purpose_proves_nothing) {
  ProcessHead head = head_for(child);
  head.proves = {"transfer"};
  EXPECT_FALSE(tells_content(police_answer(by("bradford-csc", head))));
}

// --- who learns nothing

struct Seen {
  ViewPart part;
  std::size_t frame_bytes = 0, holder_entries = 0, frames = 0;
};

Seen what_is_seen_of(Story story, const std::string& asker, const std::string& holder) {
  World t(seed());
  t.ten_agencies().with_story(story);
  const auto before = t.node(holder).ledger_size();
  auto view = t.node(asker).ask(story);
  Seen seen;
  seen.part = view.part(holder);
  seen.holder_entries = t.node(holder).ledger_size() - before;
  for (const auto& packet : t.network().log)
    if (packet.from == id(holder)) seen.frame_bytes += packet.frame.size(), ++seen.frames;
  return seen;
}

TEST(CaseView, concealed_and_unknown_children_look_alike) {
  const Seen concealed = what_is_seen_of(Story::adopted, "bradford-csc", "leeds-csc");
  const Seen unknown = what_is_seen_of(Story::unknown, "bradford-csc", "leeds-csc");
  EXPECT_EQ(concealed.part.status, PartStatus::not_known);
  EXPECT_EQ(unknown.part.status, PartStatus::not_known);
  EXPECT_EQ(concealed.part.reason, unknown.part.reason);
  EXPECT_EQ(concealed.part.reason, "holds nothing that it may tell you; if you are worried, ring 01632 960002");
  EXPECT_EQ(concealed.part.data_to, unknown.part.data_to);
  EXPECT_EQ(concealed.frames, 1u);
  EXPECT_EQ(concealed.frame_bytes, 1024u);
  EXPECT_EQ(unknown.frame_bytes, concealed.frame_bytes);
  EXPECT_EQ(unknown.holder_entries, concealed.holder_entries);
  EXPECT_EQ(concealed.holder_entries, 1u);
}

// From the asker's ask on the wire to the holder's answer on it.
std::int64_t answered_after_ms(Story story) {
  World t(seed());
  t.ten_agencies().with_story(story);
  t.node("bradford-csc").ask(story);
  Instant asked, answered;
  for (const auto& packet : t.network().log) {
    if (packet.from == id("bradford-csc") && packet.to == id("leeds-csc")) asked = packet.sent_at;
    if (packet.from == id("leeds-csc") && !answered.is_set()) answered = packet.sent_at;
  }
  return answered - asked;
}

TEST(CaseView, an_answer_that_tells_of_nothing_leaves_at_a_moment_set_beforehand) {
  const std::int64_t on_the_way_ms = Faults().delay_ms_min;
  EXPECT_EQ(answered_after_ms(Story::adopted), on_the_way_ms + limits::nothing_told_ms);
  EXPECT_EQ(answered_after_ms(Story::unknown), on_the_way_ms + limits::nothing_told_ms);
  EXPECT_EQ(answered_after_ms(Story::moved_twice), on_the_way_ms);
}

TEST(CaseView, the_holders_own_worker_sees_no_concealed_child_either) {
  for (Story story : {Story::adopted, Story::unknown}) {
    World t(seed());
    t.ten_agencies().with_story(story);
    auto view = t.node("leeds-csc").ask(story);
    view.expect_complete().expect_part("leeds-csc", PartStatus::not_known);
    EXPECT_TRUE(view.now().items.empty() && view.now().withheld.empty());
  }
}

TEST(CaseView, an_operator_may_not_view_and_nobody_is_asked) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.user = "operator"});
  view.expect_refused("forbidden");
  EXPECT_TRUE(t.network().log.empty());
}

TEST(CaseView, an_unknown_purpose_is_refused_by_its_name) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "curiosity"});
  view.expect_refused("unknown-word");
  EXPECT_NE(view.error().why.find("`curiosity`"), std::string::npos);
  EXPECT_TRUE(t.network().log.empty());
}

TEST(CaseView, breaking_the_glass_takes_a_reason_and_opens_nothing_concealed) {
  World t(seed());
  t.ten_agencies().with_every_story();
  t.node("wy-police")
      .ask(Story::moved_twice, {.purpose = "immediate_danger"})
      .expect_refused("break-glass-without-reason");
  auto view =
      t.node("wy-police").ask(Story::moved_twice, {.purpose = "immediate_danger", .break_glass = "screams heard"});
  view.expect_complete().expect_shown("bradford-health", "was_not_brought", Step::headline);
  t.node("wy-police")
      .ask(Story::adopted, {.purpose = "immediate_danger", .break_glass = "screams heard"})
      .expect_part("leeds-csc", PartStatus::not_known);
}

TEST(CaseView, a_broken_glass_is_told_to_every_owner_at_once_and_reviewed_where_it_was_broken) {
  World t(seed());
  t.ten_agencies().with_every_story();
  t.node("wy-police").ask(Story::moved_twice, {.purpose = "immediate_danger", .break_glass = "screams heard"});
  const auto reviews = [&](const std::string& agency) {
    return t.node(agency).tasks("break_glass_review", "m.manager").size();
  };
  EXPECT_EQ(reviews("wy-police"), 1u);
  EXPECT_EQ(reviews("leeds-csc"), 1u);
  EXPECT_EQ(reviews("bradford-health"), 1u);
  EXPECT_EQ(reviews("kirklees-csc"), 0u) << "it holds nothing, and told nothing";

  // Who conceals a child is not given a task that tells of them.
  t.node("wy-police").ask(Story::adopted, {.purpose = "immediate_danger", .break_glass = "screams heard"});
  EXPECT_EQ(reviews("wy-police"), 2u);
  EXPECT_EQ(reviews("leeds-csc"), 1u);
}

TEST(CaseView, two_possible_people_never_both_answer) {
  World t(seed());
  t.ten_agencies();
  Identity asked = identity_of(Story::unknown);
  asked.nhs_number.clear();
  asked.postcode.clear();
  for (const char* postcode : {"LS1 1AA", "LS2 2AA"}) {
    Identity one = asked;
    one.postcode = postcode;
    Person person = person_from(one);
    person.identifiers.clear();
    t.with({"leeds-csc", person, {record_of("leeds-csc", "involvement", "social-care.contact", 0, "Worker")}});
  }
  t.node("leeds-csc").ask(asked).expect_refused("say-more");
  auto view = t.node("bradford-csc").ask(asked);
  view.expect_part("leeds-csc", PartStatus::unknown).expect_incomplete();
  EXPECT_TRUE(view.now().items.empty());
  EXPECT_TRUE(t.node("leeds-csc").entries(EntryKind::disclosed).empty());
}

// --- once

TEST(CaseView, a_resent_ask_is_answered_once) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.network().lose_next(id("wy-police"), id("bradford-csc"), 3);
  auto view = t.node("bradford-csc").ask(Story::moved_twice);
  view.expect_part("wy-police", PartStatus::answered);
  EXPECT_EQ(t.node("wy-police").entries(EntryKind::disclosed).size(), 1u);
  EXPECT_EQ(t.node("wy-police").entries(EntryKind::decided).size(), 1u);
  const auto answers = std::count_if(t.network().log.begin(), t.network().log.end(),
                                     [](const Packet& packet) { return packet.from == id("wy-police"); });
  EXPECT_EQ(answers, 4);
}

TEST(CaseView, a_duplicated_ask_is_answered_once) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.network().set_faults({.duplication_percent = 100});
  t.node("bradford-csc").ask(Story::moved_twice).expect_complete();
  t.run_for(1s);
  EXPECT_EQ(t.node("wy-police").entries(EntryKind::disclosed).size(), 1u);
  EXPECT_EQ(t.node("wy-police").dropped(Drop::replayed), 1u);
}

TEST(CaseView, a_holder_that_crashed_after_answering_discloses_no_second_time) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.network().lose_next(id("wy-police"), id("bradford-csc"), 1);
  t.at(t.clock().now() + 100, [&] { t.node("wy-police").crash(); });
  t.at(t.clock().now() + 200, [&] { t.node("wy-police").restart(); });
  auto view = t.node("bradford-csc").ask(Story::moved_twice);
  view.expect_part("wy-police", PartStatus::answered).expect_complete();
  view.expect_shown("wy-police", "involvement", Step::headline);
  EXPECT_EQ(t.node("wy-police").entries(EntryKind::disclosed).size(), 1u);
  EXPECT_TRUE(t.machine("wy-police").verify().good());
}

TEST(CaseView, after_a_crash_of_the_asker_the_owner_reads_the_view_again_and_nobody_else_does) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto bradford = t.node("bradford-csc");
  auto view = bradford.ask(Story::moved_twice, {.purpose = "child_protection"});
  const CaseView before = view.now();
  bradford.crash();
  bradford.restart();
  const auto size = bradford.ledger_size();
  t.network().log.clear();
  const auto others = bradford.read(before.id, "o.worker");
  ASSERT_FALSE(others);
  SeededRandom random(7);
  const auto nobodys = bradford.read(ViewId::make(random), "o.worker");
  ASSERT_FALSE(nobodys);
  EXPECT_EQ(others.error().text(), nobodys.error().text());
  EXPECT_EQ(others.error().code, "not-found");
  EXPECT_EQ(bradford.ledger_size(), size) << "somebody who may not read the view made the node do something";
  EXPECT_TRUE(t.network().log.empty());

  const auto again = bradford.read(before.id, "s.worker");
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_TRUE(again->complete);
  EXPECT_EQ(again->items.size(), before.items.size());
  EXPECT_EQ(again->standing, before.standing);
  EXPECT_EQ(bradford.read(before.id, "o.worker").error().code, "not-found");
}

TEST(CaseView, a_view_begun_before_a_crash_of_the_asker_fills_in_after_it) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto bradford = t.node("bradford-csc");
  t.node("wy-police").freeze();
  auto view = bradford.ask(Story::moved_twice, {.deadline = 1s});
  const ViewId of = view.now().id;
  bradford.crash();
  bradford.restart();
  t.node("wy-police").thaw();
  ASSERT_TRUE(bradford.read(of, "s.worker"));
  t.run_for(10s);
  view.expect_part("wy-police", PartStatus::answered).expect_complete();
  EXPECT_EQ(t.node("wy-police").entries(EntryKind::disclosed).size(), 1u);
}

TEST(CaseView, a_view_that_is_past_its_time_is_nobodys) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto bradford = t.node("bradford-csc");
  const ViewId view = bradford.ask(Story::moved_twice).now().id;
  t.clock().advance_to(t.now() + 24 * hour_ms);  // a day in which nothing happens
  t.run_for(1min);
  EXPECT_EQ(bradford.read(view, "s.worker").error().code, "not-found");
  bradford.crash();
  bradford.restart();
  const auto size = bradford.ledger_size();
  EXPECT_EQ(bradford.read(view, "s.worker").error().code, "not-found");
  EXPECT_EQ(bradford.ledger_size(), size);
}

// --- nothing leaves before the commit

TEST(CaseView, a_holder_whose_commit_fails_sends_nothing_and_says_that_it_is_read_only) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto health = t.node("bradford-health");
  const auto size = health.ledger_size();
  health.fail_next_commit();
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.deadline = 2s});
  view.expect_part("bradford-health", PartStatus::silent).expect_incomplete();
  for (const auto& packet : t.network().log) EXPECT_NE(packet.from, id("bradford-health"));
  EXPECT_EQ(health.ledger_size(), size);
  const Readiness readiness = health.readiness();
  EXPECT_FALSE(readiness.ready);
  EXPECT_EQ(readiness.mode, "read-only");
  ASSERT_EQ(readiness.reasons.size(), 1u);
  EXPECT_NE(readiness.reasons[0].find("input or output error"), std::string::npos);
  health.ask(Story::moved_twice).expect_refused("read-only");

  health.crash();
  health.restart();
  EXPECT_TRUE(health.readiness().ready);
  t.run_for(10s);
  view.expect_part("bradford-health", PartStatus::answered).expect_complete();
}

TEST(CaseView, an_asker_whose_commit_fails_asks_nobody_and_shows_nothing) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").fail_next_commit();
  t.node("bradford-csc").ask(Story::moved_twice).expect_refused("read-only");
  EXPECT_TRUE(t.network().log.empty());
}

}  // namespace
}  // namespace ginnel::sim
