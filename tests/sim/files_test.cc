// SPDX-License-Identifier: Apache-2.0
// A peer's files: fetched for one view, under the holder's policy and then the asker's, and no other way.
#include <gtest/gtest.h>

#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "federation/wire/file.h"
#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

class PeerFiles : public testing::Test {
 protected:
  PeerFiles() { t.ten_agencies().with_story(Story::moved_twice); }

  static Record report() {
    return record_of("wy-police", "domestic_incident", "police.domestic", 2, "Report of the officers");
  }
  View ask(const std::string& purpose = "child_protection") {
    return t.node("bradford-csc").ask(Story::moved_twice, {.purpose = purpose});
  }
  // The file's id in the view; empty: the view names none.
  AttachmentId named_in(View& view) {
    for (const auto& item : view.now().items)
      if (item.agency == *MemberId::parse("wy-police") && !item.attachments.empty()) return item.attachments.front().id;
    return {};
  }
  std::string opened(const ViewId& view, const AttachmentId& file, const std::string& user = "s.worker") {
    const auto got = t.node("bradford-csc").open_file(view, file, user);
    return got ? std::string(text_of(got->content)) : got.error().code;
  }
  // What the police's node says to a request for a first page from now on: "given", or the code of its refusal.
  void listen() {
    t.network().on_send = [this, before = t.network().on_send](const Packet& packet) {
      before(packet);
      if (packet.from != *MemberId::parse("wy-police")) return;
      if (auto message = t.opened(packet); message && message->header.kind == Kind::error)
        codes.push_back(decode_problem(message->payload)->code);
      else if (message && message->header.kind == Kind::file_page)
        codes.push_back("given");
    };
  }
  void request(const std::string& from, const FileName& file) {
    t.inject(from, "wy-police",
             t.sealed(t.message(from, "wy-police", Kind::file_request, encode_file_request({file, 0}))));
    t.run_for(1s);
  }
  std::size_t given() { return t.node("wy-police").entries(EntryKind::file_disclosed).size(); }
  std::size_t received() { return t.node("bradford-csc").entries(EntryKind::file_received).size(); }

  World t{seed()};
  std::vector<std::string> codes;
  const std::string content = "The officers found the door open.";
};

TEST_F(PeerFiles, are_opened_through_the_view_that_names_them_and_recorded_on_both_sides) {
  const RecordId record = t.node("wy-police").record_with_file(Story::moved_twice, report(), content);
  View view = ask();
  const AttachmentId file = named_in(view);
  ASSERT_FALSE(file.empty());
  EXPECT_EQ(opened(view.id(), file), content);

  const auto disclosed = t.node("wy-police").entries(EntryKind::file_disclosed);
  ASSERT_EQ(disclosed.size(), 1u);
  EXPECT_EQ(disclosed[0].peer, *MemberId::parse("bradford-csc"));
  EXPECT_EQ(disclosed[0].purpose, "child_protection");
  ASSERT_EQ(disclosed[0].items.size(), 1u);
  EXPECT_EQ(disclosed[0].items[0].record, record);
  EXPECT_EQ(disclosed[0].items[0].hash, sha256(view_of(content)));
  EXPECT_EQ(received(), 1u);
  const auto shown = t.node("bradford-csc").entries(EntryKind::view_shown);
  EXPECT_TRUE(std::any_of(shown.begin(), shown.end(), [&](const Access& access) {
    return access.reason == "a file was opened" && access.items.size() == 1 && access.items[0].record == record;
  }));

  // Opened again, it is the copy that the view keeps: also while its agency is away, and after a restart.
  t.node("wy-police").crash();
  t.node("bradford-csc").crash();
  t.node("bradford-csc").restart();
  EXPECT_EQ(opened(view.id(), file), content);
  EXPECT_EQ(received(), 1u);
}

TEST_F(PeerFiles, of_many_pages_come_whole_over_a_network_that_loses_some) {
  std::string large(limits::file_page_bytes * 5 + 11, 'x');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = char('a' + i * 7 % 26);
  t.node("wy-police").record_with_file(Story::moved_twice, report(), large);
  View view = ask();
  const AttachmentId file = named_in(view);
  ASSERT_FALSE(file.empty());
  t.network().set_faults({.loss_percent = 20});
  EXPECT_TRUE(opened(view.id(), file) == large);
  EXPECT_EQ(given(), 1u) << "one disclosure, whatever was asked again";
}

TEST_F(PeerFiles, are_nobodys_but_of_whose_view_names_them) {
  t.node("wy-police").record_with_file(Story::moved_twice, report(), content);
  View view = ask();
  View other = ask();
  const AttachmentId file = named_in(view);
  EXPECT_NE(file, named_in(other)) << "an id says nothing in another view";
  EXPECT_EQ(opened(other.id(), file), "not-found");
  EXPECT_EQ(opened(view.id(), file, "o.worker"), "not-found");
  EXPECT_EQ(opened(view.id(), AttachmentId::make(t.random())), "not-found");
  EXPECT_EQ(given(), 0u);
}

TEST_F(PeerFiles, are_not_named_to_who_may_not_read_their_record) {
  t.node("wy-police").record_with_file(Story::moved_twice, report(), content);
  View view = ask("first_contact");
  EXPECT_TRUE(named_in(view).empty());
}

TEST_F(PeerFiles, are_not_given_once_their_holder_has_closed_the_record) {
  const RecordId record = t.node("wy-police").record_with_file(Story::moved_twice, report(), content);
  View view = ask();
  const AttachmentId file = named_in(view);
  ASSERT_FALSE(file.empty());
  t.network().cut(*MemberId::parse("bradford-csc"),
                  *MemberId::parse("wy-police"));  // so that no notice tells the asker
  t.node("wy-police")
      .machine()
      .node()
      .post(
          [&](ginnel::Work& work) {
            MarkingChange change;
            change.put_on = {"live_investigation"};
            EXPECT_TRUE(work.turn.mark(record, change, ActorId()));
          },
          [](const Error&) {});
  t.run_for(5s);
  t.network().mend_all();
  EXPECT_EQ(opened(view.id(), file), "file-not-given");
  EXPECT_EQ(given(), 0u);
}

TEST_F(PeerFiles, are_not_given_a_second_time_once_their_record_is_closed) {
  const RecordId record = t.node("wy-police").record_with_file(Story::moved_twice, report(), content);
  View view = ask();
  const FileName file{ask_id_of(view.id(), *MemberId::parse("wy-police")), record, sha256(view_of(content))};
  listen();
  request("bradford-csc", file);
  request("bradford-csc", file);
  t.node("wy-police")
      .machine()
      .node()
      .post(
          [&](ginnel::Work& work) {
            MarkingChange change;
            change.put_on = {"live_investigation"};
            EXPECT_TRUE(work.turn.mark(record, change, ActorId()));
          },
          [](const Error&) {});
  t.run_for(1s);
  request("bradford-csc", file);
  EXPECT_EQ(codes, (std::vector<std::string>{"given", "given", "not-found"}));
  EXPECT_EQ(given(), 1u) << "one entry for the ask, however often a page is sent";
}

TEST_F(PeerFiles, of_a_silent_agency_are_said_not_to_have_come) {
  t.node("wy-police").record_with_file(Story::moved_twice, report(), content);
  View view = ask();
  const AttachmentId file = named_in(view);
  t.node("wy-police").freeze();
  EXPECT_EQ(opened(view.id(), file), "agency-silent");
  t.node("wy-police").thaw();
  EXPECT_EQ(opened(view.id(), file), content) << "and may be tried again";
}

TEST_F(PeerFiles, asked_for_by_who_never_asked_of_the_child_are_told_like_what_there_is_not) {
  const RecordId record = t.node("wy-police").record_with_file(Story::moved_twice, report(), content);
  View view = ask();
  const AskId ask = ask_id_of(view.id(), *MemberId::parse("wy-police"));
  const Hash hash = sha256(view_of(content));
  listen();
  request("leeds-csc", {ask, record, hash});  // another's ask
  request("bradford-csc", {AskId::make(t.random()), record, hash});
  request("bradford-csc", {ask, RecordId::make(t.random()), hash});
  request("bradford-csc", {ask, record, sha256(view_of("another"))});
  EXPECT_EQ(codes, std::vector<std::string>(4, "not-found"));
  EXPECT_EQ(given(), 0u);
  request("bradford-csc", {ask, record, hash});
  EXPECT_EQ(codes.back(), "given");
}

}  // namespace
}  // namespace ginnel::sim
