// SPDX-License-Identifier: Apache-2.0
#include "node/web/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "node/web/assets.h"
#include "node/web/embedded.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";
constexpr const char* question =
    "nhs-number=999+000+0018&purpose=child_protection&basis=public_task&reason=home+visit&case-ref=CR-1";

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  auto start = text.find(from);
  if (start == std::string::npos) return {};
  start += from.size();
  return text.substr(start, text.find(to, start) - start);
}

// The list item that has `heading` as its h3.
std::string item_of(const std::string& list, const std::string& heading) {
  const auto at = list.find(">" + heading + "</h3>");
  if (at == std::string::npos) return {};
  const auto start = list.rfind("<li ", at);
  return list.substr(start, list.find("</li>", at) - start);
}

class Page : public WebTest {
 protected:
  // As a browser does it: the sign-in page, then its form.
  std::string sign_in_cookie(const RawAnswer& page) {
    return between(page.header("set-cookie"), "__Host-ginnel-sign-in=", ";");
  }
  RawAnswer submit_sign_in(const std::string& password) {
    auto page = get("/sign-in");
    auto token = between(page.body, "name=\"form-token\" value=\"", "\"");
    EXPECT_EQ(token, sign_in_cookie(page));
    return post_form("/sign-in", "username=tester&password=" + password + "&totp=&form-token=" + token,
                     "Cookie: __Host-ginnel-sign-in=" + token + "\r\n");
  }
  RawAnswer ask(const Session& session, const std::string& form) {
    return post_form("/case-views", form + "&csrf=" + session.csrf, cookie(session));
  }
  RawAnswer view_page() { return get("/case-views/" + service.view.id.hex(), cookie(service.sign_in("tester"))); }
};

TEST_F(Page, without_a_session_every_page_leads_to_the_sign_in_page) {
  for (const char* path : {"/", "/find", "/case-views/7f30a1b2c3d4e5f60718293a4b5c6d7e"}) {
    auto answer = get(path);
    EXPECT_EQ(answer.status, 303u);
    EXPECT_EQ(answer.header("location"), "/sign-in");
    auto ended = get(path, "Cookie: __Host-ginnel-session=no-such-session\r\n");
    EXPECT_EQ(ended.status, 303u);
    EXPECT_EQ(ended.header("location"), "/sign-in?after=session");
    EXPECT_THAT(ended.header("set-cookie"), HasSubstr("Max-Age=0"));
  }
}

TEST_F(Page, the_sign_in_page_says_why_it_is_shown_and_repeats_no_other_word) {
  EXPECT_THAT(get("/sign-in?after=session").body, HasSubstr("Your session has ended. Sign in again."));
  EXPECT_THAT(get("/sign-in?after=sign-out").body, HasSubstr("You have signed out."));
  auto other = get("/sign-in?after=marzipan");
  EXPECT_EQ(other.status, 200u);
  EXPECT_THAT(other.body, Not(HasSubstr("marzipan")));
  EXPECT_THAT(other.body, Not(HasSubstr("notification-banner")));
}

TEST_F(Page, signing_in_sets_a_session_cookie_and_leads_to_the_start_page) {
  auto answer = submit_sign_in("kettle+anorak+plinth");
  EXPECT_EQ(answer.status, 303u) << answer.body;
  EXPECT_EQ(answer.header("location"), "/");
  auto cookies = answer.all("set-cookie");
  ASSERT_EQ(cookies.size(), 2u);
  EXPECT_THAT(cookies[0], ::testing::MatchesRegex(
                              "__Host-ginnel-session=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict"));
  EXPECT_THAT(cookies[1], HasSubstr("Max-Age=0"));
  auto page = get("/", "Cookie: " + cookies[0].substr(0, cookies[0].find(';')) + "\r\n");
  EXPECT_EQ(page.status, 200u);
  EXPECT_THAT(page.body, HasSubstr("Who knows this child, and whom do I ring?</h1>"));
  EXPECT_THAT(page.body, HasSubstr("Signed in as A. &lt;Tester&gt;"));
}

TEST_F(Page, a_failed_sign_in_shows_the_form_again_and_no_cookie_of_a_session) {
  auto answer = submit_sign_in("wrong");
  EXPECT_EQ(answer.status, 401u);
  EXPECT_THAT(answer.body, HasSubstr("role=\"alert\""));
  EXPECT_THAT(answer.body, HasSubstr("value=\"tester\""));
  EXPECT_THAT(answer.body, Not(HasSubstr("wrong\"")));
  EXPECT_THAT(answer.header("set-cookie"), HasSubstr("__Host-ginnel-sign-in="));
}

TEST_F(Page, a_sign_in_form_that_is_not_from_our_page_is_refused) {
  auto page = get("/sign-in");
  const std::string form = "username=tester&password=kettle+anorak+plinth&form-token=";
  EXPECT_EQ(post_form("/sign-in", form).status, 403u);
  EXPECT_EQ(post_form("/sign-in", form + sign_in_cookie(page)).status, 403u);
  EXPECT_EQ(post_form("/sign-in", form + "x", "Cookie: __Host-ginnel-sign-in=y\r\n").status, 403u);
}

TEST_F(Page, asking_leads_to_the_view_by_an_opaque_address) {
  auto session = service.sign_in("tester");
  auto answer = ask(session, question);
  EXPECT_EQ(answer.status, 303u) << answer.body;
  EXPECT_EQ(answer.header("location"), "/case-views/" + service.view.id.hex());
  auto asked = service.asked().at(0);
  EXPECT_EQ(asked.child.nhs_number, "9990000018");
  EXPECT_EQ(asked.reason, "home visit");
  EXPECT_EQ(asked.case_ref, "CR-1");
}

TEST_F(Page, names_and_a_date_in_three_boxes_ask_too) {
  auto session = service.sign_in("tester");
  auto answer = ask(session,
                    "family-name=Tester&given-name=Aisha&birth-day=1&birth-month=3&birth-year=2016&postcode=&"
                    "purpose=first_contact&basis=public_task&reason=r");
  EXPECT_EQ(answer.status, 303u) << answer.body;
  EXPECT_EQ(service.asked().at(0).child.birth_date, Date::of(2016, 3, 1));
}

TEST_F(Page, a_form_without_the_sessions_token_asks_nobody) {
  auto session = service.sign_in("tester");
  EXPECT_EQ(post_form("/case-views", question, cookie(session)).status, 403u);
  EXPECT_EQ(post_form("/case-views", std::string(question) + "&csrf=x", cookie(session)).status, 403u);
  auto twice = std::string(question) + "&csrf=" + session.csrf + "&csrf=" + session.csrf;
  EXPECT_EQ(post_form("/case-views", twice, cookie(session)).status, 403u);
  EXPECT_EQ(post_form("/sign-out", "", cookie(session)).status, 403u);
  EXPECT_TRUE(service.asked().empty());
  EXPECT_TRUE(service.has_session(session.token));
}

TEST_F(Page, what_can_be_mended_is_said_beside_what_was_typed) {
  auto session = service.sign_in("tester");
  auto answer =
      ask(session, "nhs-number=9990000019&family-name=%3Cb%3E&purpose=first_contact&basis=public_task&reason=r");
  EXPECT_EQ(answer.status, 422u);
  EXPECT_THAT(answer.body, HasSubstr("role=\"alert\""));
  EXPECT_THAT(answer.body, HasSubstr("value=\"9990000019\""));
  EXPECT_THAT(answer.body, HasSubstr("value=\"&lt;b&gt;\""));
  EXPECT_THAT(answer.body, HasSubstr("value=\"first_contact\" checked"));
  EXPECT_THAT(answer.body, HasSubstr("<a href=\"#nhs-number\">The NHS number must have ten digits"));
  service.fails_with = Error{"say-more", "cannot ask", "two children match", "give the postcode"};
  auto ambiguous = ask(session, question);
  EXPECT_EQ(ambiguous.status, 409u);
  EXPECT_THAT(ambiguous.body, HasSubstr("give the postcode"));
}

TEST_F(Page, a_refusal_is_a_page_with_an_id_that_stands_in_the_log) {
  auto session = service.sign_in("tester");
  service.fails_with = Error{"over-budget", "cannot ask", "today's 30 <asks> are used", "ask a colleague"};
  auto answer = ask(session, question);
  EXPECT_EQ(answer.status, 429u);
  EXPECT_THAT(answer.body, HasSubstr("Today&apos;s 30 &lt;asks&gt; are used"));
  auto id = between(answer.body, "<strong class=\"ginnel-id\">", "<");
  EXPECT_THAT(id, ::testing::StartsWith("err-"));
  EXPECT_THAT(log_lines().back(), HasSubstr(id + " 429 over-budget POST /case-views"));
}

TEST_F(Page, signing_out_ends_the_session_and_clears_the_cookie) {
  auto session = service.sign_in("tester");
  auto answer = post_form("/sign-out", "csrf=" + session.csrf, cookie(session));
  EXPECT_EQ(answer.status, 303u);
  EXPECT_EQ(answer.header("location"), "/sign-in?after=sign-out");
  EXPECT_THAT(answer.header("set-cookie"), HasSubstr("__Host-ginnel-session=;"));
  EXPECT_FALSE(service.has_session(session.token));
}

TEST_F(Page, a_view_names_who_is_missing_then_contacts_then_facts) {
  auto page = view_page();
  ASSERT_EQ(page.status, 200u) << page.body;
  std::size_t last = 0;
  for (const char* text :
       {"TESTER, Aisha", "born <strong>14 Mar 2016</strong> (10)", "NHS <strong>999 000 0018</strong>",
        "On a child protection plan", "Incomplete: 1 agency silent, 1 agency not asked.",
        "<strong>has not answered</strong>", "Check again</a>", "Who is involved, and whom to ring</h2>",
        "Social worker (lead)", "tel:01632960002", "What happened</h2>", "seen at home, seen alone",
        "paediatric review", "What is withheld, and who can decide</h2>", "sensitive health information",
        "What each agency answered</h2>", "no answer in 5 s", "olds nothing that it may tell you; if you are worried",
        "What \"not known\" means"}) {
    auto at = page.body.find(text, last);
    EXPECT_NE(at, std::string::npos) << text;
    if (at != std::string::npos) last = at;
  }
}

TEST_F(Page, what_is_withheld_is_counted_under_the_title_of_its_category_with_why) {
  EXPECT_THAT(view_page().body, HasSubstr(">2 records: Health</p>"));
  EXPECT_THAT(view_page().body, HasSubstr("<p>Why: sensitive health information"));
  service.view.withheld.front().category = "social-care";
  service.view.withheld.front().count = 1;
  EXPECT_THAT(view_page().body, HasSubstr(">1 record: Social care</p>"));
}

TEST_F(Page, every_agency_has_its_status_its_meaning_and_a_number) {
  auto body = view_page().body;
  auto answers = body.substr(body.find("id=\"answers\""));
  for (const auto& part : service.view.parts) {
    auto name =
        part.agency_name == "Bradford Children's Services" ? "Bradford Children&apos;s Services" : part.agency_name;
    auto row = item_of(answers, name);
    EXPECT_NE(row, "") << part.agency_name;
    EXPECT_THAT(row, HasSubstr(part.contact.phone));
    std::string words(name_of(part.status));
    std::replace(words.begin(), words.end(), '-', ' ');
    EXPECT_THAT(row, HasSubstr("\">" + words + "</strong>"));
    EXPECT_THAT(row, HasSubstr("part-" + std::string(name_of(part.status))));
  }
}

TEST_F(Page, a_complete_view_waits_for_nothing) {
  service.view.complete = true;
  service.view.open = false;
  auto page = view_page();
  EXPECT_THAT(page.body, HasSubstr("Complete: every agency in scope gave an answer."));
  EXPECT_THAT(page.body, Not(HasSubstr("Check again")));
  EXPECT_THAT(page.body, Not(HasSubstr("data-events")));
}

TEST_F(Page, an_empty_view_does_not_read_as_safety) {
  service.view.items.clear();
  service.view.withheld.clear();
  for (auto& part : service.view.parts) part.status = PartStatus::not_known;
  auto page = view_page();
  EXPECT_THAT(page.body, HasSubstr("Nothing may be shown. That is not a sign of safety"));
  EXPECT_THAT(page.body, HasSubstr("No agency has said that it is involved. That is not a sign of safety"));
}

TEST_F(Page, what_a_peer_wrote_stays_text) {
  const std::string hostile = "<script>alert(1)</script>\" onmouseover='x' {{title}} &amp;";
  auto& view = service.view;
  view.family = view.standing = hostile;
  for (auto& part : view.parts) {
    part.agency_name = part.reason = part.contact.name = part.contact.role = hostile;
    part.contact.phone = "javascript:alert(1)";
  }
  for (auto& item : view.items) {
    item.headline = item.narrative = item.kind = item.agency_kind = hostile;
    item.author = {hostile, hostile, hostile, "\" onclick=\"x"};
    item.fields = {{hostile, hostile}};
  }
  for (auto& row : view.withheld) row.category = row.reason = row.ask = hostile;
  auto page = view_page();
  ASSERT_EQ(page.status, 200u);
  EXPECT_THAT(page.body, Not(HasSubstr("<script>")));
  EXPECT_THAT(page.body, Not(HasSubstr("\" on")));
  EXPECT_THAT(page.body, Not(HasSubstr("href=\"tel:j")));
  EXPECT_THAT(page.body,
              HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onmouseover=&apos;x&apos; {{title}} &amp;amp;"));
}

TEST_F(Page, titles_and_addresses_name_nobody) {
  auto page = view_page();
  EXPECT_EQ(between(page.body, "<title>", "</title>"), "Case view - Ginnel");
  for (std::size_t at = page.body.find("href=\""); at != std::string::npos; at = page.body.find("href=\"", at + 1)) {
    auto link = between(page.body.substr(at), "href=\"", "\"");
    EXPECT_TRUE(link.starts_with("/") || link.starts_with("#") || link.starts_with("tel:")) << link;
    EXPECT_EQ(link.find("ester"), std::string::npos) << link;
  }
}

TEST_F(Page, every_page_has_the_strict_policy_and_nothing_inline) {
  auto session = service.sign_in("tester");
  auto signed_in = cookie(session);
  const std::string script = "<script type=\"module\" src=\"" + asset_path("ginnel.js") + "\"></script>";
  for (auto page : {get("/sign-in"), get("/", signed_in), get("/find", signed_in), view_page(), get("/nowhere"),
                    submit_sign_in("wrong"), ask(session, "purpose=x"), post_form("/sign-in", "")}) {
    EXPECT_EQ(page.header("content-security-policy"), policy);
    EXPECT_EQ(page.header("cache-control"), "no-store");
    EXPECT_EQ(page.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
    // One script, of our own; what an inline picture is made of has an address as its name.
    ASSERT_THAT(page.body, HasSubstr(script));
    page.body.erase(page.body.find(script), script.size());
    const std::string name_of_svg = " xmlns=\"http://www.w3.org/2000/svg\"";
    for (auto at = page.body.find(name_of_svg); at != std::string::npos; at = page.body.find(name_of_svg))
      page.body.erase(at, name_of_svg.size());
    for (const char* inline_thing : {"<script", "<style", " style=", " onclick=", "http:", "https:"})
      EXPECT_THAT(page.body, Not(HasSubstr(inline_thing)));
    EXPECT_THAT(page.body, HasSubstr("<html lang=\"en-GB\""));
    EXPECT_THAT(page.body, HasSubstr("</html>"));
  }
}

TEST_F(Page, an_asset_is_served_with_its_type_and_nothing_else_is) {
  auto style = get(asset_path("ginnel.css"));
  EXPECT_EQ(style.status, 200u);
  EXPECT_EQ(style.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(style.header("content-type"), "text/css; charset=utf-8");
  EXPECT_EQ(style.body, embedded_file("assets/ginnel.css"));
  for (const char* path :
       {"/assets/none.css", "/assets/ginnel.css", "/assets/ginnel-0000000000000000.css", "/assets/",
        "/assets/../templates/find.html", "/assets/..%2ftemplates%2ffind.html", "/assets/%2e%2e/templates/find.html",
        "/assets/..", "/assets/%2e%2e", "/assets/%00", "/assets//etc/passwd", "/assets/..%5ctemplates%5cfind.html",
        "/templates/find.html", "/assets/%c0%ae%c0%ae%c0%affind.html"})
    EXPECT_THAT(get(path).status, ::testing::AnyOf(404u, 400u)) << path;
}

TEST_F(Page, no_page_gives_one_id_twice) {
  auto session = service.sign_in("tester");
  for (const auto& page : {get("/sign-in"), get("/", cookie(session)), get("/find", cookie(session)), view_page(),
                           submit_sign_in("wrong"), ask(session, "purpose=x")}) {
    std::set<std::string> ids;
    for (auto at = page.body.find(" id=\""); at != std::string::npos; at = page.body.find(" id=\"", at + 1)) {
      auto id = between(page.body.substr(at), " id=\"", "\"");
      EXPECT_TRUE(ids.insert(id).second) << id;
    }
    EXPECT_TRUE(ids.contains("main"));
  }
}

TEST_F(Page, every_page_control_has_a_label) {
  auto page = get("/find", cookie(service.sign_in("tester"))).body;
  for (const char* id : {"nhs-number", "family-name", "given-name", "birth-day", "birth-month", "birth-year",
                         "postcode", "purpose", "basis", "reason", "case-ref"}) {
    EXPECT_THAT(page, ::testing::ContainsRegex("<label class=\"[^\"]*\" for=\"" + std::string(id) + "\">"));
    EXPECT_THAT(page, HasSubstr(" id=\"" + std::string(id) + "\""));
  }
}

TEST_F(Page, the_reason_for_breaking_the_glass_is_the_reason_and_goes_with_that_purpose_alone) {
  auto session = service.sign_in("tester");
  const std::string form = "nhs-number=9990000018&basis=public_task&reason=she+is+outside&purpose=";
  EXPECT_EQ(ask(session, form + "immediate_danger").status, 303u);
  EXPECT_EQ(ask(session, form + "child_protection").status, 303u);
  EXPECT_EQ(service.asked().at(0).break_glass_reason, "she is outside");
  EXPECT_EQ(service.asked().at(1).break_glass_reason, "");
}

TEST_F(Page, the_start_page_lists_ones_own_views_by_opaque_addresses) {
  auto signed_in = cookie(service.sign_in("tester"));
  EXPECT_THAT(get("/", signed_in).body, HasSubstr("None of the last 24 hours."));
  RecentView named, numbered;
  named.id = service.view.id;
  named.asked.family = "<Tester>";
  named.asked.given = "Aisha";
  named.purpose = "child_protection";
  numbered.id = ViewId::parse("00000000000000000000000000000007").value();
  numbered.asked.nhs_number = "9990000018";
  service.recent = {named, numbered};
  auto page = get("/", signed_in).body;
  EXPECT_THAT(page, HasSubstr("href=\"/case-views/" + named.id.hex() + "\">&lt;TESTER&gt;, Aisha</a>"));
  EXPECT_THAT(page, HasSubstr("href=\"/case-views/" + numbered.id.hex() + "\">NHS 999 000 0018</a>"));
  EXPECT_THAT(page, HasSubstr("Child protection."));
}

}  // namespace
}  // namespace ginnel
