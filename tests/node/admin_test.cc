// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <future>
#include <thread>

#include "node/admin/admin_client.h"
#include "node/admin/admin_server.h"
#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

AdminRequest issue_head_request() {
  admin::IssueHeadRequest request;
  request.child = *read_identity("9990000018", "", "", "", "");
  request.definition = "child-protection";
  request.edition = "2023";
  request.state = "plan";
  request.proves = {"child_protection", "transfer"};
  request.life_ms = 72 * hour_ms;
  return request;
}

TEST(AdminMessage, requests_are_read_back_as_they_were_written) {
  for (const AdminRequest& request :
       {AdminRequest(admin::StatusRequest{}), AdminRequest(admin::StopRequest{}), AdminRequest(admin::RebuildRequest{}),
        AdminRequest(admin::ImportRequest{{"/a b/people.csv", "/c.csv"}, "/m.toml", true}), issue_head_request(),
        AdminRequest(admin::DemoNodeRequest{"leeds-csc", true}), AdminRequest(admin::MembersRequest{}),
        AdminRequest(admin::SignPapersRequest{Bytes{1, 2}, {"admit bradford-youth"}, true}),
        AdminRequest(admin::SignBundleRequest{Bytes{1, 2}}), AdminRequest(admin::AdoptPapersRequest{Bytes{1, 2}}),
        AdminRequest(admin::MemberFileRequest{"/etc/ginnel/members.toml"}),
        AdminRequest(admin::SuspendRequest{"leeds-csc", "a stolen laptop", true}),
        AdminRequest(admin::AccountRequest{"s.worker", "left", true}), AdminRequest(admin::DoctorRequest{})}) {
    std::string line = encode_request(request);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    auto read = decode_request(line);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->index(), request.index());
    EXPECT_EQ(encode_request(*read), line);
  }
}

TEST(AdminMessage, replies_are_read_back_as_they_were_written) {
  admin::Status status;
  status.member = "bradford-csc";
  status.reasons = {"no directory"};
  status.ledger_entries = 41'233;
  status.peers = {{"leeds-csc", "Leeds", "good", true, "2026-11-23T16:41:00.000Z"}};
  admin::Members members;
  members.member = "bradford-csc";
  members.signed_directory = Bytes{1};
  members.statements = {Bytes{2}, Bytes{3}};
  members.version_signed = 18;
  members.members = {
      {"leeds-csc", "suspended", "2026-11-23T16:41:00.000Z", -90, 17, "2026-11-24T00:00:00.000Z", "why"}};
  ImportRun run{"mosaic", "people.csv", 1, 2, 3, 4, 5, 6, 7, 8, true};
  for (const AdminReply& reply :
       {AdminReply{admin::Done{"done"}, true}, AdminReply{status, true}, AdminReply{run, false},
        AdminReply{members, true}, AdminReply{admin::SignedPapers{Bytes{7}}, true},
        AdminReply{admin::Diagnosis{{{Health::failed, "peer x", "not-running", {{"port closed", "y"}}, "do"}}}, true},
        AdminReply{Rejected{"people.csv", 7, "DOB", "no such day"}, false},
        AdminReply{Error{"a", "b", "c", "d"}, true}}) {
    std::string line = encode_reply(reply);
    auto read = decode_reply(line);
    ASSERT_TRUE(read) << read.error().text() << line;
    EXPECT_EQ(read->last, reply.last);
    EXPECT_EQ(read->body.index(), reply.body.index());
    EXPECT_EQ(encode_reply(*read), line);
  }
}

TEST(AdminMessage, what_is_no_request_is_refused) {
  for (const char* line :
       {"", "{}", "[]", "null", "{\"request\":\"open-sesame\"}", "{\"request\":1}",
        "{\"request\":\"status\",\"more\":1}",
        "{\"request\":\"import\",\"files\":[],\"mapping\":\"m\",\"dryRun\":false}",
        "{\"request\":\"import\",\"files\":[1],\"mapping\":\"m\",\"dryRun\":false}", "{\"request\":\"stop\"} x"})
    EXPECT_FALSE(decode_request(line)) << line;
}

TEST(AdminMessage, a_child_without_a_usable_identity_is_refused_and_not_quoted) {
  std::string line = encode_request(issue_head_request());
  line.replace(line.find("9990000018"), 10, "9990000019");
  auto read = decode_request(line);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text().find("999000"), std::string::npos);
}

class AdminSocket : public testing::Test {
 protected:
  void start(AdminServer::Handler handler) {
    auto started = AdminServer::start(path_, std::move(handler));
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  TempDirectory dir_;
  std::filesystem::path path_ = std::filesystem::path(dir_.path()) / "admin.sock";
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminSocket, progress_comes_before_the_last_reply) {
  start([](AdminRequest request, AdminServer::Reply reply) {
    auto files = std::get<admin::ImportRequest>(request).files;
    for (std::uint32_t i = 1; i <= 3; ++i) reply({Rejected{files[0], i, "DOB", "no such day"}, false});
    reply({ImportRun{"s", files[0], 1, 0, 0, 0, 0, 0, 3, 0, false}, true});
  });
  std::vector<std::uint32_t> lines;
  auto last = ask_node(path_, admin::ImportRequest{{"/x.csv"}, "/m.toml", false},
                       [&](const AdminReply& reply) { lines.push_back(std::get<Rejected>(reply.body).line); });
  ASSERT_TRUE(last) << last.error().text();
  EXPECT_EQ(lines, (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(std::get<ImportRun>(last->body).rejected, 3u);
}

TEST_F(AdminSocket, a_reply_may_come_later_from_another_thread) {
  std::promise<AdminServer::Reply> asked;
  start([&](AdminRequest, AdminServer::Reply reply) { asked.set_value(std::move(reply)); });
  auto answer = std::async(std::launch::async, [&] { return ask_node(path_, admin::StatusRequest{}); });
  AdminServer::Reply reply = asked.get_future().get();
  reply({admin::Done{"later"}, true});
  reply({admin::Done{"again: nobody listens"}, true});
  auto last = answer.get();
  ASSERT_TRUE(last);
  EXPECT_EQ(std::get<admin::Done>(last->body).what, "later");
}

TEST_F(AdminSocket, an_error_of_the_node_is_the_clients_error) {
  start([](AdminRequest, AdminServer::Reply reply) { reply({Error{"running", "no", "why", "do"}, true}); });
  auto last = ask_node(path_, admin::RebuildRequest{});
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, "running");
}

TEST_F(AdminSocket, who_waits_when_the_node_stops_is_told) {
  std::promise<void> asked;
  AdminServer::Reply kept;
  start([&](AdminRequest, AdminServer::Reply reply) {
    kept = std::move(reply);
    asked.set_value();
  });
  auto answer = std::async(std::launch::async, [&] { return ask_node(path_, admin::StatusRequest{}); });
  asked.get_future().wait();
  server_.reset();
  auto last = answer.get();
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, "node-stopping");
  kept({admin::Done{"nobody is there"}, true});
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(AdminSocket, only_its_owner_can_open_it) {
  start([](AdminRequest, AdminServer::Reply) {});
  struct stat found {};
  ASSERT_EQ(::stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(AdminSocket, a_socket_left_behind_is_replaced) {
  start([](AdminRequest, AdminServer::Reply reply) { reply({admin::Done{"first"}, true}); });
  start([](AdminRequest, AdminServer::Reply reply) { reply({admin::Done{"second"}, true}); });
  // The first one's destructor took the path away with it: what counts is that a second start could bind.
  server_.reset();
  start([](AdminRequest, AdminServer::Reply reply) { reply({admin::Done{"third"}, true}); });
  auto last = ask_node(path_, admin::StatusRequest{});
  ASSERT_TRUE(last);
  EXPECT_EQ(std::get<admin::Done>(last->body).what, "third");
}

TEST_F(AdminSocket, a_folder_deeper_than_a_sockets_address_will_do) {
  path_ = std::filesystem::path(dir_.path()) / std::string(100, 'd') / "admin.sock";
  std::filesystem::create_directories(path_.parent_path());
  start([](AdminRequest, AdminServer::Reply reply) { reply({admin::Done{"reached"}, true}); });
  EXPECT_TRUE(std::filesystem::exists(path_));
  auto last = ask_node(path_, admin::StatusRequest{});
  ASSERT_TRUE(last) << last.error().text();
  EXPECT_EQ(std::get<admin::Done>(last->body).what, "reached");
}

TEST_F(AdminSocket, nobody_behind_the_path_says_that_the_node_is_not_running) {
  auto last = ask_node(path_, admin::StatusRequest{});
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, "node-not-running");
  EXPECT_FALSE(node_is_running(path_));
}

TEST_F(AdminSocket, a_node_that_does_not_answer_runs_into_the_timeout) {
  start([](AdminRequest, AdminServer::Reply) {});
  auto last = ask_node(path_, admin::StatusRequest{}, {}, 50);
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, "admin-timeout");
}

TEST_F(AdminSocket, a_line_that_never_ends_is_cut_off) {
  start([](AdminRequest, AdminServer::Reply reply) { reply({admin::Done{"reached the node"}, true}); });
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path_.c_str());
  int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  std::string much(limits::admin_line_bytes_max + 2, 'x');
  for (std::size_t at = 0; at < much.size();) {
    ssize_t sent = ::send(socket, much.data() + at, much.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) break;
    at += std::size_t(sent);
  }
  char buffer[4096];
  ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
  ASSERT_GT(got, 0);
  EXPECT_NE(std::string(buffer, std::size_t(got)).find("too long"), std::string::npos);
  ::close(socket);
}

}  // namespace
}  // namespace ginnel
