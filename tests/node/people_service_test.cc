// SPDX-License-Identifier: Apache-2.0
// The node's own people: who is found and shown, recorded and shielded, through the Service of a production node; what
// a source says later comes through the production importer from real files.
#include <algorithm>
#include <fstream>

#include "node/import/importer.h"
#include "node/import/open_source.h"
#include "node/store/rebuild.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

using Words = std::set<std::string>;

PersonSketch sketch(const std::string& family, const std::string& given, const std::string& birth = {},
                    const std::string& postcode = {}, const std::string& nhs_number = {}) {
  PersonSketch out;
  out.family = family;
  out.given = given;
  if (auto day = parse_date(birth)) out.birth = {*day, Precision::day};
  out.postcode = postcode;
  out.nhs_number = nhs_number;
  return out;
}

class OwnPeople : public testing::Test, protected NodeForTests {
 protected:
  OwnPeople() {
    open_session_of("practitioner");
    open_session_of("manager");
  }

  // The case system's persons and events, as files, through its mapping and the importer.
  void import(const std::string& persons, const std::string& events = {}) {
    TempDirectory folder;
    SourceFiles source;
    const auto write = [&](const char* name, const std::string& text) {
      std::ofstream(folder.path() + "/" + name) << text;
      source.files.emplace_back(folder.path() + "/" + name);
    };
    write("persons.csv",
          "PERSON_ID,NHS_NO,UPN,FORENAME,SURNAME,ALSO_KNOWN_AS,DOB,EDD,GENDER,ADDR_LINE_1,TOWN,POSTCODE,UPRN,ADDR_FROM,"
          "SHIELD,PREV_ADDR_LINE_1,PREV_TOWN,PREV_POSTCODE,PREV_ADDR_TO\n" +
              persons);
    if (!events.empty())
      write(
          "case_events.csv",
          "EVENT_ID,PERSON_ID,EVENT_TYPE,EVENT_DATE,RECORDED_ON,DETAIL,OUTCOME,FILE_NAME,FILE_SHA256,CASE_NOTE,WORKER,"
          "WORKER_ROLE,TEAM,TELEPHONE,SHIELD\n" +
              events);
    source.mapping = source_tree() / "config-examples/mappings/social-care.toml";
    source.importing = settings.member;
    auto adapter = open_source(source, west_yorkshire()->vocabulary);
    ASSERT_TRUE(adapter) << adapter.error().front().text();
    Importer importer(**adapter, {});
    auto run = import_all(importer, *store, clock);
    ASSERT_TRUE(run) << run.error().text();
    ASSERT_EQ(run->rejected, 0u);
    ASSERT_GT(run->people_added + run->people_changed + run->people_unchanged, 0u);
  }
  static std::string child(const std::string& key, const std::string& given, const std::string& dob = "14/03/2016",
                           const std::string& shield = {}, const std::string& nhs_number = "9990000018") {
    return key + "," + nhs_number + ",," + given + ",Quillon,," + dob + ",,F,1 Ginnel Row,Bradford,BD1 1AA,,," +
           shield + ",,,,\n";
  }
  static std::string visit(const std::string& detail, const std::string& shield = {}) {
    return "E1,1,VI,08/11/2026,09/11/2026," + detail + ",,,,,W,Social worker,T,01632 960001," + shield + "\n";
  }

  PersonRef imported(const std::string& key) {
    return store.snapshot()->person_by_source("social-care-case-system", key, {}).value()->id;
  }
  Words markings_of(const PersonRef& person) { return store.snapshot()->markings(person).value(); }
  Words markings_of_record(const PersonRef& person) {
    auto labels = store.snapshot()->labels(person).value();
    EXPECT_EQ(labels.size(), 1u);
    return labels.empty() ? Words() : labels.front().label.markings;
  }

  template <class T>
  Expected<T> wait(std::function<void(Done<T>)> call) {
    std::optional<Expected<T>> out;
    call([&](Expected<T> got) { out = std::move(got); });
    run();
    if (!out) return fail("never-answered", "");
    return std::move(*out);
  }
  Expected<FoundPeople> search(const PersonSketch& sketch, const std::string& role = "practitioner") {
    PeopleSearch about;
    about.sketch = sketch;
    return wait<FoundPeople>(
        [&](Done<FoundPeople> done) { node->search_people(tokens_[role], about, std::move(done)); });
  }
  std::vector<PersonRef> found(const PersonSketch& sketch) {
    std::vector<PersonRef> out;
    auto people = search(sketch);
    EXPECT_TRUE(people) << people.error().text();
    if (people)
      for (const auto& person : people->people) out.push_back(person.id);
    return out;
  }
  Expected<std::uint64_t> mark(MarkingRequest request, const std::string& role = "manager") {
    if (request.reason.empty()) request.reason = "the court said so";
    return wait<std::uint64_t>(
        [&](Done<std::uint64_t> done) { node->mark_person(tokens_[role], request, std::move(done)); });
  }
  Expected<PersonRef> record(NewPerson person, const std::string& role = "practitioner") {
    return wait<PersonRef>([&](Done<PersonRef> done) { node->record_person(tokens_[role], person, std::move(done)); });
  }
  Expected<RecordId> record(NewRecord record, const std::string& role = "practitioner") {
    return wait<RecordId>([&](Done<RecordId> done) { node->record_fact(tokens_[role], record, std::move(done)); });
  }
  static NewRecord fact(const PersonRef& person) {
    NewRecord out;
    out.person = person;
    out.record.kind = "concern";
    out.record.label.category = "social-care.note";
    out.record.label.sensitivity = 2;
    out.record.occurred = When::on({2026, 11, 8});
    out.record.headline = "A bruise on the arm";
    return out;
  }
  Access last_search() {
    auto snapshot = store.snapshot();
    for (auto at = snapshot->tree_head().size; at-- > 0;) {
      auto entry = snapshot->entry(at);
      if (entry && entry->header.kind == EntryKind::people_searched) return decode_access(entry->body).value();
    }
    return {};
  }
  void merge(const PersonRef& one, const PersonRef& other) {
    auto turn = store.begin();
    ASSERT_TRUE(turn->merge({one, other, LinkState::merged, "person", 0, "one child"}, ActorId()));
    ASSERT_TRUE(turn->commit());
  }
  void unmerge(const PersonRef& one, const PersonRef& other) {
    auto turn = store.begin();
    ASSERT_TRUE(turn->unmerge({one, other, "two children"}, ActorId()));
    ASSERT_TRUE(turn->commit());
  }
  void rebuild() {
    MemoryKv scratch;
    Rebuild rebuild(*store, scratch);
    auto report = rebuild.run();
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->equal());
    ASSERT_TRUE(rebuild.adopt());
    node.reset();
    store.reopen();
    start();
  }
  void open_session_of(const std::string& role) {
    const Account account = add_user("s." + role, role);
    tokens_[role] =
        wait<Session>([&](Done<Session> done) { node->open_session(account.id, std::move(done)); }).value().token;
  }

  std::map<std::string, std::string> tokens_;
};

// --- searching

TEST_F(OwnPeople, are_found_by_part_of_what_is_known_and_by_names_as_they_were_heard) {
  import(child("1", "Aisha"));
  const std::vector<PersonRef> her{imported("1")};
  for (const auto& typed :
       {sketch("", "", "", "", "9990000018"), sketch("Quillon", "Aisha", "14/03/2016"),
        sketch("Quillon", "", "14/03/2016"), sketch("", "Aisha", "14/03/2016"), sketch("Quillon", "Aisha"),
        sketch("Quillon", "", "", "BD1 1AA"), sketch("Kwillon", "Aisha", "14/03/2016"), sketch("Quilon", "Ayesha"),
        sketch("Aisha", "Quillon", "14/03/2016"), sketch("Quillon", "Aisha", "03/04/2016"),
        sketch("", "", "14/03/2016", "BD1 1AA")})
    EXPECT_EQ(found(typed), her) << typed.family << "|" << typed.given << "|" << typed.birth.date.iso();
  EXPECT_TRUE(found(sketch("Other", "Somebody", "01/01/2010")).empty());
}

TEST_F(OwnPeople, are_told_apart_and_nothing_else_of_them_is_told) {
  import(child("1", "Aisha"));
  const auto people = search(sketch("Quillon", "Aisha", "14/03/2016")).value();
  ASSERT_EQ(people.people.size(), 1u);
  const FoundPerson& her = people.people.front();
  EXPECT_EQ(her.names.front().family, "Quillon");
  EXPECT_EQ(her.birth.date, (Date{2016, 3, 14}));
  EXPECT_EQ(her.nhs_number, "9990000018");
  EXPECT_EQ(her.postcode, "BD1 1AA");
  EXPECT_EQ(her.sources, 1u);
  EXPECT_TRUE(her.is_likely);
  EXPECT_EQ(her.likeness, "same: family name, given name, date of birth");
  EXPECT_EQ(people.say_more, "");
}

TEST_F(OwnPeople, are_not_looked_for_with_too_little) {
  for (const auto& typed : {sketch("Quillon", ""), sketch("", "", "14/03/2016"), sketch("", "", "", "BD1 1AA")}) {
    const auto refused = search(typed);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "say-more");
  }
}

TEST_F(OwnPeople, who_are_concealed_are_told_of_exactly_as_people_who_are_not_there) {
  import(child("1", "Aisha") + child("2", "Aisha", "14/03/2016", "AD", ""));
  EXPECT_EQ(found(sketch("Quillon", "Aisha", "14/03/2016")), std::vector{imported("1")});
  ASSERT_TRUE(mark({imported("1"), {}, {"protected_person"}, {}, "", 0, {}}));
  const auto nobody = search(sketch("Nobody", "Known", "14/03/2016")).value();
  const auto concealed = search(sketch("Quillon", "Aisha", "14/03/2016")).value();
  for (const auto* told : {&nobody, &concealed})
    EXPECT_TRUE(told->people.empty() && told->withheld.empty() && told->say_more.empty());
  SeededRandom random(1);
  const auto unknown = record(fact(PersonRef::make(random))), hidden = record(fact(imported("1")));
  ASSERT_TRUE(!unknown && !hidden);
  EXPECT_EQ(unknown.error().text(), hidden.error().text());
}

TEST_F(OwnPeople, whose_address_is_protected_are_found_and_where_they_live_is_not) {
  import(child("1", "Aisha", "14/03/2016", "PA"));
  const auto people = search(sketch("Quillon", "Aisha", "14/03/2016", "BD1 1AA")).value();
  ASSERT_EQ(people.people.size(), 1u);
  EXPECT_TRUE(people.people.front().is_address_withheld);
  EXPECT_EQ(people.people.front().postcode, "");
  EXPECT_EQ(people.people.front().likeness.find("postcode"), std::string::npos);
}

TEST_F(OwnPeople, are_read_by_no_permit_with_an_address_that_a_source_protects) {
  Person person = aisha();
  person.markings_by_source.clear();
  person.addresses = {{{"A refuge"}, "LS1 4AP", "", {}, {}, true}, {{"1 Ginnel Row"}, "BD1 1AA", "", {}, {}, false}};
  const PersonRef her = store.add(person);
  const auto read = store.snapshot()->read(PermitForTests::make(her, true)).value();
  ASSERT_EQ(read.person.addresses.size(), 1u);
  EXPECT_EQ(read.person.addresses.front().postcode, "BD1 1AA");
  EXPECT_TRUE(store.snapshot()->read(PermitForTests::make(her, false))->person.addresses.empty());
}

// Who types one postcode after another must not see the child come and go.
TEST_F(OwnPeople, are_not_found_by_a_protected_address) {
  import(child("1", "Aisha", "14/03/2016", "PA") + child("2", "Bella", "02/05/2017", "", ""));
  ASSERT_TRUE(mark({imported("2"), {}, {"protected_address"}, {}, "", 0, {}}));
  EXPECT_TRUE(found(sketch("", "", "14/03/2016", "BD1 1AA")).empty());
  EXPECT_TRUE(found(sketch("", "", "02/05/2017", "BD1 1AA")).empty());
  for (const char* postcode : {"BD1 1AA", "LS1 4AP"}) {
    EXPECT_EQ(found(sketch("Quillon", "Aisha", "", postcode)), std::vector{imported("1")}) << postcode;
    EXPECT_EQ(found(sketch("Quillon", "Bella", "", postcode)), std::vector{imported("2")}) << postcode;
    EXPECT_TRUE(found(sketch("Quillon", "", "", postcode)).empty()) << postcode;
  }
}

TEST_F(OwnPeople, who_may_not_be_shown_are_counted_with_whom_to_ask) {
  import(child("1", "Aisha", "14/03/2016", "SR"));
  const auto people = search(sketch("Quillon", "Aisha", "14/03/2016")).value();
  EXPECT_TRUE(people.people.empty());
  ASSERT_EQ(people.withheld.size(), 1u);
  EXPECT_EQ(people.withheld.front().count, 1u);
  EXPECT_EQ(people.withheld.front().ask, "the agency's safeguarding lead");
}

TEST_F(OwnPeople, are_shown_up_to_a_number_and_the_search_says_that_there_are_more) {
  std::string rows;
  for (int i = 0; i < 25; ++i) {
    const std::string iso = Date::from_days(Date{1996, 1, 5}.days() + 397 * i).iso();
    rows +=
        child(std::to_string(i), "Aisha", iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4), "", "");
  }
  import(rows);
  const auto people = search(sketch("Quillon", "Aisha")).value();
  EXPECT_LE(people.people.size(), limits::people_found_max);
  EXPECT_NE(people.say_more, "");
}

TEST_F(OwnPeople, a_search_is_one_entry_which_names_whom_it_showed) {
  import(child("1", "Aisha") + child("2", "Aisha", "14/03/2016", "AD", ""));
  const auto before = store->tree_head().size;
  ASSERT_TRUE(search(sketch("Quillon", "Aisha", "14/03/2016")));
  EXPECT_EQ(store->tree_head().size, before + 1);
  const Access entry = last_search();
  EXPECT_EQ(entry.also, std::vector{imported("1")});
  EXPECT_EQ(entry.items.size(), 2u);  // the concealed identity was decided on as well
  EXPECT_EQ(entry.reason, "looked for by family name, given name, date of birth");
  EXPECT_EQ(store.snapshot()->access_to(imported("1")).value().size(), 1u);
  EXPECT_EQ(store.snapshot()->access_to(imported("2")).value().size(), 0u);
  ASSERT_TRUE(search(sketch("Nobody", "Known", "14/03/2016")));
  EXPECT_EQ(store->tree_head().size, before + 2);
}

TEST_F(OwnPeople, are_shown_to_nobody_before_the_entry_is_durable) {
  import(child("1", "Aisha"));
  store.memory_ledger().commit_fails = [] { return true; };
  const auto refused = search(sketch("Quillon", "Aisha", "14/03/2016"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "read-only");
}

// --- recording

TEST_F(OwnPeople, somebody_new_is_found_and_no_import_touches_them) {
  NewPerson person;
  person.sketch = sketch("Quillon", "Aisha", "14/03/2016", "BD1 1AA");
  person.address.postcode = "BD1 1AA";
  const auto made = record(person);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(found(person.sketch), std::vector{*made});
  // The case system comes to know her under another name: what the worker wrote stays.
  import(child("1", "Aishah"));
  const auto people = search(person.sketch).value();
  ASSERT_EQ(people.people.size(), 1u);
  EXPECT_EQ(people.people.front().sources, 2u);
  EXPECT_EQ(people.people.front().names.front().given == "Aisha" || people.people.front().names.back().given == "Aisha",
            true);
}

TEST_F(OwnPeople, somebody_who_may_be_held_is_asked_about_before_they_are_recorded_twice) {
  import(child("1", "Aisha"));
  NewPerson person;
  person.sketch = sketch("Quillon", "Aysha", "14/03/2016");
  const auto refused = record(person);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "say-more");
  person.go_on = true;
  const auto made = record(person);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_NE(*made, imported("1"));
  EXPECT_EQ(store.snapshot()->link_between(*made, imported("1")).value(), LinkState::proposed);
}

TEST_F(OwnPeople, a_concealed_match_does_not_show_in_what_recording_answers) {
  import(child("1", "Aisha", "14/03/2016", "AD"));
  NewPerson person;
  person.sketch = sketch("Quillon", "Aisha", "14/03/2016");
  const auto made = record(person);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_FALSE(store.snapshot()->link_between(*made, imported("1")).value());
}

TEST_F(OwnPeople, a_fact_is_kept_as_the_nodes_own_and_replaced_by_its_corrected_version) {
  import(child("1", "Aisha"));
  const PersonRef her = imported("1");
  const auto first = record(fact(her));
  ASSERT_TRUE(first) << first.error().text();
  NewRecord corrected = fact(her);
  corrected.record.headline = "A bruise on the other arm";
  corrected.record.replaces = *first;
  const auto second = record(corrected);
  ASSERT_TRUE(second) << second.error().text();
  const auto labels = store.snapshot()->labels(her).value();
  ASSERT_EQ(labels.size(), 1u);
  EXPECT_EQ(labels.front().id, *second);
  const Record kept = store.snapshot()->read(PermitForTests::make(*second, Step::content)).value();
  EXPECT_EQ(kept.source.system, own_source_system);
  EXPECT_EQ(kept.source.version, 2u);
  EXPECT_EQ(kept.author.name, "S. Worker");
  EXPECT_EQ(kept.label.owner, settings.member);
  EXPECT_EQ(record(corrected).error().code, "not-found");  // what was replaced is no more to be replaced
}

TEST_F(OwnPeople, a_record_of_another_system_is_corrected_where_it_comes_from) {
  import(child("1", "Aisha"), visit("Seen at home"));
  NewRecord corrected = fact(imported("1"));
  corrected.record.replaces = store.snapshot()->labels(imported("1")).value().front().id;
  EXPECT_EQ(record(corrected).error().code, "bad-record");
}

TEST_F(OwnPeople, every_mistake_of_a_record_is_named_at_once) {
  import(child("1", "Aisha"));
  NewRecord wrong = fact(imported("1"));
  wrong.record.kind = "gossip";
  wrong.record.label.category = "nonsense";
  wrong.record.label.markings = {"unheard_of"};
  wrong.record.label.handling = "secret";
  wrong.mistakes = {"`occurred` is no date or time"};
  const auto refused = record(wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "bad-record");
  EXPECT_EQ(std::count(refused.error().why.begin(), refused.error().why.end(), '\n'), 4);
}

// --- markings: what the shields of a central index lost with every update of its sources

TEST_F(OwnPeople, a_marking_put_on_by_a_person_survives_every_refresh_and_a_rebuild) {
  import(child("1", "Aisha"), visit("Seen at home"));
  const PersonRef her = imported("1");
  ASSERT_TRUE(mark({her, {}, {"court_papers"}, {}, "", 0, {}}));
  ASSERT_TRUE(mark({her, store.snapshot()->labels(her).value().front().id, {"legal_privilege"}, {}, "", 0, {}}));
  for (const char* now : {"first", "second", "third"}) {
    import(child("1", std::string("Aisha") + now), visit(std::string("Seen at home ") + now));
    EXPECT_EQ(markings_of(her), Words{"court_papers"}) << now;
    EXPECT_EQ(markings_of_record(her), Words{"legal_privilege"}) << now;
    const auto id = store.snapshot()->labels(her).value().front().id;
    EXPECT_NE(store.snapshot()->read(PermitForTests::make(id, Step::content))->headline.find(now), std::string::npos);
  }
  rebuild();
  EXPECT_EQ(markings_of(her), Words{"court_papers"});
  EXPECT_EQ(markings_of_record(her), Words{"legal_privilege"});
  import(child("1", "Aisha", "14/03/2016", "PA"), visit("Seen again", "TP"));
  EXPECT_EQ(markings_of(her), (Words{"court_papers", "protected_address"}));
  EXPECT_EQ(markings_of_record(her), (Words{"legal_privilege", "third_party_identity"}));
}

TEST_F(OwnPeople, a_marking_survives_merges_and_unmerges_on_everybody_it_was_put_on) {
  import(child("1", "Aisha") + child("2", "Bella", "02/05/2017", "", ""));
  const PersonRef one = imported("1"), other = imported("2");
  ASSERT_TRUE(mark({one, {}, {"court_papers"}, {}, "", 0, {}}));
  merge(one, other);
  EXPECT_EQ(markings_of(other), Words{"court_papers"});
  ASSERT_TRUE(mark({other, {}, {"mappa"}, {}, "", 0, {}}));
  import(child("1", "Aishah") + child("2", "Bellah", "02/05/2017", "", ""));
  unmerge(one, other);
  EXPECT_EQ(markings_of(one), (Words{"court_papers", "mappa"}));
  EXPECT_EQ(markings_of(other), Words{"mappa"});  // shut while they were one, and still
  rebuild();
  EXPECT_EQ(markings_of(one), (Words{"court_papers", "mappa"}));
  EXPECT_EQ(markings_of(other), Words{"mappa"});
}

TEST_F(OwnPeople, only_a_person_takes_a_marking_off_and_only_one_that_a_person_put_on) {
  import(child("1", "Aisha", "14/03/2016", "PA"));
  const PersonRef her = imported("1");
  EXPECT_EQ(mark({her, {}, {}, {"protected_address"}, "", 0, {}}).error().code, "bad-marking");
  ASSERT_TRUE(mark({her, {}, {"legal_privilege"}, {}, "", 0, {}}));
  ASSERT_TRUE(mark({her, {}, {}, {"legal_privilege"}, "", 0, {}}));
  EXPECT_EQ(markings_of(her), Words{"protected_address"});
}

TEST_F(OwnPeople, who_put_on_what_conceals_takes_it_off_by_its_number_and_nobody_by_the_id_alone) {
  import(child("1", "Aisha"));
  const PersonRef her = imported("1");
  const auto entry = mark({her, {}, {"protected_person"}, {}, "", 0, {}});
  ASSERT_TRUE(entry) << entry.error().text();
  EXPECT_EQ(mark({her, {}, {}, {"protected_person"}, "", 0, {}}).error().code, "not-found");
  EXPECT_EQ(mark({her, {}, {}, {"protected_person"}, "", *entry - 1, {}}).error().code, "not-found");
  ASSERT_TRUE(mark({her, {}, {}, {"protected_person"}, "", *entry, {}}));
  EXPECT_EQ(found(sketch("Quillon", "Aisha", "14/03/2016")), std::vector{her});
}

TEST_F(OwnPeople, are_marked_by_the_roles_that_the_vocabulary_names_with_a_reason) {
  import(child("1", "Aisha"));
  EXPECT_EQ(mark({imported("1"), {}, {"mappa"}, {}, "", 0, {}}, "practitioner").error().code, "forbidden");
  EXPECT_EQ(mark({imported("1"), {}, {"unheard_of"}, {}, "", 0, {}}).error().code, "bad-marking");
  EXPECT_EQ(mark({imported("1"), {}, {"mappa"}, {}, std::string(3000, 'x'), 0, {}}).error().code, "bad-marking");
  EXPECT_TRUE(markings_of(imported("1")).empty());
}

}  // namespace
}  // namespace ginnel
