// SPDX-License-Identifier: Apache-2.0
// How a process stands, at every agency that works in it: the same as at its lead, as soon as something happens, and at
// nobody else.
#include <algorithm>

#include "tests/sim/process_scenario.h"

namespace ginnel::sim {
namespace {

class OverviewElsewhere : public ProcessScenario {
 protected:
  void bring(const std::string& agency, const std::string& name) {
    for (const auto& item : t.node(agency).inbox("m.manager").items)
      if (item.invitation && item.invitation->title == "Strategy discussion") {
        const auto made = t.node(agency).answer(item, name, "", "m.manager");
        ASSERT_TRUE(made) << made.error().text();
        t.run_for(1min);
        return;
      }
    FAIL() << agency << " was not invited";
  }
  std::vector<InboxItem> elsewhere(const std::string& agency, const std::string& user = "m.manager") {
    std::optional<Expected<InboxList>> out;
    auto& there = t.node(agency).machine();
    there.node().list_processes_elsewhere(there.token(user), [&](Expected<InboxList> got) { out = std::move(got); });
    EXPECT_TRUE(t.run_until([&] { return out.has_value(); }, 10s));
    EXPECT_TRUE(out && *out) << (out ? out->error().text() : "no answer");
    return out && *out ? (*out)->items : std::vector<InboxItem>();
  }
  static const OverviewStep* step_of(const InboxItem& item, const std::string& title) {
    for (const auto& step : item.overview->steps)
      if (step.title == title) return &step;
    return nullptr;
  }
  static std::string sentence(const InboxItem& item, const std::string& title) {
    for (const auto& line : item.stands)
      if (line.name == title) return line.value;
    return {};
  }
};

TEST_F(OverviewElsewhere, whoever_brings_something_sees_how_it_stands_and_what_it_waits_for) {
  const ProcessId process = invite();
  EXPECT_TRUE(elsewhere("wy-police").empty());
  bring("wy-police", "attendance");
  auto at_police = elsewhere("wy-police");
  ASSERT_EQ(at_police.size(), 1u);
  EXPECT_EQ(at_police[0].agency, id("bradford-csc"));
  EXPECT_EQ(at_police[0].overview->process, process);
  EXPECT_FALSE(at_police[0].overview->states.empty());
  const OverviewStep* strategy = step_of(at_police[0], "Strategy discussion");
  ASSERT_NE(strategy, nullptr);
  EXPECT_TRUE(strategy->is_open);
  EXPECT_TRUE(strategy->due.is_set());
  EXPECT_FALSE(strategy->owner.empty());
  EXPECT_NE(std::find(strategy->missing.begin(), strategy->missing.end(), "Health"), strategy->missing.end());
  EXPECT_NE(std::find(strategy->waits_for.begin(), strategy->waits_for.end(), "decision"), strategy->waits_for.end());

  bring("bradford-health", "attendance");
  at_police = elsewhere("wy-police");
  ASSERT_EQ(at_police.size(), 1u) << "the newest word is the only one";
  strategy = step_of(at_police[0], "Strategy discussion");
  EXPECT_EQ(std::find(strategy->missing.begin(), strategy->missing.end(), "Health"), strategy->missing.end());
  EXPECT_EQ(elsewhere("bradford-health").size(), 1u);

  give(process, 4, {"attendance", "held", "shared", "decision", "interim-safety", "actions"});
  close(process, 4, "s47");
  t.run_for(1min);
  for (const char* agency : {"wy-police", "bradford-health"}) {
    const auto items = elsewhere(agency);
    ASSERT_EQ(items.size(), 1u) << agency;
    EXPECT_FALSE(step_of(items[0], "Strategy discussion")->is_open) << agency;
    EXPECT_NE(step_of(items[0], "Section 47 enquiry"), nullptr) << agency;
  }
  to_the_end(process);
  t.run_for(1min);
  ASSERT_EQ(elsewhere("wy-police").size(), 1u);
  EXPECT_TRUE(elsewhere("wy-police")[0].overview->has_ended);
}

TEST_F(OverviewElsewhere, a_step_that_is_late_says_so_at_every_agency_and_why_once_somebody_has_said) {
  const ProcessId process = invite();
  bring("wy-police", "attendance");
  EXPECT_EQ(sentence(elsewhere("wy-police")[0], "Strategy discussion").find("LATE"), std::string::npos);
  t.clock().advance_to(step_of(elsewhere("wy-police")[0], "Strategy discussion")->due + hour_ms);
  t.run_for(1min);
  EXPECT_NE(sentence(elsewhere("wy-police")[0], "Strategy discussion").find("LATE"), std::string::npos);
  EXPECT_NE(sentence(elsewhere("wy-police")[0], "Strategy discussion").find("nobody has said why"), std::string::npos);
  auto detail = result<ProcessDetail>([&](auto done) { node().read_process(token("m.manager"), process, done); });
  ASSERT_TRUE(detail);
  std::string clock;
  for (const auto& step : detail->steps)
    for (const auto& one : step.clocks)
      if (step.number == 4 && one.is_late) clock = one.id;
  ASSERT_FALSE(clock.empty());
  ASSERT_TRUE(result<bool>([&](auto done) {
    node().give_late_reason(token("m.manager"), {process, 4, clock, "the health visitor was in court"}, done);
  }));
  t.run_for(1min);
  EXPECT_NE(sentence(elsewhere("wy-police")[0], "Strategy discussion").find("the health visitor was in court"),
            std::string::npos);
}

// The lead takes an old word out of its queue once there is a newer; a message with it may still be on its way.
TEST_F(OverviewElsewhere, an_older_word_that_comes_late_is_not_taken_after_the_newer) {
  const ProcessId process = invite();
  const auto invited = t.node("wy-police").inbox("m.manager").items;
  const auto item = std::find_if(invited.begin(), invited.end(), [](const auto& one) {
    return one.invitation && one.invitation->title == "Strategy discussion";
  });
  ASSERT_NE(item, invited.end());
  const std::size_t before = t.network().log.size();
  t.network().cut_one_way(id("bradford-csc"), id("wy-police"));
  ASSERT_TRUE(t.node("wy-police").answer(*item, "attendance", "", "m.manager"));
  t.run_for(5s);
  std::optional<Packet> late;
  for (std::size_t i = before; i < t.network().log.size(); ++i) {
    const Packet& packet = t.network().log[i];
    if (packet.to != id("wy-police") || packet.from != id("bradford-csc")) continue;
    const auto message = t.opened(packet);
    if (message && message->header.kind == Kind::notice) late = packet;
  }
  ASSERT_TRUE(late) << "the first word of how it stands";
  give(process, 4, {"decision"});
  t.network().mend_all();
  t.run_for(30s);
  const auto waits_for = [&] {
    const auto items = elsewhere("wy-police");
    return items.size() == 1 ? step_of(items[0], "Strategy discussion")->waits_for : std::vector<std::string>{"?"};
  };
  const auto newest = waits_for();
  ASSERT_EQ(std::count(newest.begin(), newest.end(), "?"), 0);
  ASSERT_EQ(std::count(newest.begin(), newest.end(), "decision"), 0);
  const auto taken = t.node("wy-police").entries(EntryKind::notice).size();
  t.inject("bradford-csc", "wy-police", late->frame);
  t.run_for(20s);
  EXPECT_EQ(t.node("wy-police").entries(EntryKind::notice).size(), taken);
  EXPECT_EQ(waits_for(), newest);
}

// It was right when it stood: nobody has to acknowledge that time goes on.
TEST_F(OverviewElsewhere, is_no_correction_and_fills_nobodys_inbox) {
  const ProcessId process = invite();
  bring("wy-police", "attendance");
  const auto before = t.node("wy-police").inbox("m.manager").items.size();
  give(process, 4, {"shared"});
  t.run_for(1min);
  const Instant as_at = elsewhere("wy-police")[0].overview->as_at;
  for (int i = 0; i < 5; ++i) {
    give(process, 4, {"shared"});
    t.run_for(1min);
  }
  EXPECT_EQ(elsewhere("wy-police")[0].overview->as_at, as_at)
      << "what was shared again changed nothing of how it stands";
  EXPECT_EQ(t.node("wy-police").inbox("m.manager").items.size(), before);
  EXPECT_TRUE(t.node("wy-police").tasks("correction_to_acknowledge", "m.manager").empty());
  auto view = t.node("wy-police").ask(Story::moved_twice, {.purpose = "child_protection"});
  EXPECT_TRUE(view.now().withdrawn.empty());
  view.expect_shown("bradford-csc", "process_overview", Step::content);
  give(process, 4, {"decision"});
  t.run_for(1min);
  EXPECT_TRUE(view.now().withdrawn.empty()) << "an open view keeps what it was shown";
}

// SECURITY: who works in it is who brought something to it.
TEST_F(OverviewElsewhere, is_hidden_from_everybody_for_whom_it_was_not_written) {
  const ProcessId process = invite();
  bring("wy-police", "attendance");
  for (const char* agency : {"bradford-health", "leeds-csc", "bradford-education"}) {
    EXPECT_TRUE(elsewhere(agency).empty()) << agency;
    auto view = t.node(agency).ask(Story::moved_twice, {.purpose = "child_protection"});
    for (const auto& item : view.now().items) EXPECT_NE(item.kind, "process_overview") << agency;
    for (const auto& item : t.node(agency).inbox("m.manager").items)
      EXPECT_FALSE(item.record && item.record->kind == "process_overview") << agency;
  }
  // The lead's own people have the process itself.
  auto own = ask();
  for (const auto& item : own.now().items) EXPECT_NE(item.kind, "process_overview");
  EXPECT_TRUE(elsewhere("bradford-csc").empty());
  (void)process;
}

TEST_F(OverviewElsewhere, survives_a_day_of_silence_and_the_crash_of_either_side) {
  const ProcessId process = invite();
  bring("wy-police", "attendance");
  t.node("wy-police").freeze();
  give(process, 4, {"attendance", "held", "shared", "decision", "interim-safety", "actions"});
  t.run_for(30min);
  t.clock().advance_to(t.now() + 23 * hour_ms);
  t.node("bradford-csc").crash();
  t.node("bradford-csc").restart();
  t.node("wy-police").thaw();
  t.run_for(2h);
  const auto items = elsewhere("wy-police");
  ASSERT_EQ(items.size(), 1u);
  const OverviewStep* strategy = step_of(items[0], "Strategy discussion");
  ASSERT_NE(strategy, nullptr);
  EXPECT_EQ(std::find(strategy->waits_for.begin(), strategy->waits_for.end(), "decision"), strategy->waits_for.end());
}

}  // namespace
}  // namespace ginnel::sim
