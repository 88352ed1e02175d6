// SPDX-License-Identifier: Apache-2.0
// What a sender sees of what it told: to whom, and how it went with each. And a policy that changes while it waits.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "federation/record/match.h"
#include "node/gate/bundle.h"
#include "tests/sim/world.h"
#include "tests/source_tree.h"

namespace ginnel::sim {
namespace {

const SentRecipient* to(const SentList& list, const std::string& agency) {
  for (const auto& notice : list.notices)
    for (const auto& one : notice.recipients)
      if (one.agency == id(agency)) return &one;
  return nullptr;
}

// The agreement with one more rule.
std::shared_ptr<const Bundle> agreement_with(const std::string& policy) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "agreement-changed";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::filesystem::copy(source_tree() / "config-examples/policies", folder, std::filesystem::copy_options::recursive);
  std::ofstream(folder / "west-yorkshire/30-restricted.cedar", std::ios::app) << policy;
  auto read = read_bundle(folder / "west-yorkshire");
  if (!read) ADD_FAILURE() << read.error().text();
  return read ? *read : west_yorkshire();
}

// As its operator gives it another agreement: nodes read it at their start.
void adopt(World& t, const std::string& agency, std::shared_ptr<const Bundle> bundle) {
  Papers papers = t.papers();
  papers.bundle = std::move(bundle);
  t.node(agency).crash();
  t.machine(agency).start(papers);
}

TEST(SentNotices, tell_for_each_recipient_whether_and_when_it_took_it) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  for (const auto* agency : {"bradford-csc", "bradford-health"})
    t.node(agency).ask(Story::moved_twice, {.purpose = "child_protection"});
  t.run_for(1min);
  t.network().cut(id("bradford-health"), id("wy-police"));
  t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.run_for(1min);
  const Instant after = t.now();
  auto list = t.node("wy-police").sent();
  ASSERT_EQ(list.notices.size(), 1u) << "one act, one row";
  EXPECT_EQ(list.notices[0].headline, "Officers were called at night");
  EXPECT_EQ(list.notices[0].given, "Imogen");
  ASSERT_NE(to(list, "bradford-csc"), nullptr);
  EXPECT_EQ(to(list, "bradford-csc")->state, "delivered");
  EXPECT_LT(to(list, "bradford-csc")->at, after);
  ASSERT_NE(to(list, "bradford-health"), nullptr);
  EXPECT_EQ(to(list, "bradford-health")->state, "sent") << "and no receipt";
  t.network().mend_all();
  t.run_for(1h);
  list = t.node("wy-police").sent();
  EXPECT_EQ(to(list, "bradford-health")->state, "delivered");
  EXPECT_GT(to(list, "bradford-health")->at, after);
  // Whoever was never told is in no list.
  EXPECT_EQ(to(list, "leeds-csc"), nullptr);
}

TEST(SentNotices, that_were_not_delivered_name_who_tells_them_another_way) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.network().cut(id("bradford-csc"), id("wy-police"));
  t.node("wy-police").record(Story::moved_twice, domestic_incident("Never heard of"));
  t.run_for(1h);
  t.clock().advance_to(t.now() + 4 * day_ms);
  t.run_for(1h);
  const auto list = t.node("wy-police").sent();
  ASSERT_NE(to(list, "bradford-csc"), nullptr);
  EXPECT_EQ(to(list, "bradford-csc")->state, "not-delivered");
  ASSERT_FALSE(to(list, "bradford-csc")->reported.empty());
  EXPECT_EQ(to(list, "bradford-csc")->reported.front(), "Safeguarding lead");
}

TEST(SentNotices, are_seen_by_who_wrote_them_down_and_by_whoever_oversees) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).expect_complete();
  auto own = t.node("wy-police").ask(Story::moved_twice, {.purpose = "child_protection"});
  RecordId item;
  for (const auto& one : own.now().items)
    if (one.agency == id("wy-police") && one.step >= Step::content) item = one.id;
  ASSERT_TRUE(t.node("wy-police").correct({own.id(), item, "retraction", "it never happened", "", ""}));
  t.run_for(1min);
  for (const auto* reader : {"s.worker", "m.manager"}) {
    const auto list = t.node("wy-police").sent(reader);
    ASSERT_EQ(list.notices.size(), 1u) << reader;
    EXPECT_EQ(list.notices[0].kind, "retraction");
    EXPECT_EQ(list.notices[0].reason, "it never happened");
    EXPECT_EQ(to(list, "bradford-csc")->state, "delivered");
  }
  EXPECT_TRUE(t.node("wy-police").sent("o.worker").notices.empty()) << "they wrote nothing down";
  // Each showing is in the ledger.
  std::size_t shown = 0;
  for (const auto& one : t.node("wy-police").entries(EntryKind::notice_shown)) shown += one.outcome == "sent";
  EXPECT_EQ(shown, 2u);
}

TEST(SentNotices, of_a_child_who_is_concealed_since_are_in_nobodys_list) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.node("wy-police").record(Story::moved_twice, domestic_incident("Before anybody knew better"));
  t.run_for(1min);
  ASSERT_EQ(t.node("wy-police").sent().notices.size(), 1u);
  bool done = false;
  t.machine("wy-police")
      .node()
      .post(
          [&](Work& work) {
            const auto people = work.turn.find_people(find_keys(person_from(identity_of(Story::moved_twice))));
            ASSERT_TRUE(work.turn.mark(people->front(), {{"protected_person"}, {}}, ActorId()));
            done = true;
          },
          [](const Error&) {});
  t.run_until([&] { return done; }, 1s);
  EXPECT_TRUE(t.node("wy-police").sent().notices.empty());
}

// --- a policy that changes between writing down and sending

TEST(Notices, what_a_policy_forbids_before_the_release_never_leaves) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.network().cut(id("bradford-csc"), id("wy-police"));
  t.node("wy-police").record(Story::moved_twice, domestic_incident("Told under the agreement of yesterday"));
  t.run_for(1min);
  adopt(t, "wy-police", agreement_with(R"(
@id("WY-T1") @title("Of domestic incidents nothing is told to anybody for now") @conceal
forbid (principal, action, resource in Share::Category::"police.domestic")
unless { principal.agency == resource.owner };
)"));
  const auto frames = t.network().log.size();
  t.network().mend_all();
  t.run_for(1h);
  for (std::size_t i = frames; i < t.network().log.size(); ++i) {
    const auto message = t.opened(t.network().log[i]);
    if (!message) continue;
    EXPECT_NE(message->header.kind, Kind::notice);
  }
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());
  const auto list = t.node("wy-police").sent();
  ASSERT_NE(to(list, "bradford-csc"), nullptr);
  EXPECT_EQ(to(list, "bradford-csc")->state, "withheld");
}

TEST(Notices, what_a_policy_narrows_before_the_release_is_told_as_narrowly) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.network().cut(id("bradford-csc"), id("wy-police"));
  t.node("wy-police").record(Story::moved_twice, domestic_incident("Told under the agreement of yesterday"));
  t.run_for(1min);
  adopt(t, "wy-police", agreement_with(R"(
@id("WY-T1") @title("Of domestic incidents others learn only that there are some")
forbid (principal, action in Share::Action::"view", resource in Share::Category::"police.domestic")
unless { principal.agency == resource.owner };
)"));
  t.network().mend_all();
  t.run_for(1h);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 1u);
  EXPECT_EQ(list.items[0].step, Step::exists);
  EXPECT_FALSE(list.items[0].record);
}

}  // namespace
}  // namespace ginnel::sim
