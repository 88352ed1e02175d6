// SPDX-License-Identifier: Apache-2.0
#include "policy/compare.h"

#include <gtest/gtest.h>

#include <ctime>
#include <random>

#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

const Schema& purposes_schema() {
  static const auto parsed = *parse_schema(R"(
    entity Purpose enum ["s47", "plan", "advice"];
    entity Marking enum ["sealed", "refuge"];
    entity Category in [Category];
    entity Agency;
    entity Worker = { agency: Agency, lead: Bool, years?: Long };
    entity Record in [Category] = { owner: Agency, sensitivity: Long, markings: Set<Marking>, note?: String, purpose: Purpose };
    action view, copy appliesTo { principal: Worker, resource: Record, context: { purpose: Purpose, basis: String } };
  )",
                                           "share.cedarschema");
  return parsed;
}

std::string told(const std::string& before, const std::string& after, const EntitySource* resident = nullptr) {
  auto rows = compare_policies(test::parse(before), test::parse(after), purposes_schema(), resident);
  if (!rows) return rows.error();
  std::string out;
  for (auto& row : *rows) {
    row.policies.clear();  // every policy of these tests but one is called policy0
    out += row.text() + "\n";
  }
  return out;
}

std::string permit(const std::string& conditions) {
  return "permit (principal, action, resource) " + conditions + ";\n";
}
std::string forbid(const std::string& conditions) {
  return "forbid (principal, action, resource) " + conditions + ";\n";
}

TEST(Compare, the_same_in_other_words_is_no_difference) {
  EXPECT_EQ(told(permit("when { resource.sensitivity < 4 && principal.lead }"),
                 permit("when { principal.lead } unless { resource.sensitivity >= 4 }")),
            "");
  EXPECT_EQ(told(permit("when { [Purpose::\"s47\", Purpose::\"plan\"].contains(context.purpose) }"),
                 permit("when { context.purpose != Purpose::\"advice\" }")),
            "");
  EXPECT_EQ(told(permit("when { resource.sensitivity > 3 }"), permit("when { 4 <= resource.sensitivity }")), "");
}

TEST(Compare, a_threshold_that_moved_is_one_row) {
  EXPECT_EQ(told(permit("when { resource.sensitivity < 4 }"), permit("when { resource.sensitivity < 2 }")),
            "allow -> deny: resource.sensitivity >= 2 && resource.sensitivity < 4\n");
  EXPECT_EQ(told(permit("when { resource.sensitivity < 4 }"), permit("when { resource.sensitivity <= 4 }")),
            "deny -> allow: resource.sensitivity == 4\n");
}

TEST(Compare, both_directions_are_told_what_is_allowed_now_first) {
  EXPECT_EQ(told(permit("when { context.purpose == Purpose::\"s47\" }"),
                 permit("when { context.purpose == Purpose::\"plan\" }")),
            "deny -> allow: context.purpose == Purpose::\"plan\"\n"
            "allow -> deny: context.purpose == Purpose::\"s47\"\n");
}

TEST(Compare, a_new_forbid_takes_only_what_was_allowed) {
  EXPECT_EQ(
      told(permit("when { principal.lead }"), permit("when { principal.lead }") +
                                                  "forbid (principal, action == Action::\"copy\", resource) when { "
                                                  "resource.markings.contains(Marking::\"refuge\") };"),
      "allow -> deny: action == Action::\"copy\" && resource.markings.contains(Marking::\"refuge\"), where another "
      "policy permits it\n");
}

TEST(Compare, what_both_sets_say_is_not_written_out_in_every_row) {
  const auto common = permit("when { context.purpose == Purpose::\"s47\" }") +
                      permit("when { principal.lead && context.purpose == Purpose::\"plan\" }") +
                      forbid("when { resource.markings.contains(Marking::\"sealed\") }");
  EXPECT_EQ(
      told(common + forbid("when { resource.sensitivity >= 4 }"), common),
      "deny -> allow: resource.sensitivity >= 4, where another policy permits it, unless another policy forbids it\n");
  // Who is new to it is said nevertheless.
  EXPECT_EQ(
      told(common, permit("when { resource.sensitivity == 0 }") + common),
      "deny -> allow: context.purpose != Purpose::\"s47\" && !principal.lead && resource.sensitivity == 0, unless "
      "another policy forbids it\n"
      "deny -> allow: context.purpose == Purpose::\"advice\" && resource.sensitivity == 0, unless another policy "
      "forbids it\n");
}

TEST(Compare, what_would_take_too_many_rows_beside_other_permits_is_told_as_one_that_they_may_cover) {
  std::string common;
  for (const std::string letter : {"a", "b", "c", "d", "e"}) {
    common += permit("when { context.basis like \"" + letter + "*\" && context.basis like \"*" + letter + "\" }");
  }
  EXPECT_EQ(told(common, permit("when { resource.sensitivity == 0 }") + common),
            "may: deny -> allow: resource.sensitivity == 0, unless another policy permits it anyway\n");
}

TEST(Compare, an_answer_that_nothing_changes_for_is_left_out_where_that_is_shorter) {
  const auto common = forbid("when { resource.sensitivity >= 4 }");
  EXPECT_EQ(told(common, common + permit("when { resource.sensitivity == 1 }")),
            "deny -> allow: resource.sensitivity == 1\n");
  EXPECT_EQ(told(common, common + permit("when { resource.sensitivity < 9 && resource.sensitivity > 0 }")),
            "deny -> allow: resource.sensitivity >= 1, unless another policy forbids it\n");
}

TEST(Compare, a_row_names_the_policies_that_it_is_about_and_titles_do_not_count) {
  const auto before =
      "@id(\"A\") " + permit("when { principal.lead }") + "@id(\"B\") " + forbid("when { resource has note }");
  const auto after = "@id(\"A2\") @title(\"t\") " + permit("when { principal.lead }") + "@id(\"C\") " +
                     forbid("when { resource.sensitivity > 3 }");
  const ParseOptions ids{.ids_from_annotation = true};
  const auto rows = compare_policies(test::parse(before, ids), test::parse(after, ids), purposes_schema());
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].text(),
            "deny -> allow: (resource has note) && resource.sensitivity < 4, where another policy permits it (B)");
  EXPECT_EQ((*rows)[1].text(),
            "allow -> deny: !(resource has note) && resource.sensitivity >= 4, where another policy permits it (C)");
}

TEST(Compare, what_a_set_must_lack_is_told_together) {
  EXPECT_EQ(told("", permit("") + forbid("when { resource.markings.contains(Marking::\"sealed\") }") +
                         forbid("when { resource.markings.contains(Marking::\"refuge\") }")),
            "deny -> allow: !resource.markings.containsAny([Marking::\"sealed\", Marking::\"refuge\"])\n");
}

TEST(Compare, what_may_be_missing_is_asked_only_where_it_is_there) {
  EXPECT_EQ(told("", permit("when { principal has years && principal.years >= 5 || principal.lead }")),
            "deny -> allow: (principal has years) && principal.years >= 5\n"
            "deny -> allow: principal.lead\n");
  EXPECT_EQ(
      told(
          "",
          permit("when { (principal has years && principal.years >= 5 || !(principal has years)) && principal.lead }")),
      "deny -> allow: !(principal has years) && principal.lead\n"
      "deny -> allow: (principal has years) && principal.years >= 5 && principal.lead\n");
}

TEST(Compare, what_one_kind_of_principal_always_has_is_not_asked_of_it) {
  const auto two = *parse_schema(
      "entity A { n: Long }; entity B { n?: Long }; action go appliesTo { principal: [A, B], resource: A, context: {} "
      "};",
      "two.cedarschema");
  const auto rows = compare_policies({}, test::parse(permit("when { principal has n && principal.n > 1 }")), two);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].text(), "deny -> allow: (principal has n) && principal.n >= 2 (policy0)");
  const auto bare = compare_policies({},
                                     test::parse("permit (principal is A, action, resource) when { principal.n > 1 };" +
                                                 permit("when { principal has n && principal.n > 1 }")),
                                     two);
  ASSERT_TRUE(bare);
  for (const auto& row : *bare) EXPECT_EQ(row.text().find("!(principal has n)"), std::string::npos) << row.text();
}

TEST(Compare, what_is_not_finite_only_may_change) {
  EXPECT_EQ(told("", permit("when { context.basis like \"task*\" }")),
            "may: deny -> allow: (context.basis like \"task*\")\n");
  EXPECT_EQ(told("", permit("when { principal.lead && context.basis like \"task*\" }")),
            "may: deny -> allow: principal.lead && (context.basis like \"task*\")\n");
}

TEST(Compare, whether_attributes_are_equal_is_sure_beside_what_they_are_and_where_the_entity_lies) {
  const std::string own = "(principal.agency == resource.owner)";
  EXPECT_EQ(told("", permit("when { principal.agency == resource.owner }")), "deny -> allow: " + own + "\n");
  EXPECT_EQ(told("", permit("when { principal.agency == resource.owner && resource.owner == Agency::\"a\" }")),
            "deny -> allow: " + own + " && resource.owner == Agency::\"a\"\n");
  EXPECT_EQ(told("", permit("when { principal.agency != resource.owner && resource in Category::\"health\" }")),
            "deny -> allow: !" + own + " && (resource in Category::\"health\")\n");
  EXPECT_EQ(told("", permit("when { principal.agency == resource.owner && resource has note }")),
            "deny -> allow: " + own + " && (resource has note)\n");
  EXPECT_EQ(told("", permit("when { principal has years && principal.years == resource.sensitivity }") +
                         forbid("when { resource.sensitivity != 2 }")),
            "deny -> allow: (principal has years) && (principal.years == resource.sensitivity) && "
            "resource.sensitivity == 2\n");
}

TEST(Compare, what_equal_attributes_forbid_is_no_difference) {
  const std::string at_a = "principal.agency == Agency::\"a\"", at_b = "resource.owner == Agency::\"b\"";
  EXPECT_EQ(told("", permit("when { principal.agency == resource.owner && " + at_a + " && " + at_b + " }")), "");
  EXPECT_EQ(told("", permit("when { principal.agency != resource.owner && " + at_a +
                            " && resource.owner == Agency::\"a\" }")),
            "");
  EXPECT_EQ(told("", permit("when { principal has years && principal.years == resource.sensitivity && "
                            "principal.years > 3 && resource.sensitivity < 3 }")),
            "");
  EXPECT_EQ(told("", permit("when { principal has years && principal.years != resource.sensitivity && "
                            "principal.years == 3 && resource.sensitivity == 3 }")),
            "");
}

TEST(Compare, what_is_read_of_one_entity_by_two_names_only_may_change) {
  const auto people = *parse_schema(
      "entity Agency { open: Bool }; entity Worker { agency: Agency }; entity Record { owner: Agency };\n"
      "action view appliesTo { principal: Worker, resource: Record, context: {} };",
      "people.cedarschema");
  const auto told_of = [&](const std::string& conditions) {
    const auto rows = compare_policies({}, test::parse(permit("when { " + conditions + " }")), people);
    return !rows ? rows.error() : rows->empty() ? "" : rows->front().text();
  };
  EXPECT_EQ(told_of("principal.agency == resource.owner && principal.agency.open"),
            "deny -> allow: (principal.agency == resource.owner) && principal.agency.open (policy0)");
  EXPECT_EQ(told_of("principal.agency == resource.owner && principal.agency.open && !resource.owner.open").substr(0, 5),
            "may: ");
  EXPECT_EQ(told_of("principal.agency != resource.owner && principal.agency.open && !resource.owner.open").substr(0, 5),
            "deny ");
}

TEST(Compare, resident_groups_say_what_lies_in_what) {
  const auto before = permit("when { resource in Category::\"health\" }");
  const auto after = permit("when { resource in Category::\"health\" || resource in Category::\"health.sexual\" }");
  EXPECT_NE(told(before, after), "");
  const auto resident = test::world(
      {{{"Category", "health"}, {}, {}, {}}, {{"Category", "health.sexual"}, {}, {{"Category", "health"}}, {}}});
  EXPECT_EQ(told(before, after, &resident), "");
}

TEST(Compare, a_set_that_does_not_validate_is_not_compared) {
  EXPECT_EQ(told("", permit("when { principal.nothing }")).substr(0, 13), "test.cedar:1:");
}

// Every request of a small domain, decided by both sets, against the rows, which are policies themselves.
class Domain {
 public:
  explicit Domain(unsigned seed) : random_(seed) {}

  std::vector<std::string> policies() {
    std::vector<std::string> all;
    for (auto count = 1 + below(4); count > 0; --count) {
      std::string out;
      out += below(4) == 0 ? "forbid " : "permit ";
      out += "(principal" + pick({"", "", " == Worker::\"w\""}) + ", action" + pick({"", " == Action::\"view\""}) +
             ", resource" + pick({"", "", " in Category::\"health\""}) + ") ";
      for (auto clauses = below(3); clauses > 0; --clauses) out += pick({"when { ", "unless { "}) + truth(3) + " }\n";
      all.push_back(out + ";\n");
    }
    return all;
  }

  // Some of them as they are, and some others.
  std::vector<std::string> changed(const std::vector<std::string>& policies) {
    auto out = this->policies();
    for (const auto& one : policies) {
      if (below(2) == 0) out.push_back(one);
    }
    return out;
  }

 private:
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  std::string pick(const std::vector<std::string>& list) { return list[below(list.size())]; }
  std::string truth(int depth) {
    if (depth > 0 && below(3) > 0) {
      switch (below(4)) {
        case 0:
          return "(" + truth(depth - 1) + " && " + truth(depth - 1) + ")";
        case 1:
          return "(" + truth(depth - 1) + " || " + truth(depth - 1) + ")";
        case 2:
          return "!" + ("(" + truth(depth - 1) + ")");
        default:
          return "(if " + truth(depth - 1) + " then " + truth(depth - 1) + " else " + truth(depth - 1) + ")";
      }
    }
    return pick({"principal.lead",
                 "context.purpose == Purpose::\"s47\"",
                 "context.purpose != resource.purpose",
                 "[Purpose::\"s47\", Purpose::\"plan\"].contains(context.purpose)",
                 "resource.sensitivity " + pick({"<", "<=", ">", ">=", "==", "!="}) + " " + pick({"1", "2", "3"}),
                 "3 > resource.sensitivity",
                 "(principal has years && principal.years >= 2)",
                 "(principal has years)",
                 "(principal has years && principal.years == 1)",
                 "resource.markings.contains(Marking::\"sealed\")",
                 "resource.markings.containsAny([Marking::\"sealed\", Marking::\"refuge\"])",
                 "[Marking::\"sealed\", Marking::\"refuge\"].containsAny(resource.markings)",
                 "resource.markings.containsAll([Marking::\"sealed\"])",
                 "resource.markings.isEmpty()",
                 "resource in Category::\"health\"",
                 "resource in [Category::\"health.sexual\", Category::\"other\"]",
                 "resource is Record",
                 "principal in Worker::\"w\"",
                 "principal == Worker::\"w\"",
                 "(resource has note && resource.note == \"n\")",
                 "action == Action::\"view\"",
                 "action in [Action::\"copy\"]",
                 "(resource has note)",
                 "resource has owner"});
  }
  std::mt19937 random_;
};

// Categories, which lie where they lie in all of them.
const Entities& categories() {
  static const auto all = test::world({{{"Category", "health"}, {}, {}, {}},
                                       {{"Category", "other"}, {}, {}, {}},
                                       {{"Category", "health.sexual"}, {}, {{"Category", "health"}}, {}}});
  return all;
}

struct World {
  EntityLayer entities;
  Request request;
};

World world_of(std::size_t number) {
  const auto one_of = [&](std::size_t count) {
    const auto chosen = number % count;
    number /= count;
    return chosen;
  };
  const std::vector<std::string> purposes = {"s47", "plan", "advice"};
  const std::vector<std::vector<EntityUid>> places = {
      {}, {{"Category", "health"}}, {{"Category", "health.sexual"}}, {{"Category", "other"}}};
  const EntityUid owner{"Agency", "a"}, worker{"Worker", one_of(2) == 0 ? "w" : "v"};
  std::vector<Record::Field> person = {{"agency", owner}, {"lead", one_of(2) == 0}};
  if (const auto years = one_of(4); years < 3) person.emplace_back("years", static_cast<std::int64_t>(years));
  std::vector<Value> markings;
  for (const auto* marking : {"sealed", "refuge"}) {
    if (one_of(2) == 0) markings.emplace_back(EntityUid{"Marking", marking});
  }
  std::vector<Record::Field> record = {{"owner", owner},
                                       {"sensitivity", static_cast<std::int64_t>(one_of(5))},
                                       {"markings", Set(std::move(markings))},
                                       {"purpose", EntityUid{"Purpose", purposes[one_of(3)]}}};
  if (const auto note = one_of(3); note < 2) record.emplace_back("note", note == 0 ? "n" : "m");
  const auto& place = places[one_of(places.size())];
  Request request{worker, {"Action", one_of(2) == 0 ? "view" : "copy"}, {"Record", "r"}, {}};
  request.context = Record{{"purpose", EntityUid{"Purpose", purposes[one_of(3)]}}, {"basis", "b"}};
  auto layer = EntityLayer::make(categories(), {{worker, Record(std::move(person)), {}, {}},
                                                {{"Record", "r"}, Record(std::move(record)), place, {}}});
  return {*std::move(layer), std::move(request)};
}

const std::vector<World>& worlds() {
  static const auto all = [] {
    std::vector<World> out;
    for (std::size_t i = 0; i < 2 * 2 * 4 * 4 * 5 * 3 * 3 * 4 * 2 * 3; ++i) out.push_back(world_of(i));
    return out;
  }();
  return all;
}

// One policy a row, in their order.
PolicySet as_policies(const std::vector<Difference>& rows) {
  std::string text;
  for (const auto& row : rows) {
    std::string conditions = "true";
    for (const auto& one : row.conditions) conditions += " && " + one;
    text += permit("when { " + conditions + " }");
  }
  return test::parse(text);
}

std::string joined(const std::vector<std::string>& policies) {
  std::string out;
  for (const auto& one : policies) out += one;
  return out;
}

// What both sets say: the permits, and the forbids turned into permits.
struct Common {
  PolicySet permits, forbids;

  bool leaves(const Difference& row, const Request& request, const EntitySource& entities) const {
    const bool permitted = authorize(permits, request, entities).allowed();
    return (!row.where_permitted || permitted) && (!row.unless_permitted || !permitted) &&
           (!row.unless_forbidden || !authorize(forbids, request, entities).allowed());
  }
};

Common common_of(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::string permits, forbids;
  for (const auto& one : after) {
    if (std::find(before.begin(), before.end(), one) == before.end()) continue;
    if (one.starts_with("permit")) permits += one;
    if (one.starts_with("forbid")) forbids += "permit" + one.substr(6);
  }
  return {test::parse(permits), test::parse(forbids)};
}

TEST(Compare, rows_tell_every_difference_of_a_small_domain_and_nothing_else) {
  constexpr unsigned seeds = 150;
  constexpr std::size_t step = 11;  // prime to all sizes of the domain
  std::size_t rows_told = 0, certain = 0, changed = 0;
  for (unsigned seed = 0; seed < seeds; ++seed) {
    Domain domain(seed);
    const auto old_list = domain.policies(), new_list = domain.changed(old_list);
    const auto before = joined(old_list), after = joined(new_list);
    const auto common = common_of(old_list, new_list);
    SCOPED_TRACE(before + "--- and then\n" + after);
    const auto old_set = test::parse(before), new_set = test::parse(after);
    const auto rows = compare_policies(old_set, new_set, purposes_schema(), &categories());
    ASSERT_TRUE(rows) << rows.error();
    const auto row_set = as_policies(*rows);
    std::vector<bool> met(rows->size());
    for (std::size_t i = seed % step; i < worlds().size(); i += step) {
      const auto& [entities, request] = worlds()[i];
      const bool was = authorize(old_set, request, entities).allowed();
      const bool is = authorize(new_set, request, entities).allowed();
      const auto response = authorize(row_set, request, entities);
      ASSERT_TRUE(response.errors.empty()) << "a row reads what is not there: " << response.errors.front().message;
      auto fitting = response.reasons;
      std::erase_if(fitting, [&](std::size_t row) { return !common.leaves((*rows)[row], request, entities); });
      ASSERT_EQ(!fitting.empty(), was != is) << "world " << i;
      changed += was != is ? 1 : 0;
      for (const auto row : fitting) {
        met[row] = true;
        ASSERT_EQ((*rows)[row].allows, is) << (*rows)[row].text();
      }
    }
    // A certain row is met by some request, if not by one of those.
    for (std::size_t row = 0; row < met.size(); ++row) {
      ++rows_told;
      if (!(*rows)[row].certain) continue;
      ++certain;
      const auto alone = as_policies({(*rows)[row]});
      for (std::size_t i = 0; i < worlds().size() && !met[row]; ++i) {
        const auto& [entities, request] = worlds()[i];
        met[row] = authorize(alone, request, entities).allowed() && common.leaves((*rows)[row], request, entities);
      }
      EXPECT_TRUE(met[row]) << (*rows)[row].text();
    }
  }
  EXPECT_GT(changed, 100'000u);
  EXPECT_GT(rows_told, 500u);
  EXPECT_GT(certain, rows_told * 8 / 10);
}

// Attributes that may be equal, each of two names or another one: every request of that world.
TEST(Compare, rows_about_equal_attributes_hold_for_some_request_each_and_never_say_may) {
  const std::vector<std::string> agencies = {"a", "b", "c", "d"}, texts = {"n", "m", "x", "y"};
  const std::vector<std::string> truths = {"principal.agency == resource.owner",
                                           "principal.agency == Agency::\"a\"",
                                           "resource.owner == Agency::\"a\"",
                                           "resource.owner == Agency::\"b\"",
                                           "(resource has note)",
                                           "(resource has note && resource.note == context.basis)",
                                           "(resource has note && resource.note == \"n\")",
                                           "context.basis == \"m\"",
                                           "principal.lead",
                                           "resource.sensitivity == principal.score",
                                           "resource.sensitivity > 0",
                                           "principal.score < 2"};
  const auto small = *parse_schema(
      "entity Agency; entity Worker = { agency: Agency, lead: Bool, score: Long };\n"
      "entity Record = { owner: Agency, note?: String, sensitivity: Long };\n"
      "action view appliesTo { principal: Worker, resource: Record, context: { basis: String } };",
      "small.cedarschema");
  std::vector<World> all;
  for (std::size_t i = 0; i < 4 * 4 * 5 * 4 * 2 * 3 * 3; ++i) {
    auto number = i;
    const auto one_of = [&](std::size_t count) {
      const auto chosen = number % count;
      number /= count;
      return chosen;
    };
    const EntityUid worker{"Worker", "w"};
    Record person{{"agency", EntityUid{"Agency", agencies[one_of(4)]}},
                  {"lead", one_of(2) == 0},
                  {"score", static_cast<std::int64_t>(one_of(3))}};
    std::vector<Record::Field> record = {{"owner", EntityUid{"Agency", agencies[one_of(4)]}},
                                         {"sensitivity", static_cast<std::int64_t>(one_of(3))}};
    if (const auto note = one_of(5); note < 4) record.emplace_back("note", texts[note]);
    Request request{worker, {"Action", "view"}, {"Record", "r"}, Record{{"basis", texts[one_of(4)]}}};
    auto layer = EntityLayer::make(
        categories(), {{worker, std::move(person), {}, {}}, {{"Record", "r"}, Record(std::move(record)), {}, {}}});
    all.push_back({*std::move(layer), std::move(request)});
  }
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  std::size_t rows_told = 0;
  for (int round = 0; round < 60; ++round) {
    const auto policies = [&] {
      std::string out;
      for (auto count = 1 + below(3); count > 0; --count) {
        out += below(4) == 0 ? "forbid " : "permit ";
        out += "(principal, action, resource)";
        for (auto clauses = 1 + below(3); clauses > 0; --clauses)
          out += (below(3) == 0 ? " unless { " : " when { ") + truths[below(truths.size())] + " }";
        out += ";\n";
      }
      return out;
    };
    const auto before = policies(), after = policies();
    SCOPED_TRACE(before + "--- and then\n" + after);
    const auto old_set = test::parse(before), new_set = test::parse(after);
    const auto rows = compare_policies(old_set, new_set, small);
    ASSERT_TRUE(rows) << rows.error();
    const auto row_set = as_policies(*rows);
    std::vector<bool> met(rows->size());
    for (const auto& [entities, request] : all) {
      const bool was = authorize(old_set, request, entities).allowed();
      const bool is = authorize(new_set, request, entities).allowed();
      const auto fitting = authorize(row_set, request, entities).reasons;
      if (was != is) {
        ASSERT_FALSE(fitting.empty());
      }
      for (const auto row : fitting) met[row] = met[row] || was != is;
    }
    for (std::size_t row = 0; row < met.size(); ++row) {
      EXPECT_TRUE(met[row]) << (*rows)[row].text();
      EXPECT_TRUE((*rows)[row].certain) << (*rows)[row].text();
      ++rows_told;
    }
  }
  EXPECT_GT(rows_told, 100u);
}

TEST(Compare, a_hundred_policies_take_less_than_two_seconds) {
  std::string before, after;
  for (int i = 0; i < 100; ++i) {
    const auto number = std::to_string(i), level = std::to_string(i % 9);
    const auto conditions = "(principal, action, resource in Category::\"c" + std::to_string(i % 12) +
                            "\")\nwhen { resource.sensitivity < " + level + " && principal.agency == Agency::\"a" +
                            std::to_string(i % 10) + "\" }\nwhen { context.basis == \"basis " + std::to_string(i % 7) +
                            "\" || context.purpose == Purpose::\"s47\" }";
    const auto forbidden =
        "forbid (principal, action, resource) when { resource has note && resource.note == \"" + number + "\" };\n";
    const auto text = i % 3 == 0 ? forbidden : "permit " + conditions + ";\n";
    before += text;
    if (i != 40 && i != 42) after += text;
  }
  const std::clock_t started = std::clock();  // processor time: what else runs here does not count
  const auto rows = compare_policies(test::parse(before), test::parse(after), purposes_schema());
  const double seconds = double(std::clock() - started) / CLOCKS_PER_SEC;
  ASSERT_TRUE(rows) << rows.error();
  EXPECT_FALSE(rows->empty());
  RecordProperty("seconds", std::to_string(seconds));
  RecordProperty("rows", static_cast<int>(rows->size()));
  EXPECT_LT(seconds, 2.0);
}

}  // namespace
}  // namespace ginnel::policy
