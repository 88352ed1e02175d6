// SPDX-License-Identifier: Apache-2.0
#include "node/process/invitation.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

const StepRef step{*ProcessId::parse("00112233445566778899aabbccddeeff"), 4};

Invitation strategy() {
  return {step, "Strategy discussion", {"attendance", "shared"}, {"Police", "Health"}, Instant{1'800'000'000'000}};
}

Item brought_item() {
  Item out;
  out.record = *RecordId::parse("ffeeddccbbaa99887766554433221100");
  out.kind = contribution_kind;
  out.step = Step::content;
  out.fields = fields_of(BroughtToStep{step, "attendance", "", {}});
  out.narrative = "PC Holroyd was there";
  out.occurred = When::on({2026, 11, 20});
  out.author = {"Dana Holroyd", "officer", "", ""};
  return out;
}

TEST(Invitation, is_read_back_from_its_record_as_it_was_made) {
  const auto read = invitation_of(invitation_kind, "Strategy discussion", fields_of(strategy()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at, step);
  EXPECT_EQ(read->title, "Strategy discussion");
  EXPECT_EQ(read->wanted, (std::vector<std::string>{"attendance", "shared"}));
  EXPECT_EQ(read->invited, (std::vector<std::string>{"Police", "Health"}));
  EXPECT_EQ(read->due, strategy().due);
  Invitation without_end = strategy();
  without_end.due = {};
  EXPECT_FALSE(invitation_of(invitation_kind, "x", fields_of(without_end))->due.is_set());
}

TEST(Invitation, is_none_of_another_kind_or_with_less_than_an_answer_needs) {
  EXPECT_FALSE(invitation_of("strategy_discussion", "x", fields_of(strategy())));
  EXPECT_FALSE(invitation_of(invitation_kind, "x", {})) << "a headline alone was told";
  Invitation nothing_wanted = strategy();
  nothing_wanted.wanted.clear();
  EXPECT_FALSE(invitation_of(invitation_kind, "x", fields_of(nothing_wanted)));
  for (const char* reference :
       {"", "/", "/4", "00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeeff/",
        "00112233445566778899aabbccddeeff/0", "00112233445566778899aabbccddeeff/-4",
        "00112233445566778899aabbccddeeff/4 ", "00112233445566778899aabbccddeeff/99999999999", "0011/4"}) {
    auto fields = fields_of(strategy());
    fields.front().value = reference;
    EXPECT_FALSE(invitation_of(invitation_kind, "x", fields)) << reference;
  }
}

TEST(Brought, is_read_from_what_the_other_agency_wrote_with_who_wrote_it) {
  const auto read = brought_of(brought_item());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at, step);
  EXPECT_EQ(read->name, "attendance");
  EXPECT_EQ(read->text, "PC Holroyd was there (Dana Holroyd, officer)");
  EXPECT_EQ(read->when, When::on({2026, 11, 20}));
  Item wordless = brought_item();
  wordless.narrative.clear();
  wordless.author.role.clear();
  EXPECT_EQ(brought_of(wordless)->text, "(Dana Holroyd)");
}

TEST(Brought, is_none_that_is_marked_or_not_whole) {
  const auto without = [](auto change) {
    Item item = brought_item();
    change(item);
    return brought_of(item);
  };
  EXPECT_FALSE(without([](Item& item) { item.kind = "attendance"; }));
  EXPECT_FALSE(without([](Item& item) { item.step = Step::headline; }));
  EXPECT_FALSE(without([](Item& item) { item.fields.clear(); }));
  EXPECT_FALSE(without([](Item& item) { item.fields.back().value.clear(); }));
  EXPECT_FALSE(without([](Item& item) { item.label.markings = {"protected_address"}; })) << "a person looks first";
}

}  // namespace
}  // namespace ginnel
