// SPDX-License-Identifier: Apache-2.0
// The pages and the API of work and of files, over a real server with a small Service behind it.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class WorkWeb : public WebTest {
 protected:
  WorkWeb() {
    TaskSummary task;
    task.id = TaskId::make(random);
    task.kind = "follow_up";
    task.title = "Something to <follow> up";
    task.holders = {{"", "", "practitioner", "Practitioner"}};
    task.opened = {1'795'000'000'000};
    task.due = {1'795'090'000'000};
    task.is_late = true;
    task.made_by = "A. <Tester>";
    service.overview.mine.tasks = {task};
    service.overview.kinds = {{"follow_up", "Something to follow up"}};
    service.overview.workers = {{"tester", "A. <Tester>", "", "A. <Tester>"}, {"", "", "manager", "Manager"}};
    AllocationRow row;
    row.id = AllocationId::make(random);
    row.person = {PersonRef::make(random), {{"liquidlogic", "LL-1"}}};
    row.from = task.opened;
    service.overview.allocated = {row};
    service.task.task = task;
    service.task.note = "ring the <school>";
    service.task.outcomes = {{"acted", "acted"}};
    service.task.history = {{task.opened, TaskAct::opened, "A. <Tester>", task.holders, "", ""}};
    service.task.colleagues = service.overview.workers;
    service.task.may_act = true;
  }
  std::string task_path() { return "/work/tasks/" + service.task.task.id.hex(); }
};

TEST_F(WorkWeb, the_page_of_work_shows_what_is_late_first_and_managers_more) {
  const auto session = service.sign_in("tester");
  const auto page = get("/work", cookie(session));
  EXPECT_EQ(page.status, 200u);
  EXPECT_THAT(page.body, HasSubstr("1 task is late."));
  EXPECT_THAT(page.body, HasSubstr("Something to &lt;follow&gt; up"));
  EXPECT_THAT(page.body, HasSubstr("liquidlogic LL-1"));
  EXPECT_THAT(page.body, HasSubstr("<title>My work - Ginnel</title>"));
  EXPECT_THAT(page.body, Not(HasSubstr("Somebody leaves")));
  service.overview.manages = true;
  EXPECT_THAT(get("/work", cookie(session)).body, HasSubstr("Somebody leaves"));
  EXPECT_THAT(get("/", cookie(session)).body, HasSubstr("href=\"/work\""));
}

TEST_F(WorkWeb, a_task_is_shown_with_its_history_and_changed_by_its_forms) {
  const auto session = service.sign_in("tester");
  const auto page = get(task_path(), cookie(session));
  EXPECT_EQ(page.status, 200u);
  EXPECT_THAT(page.body, HasSubstr("ring the &lt;school&gt;"));
  EXPECT_THAT(page.body, HasSubstr("<strong>opened</strong>"));
  EXPECT_THAT(page.body, HasSubstr("<title>Task - Ginnel</title>"));
  const std::string csrf = "&csrf=" + session.csrf;
  EXPECT_EQ(post_form(task_path(), "action=accept", cookie(session)).status, 403u) << "without the page's token";
  EXPECT_EQ(post_form(task_path(), "action=accept" + csrf, cookie(session)).header("location"), task_path());
  EXPECT_EQ(post_form(task_path(), "action=done&outcome=acted&reason=rang" + csrf, cookie(session)).status, 303u);
  EXPECT_EQ(post_form(task_path(), "action=hand-over&to=role%3Amanager&reason=away" + csrf, cookie(session)).status,
            303u);
  ASSERT_EQ(service.task_changes.size(), 3u);
  EXPECT_EQ(service.task_changes[1].outcome, "acted");
  EXPECT_EQ(service.task_changes[2].what, TaskChange::What::hand_over);
  EXPECT_EQ(service.task_changes[2].to, "role:manager");
}

TEST_F(WorkWeb, what_can_be_mended_is_shown_beside_what_was_typed) {
  const auto session = service.sign_in("tester");
  const std::string csrf = "&csrf=" + session.csrf;
  service.fails_with = Error{"bad-field", "cannot do this", "`reason` is empty or too long", "say why"};
  const auto task = post_form(task_path(), "action=done&outcome=acted&reason=because" + csrf, cookie(session));
  EXPECT_EQ(task.status, 422u);
  EXPECT_THAT(task.body, HasSubstr("role=\"alert\""));
  EXPECT_THAT(task.body, HasSubstr(">because</textarea>"));
  const auto work = post_form("/work/tasks", "kind=follow_up&to=&due=&note=ring+Dr+No" + csrf, cookie(session));
  EXPECT_EQ(work.status, 422u);
  EXPECT_THAT(work.body, HasSubstr(">ring Dr No</textarea>"));
  service.fails_with.reset();
  const auto day = post_form("/work/tasks", "kind=follow_up&to=&due=soon&note=" + csrf, cookie(session));
  EXPECT_EQ(day.status, 422u);
  EXPECT_THAT(day.body, HasSubstr("That is no day."));
  EXPECT_EQ(post_form("/work/tasks", "kind=follow_up&to=&due=2026-12-03&note=x" + csrf, cookie(session)).status, 303u);
  EXPECT_EQ(to_iso_utc(service.new_task.due), "2026-12-03T17:00:00.000Z");
}

TEST_F(WorkWeb, programs_read_and_change_the_same) {
  const auto session = service.sign_in("tester");
  const auto listed = Json::parse(get("/api/v1/tasks?which=unowned", bearer(session)).body);
  EXPECT_EQ(listed["tasks"][0]["title"], "Something to <follow> up");
  EXPECT_EQ(service.task_query.which, TaskQuery::Which::unowned);
  EXPECT_EQ(get("/api/v1/tasks?which=everything", bearer(session)).status, 422u);
  const std::string path = "/api/v1/tasks/" + service.task.task.id.hex();
  EXPECT_EQ(Json::parse(get(path, bearer(session)).body)["history"][0]["act"], "opened");
  EXPECT_EQ(post_json(path + "/accept", "{}", bearer(session)).status, 204u);
  EXPECT_EQ(post_json(path + "/done", R"({"outcome":"acted"})", bearer(session)).status, 422u) << "no reason";
  EXPECT_EQ(post_json(path + "/done", R"({"outcome":"acted","reason":"x","more":1})", bearer(session)).status, 422u);
  EXPECT_EQ(post_json("/api/v1/tasks/x/accept", "{}", bearer(session)).status, 404u);
  const auto both = R"({"person":"000102030405060708090a0b0c0d0e0f","source":{"system":"a","key":"b"},"worker":"w"})";
  EXPECT_EQ(post_json("/api/v1/allocations", both, bearer(session)).status, 422u);
  EXPECT_EQ(
      post_json("/api/v1/allocations", R"({"source":{"system":"a","key":"b"},"worker":"w"})", bearer(session)).status,
      201u);
  EXPECT_EQ(service.new_allocation.key, "b");
}

// --- files

std::string form_with(const std::string& content, const std::string& name = "letter.pdf") {
  return "--b\r\nContent-Disposition: form-data; name=\"system\"\r\n\r\nll\r\n"
         "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nLL-1\r\n"
         "--b\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nsocial-care.note\r\n"
         "--b\r\nContent-Disposition: form-data; name=\"headline\"\r\n\r\nA letter\r\n"
         "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" +
         name + "\"\r\nContent-Type: application/pdf\r\n\r\n" + content + "\r\n--b--\r\n";
}
constexpr const char* multipart = "Content-Type: multipart/form-data; boundary=b\r\n";

TEST_F(WorkWeb, a_file_of_a_megabyte_is_taken_at_its_path_and_at_no_other) {
  const auto session = service.sign_in("tester");
  const std::string content(1024 * 1024, 'x');
  const auto kept = send("POST", "/api/v1/attachments", bearer(session) + multipart, form_with(content));
  EXPECT_EQ(kept.status, 201u) << kept.body;
  EXPECT_EQ(service.new_attachment.file.size_bytes, content.size());
  EXPECT_EQ(service.new_attachment.file.media_type, "application/pdf");
  EXPECT_EQ(service.new_attachment.key, "LL-1");
  EXPECT_EQ(send("POST", "/api/v1/tasks", bearer(session) + multipart, form_with(content)).status, 413u);
  const std::string too_large(5 * 1024 * 1024, 'x');
  EXPECT_EQ(send("POST", "/api/v1/attachments", bearer(session) + multipart, form_with(too_large)).status, 413u);
}

// What a browser without scripts sends from the form of a case view's page.
TEST_F(WorkWeb, a_person_keeps_a_file_by_the_form_of_the_view_and_only_from_its_page) {
  const auto session = service.sign_in("tester");
  const std::string view = service.view.id.hex();
  const auto form = [&](const std::string& csrf) {
    return "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + csrf +
           "\r\n--b\r\nContent-Disposition: form-data; name=\"view\"\r\n\r\n" + view +
           "\r\n--b\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nsocial-care.note\r\n"
           "--b\r\nContent-Disposition: form-data; name=\"headline\"\r\n\r\nA letter\r\n"
           "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"letter.pdf\"\r\n"
           "Content-Type: application/pdf\r\n\r\n" +
           std::string(1024 * 1024, 'x') + "\r\n--b--\r\n";
  };
  EXPECT_EQ(send("POST", "/files", cookie(session) + multipart, form("other")).status, 403u);
  const auto kept = send("POST", "/files", cookie(session) + multipart, form(session.csrf));
  EXPECT_EQ(kept.status, 303u) << kept.body;
  EXPECT_EQ(kept.header("location"), "/case-views/" + view + "?kept=1");
  EXPECT_EQ(service.new_attachment.view, service.view.id);
  EXPECT_EQ(service.new_attachment.file.size_bytes, 1024u * 1024);
  EXPECT_EQ(send("POST", "/files", cookie(session) + multipart, form_with("hello")).status, 403u) << "no token at all";
}

TEST_F(WorkWeb, a_manager_is_shown_whom_somebody_is_allocated_to_and_ends_it_with_a_reason) {
  const auto session = service.sign_in("tester");
  service.overview.manages = true;
  service.overview.allocated.front().is_current = true;
  EXPECT_THAT(get("/work", cookie(session)).body, HasSubstr("action=\"/work/allocations/of\""));
  const std::string csrf = "&csrf=" + session.csrf;
  const auto shown = post_form("/work/allocations/of", "worker=tester" + csrf, cookie(session));
  EXPECT_EQ(shown.status, 200u) << shown.body;
  const std::string path = "/work/allocations/" + service.overview.allocated.front().id.hex() + "/end";
  EXPECT_THAT(shown.body, HasSubstr("action=\"" + path + "\""));
  EXPECT_THAT(shown.body, HasSubstr("liquidlogic LL-1"));
  EXPECT_EQ(post_form(path, "worker=tester&reason=closed" + csrf, cookie(session)).status, 200u);
  EXPECT_EQ(post_form(path, "worker=tester&reason=closed", cookie(session)).status, 403u) << "without the page's token";
  service.overview.allocated.clear();
  EXPECT_THAT(post_form("/work/allocations/of", "worker=tester" + csrf, cookie(session)).body,
              HasSubstr("Nobody is allocated to them now."));
}

TEST_F(WorkWeb, a_file_is_given_to_be_saved_and_never_to_be_shown_in_place) {
  const auto session = service.sign_in("tester");
  service.file = {"le\"tter \xc3\xa9.pdf", "application/pdf", {'h', 'i'}};
  const std::string path = "/api/v1/attachments/000102030405060708090a0b0c0d0e0f";
  const auto given = get(path + "?view=000102030405060708090a0b0c0d0e0f", bearer(session));
  EXPECT_EQ(given.status, 200u);
  EXPECT_EQ(given.body, "hi");
  EXPECT_EQ(given.header("content-disposition"),
            "attachment; filename=\"le_tter __.pdf\"; filename*=UTF-8''le%22tter%20%C3%A9.pdf");
  EXPECT_EQ(given.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(get(path, bearer(session)).status, 404u) << "through a view only";
}

}  // namespace
}  // namespace ginnel
