// SPDX-License-Identifier: Apache-2.0
// What is sent and told about the node's own people, in JSON and on the find page.
#include "node/web/own_people_api.h"

#include <nlohmann/json.hpp>

#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

FoundPeople aisha_found() {
  FoundPerson her;
  her.id = *PersonRef::parse("000102030405060708090a0b0c0d0e0f");
  her.names = {{"Aisha", "Tester", "usual", {}, {}}, {"Aisha", "Khan", "birth", {}, {}}};
  her.birth = {{2016, 3, 14}, Precision::day};
  her.nhs_number = "9990000018";
  her.is_address_withheld = true;
  her.is_likely = true;
  her.likeness = "same: family name";
  her.score = 12.345;
  her.sources = 2;
  FoundPeople found;
  found.people = {her};
  found.withheld = {{1, "Relative of a member of staff", "the agency's safeguarding lead"}};
  found.say_more = "more people may fit";
  return found;
}

TEST(OwnPeopleJson, tells_what_tells_people_apart) {
  const Json json = Json::parse(to_json(aisha_found()));
  EXPECT_EQ(json, Json::parse(R"({"people":[{"id":"000102030405060708090a0b0c0d0e0f","familyName":"Tester",
    "givenName":"Aisha","otherNames":[{"familyName":"Khan","givenName":"Aisha","use":"birth"}],
    "dateOfBirth":"2016-03-14","nhsNumber":"9990000018","addressWithheld":true,"match":"likely",
    "likeness":"same: family name","score":12.3,"sources":2}],
    "withheld":[{"count":1,"reason":"Relative of a member of staff","ask":"the agency's safeguarding lead"}],
    "sayMore":"more people may fit"})"));
}

TEST(OwnPeopleJson, a_search_takes_part_of_what_is_known_and_nothing_unknown) {
  const auto search = read_people_search(R"({"familyName":" Tester ","dateOfBirth":"2016","postcode":"bd11aa"})");
  ASSERT_TRUE(search) << search.error().text();
  EXPECT_EQ(search->sketch.family, "Tester");
  EXPECT_EQ(search->sketch.birth, (Birth{{2016, 1, 1}, Precision::year}));
  EXPECT_EQ(search->sketch.postcode, "BD1 1AA");
  for (const char* bad : {R"({"name":"x"})", R"({"nhsNumber":"9990000019"})", R"({"dateOfBirth":"soon"})",
                          R"({"postcode":"nowhere"})", R"({"familyName":7})"}) {
    const auto refused = read_people_search(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, "bad-field");
    EXPECT_EQ(refused.error().why.find("9990000019"), std::string::npos);
  }
}

TEST(OwnPeopleJson, a_record_is_read_whole_or_all_its_mistakes_are_kept) {
  const auto good = read_new_record(
      R"({"person":"000102030405060708090a0b0c0d0e0f","role":"parent","kind":"visit","category":"social-care.visit",
          "occurred":"2026-11-08 23:10","headline":"Home visit","fields":[{"name":"seen alone","value":"yes"}],
          "narrative":"two\nlines","assertion":"opinion","sensitivity":3,"markings":["court_papers"],
          "handling":"official_sensitive"})");
  ASSERT_TRUE(good && good->mistakes.empty());
  EXPECT_EQ(good->role, SubjectRole::parent);
  EXPECT_EQ(good->record.occurred.precision, Precision::minute);
  EXPECT_EQ(good->record.assertion, Assertion::opinion);
  EXPECT_EQ(good->record.label.sensitivity, 3);
  EXPECT_EQ(good->record.fields.front().value, "yes");
  const auto bad = read_new_record(R"({"person":"x","occurred":"soon","headline":"a\nb","assertion":"rumour",
                                       "sensitivity":9,"role":"cousin","markings":"all"})");
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->mistakes.size(), 7u);
  EXPECT_FALSE(read_new_record("[]").value().mistakes.empty());
}

class OwnPeopleWeb : public WebTest {};

TEST_F(OwnPeopleWeb, calls_reach_the_service_as_they_were_said) {
  const auto session = service.sign_in("tester");
  service.found = aisha_found();
  const auto found = post_json("/api/v1/people/search", R"({"nhsNumber":"999 000 0018"})", bearer(session));
  EXPECT_EQ(found.status, 200u);
  EXPECT_EQ(service.searched.at(0).sketch.nhs_number, "9990000018");
  EXPECT_EQ(
      post_json("/api/v1/people", R"({"familyName":"New","givenName":"Ned","goOn":true})", bearer(session)).status,
      201u);
  EXPECT_TRUE(service.people_recorded.at(0).go_on);
  EXPECT_EQ(post_json("/api/v1/people/000102030405060708090a0b0c0d0e0f/markings",
                      R"({"putOn":["court_papers"],"reason":"the court"})", bearer(session))
                .status,
            200u);
  EXPECT_EQ(service.marked.at(0).put_on, std::set<std::string>{"court_papers"});
  EXPECT_EQ(post_json("/api/v1/people/nobody/markings", "{}", bearer(session)).status, 404u);
  service.fails_with = Error{"say-more", "", "", ""};
  EXPECT_EQ(post_json("/api/v1/people/search", R"({"familyName":"T"})", bearer(session)).status, 409u);
}

TEST_F(OwnPeopleWeb, the_find_page_lists_people_to_choose_from_and_the_chosen_one_is_asked_about) {
  const auto session = service.sign_in("tester");
  service.found = aisha_found();
  const std::string csrf = "csrf=" + session.csrf;
  const auto page = post_form("/find", csrf + "&family-name=Tester&birth-year=2016", cookie(session));
  EXPECT_EQ(page.status, 200u);
  for (const char* told : {"TESTER, Aisha", "born 14 Mar 2016", "NHS 999 000 0018", "address withheld", "Very likely",
                           "KHAN, Aisha (birth)", "1 person fits and is not shown to you", "More people may fit"})
    EXPECT_NE(page.body.find(told), std::string::npos) << told;
  EXPECT_EQ(service.searched.at(0).sketch.birth.precision, Precision::year);
  const auto begun = post_form("/case-views",
                               csrf +
                                   "&person=000102030405060708090a0b0c0d0e0f&purpose=first_contact&basis=public_task"
                                   "&reason=home+visit",
                               cookie(session));
  EXPECT_EQ(begun.status, 303u);
  ASSERT_EQ(service.asked().size(), 1u);
  EXPECT_EQ(service.asked().front().child.nhs_number, "9990000018");
  EXPECT_EQ(service.asked().front().child.family, "Tester");
  const auto unknown = post_form("/case-views",
                                 csrf +
                                     "&person=0f0102030405060708090a0b0c0d0e0f&purpose=first_contact&basis=public_task"
                                     "&reason=home+visit",
                                 cookie(session));
  EXPECT_EQ(unknown.status, 404u);
}

TEST_F(OwnPeopleWeb, nobody_found_never_reads_as_nothing_known) {
  const auto session = service.sign_in("tester");
  const auto page = post_form("/find", "csrf=" + session.csrf + "&nhs-number=9990000018", cookie(session));
  EXPECT_NE(page.body.find("says nothing of other agencies"), std::string::npos);
}

}  // namespace
}  // namespace ginnel
