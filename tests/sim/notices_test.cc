// SPDX-License-Identifier: Apache-2.0
// Notices over a whole federation: who is told what, once, and nobody more than an ask would tell them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "federation/record/match.h"
#include "federation/wire/notice.h"
#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

const InboxItem* find(const InboxList& list, const std::string& headline) {
  auto found = std::find_if(list.items.begin(), list.items.end(),
                            [&](const InboxItem& item) { return item.record && item.record->headline == headline; });
  return found == list.items.end() ? nullptr : &*found;
}

TEST(Notices, a_new_record_reaches_the_inbox_of_the_worker_who_asked) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).expect_complete();
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());

  t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.run_for(1s);

  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 1u);
  const InboxItem& item = list.items.front();
  EXPECT_EQ(item.agency, id("wy-police"));
  EXPECT_EQ(item.kind, "new-record");
  ASSERT_TRUE(item.record);
  EXPECT_EQ(item.record->headline, "Officers were called at night");
  EXPECT_EQ(item.step, Step::content);
  EXPECT_EQ(item.given, "Imogen");
  EXPECT_EQ(item.contact.phone, "01632 960033");
  EXPECT_EQ(list.waiting, 1u);
  // Neither another worker's, nor anybody's at an agency that did not ask.
  EXPECT_TRUE(t.node("bradford-csc").inbox("o.worker").items.empty());
  EXPECT_TRUE(t.node("leeds-csc").inbox().items.empty());
  // A manager oversees.
  EXPECT_EQ(t.node("bradford-csc").inbox("m.manager").items.size(), 1u);
}

TEST(Notices, reach_the_worker_who_asked_when_what_was_answered_is_readable_by_nobody_any_more) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  view.expect_complete();
  const auto kept = [&] {
    auto snapshot = t.machine("bradford-csc").store().snapshot().value();
    return snapshot->side_all(SideTable::kept_views).value().size() +
           snapshot->side_all(SideTable::erasures).value().size();
  };
  EXPECT_EQ(kept(), 1u);
  t.clock().advance_to(t.now() + 25 * hour_ms);  // a night in which nothing happens
  t.run_for(1min);
  EXPECT_EQ(kept(), 0u) << "the key that opened the copies is still there";
  view.expect_gone();

  t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.run_for(1s);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 1u);
  EXPECT_EQ(list.items.front().agency, id("wy-police"));
  EXPECT_TRUE(list.items.front().view.empty()) << "it leads to a view that is over";
}

// Seed 62 of the simulator: it was tried for three days, and all later notices about its child behind it.
TEST(Notices, what_is_too_long_for_a_message_is_told_by_its_headline_and_holds_nothing_up) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).expect_complete();
  Record whole_file = domestic_incident("A file of many pages");
  whole_file.narrative = std::string(300'000, 'x');
  t.node("wy-police").record(Story::moved_twice, whole_file);
  t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.run_for(1s);

  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 2u);
  const InboxItem* whole = find(list, "A file of many pages");
  ASSERT_NE(whole, nullptr);
  EXPECT_EQ(whole->step, Step::headline);
  EXPECT_NE(whole->reason.find("too long"), std::string::npos) << whole->reason;
  ASSERT_NE(find(list, "Officers were called at night"), nullptr);
}

TEST(Notices, what_is_only_withheld_is_told_without_its_id_or_text) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice);  // a first contact proves nothing
  const RecordId made =
      t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.run_for(1s);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 1u);
  EXPECT_EQ(list.items[0].step, Step::exists);
  EXPECT_EQ(list.items[0].category, "police");
  EXPECT_FALSE(list.items[0].record);
  for (const auto& packet : t.network().log) {
    const auto message = t.opened(packet);
    if (!message || message->header.kind != Kind::notice) continue;
    const std::string text(text_of(message->payload));
    EXPECT_EQ(text.find("Officers"), std::string::npos);
    EXPECT_EQ(text.find(std::string(text_of(made.bytes()))), std::string::npos);
  }
}

TEST(Notices, whoever_was_asked_and_knew_the_child_is_told_as_at_a_first_contact) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).expect_complete();
  t.node("bradford-csc")
      .record(Story::moved_twice, record_of("bradford-csc", "visit", "social-care.visit", 2, "Seen alone at home"));
  t.run_for(1s);
  for (const auto* agency : {"leeds-csc", "wy-police", "bradford-health", "bradford-education"}) {
    const auto list = t.node(agency).inbox("m.manager");
    ASSERT_EQ(list.items.size(), 1u) << agency;
    EXPECT_EQ(list.items[0].step, Step::exists);
    EXPECT_TRUE(t.node(agency).inbox().items.empty()) << agency << " has a worker who did not ask";
  }
  // Whoever answered that they know nothing hears nothing.
  for (const auto* agency : {"kirklees-csc", "calderdale-csc", "wakefield-csc", "leeds-health", "wy-probation"}) {
    EXPECT_TRUE(t.node(agency).entries(EntryKind::notice).empty()) << agency;
    for (const auto& packet : t.network().log) {
      const auto message = t.opened(packet);
      if (!message || packet.to != id(agency)) continue;
      EXPECT_NE(message->header.kind, Kind::notice) << agency;
    }
  }
}

TEST(Notices, a_concealed_child_is_never_told_of) {
  World t(seed());
  t.ten_agencies().with_story(Story::adopted);
  t.node("bradford-csc").ask(Story::adopted, {.purpose = "child_protection"});
  const auto frames = t.network().log.size();
  t.node("leeds-csc")
      .record(Story::adopted, record_of("leeds-csc", "visit", "social-care.visit", 1, "A visit that nobody hears of"));
  t.run_for(1h);
  for (std::size_t i = frames; i < t.network().log.size(); ++i) {
    const auto message = t.opened(t.network().log[i]);
    if (!message) continue;
    EXPECT_NE(message->header.kind, Kind::notice);
  }
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());
}

TEST(Notices, a_child_who_is_concealed_before_the_release_is_told_of_no_more) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.network().cut(id("bradford-csc"), id("wy-police"));
  t.node("wy-police").record(Story::moved_twice, domestic_incident("Told before anybody knew better"));
  t.run_for(1min);
  bool done = false;
  t.machine("wy-police")
      .node()
      .post(
          [&](Work& work) {
            const auto people = work.turn.find_people(find_keys(person_from(identity_of(Story::moved_twice))));
            PersonVersion version;
            version.person = person_from(identity_of(Story::moved_twice));
            version.person.ref = people->front();
            version.person.markings_by_person = {"protected_person"};
            version.link_keys = find_keys(version.person);
            ASSERT_TRUE(work.turn.put_person(std::move(version), ActorId()));
            done = true;
          },
          [](const Error&) {});
  t.run_until([&] { return done; }, 1s);
  t.network().mend_all();
  t.run_for(1h);
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());
  EXPECT_TRUE(t.node("bradford-csc").entries(EntryKind::notice).empty());
}

TEST(Notices, an_expired_process_head_makes_it_a_first_contact) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.clock().advance_to(t.now() + 4 * day_ms);
  t.node("wy-police").record(Story::moved_twice, domestic_incident("Four days later"));
  t.run_for(1min);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 1u);
  EXPECT_EQ(list.items[0].step, Step::exists);
}

TEST(Notices, involvement_never_starts_with_enrolment) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.node("bradford-education")
      .record(Story::moved_twice, record_of("bradford-education", "involvement", "education", 0, "On roll elsewhere"));
  t.run_for(1min);
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());
}

TEST(Notices, a_member_that_was_cut_off_gets_them_after_the_partition_in_order_and_once) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.network().cut(id("bradford-csc"), id("wy-police"));
  for (int i = 0; i < 5; ++i) {
    t.node("wy-police").record(Story::moved_twice, domestic_incident("Incident " + std::to_string(i)));
    t.run_for(20min);
  }
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());
  t.network().mend_all();
  t.run_for(1h);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 5u);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(list.items[std::size_t(i)].record->headline, "Incident " + std::to_string(4 - i));
  EXPECT_EQ(t.node("wy-police").machine().node().notices().counts().delivered, 5u);
}

TEST(Notices, what_cannot_be_told_in_time_is_reported_to_whoever_oversees) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.network().cut(id("bradford-csc"), id("wy-police"));
  t.node("wy-police").record(Story::moved_twice, domestic_incident("Never heard of"));
  t.run_for(1h);
  t.clock().advance_to(t.now() + 4 * day_ms);
  t.run_for(1h);
  const auto list = t.node("wy-police").inbox("m.manager");
  ASSERT_EQ(list.items.size(), 1u);
  EXPECT_EQ(list.items[0].kind, "not-delivered");
  EXPECT_EQ(list.items[0].agency, id("bradford-csc"));
  EXPECT_EQ(list.items[0].contact.phone, "01632 960001");
  EXPECT_EQ(list.items[0].given, "Imogen");
  t.network().mend_all();
  t.run_for(1h);
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty()) << "it was given up, and came all the same";
}

TEST(Notices, a_notice_by_an_ask_that_was_never_exchanged_is_refused) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  Notice notice;
  notice.id = NoticeId::make(t.random());
  notice.number = 1;
  notice.kind = "new-record";
  notice.at = t.now();
  notice.contact = {"Duty desk", "duty manager", "Leeds", "01632 960002", "always"};
  notice.replaces = RecordId::make(t.random());
  for (const AskId& ask : {AskId::make(t.random()), ask_id_of(view.id(), id("wy-police"))}) {
    notice.ask = ask;
    t.inject("leeds-csc", "bradford-csc",
             t.sealed(t.message("leeds-csc", "bradford-csc", Kind::notice, encode_notices({notice}).value())));
    t.run_for(1s);
    const auto message = t.opened(t.network().log.back());
    ASSERT_TRUE(message && message->header.kind == Kind::receipt);
    const auto receipt =
        verify_receipt(message->payload, id("bradford-csc"), id("leeds-csc"), t.machine("leeds-csc").book(), t.now());
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->lines.front().outcome, Outcome::refused);
  }
  EXPECT_TRUE(t.node("bradford-csc").entries(EntryKind::notice).empty());
}

// --- crashes

TEST(Notices, a_crash_at_either_side_around_any_commit_loses_and_doubles_nothing) {
  for (int at_ms = 0; at_ms < 60; at_ms += 3)
    for (const auto* victim : {"wy-police", "bradford-csc"}) {
      World t(seed() * 1000 + std::uint64_t(at_ms));
      t.ten_agencies().with_story(Story::moved_twice);
      t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
      t.node("wy-police").record(Story::moved_twice, domestic_incident("First"));
      t.at(t.now() + at_ms, [&] { t.node(victim).crash(); });
      t.at(t.now() + at_ms + 500, [&] { t.node(victim).restart(); });
      t.run_for(1min);
      t.node("wy-police").record(Story::moved_twice, domestic_incident("Second"));
      t.run_for(10min);
      const auto list = t.node("bradford-csc").inbox();
      ASSERT_EQ(list.items.size(), 2u) << victim << " crashed after " << at_ms << " ms";
      EXPECT_EQ(list.items[1].record->headline, "First");
      EXPECT_EQ(list.items[0].record->headline, "Second");
    }
}

TEST(Notices, a_failed_commit_at_the_sender_sends_nothing) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.run_for(1s);
  t.node("wy-police").fail_next_commit();
  t.machine("wy-police")
      .node()
      .post(
          [&](Work& work) {
            const auto people = work.turn.find_people(find_keys(person_from(identity_of(Story::moved_twice))));
            Record record = domestic_incident("Never written");
            record.subjects = {{people->front(), SubjectRole::child}};
            ASSERT_TRUE(work.turn.put_record(record, ActorId()));
          },
          [](const Error&) {});
  t.run_for(1min);
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());
}

// --- what a notice tells is what an ask would tell

TEST(Notices, tell_of_a_record_what_an_ask_with_the_same_claims_would_tell) {
  const std::vector<std::string> purposes = {
      "first_contact",    "early_help",        "child_in_need",    "child_protection", "child_protection",
      "child_protection", "police_protection", "immediate_danger", "immediate_danger", "transfer"};
  const std::vector<std::pair<std::string, std::string>> kinds = {{"involvement", "police"},
                                                                  {"domestic_incident", "police.domestic"},
                                                                  {"intelligence", "police.intelligence"},
                                                                  {"missing", "police.missing"},
                                                                  {"offence", "police.offence"},
                                                                  {"visit", "social-care.visit"},
                                                                  {"health_attendance", "health.sexual"},
                                                                  {"order", "social-care.legal"}};
  const std::vector<std::string> markings = {"",
                                             "",
                                             "",
                                             "",
                                             "",
                                             "",
                                             "protected_address",
                                             "third_party_identity",
                                             "intelligence",
                                             "mappa",
                                             "adoption_sealed",
                                             "protected_person",
                                             "legal_privilege",
                                             "staff_relative",
                                             "live_investigation",
                                             "sexual_health"};
  std::size_t told_items = 0, told_existence = 0, told_nothing = 0;
  SeededRandom random(seed());
  const auto pick = [&](const auto& list) { return list[random.below(list.size())]; };
  for (int round = 0; round < 60; ++round) {
    World t(seed() * 100 + std::uint64_t(round));
    t.ten_agencies().with_story(Story::moved_twice);
    AskOptions options;
    options.purpose = pick(purposes);
    if (options.purpose == "immediate_danger") options.break_glass = "the child is in danger now";
    // Only bradford-csc can prove the purpose.
    const std::string asker = options.purpose == "child_protection"
                                  ? "bradford-csc"
                                  : pick(std::vector<std::string>{"bradford-csc", "wy-police", "bradford-health"});
    const std::string holder = asker == "wy-police" ? "bradford-csc" : "wy-police";
    t.node(asker).ask(Story::moved_twice, options);
    const auto before = t.network().log.size();
    const auto [kind, category] = pick(kinds);
    Record record = record_of(holder, kind, category, int(random.below(5)), "Round " + std::to_string(round));
    if (auto marking = pick(markings); !marking.empty()) record.label.markings = {marking};
    if (random.below(8) == 0) record.label.handling = "3x5x2:2:B:C:conditions";
    const RecordId made = t.node(holder).record(Story::moved_twice, record);
    t.run_for(1s);
    std::vector<Notice> notices;
    for (std::size_t i = before; i < t.network().log.size(); ++i) {
      const auto message = t.opened(t.network().log[i]);
      if (!message || message->header.kind != Kind::notice || message->header.to != id(asker)) continue;
      const auto read = decode_notices(message->payload);
      ASSERT_TRUE(read);
      for (const auto& notice : *read)
        if (!notice.asked_by_sender) notices.push_back(notice);
    }
    // The same claims again, in a fresh ask.
    const auto from = t.network().log.size();
    t.node(asker).ask(Story::moved_twice, options);
    std::optional<Answer> answer;
    for (std::size_t i = from; i < t.network().log.size(); ++i) {
      const auto message = t.opened(t.network().log[i]);
      if (!message || message->header.kind != Kind::answer || message->header.from != id(holder)) continue;
      if (message->header.to == id(asker)) answer = decode_answer(message->payload).value();
    }
    ASSERT_TRUE(answer);
    const auto item =
        std::find_if(answer->items.begin(), answer->items.end(), [&](const Item& one) { return one.record == made; });
    const std::string what =
        "round " + std::to_string(round) + ": " + options.purpose + " " + category + " of " + holder;
    if (item != answer->items.end()) {
      ++told_items;
      ASSERT_EQ(notices.size(), 1u) << what;
      ASSERT_TRUE(notices[0].item) << what;
      EXPECT_EQ(*notices[0].item, *item) << what;
      EXPECT_EQ(notices[0].markings, answer->markings) << what;
    } else if (!notices.empty()) {
      ++told_existence;
      ASSERT_EQ(notices.size(), 1u) << what;
      EXPECT_FALSE(notices[0].item) << what;
      EXPECT_TRUE(notices[0].record.empty()) << what;
      const bool is_counted = std::any_of(answer->withheld.begin(), answer->withheld.end(), [&](const Withheld& one) {
        return one.category == notices[0].category && one.reason == notices[0].reason;
      });
      EXPECT_TRUE(is_counted) << what << ": told `" << notices[0].category << "`, " << notices[0].reason;
    } else {
      ++told_nothing;
      // Nothing of it is told by either: the counts are those of before.
      const bool is_concealing =
          record.label.markings.contains("adoption_sealed") || record.label.markings.contains("protected_person");
      EXPECT_TRUE(is_concealing) << what;
    }
  }
  EXPECT_GT(told_items, 5u);
  EXPECT_GT(told_existence, 5u);
  EXPECT_GT(told_nothing, 0u);
}

// --- corrections

TEST(Corrections, a_misfiled_concern_leaves_every_screen_and_the_review_shows_who_relied_on_it) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const auto policies_of = [&](const std::string& agency) {
    return t.node(agency).ask(Story::moved_twice, {.purpose = "child_protection"});
  };
  Record concern = record_of("wy-police", "involvement", "police", 0, "Safeguarding concern, of another child");
  const RecordId misfiled = t.node("wy-police").record(Story::moved_twice, concern);
  std::map<std::string, View> views;
  for (const auto* agency : {"bradford-csc", "leeds-csc", "bradford-health", "bradford-education"}) {
    views.emplace(agency, policies_of(agency));
    // Only bradford-csc has a process head to prove the purpose with.
    const bool is_lead = agency == std::string("bradford-csc");
    views.at(agency).expect_shown("wy-police", "involvement", is_lead ? Step::content : Step::headline);
  }
  auto own = policies_of("wy-police");
  t.run_for(1min);
  t.network().cut(id("wy-police"), id("leeds-csc"));

  const auto made =
      t.node("wy-police").correct({own.id(), misfiled, "wrong-child", "it was about another child", "", ""});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->told, 4u);
  t.run_for(1min);
  const auto shows_it = [&](const std::string& agency) {
    const CaseView& now = views.at(agency).now();
    return std::any_of(now.items.begin(), now.items.end(), [&](const ViewItem& item) { return item.id == misfiled; });
  };
  for (const auto* agency : {"bradford-csc", "bradford-health", "bradford-education"}) {
    EXPECT_FALSE(shows_it(agency)) << agency;
    ASSERT_EQ(views.at(agency).now().withdrawn.size(), 1u) << agency;
    EXPECT_EQ(views.at(agency).now().withdrawn[0].reason, "it was about another child");
    const auto list = t.node(agency).inbox();
    const auto item = std::find_if(list.items.begin(), list.items.end(),
                                   [](const InboxItem& one) { return one.kind == "wrong-child"; });
    ASSERT_NE(item, list.items.end()) << agency;
    EXPECT_TRUE(item->takes_back);
    EXPECT_FALSE(item->record);
  }
  EXPECT_TRUE(shows_it("leeds-csc")) << "it is cut off, and cannot know";
  EXPECT_TRUE(own.now().items.end() == std::find_if(own.now().items.begin(), own.now().items.end(),
                                                    [&](const ViewItem& item) { return item.id == misfiled; }));
  t.network().mend_all();
  t.run_for(1h);
  EXPECT_FALSE(shows_it("leeds-csc"));

  // Whoever takes it up is named, and the review says who was shown it.
  const auto list = t.node("leeds-csc").inbox();
  const auto item = std::find_if(list.items.begin(), list.items.end(),
                                 [](const InboxItem& one) { return one.kind == "wrong-child"; });
  ASSERT_NE(item, list.items.end());
  const auto taken_up = t.node("leeds-csc").acknowledge(*item);
  ASSERT_TRUE(taken_up);
  EXPECT_EQ(taken_up->acknowledged_by, "s.worker");
  EXPECT_EQ(t.node("leeds-csc").acknowledge(*item, "m.manager")->acknowledged_by, "s.worker") << "once";
  const auto relied = t.node("leeds-csc").relied_on(*item);
  ASSERT_TRUE(relied);
  ASSERT_EQ(relied->size(), 1u);
  EXPECT_EQ(relied->front().name, "s.worker");
  EXPECT_EQ(relied->front().view, views.at("leeds-csc").id());
  EXPECT_EQ(t.node("leeds-csc").relied_on(*item, "s.worker").error().code, "not-found");
  // A fresh view does not have it either.
  policies_of("bradford-csc").expect_complete();
  for (const auto& one : t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).now().items)
    EXPECT_NE(one.id, misfiled);
}

TEST(Corrections, a_record_that_an_import_replaces_is_corrected_where_it_was_told) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  const RecordId first = t.node("wy-police").record(Story::moved_twice, domestic_incident("A knife was found"));
  t.run_for(1s);
  ASSERT_NE(find(t.node("bradford-csc").inbox(), "A knife was found"), nullptr);
  t.node("wy-police").record(Story::moved_twice, domestic_incident("No knife was found"), first);
  t.run_for(1s);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 2u);
  EXPECT_EQ(list.items[0].kind, "correction");
  EXPECT_EQ(list.items[0].record->headline, "No knife was found");
  EXPECT_TRUE(list.items[1].struck_at);
  EXPECT_FALSE(list.items[1].record);
  EXPECT_EQ(find(list, "A knife was found"), nullptr);
}

TEST(Corrections, only_an_item_of_ones_own_agency_that_one_was_shown_can_be_corrected) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  RecordId own, foreign;
  for (const auto& item : view.now().items) (item.agency == id("bradford-csc") ? own : foreign) = item.id;
  auto node = t.node("bradford-csc");
  EXPECT_EQ(node.correct({view.id(), foreign, "retraction", "why", "", ""}).error().code, "not-found");
  EXPECT_EQ(node.correct({view.id(), own, "retraction", "why", "", ""}, "o.worker").error().code, "not-found");
  EXPECT_EQ(node.correct({view.id(), own, "retraction", "", "", ""}).error().code, "bad-correction");
  EXPECT_EQ(node.correct({view.id(), own, "correction", "why", "", ""}).error().code, "bad-correction");
  EXPECT_TRUE(node.correct({view.id(), own, "correction", "a slip", "Put right", ""}));
  EXPECT_EQ(node.correct({view.id(), own, "retraction", "again", "", ""}).error().code, "not-found");
}

}  // namespace
}  // namespace ginnel::sim
