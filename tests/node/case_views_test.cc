// SPDX-License-Identifier: Apache-2.0
#include "node/view/case_views.h"

#include "node/process/test_head_issuer.h"
#include "node/view/kept_answer.h"
#include "tests/node/view_for_tests.h"

namespace ginnel {
namespace {

class CaseViewsTest : public testing::Test {
 protected:
  ViewForTests t;
  PartMaker maker{t.gate, t.finder};
  AskEngine asks{t.random};
  KeptViews kept{KeptViewRules()};
  Erasures erasures;
  SecretKey pseudonyms = SecretKey::make(t.random);
  TestHeadIssuer heads{member("bradford-csc"),
                       [this] {
                         return SealKey{t.members.keys("bradford-csc").signing, 1};
                       },
                       t.random};
  std::unique_ptr<CaseViews> views = made();
  Instant now = noon;
  KeyId key;

  std::unique_ptr<CaseViews> made() {
    return std::make_unique<CaseViews>(
        CaseViews::Parts{t.gate, maker, t.finder, *t.book, asks, kept, &heads, t.random, pseudonyms});
  }
  Session worker(std::uint8_t first = 1, const std::string& role = "practitioner") {
    Session session;
    session.user = samples::id<UserId>(first);
    session.role = role;
    return session;
  }
  ViewRequest request(const std::string& purpose = "first_contact") {
    ViewRequest out;
    out.child = {"9990000018", "", "", {}, ""};
    out.purpose = purpose;
    out.basis = "public_task";
    out.reason = "worried";
    return out;
  }
  template <class Do>
  auto in_turn(Do work) {
    auto turn = t.store.begin(now);
    EXPECT_TRUE(kept.begin(*turn));
    auto result = work(*turn);
    EXPECT_TRUE(turn->commit());
    return result;
  }
  Expected<ViewId> start(const ViewRequest& asked, const Session& by) {
    return in_turn([&](Turn& turn) { return views->start(by, asked, own_part(), turn); });
  }
  Expected<ViewId> start(const ViewRequest& asked) { return start(asked, worker()); }
  Expected<CaseView> show(const ViewId& view, const Session& by) {
    return in_turn([&](Turn& turn) { return views->show(by, view, own_part(), turn); });
  }
  Expected<CaseView> show(const ViewId& view) { return show(view, worker()); }
  void answer_all(PartStatus status = PartStatus::not_known) {
    for (const auto& message : asks.take_outgoing()) {
      const Ask ask = decode_ask(message.payload).value();
      EXPECT_FALSE(
          asks.receive(message.to, not_known_answer(ask.id, {}, now, now, t.gate.bundle().ref(), "public_task"), now));
    }
    for (auto& part : asks.take_parts()) {
      part.answer.status = status;
      EXPECT_TRUE(in_turn([&](Turn& turn) { return views->add(part, turn); }));
    }
  }
  std::vector<Access> entries(EntryKind kind) {
    std::vector<Access> out;
    for (auto& [of, access] : t.accesses_since_start())
      if (of == kind) out.push_back(std::move(access));
    return out;
  }
};

TEST_F(CaseViewsTest, asks_every_member_that_holds_records_and_writes_asked_first) {
  ASSERT_TRUE(start(request()));
  std::set<MemberId> asked;
  for (const auto& message : asks.take_outgoing()) asked.insert(message.to);
  std::set<MemberId> members;
  for (const auto& one : t.book->directory()->members)
    if (one.id != member("bradford-csc")) members.insert(one.id);
  EXPECT_EQ(asked, members);
  const auto written = entries(EntryKind::asked);
  ASSERT_EQ(written.size(), 1u);
  EXPECT_EQ(written[0].reason, "worried");
  EXPECT_EQ(written[0].scope.size(), members.size() + 1);
  EXPECT_EQ(written[0].scope.front(), member("bradford-csc"));
}

TEST_F(CaseViewsTest, an_ask_names_the_worker_by_a_pseudonym_and_never_the_reason) {
  ViewRequest asked = request();
  asked.reason = "neighbour rang";
  asked.case_ref = "BD-77";
  ASSERT_TRUE(start(asked));
  const auto messages = asks.take_outgoing();
  const auto text_of_user = to_hex(worker().user.bytes());
  for (const auto& message : messages) {
    const Ask ask = decode_ask(message.payload).value();
    EXPECT_NE(to_hex(ask.claims.worker), text_of_user);
    EXPECT_NE(ask.claims.case_commitment, Hash());
    const auto payload = text_of(message.payload);
    EXPECT_EQ(payload.find("neighbour"), std::string_view::npos);
    EXPECT_EQ(payload.find("BD-77"), std::string_view::npos);
  }
  ASSERT_TRUE(start(asked, worker(9)));
  EXPECT_NE(decode_ask(messages[0].payload)->claims.worker, decode_ask(asks.take_outgoing()[0].payload)->claims.worker);
}

TEST_F(CaseViewsTest, each_ask_has_its_own_id_which_stays_the_same_after_a_restart) {
  const auto view = start(request());
  std::map<MemberId, AskId> before, after;
  for (const auto& message : asks.take_outgoing()) before[message.to] = decode_ask(message.payload)->id;
  asks.clear();
  views = made();
  ASSERT_TRUE(show(*view));
  for (const auto& message : asks.take_outgoing()) after[message.to] = decode_ask(message.payload)->id;
  EXPECT_EQ(before, after);
  std::set<AskId> ids;
  for (const auto& [to, id] : before) ids.insert(id);
  EXPECT_EQ(ids.size(), before.size());
}

TEST_F(CaseViewsTest, a_request_that_cannot_be_begun_is_refused_and_asks_nobody) {
  const auto code = [&](auto change) {
    ViewRequest asked = request();
    change(asked);
    auto begun = start(asked);
    EXPECT_FALSE(begun);
    return begun ? std::string() : begun.error().code;
  };
  EXPECT_EQ(code([](ViewRequest& r) { r.deadline_ms = limits::view_deadline_ms_min - 1; }), "bad-deadline");
  EXPECT_EQ(code([](ViewRequest& r) { r.deadline_ms = limits::view_deadline_ms_max + 1; }), "bad-deadline");
  EXPECT_EQ(code([](ViewRequest& r) { r.scope = {member("nobody-csc")}; }), "bad-scope");
  EXPECT_EQ(code([](ViewRequest& r) { r.purpose = "curiosity"; }), "unknown-word");
  EXPECT_EQ(code([](ViewRequest& r) { r.basis = "duty_to_share"; }), "basis-not-in-force");
  EXPECT_EQ(start(request(), worker(1, "operator")).error().code, "forbidden");
  EXPECT_TRUE(asks.take_outgoing().empty());
  EXPECT_TRUE(entries(EntryKind::decided).empty());
}

TEST_F(CaseViewsTest, a_node_without_a_directory_says_so) {
  t.book.emplace(t.members.anchor, DirectoryRules{});
  EXPECT_EQ(start(request()).error().code, "no-directory");
}

TEST_F(CaseViewsTest, a_member_that_was_suspended_is_named_as_not_asked) {
  t.book->suspend(member("wy-police"));
  const auto view = start(request());
  answer_all();
  const auto shown = show(*view);
  ASSERT_TRUE(shown);
  for (const auto& part : shown->parts)
    if (part.agency == member("wy-police")) {
      EXPECT_EQ(part.status, PartStatus::not_asked);
      EXPECT_EQ(part.reason, "not asked: suspended");
    }
  EXPECT_FALSE(shown->complete);
}

TEST_F(CaseViewsTest, a_view_is_due_when_all_have_answered_or_its_deadline_has_passed) {
  const auto first = start(request());
  EXPECT_FALSE(views->is_due(*first, now));
  EXPECT_FALSE(views->is_due(*first, now + 4999));
  EXPECT_TRUE(views->is_due(*first, now + 5000));
  EXPECT_EQ(views->deadline(*first), now + 5000);
  answer_all();
  EXPECT_TRUE(views->is_due(*first, now));
}

TEST_F(CaseViewsTest, showing_a_view_decides_again_and_writes_what_was_shown) {
  const auto view = start(request());
  answer_all();
  const auto decided = entries(EntryKind::decided).size();
  ASSERT_TRUE(show(*view));
  ASSERT_TRUE(show(*view));
  EXPECT_EQ(entries(EntryKind::view_shown).size(), 2u);
  EXPECT_EQ(entries(EntryKind::decided).size(), decided + 2);
  EXPECT_EQ(entries(EntryKind::view_shown)[0].outcome, "complete");
}

TEST_F(CaseViewsTest, a_view_is_its_owners_and_ends) {
  const auto view = start(request());
  EXPECT_EQ(show(*view, worker(2)).error().code, "not-found");
  now = noon + 23 * hour_ms;
  const auto shown = show(*view);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->kept_until, now + 24 * hour_ms);
  now = now + 24 * hour_ms;
  EXPECT_EQ(show(*view).error().code, "not-found");
}

TEST_F(CaseViewsTest, a_view_that_is_looked_at_every_day_ends_after_a_week) {
  const auto view = start(request());
  for (; now < noon + 7 * day_ms; now = now + 12 * hour_ms) EXPECT_TRUE(show(*view));
  EXPECT_EQ(show(*view).error().code, "not-found");
}

TEST_F(CaseViewsTest, what_a_peer_gave_is_sealed_under_the_views_own_key) {
  const auto view = start(request());
  answer_all();
  const auto received = entries(EntryKind::received);
  ASSERT_FALSE(received.empty());
  const auto copies = [&] {
    auto turn = t.store.begin(now);
    std::size_t opened = 0;
    for (const auto& one : received) {
      EXPECT_FALSE(kept_answer(one.attached)) << "its pages stand open in the entry";
      Bytes belongs_to = copy_of(view->bytes());
      append(belongs_to, view_of(one.peer.text()));
      const auto copy = turn->open_with(key, one.attached, belongs_to);
      opened += copy && kept_answer(*copy).has_value();
    }
    return opened;
  };
  key = kept.key(*view, now).value();
  EXPECT_EQ(copies(), received.size());

  now = noon + 24 * hour_ms;
  in_turn([&](Turn& turn) { return kept.tick(turn, erasures); });
  erasures.destroy(*t.store, now);
  EXPECT_EQ(copies(), 0u);
}

TEST_F(CaseViewsTest, a_part_of_a_view_that_is_gone_is_let_fall) {
  PartArrived stray;
  stray.view = ViewId::make(t.random);
  stray.from = member("wy-police");
  EXPECT_TRUE(in_turn([&](Turn& turn) { return views->add(stray, turn); }));
  EXPECT_TRUE(entries(EntryKind::received).empty());
}

TEST_F(CaseViewsTest, a_worker_to_whom_the_agency_shows_nothing_does_not_spread_what_it_knows) {
  Person person = aisha();
  person.markings_by_person = {"adoption_sealed"};
  t.store.add(record_about(t.store.add(person), "involvement", "social-care.contact", 0));
  const auto view = start(request());
  for (const auto& message : asks.take_outgoing()) {
    const auto about = std::get<Identity>(decode_ask(message.payload)->about);
    EXPECT_TRUE(about.family.empty() && about.given.empty() && !about.birth_date.is_set());
  }
  const auto shown = show(*view);
  ASSERT_TRUE(shown);
  EXPECT_TRUE(shown->family.empty()) << "the page would name a concealed child";
  EXPECT_TRUE(shown->person.empty()) << "the page would lead to a concealed child, and tell that there is one";
}

TEST_F(CaseViewsTest, a_child_who_is_known_here_is_asked_about_by_all_that_is_known) {
  Person person = aisha();
  person.markings_by_source.clear();
  const PersonRef child = t.store.add(person);
  t.store.add(record_about(child, "involvement", "social-care.contact", 0));
  const auto view = start(request());
  const auto about = std::get<Identity>(decode_ask(asks.take_outgoing()[0].payload)->about);
  EXPECT_EQ(about.family, "Tester");
  EXPECT_EQ(show(*view)->family, "Tester");
  EXPECT_EQ(show(*view)->person, child);
}

TEST_F(CaseViewsTest, the_oldest_view_leaves_memory_and_comes_back_from_the_ledger) {
  const auto first = start(request());
  answer_all();
  now = now + 1;
  ViewRequest own_only = request();
  own_only.scope = {member("bradford-csc")};
  for (std::size_t i = 0; i < limits::views_in_memory_max; ++i) {
    t.store->refill_keys();
    ASSERT_TRUE(start(own_only));
  }
  EXPECT_FALSE(views->deadline(*first)) << "it is in memory still";
  const auto shown = show(*first);
  ASSERT_TRUE(shown);
  EXPECT_TRUE(shown->complete);
}

}  // namespace
}  // namespace ginnel
