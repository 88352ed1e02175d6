// SPDX-License-Identifier: Apache-2.0
// What an operator is answered over the admin socket, and that no case data is in it: admin.txt.
#include "node/admin/operator_desk.h"

#include <chrono>
#include <fstream>
#include <future>

#include "tests/matrix/planted.h"
#include "tests/matrix/table.h"
#include "tests/node/node_for_tests.h"

namespace ginnel::matrix {
namespace {

// Files of the planted child, with a row that cannot be taken: its text must not come back.
const char* const people_file =
    "Case Ref,NHS No,Last Name,First Name,Birth Date,Sex,Address,Town,Post Code\n"
    "P-1,9990000018,Quillfeather,Zephyrine,27 Feb 2014,Female,4 Larkspur Nook,Bradford,BD9 9ZZ\n";
const char* const supervisions_file =
    "Entry Ref,Case Ref,Child Case Ref,Entry Type,Entry Date,Entered On,Officer,Officer "
    "Grade,Unit,Telephone,Summary,Outcome\n"
    "S-1,,P-1,marzipan,27/02/2014,02 NOV 2026,A. Officer,SPO,Bradford,01632 960010,Zephyrine Quillfeather seen,none\n";

AdminRequest import_request(const TempDirectory& folder) {
  const std::filesystem::path path(folder.path());
  write_text(path / "people.csv", people_file);
  write_text(path / "supervisions.csv", supervisions_file);
  admin::ImportRequest request;
  request.files = {(path / "people.csv").string(), (path / "supervisions.csv").string()};
  request.mapping = (source_tree() / "config-examples/mappings/probation.toml").string();
  return request;
}

AdminRequest issue_head_request() {
  admin::IssueHeadRequest request;
  request.child = *read_identity(planted_nhs_number, "Quillfeather", "Zephyrine", "2014-02-27", "BD9 9ZZ");
  request.definition = "child-protection";
  request.edition = "2023";
  request.state = "plan";
  request.proves = {"child_protection"};
  request.life_ms = hour_ms;
  return request;
}

// One of each, under its name in the file.
std::vector<std::pair<std::string, AdminRequest>> all_requests(const TempDirectory& folder) {
  static_assert(std::variant_size_v<AdminRequest> == 14,
                "a new request of operators: add one here, and its row to tests/matrix/admin.txt");
  return {{"status", admin::StatusRequest{}},
          {"stop", admin::StopRequest{}},
          {"rebuild", admin::RebuildRequest{}},
          {"import", import_request(folder)},
          {"issue-head", issue_head_request()},
          {"demo-node", admin::DemoNodeRequest{"leeds-csc", true}},
          {"members", admin::MembersRequest{}},
          {"sign-papers", admin::SignPapersRequest{Bytes{1, 2}, {"admit nobody"}, false}},
          {"sign-bundle", admin::SignBundleRequest{Bytes{1, 2}}},
          {"adopt-papers", admin::AdoptPapersRequest{Bytes{1, 2}}},
          {"member-request", admin::MemberFileRequest{"/no/such/plan.toml"}},
          {"suspend", admin::SuspendRequest{"leeds-csc", "a stolen laptop", false}},
          {"account", admin::AccountRequest{"s.worker", "left", false}},
          {"doctor", admin::DoctorRequest{}}};
}

std::string outcome_of(const AdminReply& reply) {
  if (const auto* error = std::get_if<Error>(&reply.body)) return error->code;
  if (std::holds_alternative<admin::Done>(reply.body)) return "done";
  if (std::holds_alternative<admin::Status>(reply.body)) return "status";
  if (std::holds_alternative<admin::Members>(reply.body)) return "members";
  if (std::holds_alternative<admin::SignedPapers>(reply.body)) return "signed-papers";
  if (std::holds_alternative<admin::Diagnosis>(reply.body)) return "diagnosis";
  return std::holds_alternative<ImportRun>(reply.body) ? "import-run" : "a-row";
}

// A node in one state, with its operator's desk.
class Desk {
 public:
  explicit Desk(const std::string& state) {
    t_.settings.test_head_issuer = true;
    t_.start();
    if (state != "empty") t_.store.add(planted_record(t_.store.add(planted_person())));
    if (state == "read-only") {
      t_.store.memory_ledger().commit_fails = [] { return true; };
      t_.node->readiness([](Readiness) {});
      t_.run();
    }
    config_.member = t_.settings.member;
    config_.https.address = "127.0.0.1";
    desk_.emplace(*t_.node, *t_.store, *t_.book, config_, t_.clock, "tcp://127.0.0.1:1", std::uint16_t{2}, [] {});
  }

  std::vector<AdminReply> ask(const AdminRequest& request) {
    std::vector<AdminReply> out;
    std::promise<void> last;  // the doctor answers from a thread of its own
    desk_->handle(request, [&](AdminReply reply) {
      const bool is_last = reply.last;
      out.push_back(std::move(reply));
      if (is_last) last.set_value();
    });
    t_.run();
    EXPECT_EQ(last.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
    return out;
  }

  std::string metrics() {
    std::string out;
    t_.node->metrics([&](std::string text) { out = std::move(text); });
    t_.run();
    return out;
  }

 private:
  NodeForTests t_;
  NodeConfig config_;
  std::optional<OperatorDesk> desk_;
};

TEST(Admin, requests_are_answered_as_the_file_says_and_without_case_data) {
  const Table table = read_table("admin.txt");
  Observed observed(table.columns);
  const TempDirectory folder;
  std::size_t rejected = 0;
  for (const auto& state : table.columns)
    for (const auto& [name, request] : all_requests(folder)) {
      ASSERT_EQ(decode_request(encode_request(request))->index(), request.index());
      Desk desk(state);
      const auto replies = desk.ask(request);
      ASSERT_FALSE(replies.empty()) << name << " in state " << state << " is not answered";
      EXPECT_TRUE(replies.back().last);
      observed.add({name}, state, outcome_of(replies.back()), encode_reply(replies.back()));
      for (const auto& reply : replies) {
        rejected += std::holds_alternative<Rejected>(reply.body);
        expect_no_case_data(encode_reply(reply), name + " in state " + state);
      }
      // What the request left behind is not in what the node tells of itself afterwards either.
      for (const auto& reply : desk.ask(admin::StatusRequest{}))
        expect_no_case_data(encode_reply(reply), "status after " + name);
      expect_no_case_data(desk.metrics(), "metrics after " + name);
    }
  EXPECT_GT(rejected, 0u) << "no row was rejected: nothing here would notice one that is quoted";
  expect_agreement(table, observed);
}

}  // namespace
}  // namespace ginnel::matrix
