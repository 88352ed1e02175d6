// SPDX-License-Identifier: Apache-2.0
// Calls that are sent again under their key, by a whole node.
#include "node/outcomes.h"

#include "federation/base/crypto/hash.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

OnceKey once_key_of(std::string_view key, std::string_view request) {
  return {sha256(view_of(std::string(key))), sha256(view_of(std::string(request)))};
}

class Outcomes : public testing::Test, protected NodeForTests {
 protected:
  PersonRef one = store.add(ben()), other = store.add(ben());
  const Session manager = session_of("m.manager", "manager"), worker = session_of("s.worker", "practitioner");

  Session session_of(const std::string& name, const std::string& role) {
    const Account account = add_user(name, role);
    std::optional<Session> out;
    node->open_session(account.id, [&](Expected<Session> got) { out = got.value(); });
    run();
    return *out;
  }
  // Nothing: no answer came.
  template <class T>
  std::optional<Expected<T>> wait(std::function<void(Done<T>)> call) {
    std::optional<Expected<T>> out;
    call([&](Expected<T> got) { out = std::move(got); });
    run();
    return out;
  }
  std::string merge(const Caller& caller) {
    auto out = wait<bool>([&](Done<bool> done) { node->merge_people(caller, {one, other, "one boy"}, done); });
    return *out ? "done" : out->error().code;
  }
  Expected<CaseView> view(const Caller& caller) {
    ViewRequest request;
    request.child.nhs_number = "9990000018";
    request.purpose = "first_contact";
    request.basis = "public_task";
    request.scope = {*MemberId::parse("bradford-csc")};
    return *wait<CaseView>([&](Done<CaseView> done) { node->start_view(caller, request, done); });
  }
  void restart() {
    node.reset();
    store.reopen();
    start();
  }
  int entries(EntryKind kind) {
    int found = 0;
    auto snapshot = store.snapshot();
    for (std::uint64_t i = 0; i < snapshot->tree_head().size; ++i)
      if (auto entry = snapshot->entry(i); entry && entry->header.kind == kind) ++found;
    return found;
  }
};

TEST_F(Outcomes, the_same_call_again_tells_the_same_and_does_nothing_twice) {
  const Caller caller{manager.token, once_key_of("k", "merge")};
  EXPECT_EQ(merge(caller), "done");
  EXPECT_EQ(merge(caller), "done");
  EXPECT_EQ(entries(EntryKind::merge), 1);
  EXPECT_EQ(merge(manager.token), "bad-pair") << "without its key it would have been refused";
}

TEST_F(Outcomes, a_call_whose_answer_was_lost_with_the_power_is_told_what_it_came_to) {
  const Caller caller{manager.token, once_key_of("k", "merge")};
  node->merge_people(caller, {one, other, "one boy"}, [](Expected<bool>) {});
  run();
  restart();
  EXPECT_EQ(merge(caller), "done");
  EXPECT_EQ(entries(EntryKind::merge), 1);
}

TEST_F(Outcomes, a_call_that_was_never_durable_is_done_anew) {
  const Caller caller{manager.token, once_key_of("k", "merge")};
  store.memory_ledger().commit_fails = [] { return true; };
  EXPECT_NE(merge(caller), "done");
  store.memory_ledger().commit_fails = {};
  restart();
  EXPECT_EQ(entries(EntryKind::merge), 0);
  EXPECT_EQ(merge(caller), "done");
  EXPECT_EQ(entries(EntryKind::merge), 1);
}

TEST_F(Outcomes, a_key_with_another_request_is_refused_by_name) {
  EXPECT_EQ(merge({manager.token, once_key_of("k", "merge")}), "done");
  EXPECT_EQ(merge({manager.token, once_key_of("k", "another")}), "idempotency-key-reused");
}

TEST_F(Outcomes, a_key_is_its_users_own) {
  EXPECT_EQ(merge({manager.token, once_key_of("k", "merge")}), "done");
  EXPECT_EQ(merge({worker.token, once_key_of("k", "merge")}), "forbidden");
  EXPECT_EQ(merge({"nobody", once_key_of("k", "merge")}), "unauthenticated");
}

TEST_F(Outcomes, an_error_is_not_kept) {
  const Caller caller{manager.token, once_key_of("k", "merge")};
  const PersonRef known = other;
  other = PersonRef::make(random);
  EXPECT_EQ(merge(caller), "not-found");
  other = known;
  EXPECT_EQ(merge(caller), "done");
}

TEST_F(Outcomes, a_key_is_kept_for_a_day) {
  const Caller caller{manager.token, once_key_of("k", "merge")};
  EXPECT_EQ(merge(caller), "done");
  {
    auto turn = store.begin(clock.at + limits::outcome_kept_ms + -1);
    ASSERT_TRUE(turn->drop_expired());
    EXPECT_TRUE(find_outcome(*turn, manager.user, *caller.once)->has_value());
  }
  auto turn = store.begin(clock.at + limits::outcome_kept_ms);
  ASSERT_TRUE(turn->drop_expired());
  EXPECT_FALSE(find_outcome(*turn, manager.user, *caller.once)->has_value());
}

TEST_F(Outcomes, a_view_asked_for_again_is_the_same_view_decided_and_recorded_anew) {
  const Caller caller{worker.token, once_key_of("k", "view")};
  const auto first = view(caller), again = view(caller);
  ASSERT_TRUE(first && again) << again.error().text();
  EXPECT_EQ(first->id, again->id);
  EXPECT_EQ(entries(EntryKind::asked), 1);
  EXPECT_EQ(entries(EntryKind::view_shown), 2);
  restart();
  EXPECT_EQ(view(caller)->id, first->id);
  EXPECT_NE(view(worker.token)->id, first->id);
}

TEST_F(Outcomes, a_view_asked_for_again_while_it_is_made_is_waited_for) {
  const Caller caller{worker.token, once_key_of("k", "view")};
  ViewRequest request;
  request.child.nhs_number = "9990000018";
  request.purpose = "first_contact";
  request.basis = "public_task";
  request.deadline_ms = 300;  // others are asked, and nobody answers
  std::optional<Expected<CaseView>> first, again;
  node->start_view(caller, request, [&](Expected<CaseView> got) { first = std::move(got); });
  run();
  node->start_view(caller, request, [&](Expected<CaseView> got) { again = std::move(got); });
  run();
  EXPECT_FALSE(first || again);
  clock.at = noon + 300;
  run();
  ASSERT_TRUE(first && again && *first && *again);
  EXPECT_EQ((*first)->id, (*again)->id);
  EXPECT_EQ(entries(EntryKind::asked), 1);
}

TEST_F(Outcomes, a_damaged_row_is_an_error_and_no_new_call) {
  const Caller caller{manager.token, once_key_of("k", "merge")};
  EXPECT_EQ(merge(caller), "done");
  for (auto [key, value] : rows_of(store.ledger(), Table::side_rows)) {
    value.back() ^= 1;
    put_row(store.ledger(), Table::side_rows, key, value);
  }
  store.reopen();
  auto turn = store.begin(clock.at);
  EXPECT_FALSE(find_outcome(*turn, manager.user, *caller.once));
}

}  // namespace
}  // namespace ginnel
