// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "federation/wire/bundle_codec.h"
#include "federation/wire/directory_codec.h"
#include "node/demo/child_process.h"
#include "node/demo/demo_federation.h"
#include "node/demo/demo_state.h"
#include "node/demo/ports.h"
#include "node/demo/story_check.h"
#include "node/setup/federation_plan.h"
#include "node/setup/private_file.h"
#include "tests/node/temp_directory.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
namespace fs = std::filesystem;

FederationPlan shipped_plan() {
  auto plan = read_federation_plan(source_tree() / "config-examples/west-yorkshire/members.toml");
  if (plan) return *plan;
  for (const Error& error : plan.error()) ADD_FAILURE() << error.text();
  return {};
}

TEST(FederationPlan, the_shipped_one_has_a_node_for_each_invented_agency_and_one_spare) {
  FederationPlan plan = shipped_plan();
  for (const SynthNode& node : synth_nodes()) {
    const PlannedMember* planned = plan.find(*MemberId::parse(node.id));
    ASSERT_NE(planned, nullptr) << node.id;
    EXPECT_TRUE(planned->has_node);
    EXPECT_TRUE(planned->member.holds_records);
    EXPECT_EQ(planned->member.kind, node.kind);
    ASSERT_FALSE(planned->users.empty()) << node.id;
    EXPECT_EQ(planned->users[0].role, "practitioner") << node.id;
  }
  int spares = 0;
  for (const PlannedMember& planned : plan.members) {
    if (planned.is_spare) ++spares;
    EXPECT_TRUE(planned.has_node || !planned.member.holds_records) << planned.member.id.text();
    EXPECT_EQ(planned.member.duty.phone.substr(0, 9), "01632 960") << "only numbers kept free for fiction";
  }
  EXPECT_EQ(spares, 1);
  EXPECT_FALSE(plan.test_head.proves.empty());
}

TEST(FederationPlan, every_mistake_is_told_at_once_in_order_with_its_line) {
  auto vocabulary = Vocabulary::read(source_tree() / "config-examples/policies/vocabulary.toml");
  ASSERT_TRUE(vocabulary);
  auto plan = parse_federation_plan(R"(purposes_past_closed = ["child_protecton"]
[[member]]
id = "Leeds"
name = "x"
kind = "polise"
own_basis = "duty_to_share"
duty = { name = "n", phne = "p" }
[[member]]
id = "ab"
node = "yes"
acts_for = "abc"
may_prove = ["transfr"]
users = [{ username = "u", role = "wizard", name = "U" }, { username = "u", role = "manager", name = "U" }]
[[member]]
id = "ab"
[[trustees]]
name = "t"
needed = 3
members = ["zz", "zz"]
)",
                                    "plan.toml", &*vocabulary);
  ASSERT_FALSE(plan);
  std::vector<std::string> told;
  for (const Error& error : plan.error()) {
    EXPECT_EQ(error.code, "bad-plan");
    EXPECT_FALSE(error.remedy.empty()) << error.why;
    told.push_back(error.why);
  }
  const std::vector<std::string> expected{
      "line 1: `child_protecton` is no purpose",
      "line 3: `id` of [[member]]: `Leeds` is no member id",
      "line 5: `polise` is no kind of agency",
      "line 6: `duty_to_share` is no legal basis in force",
      "line 7: `duty` has no `phone`",
      "line 7: `phne` is no setting of `duty`",
      "line 8: [[member]] has no `name`",
      "line 8: [[member]] has no `kind`",
      "line 8: [[member]] has no section `duty`",
      "line 8: [[member]] has no `own_basis`",
      "line 10: `node` of [[member]] is not of the right form",
      "line 11: `abc` is no [[member]] (`acts_for` of [[member]])",
      "line 12: `transfr` is no purpose",
      "line 13: `wizard` is no role",
      "line 13: `username` of `users` is `u`, which this member has already",
      "line 14: [[member]] has no `name`",
      "line 14: [[member]] has no `kind`",
      "line 14: [[member]] has no section `duty`",
      "line 14: [[member]] has no `own_basis`",
      "line 15: `ab` is planned twice",
      "line 18: `needed` of [[trustees]] is more than there are members, so the list of members could never be valid",
      "line 19: trustee `zz` stands twice in [[trustees]]",
      "line 19: `zz` is no [[member]] (`members` of [[trustees]])",
  };
  EXPECT_THAT(told, testing::UnorderedElementsAreArray(expected));
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end(), [](const auto& a, const auto& b) {
    return std::atoi(a.c_str() + 5) < std::atoi(b.c_str() + 5);
  }));
}

TEST(FederationPlan, the_shipped_one_uses_words_of_the_vocabulary_only) {
  auto vocabulary = Vocabulary::read(source_tree() / "config-examples/policies/vocabulary.toml");
  ASSERT_TRUE(vocabulary);
  auto plan = read_federation_plan(source_tree() / "config-examples/west-yorkshire/members.toml", &*vocabulary);
  EXPECT_TRUE(plan) << plan.error().front().text();
}

std::map<MemberId, std::string> endpoints_for_all(const FederationPlan& plan) {
  std::map<MemberId, std::string> endpoints;
  for (const PlannedMember& planned : plan.members)
    if (planned.has_node || planned.is_spare) endpoints[planned.member.id] = "tcp://127.0.0.1:7441";
  return endpoints;
}

TEST(DemoFederation, its_documents_are_taken_by_a_book_that_trusts_its_anchor) {
  SeededRandom random(3);
  FederationPlan plan = shipped_plan();
  Instant now{1'795'000'000'000};
  auto federation = sign_federation(plan, make_member_keys(plan, random), 1, endpoints_for_all(plan), now);
  ASSERT_TRUE(federation) << federation.error().text();
  DirectoryBook book(federation->anchor, {});
  auto adopted = book.adopt(federation->directory, now);
  ASSERT_TRUE(adopted) << adopted.error().text();
  for (const SignedStatement& statement : federation->statements) {
    auto added = book.add_statement(statement.bytes);
    EXPECT_TRUE(added) << statement.member.text() << added.error().text();
    EXPECT_TRUE(is_good(book.standing(statement.member, now))) << statement.member.text();
  }
  EXPECT_EQ(book.directory()->members.size(), plan.members.size());
}

TEST(DemoFederation, its_bundle_is_signed_by_enough_of_its_trustees) {
  SeededRandom random(3);
  FederationPlan plan = shipped_plan();
  Instant now{1'795'000'000'000};
  auto federation = sign_federation(plan, make_member_keys(plan, random), 1, endpoints_for_all(plan), now);
  ASSERT_TRUE(federation) << federation.error().text();
  auto shipped = read_bundle(source_tree() / "config-examples/policies/west-yorkshire");
  ASSERT_TRUE(shipped) << shipped.error().text();
  ASSERT_TRUE(seal_agreement(*federation, **shipped));
  auto sealed = decode_sealed_bundle(federation->bundle);
  ASSERT_TRUE(sealed) << sealed.error().text();
  EXPECT_TRUE(check_bundle_signatures(*sealed, federation->anchor.rule, nullptr));
  EXPECT_EQ(read_bundle(*sealed).value()->hash, (*shipped)->hash);
}

TEST(DemoFederation, a_later_signing_replaces_the_earlier_one) {
  SeededRandom random(3);
  FederationPlan plan = shipped_plan();
  Instant now{1'795'000'000'000}, later = now + 30 * day_ms;
  auto keys = make_member_keys(plan, random);
  auto first = sign_federation(plan, keys, 1, endpoints_for_all(plan), now);
  for (auto& [id, own] : keys) own.statement_number = 2;
  auto second = sign_federation(plan, keys, 2, endpoints_for_all(plan), later);
  ASSERT_TRUE(first && second);
  DirectoryBook book(first->anchor, {});
  ASSERT_TRUE(book.adopt(first->directory, now));
  for (const SignedStatement& statement : first->statements) ASSERT_TRUE(book.add_statement(statement.bytes));
  auto adopted = book.adopt(second->directory, later);
  ASSERT_TRUE(adopted) << adopted.error().text();
  for (const SignedStatement& statement : second->statements) {
    auto added = book.add_statement(statement.bytes);
    EXPECT_TRUE(added && *added) << statement.member.text();
  }
  EXPECT_EQ(book.version(), 2u);
}

TEST(DemoFederation, a_later_signing_forgets_nobody_who_was_admitted_or_revoked_since_the_plan) {
  SeededRandom random(3);
  const FederationPlan plan = shipped_plan();
  const Instant now{1'795'000'000'000}, later = now + 30 * day_ms;
  auto keys = make_member_keys(plan, random);
  auto first = sign_federation(plan, keys, 1, endpoints_for_all(plan), now);
  ASSERT_TRUE(first);
  Directory held = decode_directory(decode_signed_directory(first->directory)->bytes).value();
  Member newcomer = held.members.front();
  newcomer.id = *MemberId::parse("wy-newcomer");
  newcomer.identity_key = SigningKey::make(random).public_key;
  held.members.push_back(newcomer);
  std::sort(held.members.begin(), held.members.end(), [](auto& a, auto& b) { return a.id < b.id; });
  held.members.front().revoked_since = now;
  held.version = 4;
  auto again = sign_federation(plan, keys, 5, endpoints_for_all(plan), later, &held);
  ASSERT_TRUE(again) << again.error().text();
  DirectoryBook book(first->anchor, {});
  ASSERT_TRUE(book.adopt(first->directory, now));
  auto adopted = book.adopt(again->directory, later);
  ASSERT_TRUE(adopted && *adopted) << adopted.error().text();
  EXPECT_EQ(book.version(), 5u);
  EXPECT_EQ(book.directory()->members.size(), plan.members.size() + 1);
  EXPECT_TRUE(book.find(newcomer.id));
  EXPECT_TRUE(book.find(held.members.front().id)->revoked_since.is_set());
}

PlantedChild planted() {
  PlantedChild child;
  child.story = "moved-twice";
  child.nhs_number = "9990000018";
  child.family_name = "Tester";
  child.given_name = "Aisha";
  child.birth_date = *Date::of(2016, 3, 14);
  child.postcode = "BD1 1AA";
  child.lead = "bradford-csc";
  child.expect = {{"bradford-csc", "answered", {"social-care.plan", "social-care.visit"}},
                  {"wy-police", "not-known", {}}};
  return child;
}

DemoState small_state() {
  DemoState state;
  state.children = 200;
  state.seed = 1;
  state.directory_issued_at = "2026-11-23T00:00:00.000Z";
  state.nodes = {{"bradford-csc", "social_care", "Bradford Children and Families Trust", 8441, 7441}};
  state.users = {{"bradford-csc", "s.worker", "pass-word", "practitioner", "token"}};
  state.stories = {planted()};
  state.sealed = {planted()};
  state.sealed[0].nhs_number = "9990000026";
  state.spare = {"spare", "tcp://127.0.0.1:7451"};
  return state;
}

TEST(DemoState, is_read_back_as_it_was_written) {
  TempDirectory dir;
  DemoPaths paths{dir.path()};
  ASSERT_TRUE(write_state(paths, small_state()));
  auto read = read_state(paths);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->children, 200u);
  EXPECT_EQ(read->nodes[0].url(), "https://127.0.0.1:8441");
  EXPECT_EQ(read->nodes[0].endpoint(), "tcp://127.0.0.1:7441");
  EXPECT_EQ(read->practitioner("bradford-csc")->token, "token");
  EXPECT_EQ(read->stories[0].birth_date, planted().birth_date);
  EXPECT_EQ(read->stories[0].lead, "bradford-csc");
  EXPECT_THAT(read->stories[0].expect[0].categories, ElementsAre("social-care.plan", "social-care.visit"));
  ASSERT_EQ(read->sealed.size(), 1u);
  EXPECT_EQ(read->sealed[0].nhs_number, "9990000026");
  EXPECT_EQ(read->spare.endpoint, "tcp://127.0.0.1:7451");
}

TEST(DemoState, a_damaged_file_is_an_error_and_not_an_end) {
  TempDirectory dir;
  DemoPaths paths{dir.path()};
  EXPECT_FALSE(read_state(paths));
  for (const char* text :
       {"", "[]", "{\"format\":2}", "{\"format\":1}", "{\"format\":99}", "{\"format\":2,\"children\":\"many\"}"}) {
    ASSERT_TRUE(write_file(paths.state(), text));
    EXPECT_FALSE(read_state(paths)) << text;
  }
}

TEST(DemoFile, tells_scripts_everything_and_only_its_owner) {
  TempDirectory dir;
  DemoPaths paths{dir.path()};
  ASSERT_TRUE(write_demo_file(paths, small_state(), {{"bradford-csc", {42, {"/ginnel", "node", "run"}}}}, "/schema"));
  EXPECT_EQ(fs::status(paths.demo()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  std::ifstream in(paths.demo());
  auto json = nlohmann::json::parse(in);
  const auto& node = json["nodes"][0];
  EXPECT_EQ(node["id"], "bradford-csc");
  EXPECT_EQ(node["url"], "https://127.0.0.1:8441");
  EXPECT_EQ(node["endpoint"], "tcp://127.0.0.1:7441");
  EXPECT_EQ(node["pid"], 42);
  EXPECT_EQ(node["argv"].size(), 3u);
  EXPECT_EQ(node["dir"], dir.path() + "/nodes/bradford-csc");
  EXPECT_EQ(node["adminSocket"], dir.path() + "/nodes/bradford-csc/admin.sock");
  EXPECT_TRUE(json["users"][0]["totpSecret"].is_null());
  EXPECT_EQ(json["users"][0]["token"], "token");
  EXPECT_EQ(json["children"][0]["dateOfBirth"], "2016-03-14");
  EXPECT_EQ(json["children"][0]["expect"][1]["status"], "not-known");
  EXPECT_EQ(json["ca"], dir.path() + "/ca.pem");
  EXPECT_EQ(json["truth"], dir.path() + "/truth.json");
  EXPECT_EQ(json["clockFile"], dir.path() + "/clock");
  EXPECT_EQ(json["schema"], "/schema");
  EXPECT_EQ(json["spare"]["keyDir"], dir.path() + "/spare");
  ASSERT_EQ(json["children"].size(), 1u) << "a sealed identity is not told";
  // What DESIGN 14 lists, and nothing else.
  auto fields = [](const nlohmann::json& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items()) names.push_back(name);
    return names;
  };
  EXPECT_THAT(fields(json),
              UnorderedElementsAre("nodes", "users", "children", "ca", "truth", "clockFile", "schema", "spare"));
  EXPECT_THAT(fields(node),
              UnorderedElementsAre("id", "kind", "name", "url", "endpoint", "pid", "dir", "argv", "adminSocket"));
  EXPECT_THAT(fields(json["users"][0]),
              UnorderedElementsAre("node", "username", "password", "totpSecret", "role", "token"));
  EXPECT_THAT(fields(json["children"][0]), UnorderedElementsAre("story", "nhsNumber", "familyName", "givenName",
                                                                "dateOfBirth", "postcode", "lead", "expect"));
  EXPECT_THAT(fields(json["children"][0]["expect"][0]), UnorderedElementsAre("node", "status", "categories"));
  EXPECT_THAT(fields(json["spare"]), UnorderedElementsAre("id", "keyDir"));
}

CaseView view_as_planted() {
  CaseView view;
  ViewPart bradford, police;
  bradford.agency = *MemberId::parse("bradford-csc");
  bradford.status = PartStatus::answered;
  police.agency = *MemberId::parse("wy-police");
  police.status = PartStatus::not_known;
  view.parts = {bradford, police};
  for (const char* category : {"social-care.visit", "social-care.plan", "social-care.visit"}) {
    ViewItem item;
    item.agency = bradford.agency;
    item.category = category;
    view.items.push_back(item);
  }
  return view;
}

TEST(StoryCheck, a_view_as_the_story_expects_differs_in_nothing) {
  EXPECT_THAT(differences(planted(), view_as_planted()), IsEmpty());
}

TEST(StoryCheck, another_status_a_missing_category_and_an_unexpected_agency_are_told) {
  CaseView view = view_as_planted();
  view.parts[1].status = PartStatus::silent;
  view.items.erase(view.items.begin() + 1);
  ViewPart leeds;
  leeds.agency = *MemberId::parse("leeds-csc");
  view.parts.push_back(leeds);
  auto told = differences(planted(), view);
  ASSERT_EQ(told.size(), 3u);
  EXPECT_THAT(told[0], HasSubstr("bradford-csc: answered social-care.visit; expected answered social-care.plan"));
  EXPECT_THAT(told[1], HasSubstr("wy-police: silent; expected not-known"));
  EXPECT_THAT(told[2], HasSubstr("leeds-csc"));
}

TEST(StoryCheck, an_agency_without_a_part_is_told) {
  CaseView view = view_as_planted();
  view.parts.pop_back();
  EXPECT_THAT(differences(planted(), view), ElementsAre("wy-police: no part; expected not-known"));
}

TEST(Ports, one_that_is_taken_is_passed_over) {
  std::set<std::uint16_t> taken;
  auto first = take_port(20'000, taken), second = take_port(20'000, taken);
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
}

TEST(ChildProcess, its_output_goes_to_the_log_and_its_end_is_known) {
  TempDirectory dir;
  fs::path log = fs::path(dir.path()) / "log";
  auto process = ChildProcess::start({"/bin/sh", "-c", "echo said; exit 7"}, log);
  ASSERT_TRUE(process) << process.error().text();
  EXPECT_EQ(process->wait(), 7);
  std::ifstream in(log);
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "said");
}

TEST(ChildProcess, one_that_will_not_stop_is_killed) {
  TempDirectory dir;
  const fs::path log = fs::path(dir.path()) / "log";
  auto process = ChildProcess::start({"/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"}, log);
  ASSERT_TRUE(process);
  while (fs::file_size(log) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  process->ask_to_stop();
  EXPECT_EQ(process->stop(200), 128 + 9);
}

TEST(ChildProcess, a_program_that_is_not_there_ends_at_once) {
  TempDirectory dir;
  auto process = ChildProcess::start({"/no/such/program"}, fs::path(dir.path()) / "log");
  ASSERT_TRUE(process);
  EXPECT_EQ(process->wait(), 127);
}

}  // namespace
}  // namespace ginnel
