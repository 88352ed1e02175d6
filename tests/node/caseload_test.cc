// SPDX-License-Identifier: Apache-2.0
// Whether a worker is allocated to a child, as the gate knows it: for policies, in the ledger, on the view.
#include "node/view/case_views.h"
#include "node/work/allocations.h"
#include "tests/node/view_for_tests.h"

namespace ginnel {
namespace {

class Caseload : public testing::Test {
 protected:
  Caseload() : child_(store_.add(aisha())) {}

  void allocate() {
    auto turn = store_.begin(noon);
    AllocationEntry entry;
    entry.person = child_;
    entry.worker = user_;
    ASSERT_TRUE(Allocations(random_).allocate(entry, ActorId(), *turn));
    ASSERT_TRUE(turn->commit());
  }
  void say(AllocationEntry entry) {
    auto turn = store_.begin(noon);
    entry.allocation = AllocationId(std::array<std::uint8_t, 16>{7});
    entry.from = noon + -day_ms;
    ASSERT_TRUE(say_relation(entry, ActorId(), *turn));
    ASSERT_TRUE(turn->commit());
  }
  DecisionFor for_worker(Turn& turn) const {
    DecisionFor recorded{*ActorId::from(user_.bytes()), turn.node_key(), {}};
    recorded.access.person = child_;
    return recorded;
  }
  // What a rule gives that holds for allocated workers alone; the decision's entry is committed.
  Step decide(const std::function<void(DecisionFor&)>& change = {}) {
    auto turn = store_.begin(noon);
    DecisionFor recorded = for_worker(*turn);
    if (change) change(recorded);
    const auto verdicts = gate_.decide(asking_for(), std::vector{record_}, {}, recorded, *turn);
    EXPECT_TRUE(verdicts && verdicts->size() == 1);
    EXPECT_TRUE(turn->commit());
    return verdicts && verdicts->size() == 1 ? verdicts->front().step : Step::none;
  }
  Access last() {
    auto snapshot = store_.snapshot();
    auto entry = snapshot->entry(snapshot->tree_head().size - 1);
    EXPECT_TRUE(entry && entry->header.kind == EntryKind::decided);
    return decode_access(entry->body).value();
  }

  StoreForTests store_;
  SeededRandom random_{10};
  const UserId user_ = UserId::make(random_);
  const PersonRef child_;
  const RecordLabel record_ = label_of("leeds-csc", "visit", "social-care.visit", 2);
  Gate gate_{bundle_of(R"(@id("mine") @title("Of one's caseload")
                          permit (principal, action in Share::Action::"view", resource) when { context.allocated };)")};
};

TEST_F(Caseload, a_rule_can_ask_whether_the_worker_is_allocated_to_the_child) {
  EXPECT_EQ(decide(), Step::none);
  EXPECT_EQ(last().allocated, Allocated::no);
  allocate();
  EXPECT_EQ(decide(), Step::content);
  EXPECT_EQ(last().allocated, Allocated::yes);
}

TEST_F(Caseload, a_rule_can_ask_for_a_conflict_of_interest_which_outweighs_an_allocation) {
  const Gate shut(bundle_of(R"(@id("all") @title("All")
                               permit (principal, action in Share::Action::"view", resource);
                               @id("lock") @title("Conflict") @ask("a manager")
                               forbid (principal, action in Share::Action::"view", resource) when { context.conflict };)"));
  const auto decided = [&] {
    auto turn = store_.begin(noon);
    const auto verdicts = shut.decide(asking_for(), std::vector{record_}, {}, for_worker(*turn), *turn);
    EXPECT_TRUE(verdicts && turn->commit());
    return verdicts->front().step;
  };
  allocate();
  EXPECT_EQ(decided(), Step::content);
  AllocationEntry said;
  said.person = child_;
  said.worker = UserId::make(random_);
  said.relation = WorkerRelation::conflict;
  say(said);
  EXPECT_EQ(decided(), Step::content) << "another worker's";
  said.worker = user_;
  say(said);
  EXPECT_EQ(decided(), Step::exists);
  EXPECT_EQ(last().allocated, Allocated::in_conflict);
  said.to = noon;
  say(said);
  EXPECT_EQ(decided(), Step::content) << "it has ended";
}

TEST(AboutPersonOfAnEntry, what_could_not_be_read_counts_as_a_conflict) {
  EXPECT_TRUE(about_person(Allocated::unreadable, {}).in_conflict);
  EXPECT_TRUE(about_person(Allocated::in_conflict, {}).in_conflict);
  for (auto other : {Allocated::yes, Allocated::no, Allocated::not_asked})
    EXPECT_FALSE(about_person(other, {}).in_conflict);
  EXPECT_TRUE(about_person(Allocated::yes, {}).is_allocated);
}

TEST_F(Caseload, nobody_of_another_agency_counts_as_allocated_whatever_they_call_themselves) {
  allocate();
  EXPECT_EQ(decide([](DecisionFor& recorded) { recorded.access.peer = member("leeds-health"); }), Step::none);
  EXPECT_EQ(last().allocated, Allocated::not_asked);
  EXPECT_EQ(decide([](DecisionFor& recorded) { recorded.actor = ActorId(); }), Step::none);
}

TEST_F(Caseload, whom_a_worker_searches_for_is_shown_by_it_too) {
  const auto shown = [&] {
    auto turn = store_.begin(noon);
    DecisionFor recorded = for_worker(*turn);
    recorded.access.person = PersonRef();
    const std::vector<PersonAsked> asked{{child_, {}, {true, {}}}};  // what a caller says is not believed
    const auto verdicts = gate_.decide_people(asking_for(), asked, 5, recorded, *turn);
    EXPECT_TRUE(verdicts && verdicts->size() == 1);
    return verdicts && verdicts->front().permit.has_value();
  };
  EXPECT_FALSE(shown());
  allocate();
  EXPECT_TRUE(shown());
}

TEST(CaseloadOfAView, is_told_on_the_view_and_stands_in_its_entry) {
  ViewForTests t;
  PartMaker maker{t.gate, t.finder};
  AskEngine asks{t.random};
  const SecretKey pseudonyms = SecretKey::make(t.random);
  KeptViews kept{KeptViewRules()};
  CaseViews views(CaseViews::Parts{t.gate, maker, t.finder, *t.book, asks, kept, nullptr, t.random, pseudonyms});
  const PersonRef child = t.store.add(aisha());
  Session worker;
  worker.user = samples::id<UserId>(1);
  worker.role = "practitioner";
  // Whether the view says so, and what its entry says.
  const auto view_of = [&](const std::string& nhs_number) {
    ViewRequest request;
    request.child = {nhs_number, "", "", {}, ""};
    request.purpose = "first_contact";
    request.basis = "public_task";
    request.reason = "worried";
    auto turn = t.store.begin(noon);
    const auto view = views.start(worker, request, own_part(), *turn);
    EXPECT_TRUE(view);
    const auto shown = views.show(worker, *view, own_part(), *turn);
    EXPECT_TRUE(shown);
    EXPECT_TRUE(turn->commit());
    Access entry;
    for (auto& [kind, access] : t.accesses_since(t.store.snapshot()->tree_head().size - 1))
      if (kind == EntryKind::view_shown) entry = access;
    return std::pair(shown->allocated, entry.allocated);
  };
  const std::string held = "9990000018", stranger = "9990000107";
  EXPECT_EQ(view_of(held), (std::pair(false, Allocated::no)));
  EXPECT_EQ(view_of(stranger), (std::pair(false, Allocated::not_asked))) << "the page says the same as of one held";
  {
    auto turn = t.store.begin(noon);
    AllocationEntry entry;
    entry.person = child;
    entry.worker = worker.user;
    ASSERT_TRUE(Allocations(t.random).allocate(entry, ActorId(), *turn));
    ASSERT_TRUE(turn->commit());
  }
  EXPECT_EQ(view_of(held), (std::pair(true, Allocated::yes)));
}

}  // namespace
}  // namespace ginnel
