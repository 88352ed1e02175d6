// SPDX-License-Identifier: Apache-2.0
#include "node/view/person_finder.h"

#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

Identity ask_of(const std::string& nhs, const std::string& given = "", const std::string& family = "", Date born = {},
                const std::string& postcode = "") {
  return {nhs, given, family, born, postcode};
}
constexpr Date aishas_birth{2016, 3, 14};

class PersonFinderTest : public testing::Test {
 protected:
  StoreForTests store;
  PersonFinder finder;

  Expected<std::optional<PersonRef>> find(const Identity& about) { return finder.find(about, *store.snapshot()); }
  PersonRef add_namesake(const std::string& postcode) {
    Person person = aisha();
    person.identifiers.clear();
    person.addresses = {{{"2 Other Row"}, postcode, "", {}, {}, false}};
    return store.add(person);
  }
};

TEST_F(PersonFinderTest, somebody_is_found_by_number_by_address_and_by_name) {
  const PersonRef ref = store.add(aisha());
  store.add(ben());
  EXPECT_EQ(find(ask_of("9990000018")).value(), ref);
  EXPECT_EQ(find(ask_of("", "Aisha", "Tester", aishas_birth, "BD1 1AA")).value(), ref);
  EXPECT_EQ(find(ask_of("", "AÏSHA", "tester", aishas_birth)).value(), ref);
  EXPECT_EQ(find(ask_of("", "Aisha", "Tester", aishas_birth, "LS1 1AA")).value(), ref) << "she may have moved";
}

TEST_F(PersonFinderTest, nobody_is_a_verified_miss) {
  store.add(aisha());
  EXPECT_EQ(find(ask_of("9990000026")).value(), std::nullopt);
  EXPECT_EQ(find(ask_of("", "Aisha", "Tester", {2016, 3, 15})).value(), std::nullopt);
}

TEST_F(PersonFinderTest, a_mistyped_number_opens_no_other_childs_file) {
  store.add(aisha());
  EXPECT_EQ(find(ask_of("9990000018", "Zoe", "Quite-Different", {2011, 1, 1})).value(), std::nullopt);
  EXPECT_TRUE(find(ask_of("9990000018", "Zoe", "Quite-Different", aishas_birth)).value()) << "a name may change";
  EXPECT_TRUE(find(ask_of("9990000018", "Aisha", "Tester", {2016, 4, 13})).value()) << "a date may be mistyped";
}

TEST_F(PersonFinderTest, another_number_is_another_child) {
  store.add(aisha());
  EXPECT_EQ(find(ask_of("9990000026", "Aisha", "Tester", aishas_birth, "BD1 1AA")).value(), std::nullopt);
}

TEST_F(PersonFinderTest, of_two_who_fit_nobody_is_given) {
  const PersonRef first = add_namesake("LS1 1AA");
  EXPECT_EQ(find(ask_of("", "Aisha", "Tester", aishas_birth)).value(), first);
  const PersonRef second = add_namesake("LS2 2AA");
  const auto both = find(ask_of("", "Aisha", "Tester", aishas_birth));
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().code, "several-people");
  EXPECT_EQ(both.error().text().find("Tester"), std::string::npos);
  EXPECT_EQ(find(ask_of("", "Aisha", "Tester", aishas_birth, "LS2 2AA")).value(), second) << "the postcode says which";
}

TEST_F(PersonFinderTest, a_number_decides_between_namesakes) {
  const PersonRef ref = store.add(aisha());
  add_namesake("LS1 1AA");
  EXPECT_EQ(find(ask_of("9990000018", "Aisha", "Tester", aishas_birth)).value(), ref);
}

TEST_F(PersonFinderTest, what_the_node_knows_completes_what_was_asked_and_changes_none_of_it) {
  const PersonRef ref = store.add(aisha());
  const Identity by_number = finder.complete(ask_of("9990000018"), ref, *store.snapshot()).value();
  EXPECT_EQ(by_number, ask_of("9990000018", "Aisha", "Tester", aishas_birth));
  const Identity by_name =
      finder.complete(ask_of("", "Aysha", "Tester", aishas_birth, "LS1 1AA"), ref, *store.snapshot()).value();
  EXPECT_EQ(by_name, ask_of("9990000018", "Aysha", "Tester", aishas_birth, "LS1 1AA"));
}

}  // namespace
}  // namespace ginnel
