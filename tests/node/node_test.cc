// SPDX-License-Identifier: Apache-2.0
// One node by itself: its turns, its calls, its sessions. What it says to others is tests/sim's.
#include "node/node.h"

#include "federation/wire/answer.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

class NodeTest : public testing::Test, protected NodeForTests {
 protected:
  Account add_worker(const std::string& role = "practitioner") { return add_user("s.worker", role); }
  template <class T>
  Expected<T> wait(std::function<void(Done<T>)> call) {
    std::optional<Expected<T>> out;
    call([&](Expected<T> got) { out = std::move(got); });
    run();
    if (!out) return fail("never-answered", "");
    return std::move(*out);
  }
  Expected<Session> open_session(const UserId& user) {
    return wait<Session>([&](Done<Session> done) { node->open_session(user, std::move(done)); });
  }
  Expected<Session> find_session(const std::string& token) {
    return wait<Session>([&](Done<Session> done) { node->find_session(token, std::move(done)); });
  }
  Expected<Account> find_account(const std::string& name) {
    return wait<Account>([&](Done<Account> done) { node->find_account(name, std::move(done)); });
  }
  Readiness readiness() {
    Readiness out;
    node->readiness([&](Readiness got) { out = std::move(got); });
    run();
    return out;
  }
  OpenedEntry last_entry() {
    auto snapshot = store.snapshot();
    return snapshot->entry(snapshot->tree_head().size - 1).value();
  }
  void fail_commits() {
    store.memory_ledger().commit_fails = [] { return true; };
  }
};

// --- people who may be one

class Joining : public NodeTest {
 protected:
  PersonRef one = store.add(ben()), other = store.add(ben());
  std::string token_of(const std::string& role) { return open_session(add_worker(role).id).value().token; }
  Expected<bool> merge(const std::string& token, const std::string& reason = "the same boy") {
    return wait<bool>([&](Done<bool> done) { node->merge_people(token, {one, other, reason}, std::move(done)); });
  }
  Expected<bool> unmerge(const std::string& token) {
    return wait<bool>([&](Done<bool> done) { node->unmerge_people(token, {one, other, "cousins"}, std::move(done)); });
  }
  Expected<std::vector<MatchToDecide>> matches(const std::string& token) {
    return wait<std::vector<MatchToDecide>>(
        [&](Done<std::vector<MatchToDecide>> done) { node->possible_matches(token, std::move(done)); });
  }
  void propose() {
    auto turn = store.begin();
    ASSERT_TRUE(turn->merge({one, other, LinkState::proposed, "score", 512, "birth exact"}, ActorId()));
    ASSERT_TRUE(turn->commit());
  }
};

TEST_F(Joining, a_manager_merges_and_unmerges_and_it_is_recorded_who_did) {
  const std::string token = token_of("manager");
  EXPECT_EQ(merge(token, "").error().code, "bad-field");
  ASSERT_TRUE(merge(token));
  EXPECT_EQ(store.snapshot()->merged_with(one)->size(), 2u);
  EXPECT_EQ(last_entry().header.kind, EntryKind::merge);
  EXPECT_FALSE(last_entry().header.actor.empty());
  EXPECT_EQ(decode_merge(last_entry().body)->made_by, "person");
  EXPECT_EQ(merge(token).error().code, "bad-pair");
  ASSERT_TRUE(unmerge(token));
  EXPECT_EQ(store.snapshot()->merged_with(one)->size(), 1u);
  EXPECT_EQ(decode_unmerge(last_entry().body)->reason, "cousins");
  EXPECT_EQ(unmerge(token).error().code, "bad-pair");
  EXPECT_TRUE(merge(token)) << "a person may think again";
}

TEST_F(Joining, who_may_not_decide_is_told_so_and_nothing_happens) {
  propose();
  const std::string token = token_of("practitioner");
  EXPECT_EQ(merge(token).error().code, "forbidden");
  EXPECT_EQ(unmerge(token).error().code, "forbidden");
  EXPECT_EQ(matches(token).error().code, "forbidden");
  EXPECT_EQ(merge("nonsense").error().code, "unauthenticated");
  EXPECT_EQ(store.snapshot()->possible_matches(9)->size(), 1u);
}

TEST_F(Joining, a_possible_match_is_listed_and_its_showing_is_noted_for_both) {
  propose();
  const auto listed = matches(token_of("safeguarding_lead"));
  ASSERT_TRUE(listed) << listed.error().text();
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().score, 5.12);
  for (const auto& person : {one, other}) EXPECT_EQ(store.snapshot()->access_to(person)->size(), 1u);
}

TEST_F(Joining, somebody_concealed_and_somebody_unknown_are_told_alike) {
  propose();
  const std::string token = token_of("manager");
  auto turn = store.begin();
  auto sealed = turn->person(other, LinkTokenForTests::make()).value();
  sealed.person.markings_by_person = {"adoption_sealed"};
  ASSERT_TRUE(turn->put_person(sealed, ActorId()) && turn->commit());
  turn.reset();
  EXPECT_TRUE(matches(token)->empty());
  const auto concealed = merge(token).error();
  other = PersonRef::make(random);
  const auto unknown = merge(token).error();
  EXPECT_EQ(concealed.code, "not-found");
  EXPECT_EQ(concealed.text(), unknown.text());
}

// --- turns

TEST_F(NodeTest, has_nothing_to_do_when_nothing_waits) {
  EXPECT_FALSE(node->turn());
  EXPECT_EQ(node->next_wake(), noon + limits::gossip_first_round_ms);  // to tell its key statement again
}

TEST_F(NodeTest, tells_nobody_anything_before_the_turns_commit) {
  bool is_durable = false;
  std::vector<std::string> order;
  store.memory_ledger().commit_fails = [&] {
    is_durable = true;
    order.push_back("commit");
    return false;
  };
  node->post(
      [&](Work& work) {
        order.push_back("work");
        work.after([&](const Expected<void>& committed) {
          EXPECT_TRUE(committed && is_durable);
          order.push_back("told");
        });
      },
      [](const Error&) { ADD_FAILURE(); });
  run();
  EXPECT_EQ(order, (std::vector<std::string>{"work", "commit", "told"}));
}

TEST_F(NodeTest, whose_commit_fails_is_read_only_and_tells_everybody_so) {
  const Account account = add_worker();
  fail_commits();
  const auto first = open_session(account.id);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, "read-only");
  EXPECT_EQ(open_session(account.id).error().code, "read-only");
  const Readiness now = readiness();
  EXPECT_FALSE(now.ready);
  EXPECT_EQ(now.mode, "read-only");
  ASSERT_EQ(now.reasons.size(), 1u);
  EXPECT_FALSE(now.reasons[0].empty());
  std::string metrics;
  node->metrics([&](std::string text) { metrics = std::move(text); });
  run();
  EXPECT_NE(metrics.find("ginnel_read_only 1"), std::string::npos);
}

TEST_F(NodeTest, a_turn_that_must_not_be_kept_leaves_no_trace_and_the_next_one_works) {
  const auto size = store->tree_head().size;
  std::optional<Error> told;
  node->post(
      [&](Work& work) {
        ASSERT_TRUE(work.turn.append(EntryKind::operator_act, ActorId(), work.turn.node_key(),
                                     encode(OperatorAct{"x", "", {}, ""})));
        work.after([&](const Expected<void>& committed) { told = committed.error(); });
        work.fail({"half-written", "it could not be written whole", "", ""});
      },
      [](const Error&) {});
  run();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->code, "half-written");
  EXPECT_EQ(store->tree_head().size, size);
  EXPECT_TRUE(readiness().ready);
}

TEST_F(NodeTest, takes_a_bounded_number_of_calls_in_a_turn) {
  std::size_t done = 0;
  for (std::size_t i = 0; i < limits::turn_calls_max + 1; ++i) node->post([&](Work&) { ++done; }, [](const Error&) {});
  EXPECT_TRUE(node->turn());
  EXPECT_EQ(done, limits::turn_calls_max);
  EXPECT_TRUE(node->turn());
  EXPECT_EQ(done, limits::turn_calls_max + 1);
}

TEST_F(NodeTest, refuses_calls_past_what_may_wait) {
  std::size_t refused = 0;
  for (std::size_t i = 0; i < limits::posted_calls_max + 3; ++i)
    node->post([](Work&) {},
               [&](const Error& error) {
                 EXPECT_EQ(error.code, "too-busy");
                 ++refused;
               });
  EXPECT_EQ(refused, 3u);
}

TEST_F(NodeTest, takes_one_step_of_a_long_task_a_turn_and_calls_in_between) {
  std::string order;
  node->post_steps(
      [&, left = 3](Work&) mutable {
        order += 's';
        return --left > 0;
      },
      [](const Error&) {});
  node->post([&](Work&) { order += 'c'; }, [](const Error&) {});
  EXPECT_TRUE(node->turn());
  EXPECT_EQ(order, "cs");
  node->post([&](Work&) { order += 'c'; }, [](const Error&) {});
  run();
  EXPECT_EQ(order, "cscss");
}

TEST_F(NodeTest, refuses_what_waits_when_it_is_closed) {
  std::string code;
  node->post([](Work&) { ADD_FAILURE(); }, [&](const Error& error) { code = error.code; });
  node->close();
  EXPECT_EQ(code, "node-stopping");
}

// --- messages

TEST_F(NodeTest, answers_a_kind_that_it_does_not_know_by_its_name) {
  Message message;
  message.header.from = *MemberId::parse("leeds-csc");
  message.header.to = *MemberId::parse("bradford-csc");
  message.header.from_incarnation = message.header.to_incarnation = 1;
  message.header.sent_at = noon;
  message.header.expires = noon + minute_ms;
  message.header.id = MessageId::make(random);
  message.header.directory_version = book->version();
  message.header.kind = static_cast<Kind>(999);
  auto frame = seal_message(message, {members.keys("leeds-csc").signing, 1});
  wires.waiting.push_back({message.header.from, *frame});
  run();
  ASSERT_EQ(wires.sent.size(), 1u);
  class NoReplays : public ReplayWindow {
    bool seen(const MemberId&, const MessageId&) override { return false; }
    void remember(const Header&) override {}
  } replays;
  auto reply = Opener(message.header.from, 1, *book, replays).open(message.header.to, wires.sent[0].bytes, noon);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->header.kind, Kind::error);
  EXPECT_EQ(reply->header.correlation, message.header.id);
  EXPECT_EQ(decode_problem(reply->payload)->code, unsupported_kind_code);
  EXPECT_EQ(node->unsupported_kinds(), 1u);
}

TEST_F(NodeTest, counts_what_it_drops_by_its_reason) {
  wires.waiting.push_back({*MemberId::parse("leeds-csc"), Bytes(1024)});
  run();
  EXPECT_EQ(node->dropped(Drop::malformed), 1u);
  EXPECT_TRUE(wires.sent.empty());
  std::string metrics;
  node->metrics([&](std::string text) { metrics = std::move(text); });
  run();
  EXPECT_NE(metrics.find("ginnel_dropped_total{reason=\"malformed\"} 1\n"), std::string::npos);
  EXPECT_NE(metrics.find("ginnel_ledger_entries " + std::to_string(store->tree_head().size)), std::string::npos);
}

// --- people

TEST_F(NodeTest, opens_finds_and_closes_a_session) {
  const Account account = add_worker();
  const auto session = open_session(account.id);
  ASSERT_TRUE(session) << session.error().text();
  EXPECT_EQ(last_entry().header.kind, EntryKind::sign_in);
  EXPECT_EQ(find_session(session->token)->username, "s.worker");
  EXPECT_TRUE(find_session(session->token)->token.empty());
  EXPECT_TRUE(wait<bool>([&](Done<bool> done) { node->close_session(session->token, std::move(done)); }));
  EXPECT_EQ(find_session(session->token).error().code, "unauthenticated");
}

TEST_F(NodeTest, ends_a_session_with_its_time_or_with_its_account) {
  Account account = add_worker();
  const auto first = open_session(account.id), second = open_session(account.id);
  clock.at = first->expires + -1;
  EXPECT_TRUE(find_session(first->token));
  account.disabled = true;
  {
    auto turn = store.begin(clock.at);
    ASSERT_TRUE(put_account(*turn, account) && turn->commit());
  }
  EXPECT_EQ(find_session(second->token).error().code, "unauthenticated");
  EXPECT_EQ(open_session(account.id).error().code, "unauthenticated");
  account.disabled = false;
  {
    auto turn = store.begin(clock.at);
    ASSERT_TRUE(put_account(*turn, account) && turn->commit());
  }
  clock.at = first->expires;
  EXPECT_EQ(find_session(first->token).error().code, "unauthenticated");
}

TEST_F(NodeTest, knows_no_account_that_is_not_there_and_writes_down_no_name_that_was_tried) {
  EXPECT_EQ(find_account("nobody").error().code, "not-found");
  EXPECT_TRUE(wait<bool>([&](Done<bool> done) { node->note_failed_sign_in("hunter2", std::move(done)); }));
  const auto act = decode_operator_act(last_entry().body).value();
  EXPECT_EQ(act.act, "sign-in-failed");
  EXPECT_TRUE(act.user.empty());
  EXPECT_EQ(act.detail.find("hunter2"), std::string::npos);
  const Account account = add_worker();
  EXPECT_TRUE(wait<bool>([&](Done<bool> done) { node->note_failed_sign_in("s.worker", std::move(done)); }));
  EXPECT_EQ(decode_operator_act(last_entry().body)->user, account.id);
}

TEST_F(NodeTest, shows_no_view_to_somebody_who_is_not_signed_in) {
  ViewRequest request;
  request.child.nhs_number = "9990000018";
  request.purpose = "first_contact";
  request.basis = "public_task";
  const auto size = store->tree_head().size;
  const auto view =
      wait<CaseView>([&](Done<CaseView> done) { node->start_view("no token", request, std::move(done)); });
  EXPECT_EQ(view.error().code, "unauthenticated");
  EXPECT_EQ(wait<CaseView>([&](Done<CaseView> done) { node->read_view("no token", {}, std::move(done)); }).error().code,
            "unauthenticated");
  EXPECT_EQ(store->tree_head().size, size);
  EXPECT_TRUE(wires.sent.empty());
}

TEST_F(NodeTest, wakes_for_the_resend_and_for_the_deadline_of_a_view) {
  const auto session = open_session(add_worker().id);
  ViewRequest request;
  request.child.nhs_number = "9990000018";
  request.purpose = "first_contact";
  request.basis = "public_task";
  request.deadline_ms = 300;
  std::optional<Expected<CaseView>> view;
  node->start_view(session->token, request, [&](Expected<CaseView> got) { view = std::move(got); });
  run();
  EXPECT_FALSE(view);
  EXPECT_EQ(node->next_wake(), noon + 300);
  clock.at = noon + 300;
  run();
  ASSERT_TRUE(view && *view);
  EXPECT_FALSE((*view)->complete);
  EXPECT_EQ((*view)->elapsed_ms, 300);
  EXPECT_EQ(node->next_wake(), noon + limits::ask_resend_ms_first);
}

// --- readiness

TEST_F(NodeTest, is_not_ready_under_a_directory_that_is_too_old) {
  EXPECT_TRUE(readiness().ready);
  clock.at = noon + 91 * day_ms;
  const Readiness now = readiness();
  EXPECT_FALSE(now.ready);
  EXPECT_EQ(now.mode, "normal");
  ASSERT_EQ(now.reasons.size(), 1u);
  EXPECT_NE(now.reasons[0].find("directory is too old"), std::string::npos);
}

TEST_F(NodeTest, keeps_up_to_when_its_data_is_complete) {
  node->post([&](Work& work) { EXPECT_TRUE(node->set_data_to(noon + -hour_ms, work.turn)); }, [](const Error&) {});
  run();
  node.reset();
  store.reopen();
  start();
  const auto worker = add_worker();
  const auto session = open_session(worker.id);
  ViewRequest request;
  request.child.nhs_number = "9990000018";
  request.purpose = "first_contact";
  request.basis = "public_task";
  request.scope = {*MemberId::parse("bradford-csc")};
  const auto view =
      wait<CaseView>([&](Done<CaseView> done) { node->start_view(session->token, request, std::move(done)); });
  ASSERT_TRUE(view) << view.error().text();
  EXPECT_EQ(view->parts[0].data_to, noon + -hour_ms);
}

}  // namespace
}  // namespace ginnel
