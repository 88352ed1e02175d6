// SPDX-License-Identifier: Apache-2.0
// A child on a plan moves from Bradford to Leeds, and on to Wakefield: what the managers of each authority say, what
// their nodes do of it, and who is accountable meanwhile.
#include "federation/base/crypto/hash.h"
#include "node/transfer/transfer_journal.h"
#include "node/transfer/transfer_rows.h"
#include "tests/node/permit_for_tests.h"
#include "tests/sim/process_scenario.h"
#include "tests/sim/transfers_checked.h"

namespace ginnel::sim {
namespace {

class ChildMoves : public ProcessScenario {
 protected:
  ProcessId plan() {
    const ProcessId id = begin();
    to_plan(id);
    t.run_for(10s);
    return id;
  }
  Expected<TransferId> offer(const std::string& from, const ProcessId& process, const std::string& to,
                             const std::string& user = "m.manager") {
    return result<TransferId>([&](auto done) {
      Machine& at = t.machine(from);
      at.node().offer_transfer(at.token(user), {process, to, "planned", "the family has a house there"}, done);
    });
  }
  Expected<bool> say(const std::string& at, const TransferId& id, const std::string& said, const std::string& text = "",
                     const std::string& user = "m.manager") {
    TransferSaying saying{id, said, text, {}};
    if (said == "conference") saying.held = london_date(t.now());
    auto done = result<bool>([&](auto done) {
      Machine& machine = t.machine(at);
      machine.node().say_in_transfer(machine.token(user), saying, done);
    });
    t.run_for(5s);
    return done;
  }
  Expected<TransferDetail> read(const std::string& at, const TransferId& id, const std::string& user = "m.manager") {
    return result<TransferDetail>([&](auto done) {
      Machine& machine = t.machine(at);
      machine.node().read_transfer(machine.token(user), id, done);
    });
  }
  std::vector<TransferSummary> list(const std::string& at, const std::string& user = "m.manager") {
    auto all = result<TransferList>([&](auto done) {
      Machine& machine = t.machine(at);
      machine.node().list_transfers(machine.token(user), done);
    });
    EXPECT_TRUE(all) << all.error().text();
    return all ? std::move(all->transfers) : std::vector<TransferSummary>();
  }
  std::string state(const std::string& at, const TransferId& id) {
    auto detail = read(at, id);
    return detail ? detail->transfer.state : detail.error().code;
  }
  std::vector<std::string> accountable(const std::string& at, const TransferId& id) {
    auto detail = read(at, id);
    return detail ? detail->transfer.accountable_name : std::vector<std::string>{detail.error().code};
  }
  // To the receiver's lead, everybody doing what is theirs.
  TransferId move(const std::string& from, const ProcessId& process, const std::string& to) {
    auto id = offer(from, process, to);
    EXPECT_TRUE(id) << id.error().text();
    if (!id) return {};
    t.run_for(10s);
    for (const char* said : {"accept", "conference", "acceptance"}) {
      auto done = say(to, *id, said, "as agreed");
      EXPECT_TRUE(done) << said << ": " << done.error().text();
    }
    auto released = say(from, *id, "release", "as agreed");
    EXPECT_TRUE(released) << released.error().text();
    t.run_for(30s);
    return *id;
  }
  std::vector<ProcessSummary> processes(const std::string& at) {
    auto all = result<ProcessList>([&](auto done) {
      Machine& machine = t.machine(at);
      machine.node().list_processes(machine.token("m.manager"), done);
    });
    EXPECT_TRUE(all) << all.error().text();
    return all ? std::move(all->processes) : std::vector<ProcessSummary>();
  }
  std::vector<ProcessRecord> records(const std::string& at, const ProcessId& id) {
    auto snapshot = t.machine(at).store().snapshot().value();
    return t.machine(at).node().processes().kept_records(id, *snapshot).value_or(std::vector<ProcessRecord>());
  }
  void stop_and_start(const std::string& at) {
    t.node(at).crash();
    t.node(at).restart();
    t.run_for(10s);
  }
};

TEST_F(ChildMoves, with_the_lead_the_process_and_the_records_and_somebody_is_accountable_all_the_time) {
  const ProcessId process = plan();
  const auto before = records("bradford-csc", process);
  auto id = offer("bradford-csc", process, "leeds-csc");
  ASSERT_TRUE(id) << id.error().text();
  t.run_for(10s);

  auto seen = read("leeds-csc", *id);
  ASSERT_TRUE(seen) << seen.error().text();
  EXPECT_EQ(seen->transfer.state, "offered");
  EXPECT_TRUE(seen->transfer.waits_for_us);
  EXPECT_TRUE(seen->file.is_complete) << seen->file.parts_here << " of " << seen->file.parts;
  ASSERT_TRUE(seen->child);
  EXPECT_EQ(seen->child->name, "Imogen Fairweather");
  EXPECT_GT(seen->items.size(), 3u);
  EXPECT_TRUE(std::is_sorted(seen->items.begin(), seen->items.end(),
                             [](const Item& a, const Item& b) { return a.occurred.order() < b.occurred.order(); }));
  EXPECT_EQ(seen->accountable.size(), 1u);
  EXPECT_FALSE(t.node("leeds-csc").tasks("transfer_offered", "m.manager").empty());
  // Nothing of it is Leeds' own yet.
  EXPECT_TRUE(processes("leeds-csc").empty());

  EXPECT_TRUE(say("leeds-csc", *id, "accept"));
  EXPECT_TRUE(t.node("leeds-csc").tasks("transfer_offered", "m.manager").empty());
  EXPECT_FALSE(say("bradford-csc", *id, "release")) << "there was no conference";
  EXPECT_TRUE(say("leeds-csc", *id, "conference"));
  EXPECT_TRUE(say("leeds-csc", *id, "acceptance", "Leeds accepts responsibility"));
  EXPECT_EQ(accountable("leeds-csc", *id).size(), 1u);
  EXPECT_EQ(processes("bradford-csc").size(), 1u);
  EXPECT_FALSE(t.node("bradford-csc").tasks("transfer_goes_on", "m.manager").empty());

  // Leeds is away: nobody leads, Bradford answers for the child, and orders nothing.
  t.node("leeds-csc").freeze();
  EXPECT_TRUE(say("bradford-csc", *id, "release"));
  EXPECT_EQ(state("bradford-csc", *id), "released");
  EXPECT_EQ(accountable("bradford-csc", *id), (std::vector<std::string>{"Bradford Children's Services"}));
  auto refused = result<std::uint64_t>([&](auto done) {
    node().begin_process_step(token("m.manager"), {process, "strategy-discussion", {}}, done);
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "not-the-lead") << refused.error().text();
  t.node("leeds-csc").thaw();
  t.run_for(60s);

  for (const char* at : {"bradford-csc", "leeds-csc"}) {
    EXPECT_EQ(state(at, *id), "moved") << at;
    EXPECT_EQ(read(at, *id)->transfer.lead_name, read(at, *id)->transfer.receiver_name) << at;
  }
  EXPECT_TRUE(read("leeds-csc", *id)->file.is_own);
  // The process goes on where it was: every record of Bradford's, and that the lead moved.
  const auto after = records("leeds-csc", process);
  ASSERT_GE(after.size(), before.size() + 2);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(after[i], before[i]) << i;
  ASSERT_EQ(processes("leeds-csc").size(), 1u);
  EXPECT_EQ(processes("leeds-csc").front().lead, "leeds-csc");
  EXPECT_TRUE(processes("bradford-csc").empty());
  EXPECT_FALSE(t.node("leeds-csc").tasks("process_step", "m.manager").empty() &&
               t.node("leeds-csc").tasks("process_step", "s.worker").empty());
  EXPECT_TRUE(t.node("bradford-csc").tasks("process_step", "s.worker").empty());

  // Leeds orders now, and proves it to others; Bradford does neither.
  auto step = result<std::uint64_t>([&](auto done) {
    Machine& leeds = t.machine("leeds-csc");
    leeds.node().begin_process_step(leeds.token("m.manager"), {process, "strategy-discussion", {}}, done);
  });
  EXPECT_TRUE(step) << step.error().text();
  t.node("leeds-csc")
      .ask(Story::moved_twice, {.purpose = "child_protection"})
      .expect_shown("wy-police", "domestic_incident", Step::content)
      .expect_shown("leeds-csc", "plan", Step::content);
  ask().expect_not_shown("wy-police", "domestic_incident");
  for (const char* at : {"bradford-csc", "leeds-csc"}) EXPECT_TRUE(t.machine(at).verify().good()) << at;
}

TEST_F(ChildMoves, twice_and_every_authority_sees_the_right_lead) {
  const ProcessId process = plan();
  const TransferId first = move("bradford-csc", process, "leeds-csc");
  ASSERT_EQ(state("leeds-csc", first), "moved");
  const TransferId second = move("leeds-csc", process, "wakefield-csc");
  ASSERT_EQ(state("wakefield-csc", second), "moved");
  EXPECT_EQ(processes("wakefield-csc").front().lead, "wakefield-csc");
  EXPECT_TRUE(processes("leeds-csc").empty());
  EXPECT_EQ(read("wakefield-csc", second)->accountable.back().epoch, 3u);
  // What Bradford wrote down reads on in Wakefield.
  t.node("wakefield-csc")
      .ask(Story::moved_twice, {.purpose = "child_protection"})
      .expect_shown("wakefield-csc", "plan", Step::content);
  EXPECT_EQ(read("wakefield-csc", first).error().code, "not-found") << "it is between the two others";
  // Leeds knows that the lead went on, and since when it was its own.
  const std::string wakefield = read("wakefield-csc", second)->transfer.receiver_name;
  EXPECT_EQ(read("leeds-csc", first)->transfer.lead_name, wakefield);
  EXPECT_EQ(accountable("leeds-csc", first), (std::vector<std::string>{wakefield}));
  EXPECT_TRUE(read("leeds-csc", first)->accountable.back().until.is_set());
  EXPECT_TRUE(read("leeds-csc", second)->accountable.front().since.is_set());
  // Nobody of Bradford is a worker of Wakefield, or of Leeds.
  auto view = t.node("wakefield-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  for (const auto& item : view.now().items)
    if (item.agency == *MemberId::parse("wakefield-csc")) {
      EXPECT_NE(item.kind, "involvement");
    }
}

TEST_F(ChildMoves, and_comes_back) {
  const ProcessId process = plan();
  ASSERT_EQ(state("leeds-csc", move("bradford-csc", process, "leeds-csc")), "moved");
  Machine& leeds = t.machine("leeds-csc");
  auto step = result<std::uint64_t>([&](auto done) {
    leeds.node().begin_process_step(leeds.token("m.manager"), {process, "strategy-discussion", {}}, done);
  });
  ASSERT_TRUE(step) << step.error().text();
  leap(3 * day_ms);  // and something is late at whoever leads
  const TransferId back = move("leeds-csc", process, "bradford-csc");
  ASSERT_EQ(state("bradford-csc", back), "moved");
  ASSERT_EQ(processes("bradford-csc").size(), 1u);
  EXPECT_EQ(processes("bradford-csc").front().lead, "bradford-csc");
  EXPECT_EQ(read("bradford-csc", back)->accountable.back().epoch, 3u);
  // What was done in Leeds stands in it.
  const auto ours = records("bradford-csc", process), theirs = records("leeds-csc", process);
  const auto opened = [](const std::vector<ProcessRecord>& all) {
    return std::count_if(all.begin(), all.end(),
                         [](const ProcessRecord& one) { return std::holds_alternative<StepOpened>(one.what); });
  };
  EXPECT_EQ(opened(ours), opened(theirs));
  const TransferId again = move("bradford-csc", process, "leeds-csc");
  EXPECT_EQ(state("leeds-csc", again), "moved");
  EXPECT_EQ(processes("leeds-csc").size(), 1u);
  EXPECT_TRUE(unsettled_leads(t).empty()) << testing::PrintToString(unsettled_leads(t));
}

TEST_F(ChildMoves, is_declined_and_nothing_of_the_child_stays) {
  const ProcessId process = plan();
  auto id = offer("bradford-csc", process, "kirklees-csc");
  ASSERT_TRUE(id) << id.error().text();
  t.run_for(10s);
  ASSERT_TRUE(read("kirklees-csc", *id)->child);
  EXPECT_FALSE(say("kirklees-csc", *id, "decline")) << "it does not say why";
  EXPECT_TRUE(say("kirklees-csc", *id, "decline", "the family has not moved"));
  EXPECT_EQ(state("bradford-csc", *id), "declined");
  EXPECT_FALSE(read("kirklees-csc", *id)->child);
  EXPECT_TRUE(read("kirklees-csc", *id)->items.empty());
  EXPECT_TRUE(t.machine("kirklees-csc").store().snapshot().value()->side_all(SideTable::transfer_parts)->empty());
  EXPECT_EQ(processes("bradford-csc").size(), 1u);
  // And is offered anew.
  auto again = offer("bradford-csc", process, "leeds-csc");
  EXPECT_TRUE(again) << again.error().text();
}

TEST_F(ChildMoves, over_stops_at_any_moment) {
  const ProcessId process = plan();
  auto id = offer("bradford-csc", process, "leeds-csc");
  ASSERT_TRUE(id) << id.error().text();
  stop_and_start("bradford-csc");
  stop_and_start("leeds-csc");
  for (const char* said : {"accept", "conference", "acceptance"}) {
    ASSERT_TRUE(say("leeds-csc", *id, said, "yes")) << said;
    stop_and_start("leeds-csc");
    stop_and_start("bradford-csc");
  }
  // The file is taken in over many turns: the node stops between any two of them.
  t.node("leeds-csc").freeze();
  ASSERT_TRUE(say("bradford-csc", *id, "release"));
  t.node("leeds-csc").thaw();
  for (int stop = 0; stop < 40; ++stop) {
    t.run_for(milliseconds(1 + stop * 3));
    if (stop % 3 == 0) t.node("leeds-csc").fail_next_commit();
    t.node("leeds-csc").crash();
    t.node("leeds-csc").restart();
  }
  t.run_for(60s);
  EXPECT_EQ(state("bradford-csc", *id), "moved");
  ASSERT_EQ(processes("leeds-csc").size(), 1u);
  // Each record once.
  const auto keys = find_keys(person_from(identity_of(Story::moved_twice)));
  auto snapshot = t.machine("leeds-csc").store().snapshot().value();
  const auto people = snapshot->find_people(keys).value();
  ASSERT_EQ(people.size(), 1u);
  std::map<std::string, int> plans;
  const auto labels = snapshot->labels(people.front()).value();
  for (const auto& label : labels) ++plans[label.kind];
  EXPECT_EQ(plans["plan"], 1) << "the record that Bradford had";
  EXPECT_TRUE(t.machine("leeds-csc").verify().good());
}

TEST_F(ChildMoves, and_the_file_comes_whole_although_its_receiver_stopped_in_the_middle_of_it) {
  t.node("bradford-csc")
      .record_with_file(Story::moved_twice,
                        record_of("bradford-csc", "assessment", "social-care.assessment", 2, "Photographs"),
                        std::string(3 << 20, 'p'));
  auto id = offer("bradford-csc", plan(), "leeds-csc");
  ASSERT_TRUE(id) << id.error().text();
  const auto comes = [&] {
    auto seen = read("leeds-csc", *id);
    return seen && seen->file.parts_here > 0 && seen->file.parts_here < seen->file.parts;
  };
  for (int i = 0; i < 200 && !comes(); ++i) t.run_for(5ms);
  ASSERT_TRUE(comes());
  // Everything that was said is with both: nothing but the file is on its way.
  t.network().cut(*MemberId::parse("bradford-csc"), *MemberId::parse("leeds-csc"));
  t.node("leeds-csc").crash();
  t.node("leeds-csc").restart();
  t.network().mend_all();
  t.run_for(60s);
  EXPECT_TRUE(read("leeds-csc", *id)->file.is_complete);
}

TEST_F(ChildMoves, with_a_large_file_of_a_record) {
  std::string content(3 << 20, 'p');
  content += "the last byte counts";
  t.node("bradford-csc")
      .record_with_file(Story::moved_twice,
                        record_of("bradford-csc", "assessment", "social-care.assessment", 2, "Photographs"), content);
  const ProcessId process = plan();
  const TransferId id = move("bradford-csc", process, "leeds-csc");
  t.run_for(60s);
  ASSERT_TRUE(read("leeds-csc", id)->file.is_own);
  auto view = t.node("leeds-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  AttachmentId file;
  for (const auto& item : view.now().items)
    if (item.agency == *MemberId::parse("leeds-csc") && !item.attachments.empty()) file = item.attachments.front().id;
  ASSERT_FALSE(file.empty());
  auto opened = t.node("leeds-csc").open_file(view.id(), file);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_TRUE(text_of(opened->content) == content);
}

TEST_F(ChildMoves, but_what_is_concealed_after_the_offer_is_not_given) {
  const ProcessId process = plan();
  t.node("leeds-csc").freeze();
  auto id = offer("bradford-csc", process, "leeds-csc");
  ASSERT_TRUE(id) << id.error().text();
  t.run_for(40s);
  MarkingRequest request;
  request.person = child_;
  request.put_on = {"protected_person"};
  request.reason = "the police ask for it";
  auto marked = result<std::uint64_t>([&](auto done) { node().mark_person(token("m.manager"), request, done); });
  ASSERT_TRUE(marked) << marked.error().text();
  t.node("leeds-csc").thaw();
  t.run_for(3min);
  auto seen = read("leeds-csc", *id);
  ASSERT_TRUE(seen) << seen.error().text();
  EXPECT_FALSE(seen->child);
  EXPECT_TRUE(seen->items.empty());
  EXPECT_FALSE(seen->file.is_complete);
  EXPECT_TRUE(t.machine("leeds-csc").store().snapshot().value()->side_all(SideTable::transfer_parts)->empty());
  EXPECT_EQ(read("bradford-csc", *id).error().code, "not-found") << "concealed at home too";
}

TEST_F(ChildMoves, and_nobody_but_the_receiver_is_given_the_file) {
  const ProcessId process = plan();
  auto id = offer("bradford-csc", process, "leeds-csc");
  ASSERT_TRUE(id) << id.error().text();
  t.run_for(10s);
  auto snapshot = t.machine("bradford-csc").store().snapshot().value();
  const Hash manifest = read_transfer_log(*id, *snapshot)->wanted_manifest();
  std::map<std::string, std::string> got;
  t.network().on_send = [&, before = t.network().on_send](const Packet& packet) {
    before(packet);
    if (packet.from != *MemberId::parse("bradford-csc")) return;
    if (auto message = t.opened(packet); message && message->header.kind == Kind::error)
      got[packet.to.text()] = decode_problem(message->payload)->code;
    else if (message && message->header.kind == Kind::file_page)
      got[packet.to.text()] = "given";
  };
  const auto request = [&](const std::string& from) {
    const FileRequest wanted{transfer_part_name(*id, manifest), 0};
    t.inject(from, "bradford-csc",
             t.sealed(t.message(from, "bradford-csc", Kind::file_request, encode_file_request(wanted))));
    t.run_for(1s);
  };
  for (const char* from : {"leeds-csc", "wakefield-csc", "wy-police"}) request(from);
  EXPECT_EQ(got["leeds-csc"], "given");
  EXPECT_EQ(got["wakefield-csc"], "not-found");
  EXPECT_EQ(got["wy-police"], "not-found");
  EXPECT_TRUE(say("bradford-csc", *id, "cancel", "they stay"));
  got.clear();
  request("leeds-csc");
  EXPECT_EQ(got["leeds-csc"], "not-found") << "it was cancelled";
  EXPECT_EQ(state("leeds-csc", *id), "cancelled");
  EXPECT_TRUE(t.machine("leeds-csc").store().snapshot().value()->side_all(SideTable::transfer_parts)->empty());
}

TEST_F(ChildMoves, and_is_erased_where_they_were_and_who_was_accountable_is_told_all_the_same) {
  const ProcessId process = plan();
  const TransferId id = move("bradford-csc", process, "leeds-csc");
  ASSERT_EQ(state("leeds-csc", id), "moved");
  std::vector<KeyId> keys;
  machine().node().post(
      [&](Work& work) {
        auto lost = work.turn.bury(child_, "the time is over", ActorId());
        ASSERT_TRUE(lost) << lost.error().text();
        keys = *lost;
      },
      [](const Error&) {});
  t.run_for(1s);
  ASSERT_TRUE(machine().store().destroy_keys(keys));
  restart();
  t.run_for(10s);
  auto seen = read("bradford-csc", id);
  ASSERT_TRUE(seen) << seen.error().text();
  EXPECT_EQ(seen->accountable.size(), 2u);
  EXPECT_FALSE(seen->child);
  EXPECT_TRUE(seen->transfer.person.empty());
  EXPECT_TRUE(t.node("bradford-csc").readiness().ready);
  EXPECT_EQ(processes("leeds-csc").size(), 1u);
}

TEST_F(ChildMoves, with_nothing_told_while_the_process_does_not_prove_it) {
  auto id = offer("bradford-csc", begin(), "leeds-csc");
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().code, "transfer-not-given") << id.error().text();
  EXPECT_TRUE(list("bradford-csc").empty());
  t.run_for(10s);
  EXPECT_TRUE(list("leeds-csc").empty());
}

TEST_F(ChildMoves, and_only_a_manager_of_the_lead_may_hand_it_on) {
  const ProcessId process = plan();
  EXPECT_EQ(offer("bradford-csc", process, "leeds-csc", "s.worker").error().code, "forbidden");
  EXPECT_EQ(offer("bradford-csc", process, "wy-police").error().code, "transfer-not-the-lead");
  EXPECT_EQ(offer("bradford-csc", process, "nobody-here").error().code, "transfer-not-the-lead");
  EXPECT_EQ(offer("bradford-csc", ProcessId::make(t.random()), "leeds-csc").error().code, "not-found");
  EXPECT_TRUE(list("bradford-csc").empty()) << "what was refused is no offer";
  auto id = offer("bradford-csc", process, "leeds-csc");
  ASSERT_TRUE(id) << id.error().text();
  EXPECT_EQ(offer("bradford-csc", process, "kirklees-csc").error().code, "transfer-open");
  t.run_for(10s);
  // Whoever does not decide on it is not told whom it is about.
  auto seen = read("leeds-csc", *id, "s.worker");
  ASSERT_TRUE(seen) << seen.error().text();
  EXPECT_FALSE(seen->child);
  EXPECT_TRUE(seen->items.empty());
  EXPECT_EQ(seen->may_say, (std::vector<std::string>{"note"}));
  EXPECT_EQ(say("leeds-csc", *id, "accept", "", "s.worker").error().code, "forbidden");
  EXPECT_EQ(read("leeds-csc", *id, "operator").error().code, "forbidden");
  // Each telling of the child is an entry.
  const auto shown = t.node("leeds-csc").entries(EntryKind::view_shown).size();
  ASSERT_TRUE(read("leeds-csc", *id)->child);
  EXPECT_EQ(t.node("leeds-csc").entries(EntryKind::view_shown).size(), shown + 1);
}

}  // namespace
}  // namespace ginnel::sim
