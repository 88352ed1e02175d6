// SPDX-License-Identifier: Apache-2.0
// A chronology over HTTPS: as a page with its forms, and as files for people and programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/node/shown_view_for_tests.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ChronologyOverHttps : public WebTest {
 protected:
  ChronologyOverHttps() {
    service.view = shown_view();
    service.view.person = *PersonRef::parse(some_id);
    service.view.shown_at = clock.now();
    service.view.items[1].headline = "paediatric <review>";
    // A view is its owner's.
    session = service.sign_in("tester");
    post_json("/api/v1/case-views", ask_json, bearer(session));
  }
  std::string path() const { return "/case-views/" + service.view.id.hex(); }
  std::string api() const { return "/api/v1" + path(); }
  std::string entry(std::size_t i = 1) const {
    return service.view.items[i].agency.text() + "/" + service.view.items[i].id.hex();
  }
  RawAnswer post(const std::string& where, const std::string& form) {
    return post_form(path() + where, "csrf=" + session.csrf + "&" + form, cookie(session));
  }

  Session session;
};

TEST_F(ChronologyOverHttps, has_a_page_with_lanes_entries_and_what_is_missing) {
  service.view.items[1].marks.push_back({*RecordId::parse(some_id),
                                         *MemberId::parse("bradford-csc"),
                                         "the <second> time",
                                         {"S. Worker", "practitioner", "", ""},
                                         When::on({2026, 11, 20})});
  const auto page = get(path() + "/chronology", cookie(session));
  EXPECT_EQ(page.status, 200u);
  EXPECT_THAT(page.body, HasSubstr("paediatric &lt;review&gt;"));
  EXPECT_THAT(page.body, HasSubstr("the &lt;second&gt; time"));
  EXPECT_THAT(page.body, HasSubstr("class=\"ginnel-lanes\""));
  EXPECT_THAT(page.body, HasSubstr("ginnel-lanes__significant"));
  EXPECT_THAT(page.body, HasSubstr("2 entries, oldest first; 3 more are withheld"));
  EXPECT_THAT(page.body, HasSubstr("Wakefield Council"));
  EXPECT_THAT(page.body, HasSubstr("id=\"entry-1\""));
  EXPECT_LT(page.body.find("paediatric"), page.body.find("seen at home")) << "oldest first";
  EXPECT_EQ(service.chronologies, (std::vector{ChronologyForm::page}));
  // Without somebody to keep a mark with there is no form for one.
  EXPECT_THAT(page.body, HasSubstr("action=\"" + path() + "/significance\""));
  service.view.person = PersonRef();
  EXPECT_THAT(get(path() + "/chronology", cookie(session)).body, Not(HasSubstr("/significance\"")));
}

TEST_F(ChronologyOverHttps, leads_there_from_the_view) {
  EXPECT_THAT(get(path(), cookie(session)).body, HasSubstr("href=\"" + path() + "/chronology\""));
}

TEST_F(ChronologyOverHttps, of_a_past_moment_says_so_on_top_and_at_what_changed_since) {
  service.view.as_known_at = parse_iso_utc("2026-11-08T23:59:00Z").value();
  service.view.items[0].superseded_at = parse_iso_utc("2026-11-09T10:12:00Z").value();
  for (const auto& where : {path(), path() + "/chronology"}) {
    const auto page = get(where, cookie(session)).body;
    EXPECT_THAT(page, HasSubstr("As the agencies knew it on 8 Nov 2026 23:59")) << where;
    EXPECT_THAT(page, HasSubstr("changed since, on 9 Nov 2026 10:12")) << where;
    EXPECT_THAT(page, Not(HasSubstr("/significance\""))) << "a mark is made now, and no past moment shows it";
  }
}

struct FileOf {
  const char* form;
  const char* type;
  const char* begins;
};

TEST_F(ChronologyOverHttps, is_given_as_a_file_in_each_form_and_that_is_told_to_the_node) {
  for (const auto& [form, type, begins] :
       {FileOf{"json", "application/json", "{\"view\""},
        FileOf{"csv", "text/csv; charset=utf-8; header=present", "\xEF\xBB\xBFrow,"},
        FileOf{"html", "text/html; charset=utf-8", "<!DOCTYPE html>"}, FileOf{"pdf", "application/pdf", "%PDF-"}}) {
    const auto by_person = get(path() + "/chronology/" + form, cookie(session));
    const auto by_program = get(api() + "/chronology?format=" + std::string(form), bearer(session));
    for (const auto& file : {by_person, by_program}) {
      EXPECT_EQ(file.status, 200u) << form << file.body;
      EXPECT_EQ(file.header("content-type"), type);
      EXPECT_EQ(file.header("content-disposition"), "attachment; filename=\"chronology-cv-7f30a1b2." +
                                                        std::string(form) +
                                                        "\"; filename*=UTF-8''chronology-cv-7f30a1b2." + form);
      EXPECT_THAT(file.header("content-security-policy"), HasSubstr("sandbox"));
      EXPECT_TRUE(file.body.starts_with(begins)) << file.body.substr(0, 40);
    }
  }
  EXPECT_THAT(service.chronologies,
              ElementsAre(ChronologyForm::json, ChronologyForm::json, ChronologyForm::csv, ChronologyForm::csv,
                          ChronologyForm::html, ChronologyForm::html, ChronologyForm::pdf, ChronologyForm::pdf));
}

TEST_F(ChronologyOverHttps, as_a_document_needs_nothing_beside_itself_and_leads_nowhere) {
  service.view.items[0].attachments = {{{"letter.pdf", "application/pdf", 12, {}}, *AttachmentId::parse(some_id)}};
  const auto document = get(path() + "/chronology/html", cookie(session)).body;
  EXPECT_THAT(document, HasSubstr("paediatric &lt;review&gt;"));
  EXPECT_THAT(document, HasSubstr("letter.pdf"));
  EXPECT_THAT(document, HasSubstr("Wakefield Council"));
  EXPECT_THAT(document, HasSubstr("given to A. &lt;Tester&gt;, Bradford Children&apos;s Services"));
  for (const char* outward : {"<script", "<link", "<form", "href=\"/", "src=", "csrf"})
    EXPECT_THAT(document, Not(HasSubstr(outward))) << outward;
}

TEST_F(ChronologyOverHttps, in_a_form_that_there_is_not_is_refused) {
  EXPECT_EQ(get(api() + "/chronology?format=docx", bearer(session)).status, 422u);
  EXPECT_EQ(get(api() + "/chronology?format=page", bearer(session)).status, 422u);
  EXPECT_EQ(get(path() + "/chronology/page", cookie(session)).status, 404u);
  EXPECT_EQ(get(path() + "/chronology/docx", cookie(session)).status, 404u);
  EXPECT_EQ(get("/api/v1/case-views/none/chronology", bearer(session)).status, 404u);
  EXPECT_TRUE(service.chronologies.empty());
}

TEST_F(ChronologyOverHttps, of_somebody_elses_view_is_not_found) {
  service.add("other", "long enough for a test");
  const auto other = service.sign_in("other");
  for (const auto& where : {path() + "/chronology", path() + "/chronology/pdf"})
    EXPECT_EQ(get(where, cookie(other)).status, 404u) << where;
}

TEST_F(ChronologyOverHttps, takes_a_mark_by_form_and_says_that_it_did) {
  const auto made = post("/significance", "entry=" + entry() + "&reason=the+second+time");
  EXPECT_EQ(made.status, 303u);
  EXPECT_EQ(made.header("location"), path() + "/chronology?marked=1");
  ASSERT_EQ(service.significant.size(), 1u);
  EXPECT_EQ(service.significant[0].entry.text(), entry());
  EXPECT_EQ(service.significant[0].reason, "the second time");
  EXPECT_EQ(service.significant[0].view, service.view.id);
  EXPECT_THAT(get(path() + "/chronology?marked=1", cookie(session)).body,
              HasSubstr("The entry is marked as significant"));
}

TEST_F(ChronologyOverHttps, says_why_it_takes_no_mark) {
  const auto bad = post("/significance", "entry=nothing&reason=x");
  EXPECT_EQ(bad.status, 422u);
  EXPECT_THAT(bad.body, HasSubstr("The entry was not marked"));
  service.fails_with = Error{"forbidden", "cannot mark the entry", "your role records nothing", ""};
  EXPECT_EQ(post("/significance", "entry=" + entry() + "&reason=x").status, 403u);
  EXPECT_TRUE(service.significant.empty());
  EXPECT_EQ(post_form(path() + "/significance", "entry=" + entry() + "&reason=x", cookie(session)).status, 403u)
      << "without the form's token";
}

TEST_F(ChronologyOverHttps, takes_a_mark_from_a_program) {
  const auto made = post_json(api() + "/significance", Json{{"entry", entry()}, {"reason", "the second time"}}.dump(),
                              bearer(session));
  EXPECT_EQ(made.status, 201u);
  EXPECT_EQ(Json::parse(made.body)["id"].get<std::string>().size(), 32u);
  for (const char* body :
       {R"({"entry":"x"})", R"({"reason":"x"})", R"({"entry":"x","reason":"y","who":"me"})", R"([])"})
    EXPECT_GE(post_json(api() + "/significance", body, bearer(session)).status, 400u) << body;
  EXPECT_EQ(service.significant.size(), 1u);
}

TEST_F(ChronologyOverHttps, asks_again_for_the_end_of_a_day) {
  const auto made = post("/past", "day=2026-11-08&time=");
  EXPECT_EQ(made.status, 303u);
  EXPECT_EQ(made.header("location"), path() + "/chronology");
  EXPECT_EQ(post("/past", "day=2026-07-08&time=14%3A30").status, 303u);
  ASSERT_EQ(service.moments.size(), 2u);
  EXPECT_EQ(to_iso_utc(service.moments[0]), "2026-11-08T23:59:59.999Z");
  EXPECT_EQ(to_iso_utc(service.moments[1]), "2026-07-08T13:30:00.000Z");
  for (const char* form : {"day=&time=", "day=8+Nov&time=", "day=2026-11-08&time=25%3A00", "day=&time=10%3A00"}) {
    const auto bad = post("/past", form);
    EXPECT_EQ(bad.status, 422u) << form;
  }
  EXPECT_EQ(service.moments.size(), 2u);
}

}  // namespace
}  // namespace ginnel
