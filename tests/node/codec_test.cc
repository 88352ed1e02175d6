// SPDX-License-Identifier: Apache-2.0
#include "node/store/codec.h"

#include <gtest/gtest.h>

#include "federation/base/clock.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

Access full_access() {
  SeededRandom random(12);
  Access body;
  body.view = ViewId::make(random);
  body.ask = AskId::make(random);
  body.peer = *MemberId::parse("wy-police");
  body.person = PersonRef::make(random);
  body.identity = "nhs:9990000018";
  body.worker = "pseudonym";
  body.role = "practitioner";
  body.purpose = "child_protection";
  body.basis = "public_task";
  body.reason = "strategy discussion";
  body.case_ref = "c-1";
  body.bundle = "3";
  body.scope = {*MemberId::parse("leeds-csc"), *MemberId::parse("wy-police")};
  body.items = {{RecordId::make(random), Step::content, "health", {"WY-07", "WY-09"}, "why", Hash{1}, 2}, {}};
  body.outcome = "answered";
  body.attached = {1, 2, 3};
  body.markings = {"intelligence", "protected_address"};
  const MemberId police = *MemberId::parse("wy-police");
  body.decided_by = {"police",
                     true,
                     Step::headline,
                     {"child_protection", "transfer"},
                     {"health"},
                     {{"visit", "health", "official", {}, 3, {}},
                      {"incident", "police", "3x5x2:1:A:P", police, 2, {"mappa", "intelligence"}}},
                     {},
                     false};
  body.in_shadow = true;
  return body;
}

// Written before decisions kept what they went by.
constexpr const char* older_decision =
    "0000000033000000000000000100130000000000000000004900000002000000450000008200000049000000520000004d00"
    "000002000000490000000a000000490000000a000000490000006a0000004d00000072000000510000006200000055000000"
    "0a000000550000000a000000550000000a00000055000000060000005100000037000000850000000a000000850000000200"
    "0000000000000000000000000000000000000000000000000000000102030405060708090a0b0c0d0e0f77792d706f6c6963"
    "65000000000000000000000000000000000000000000000070726163746974696f6e65720000000066697273745f636f6e74"
    "6163740000007075626c69635f7461736b000000000000000000000000000000000000000000000000000000000004000000"
    "0100050001000000000000001100000082000000150000003a000000150000000e00000019000000720000001d0000000200"
    "0000101112131415161718191a1b1c1d1e1f6865616c74680000010000003200000057592d31300000005468657265206973"
    "206d6f72650000000000000000000000";

TEST(EntryCodec, a_decision_of_before_it_kept_what_it_went_by_still_reads) {
  const auto read = decode_access(from_hex(older_decision).value());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->role, "practitioner");
  ASSERT_EQ(read->items.size(), 1u);
  EXPECT_EQ(read->items[0].policies, std::vector<std::string>{"WY-10"});
  EXPECT_EQ(read->items[0].label, 0u);
  EXPECT_FALSE(read->decided_by);
  EXPECT_FALSE(read->in_shadow);
}

TEST(EntryCodec, every_body_comes_back_as_it_was) {
  const Genesis genesis{*MemberId::parse("leeds-csc"), 3};
  EXPECT_EQ(decode_genesis(encode(genesis)).value(), genesis);
  EXPECT_EQ(decode_access(encode(full_access())).value(), full_access());
  EXPECT_EQ(decode_access(encode(Access())).value(), Access());
  const ImportRun run{"ll", "people.csv", 1, 2, 3, 4, 5, 6, 7, 8, true};
  EXPECT_EQ(decode_import_run(encode(run)).value(), run);
  const RejectedRow row{"people.csv", 9, "DOB", "is no date"};
  EXPECT_EQ(decode_rejected_row(encode(row)).value(), row);
  const Adopted adopted{7, Hash{2}, {4, 5}};
  EXPECT_EQ(decode_adopted(encode(adopted)).value(), adopted);
  SeededRandom random(13);
  const OperatorAct act{"unlock", "passphrase", UserId::make(random), "at the console"};
  EXPECT_EQ(decode_operator_act(encode(act)).value(), act);
  const Tombstone stone{{KeyId::make(random), KeyId::make(random)},
                        PersonRef::make(random),
                        ViewId::make(random),
                        {3, 5},
                        "asked for",
                        {PersonRef::make(random)},
                        {RecordId::make(random), RecordId::make(random)}};
  EXPECT_EQ(decode_tombstone(encode(stone)).value(), stone);
  const Merge merge{
      PersonRef::make(random), PersonRef::make(random), LinkState::proposed, "score", -125, "birth exact"};
  EXPECT_EQ(decode_merge(encode(merge)).value(), merge);
  const Unmerge unmerge{merge.one, merge.other, "cousins"};
  EXPECT_EQ(decode_unmerge(encode(unmerge)).value(), unmerge);
  const Marking marking{merge.one, RecordId::make(random), {merge.other}, {"court_papers"},
                        {"mappa"}, "as the court said"};
  EXPECT_EQ(decode_marking(encode(marking)).value(), marking);
}

TEST(EntryCodec, every_record_of_a_process_comes_back_as_it_was) {
  SeededRandom random(15);
  const Actor by{"wy-police", "police", "w-7", "officer"};
  const When minute = When::at_instant({1'795'435'200'000}), day = When::on({2026, 4, 2});
  AlertRaised alert;
  alert.key = "clock/7/guidance/2026-04-27/80";
  alert.about = AlertRaised::About::cannot_compute;
  alert.instance = 7;
  alert.title = "Visit: its time has run out";
  alert.why = "10 working days";
  alert.roles = {"manager", "social_worker"};
  alert.members = {"leeds-csc"};
  alert.covers = {"clock/7/guidance/2026-04-27/50"};
  alert.proposes = "strategy-discussion";
  alert.due = Instant{1'795'435'200'000};
  const DefinitionKey key{"child-protection", "west-yorkshire", 3};
  const std::vector<decltype(ProcessRecord::what)> all{
      ProcessStarted{key, "bradford-csc", by},
      StepOpened{2, "referral", 1, "referral", "assessment", minute, by},
      StepOpened{},
      Contributed{2, "why", day, "bruises", by},
      StepClosed{2, "strategy", {}, "as discussed", {"s47", "strategy"}, {"assessment"}, by},
      ReasonGiven{2, "guidance", "snow", by},
      alert,
      AlertRaised{},
      AlertAcknowledged{"clock/7", by},
      ProcessMigrated{key, {{"old", "new"}}, {{"was", "is"}, {"then", "now"}}, by},
      ProcessEnded{day},
      Looked{{"Police"}, {"Health", "School"}, "nobody here may"},
      LeadMoved{"", 1},
      LeadMoved{"leeds-csc", 2}};
  std::set<std::size_t> kinds;
  for (const auto& what : all) {
    const ProcessEntry entry{ProcessId::make(random), PersonRef::make(random), {{1'795'435'200'001}, what}};
    const auto back = decode_process_entry(encode(entry));
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(*back, entry) << what.index();
    kinds.insert(what.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<decltype(ProcessRecord::what)>);
}

TEST(EntryCodec, every_body_about_work_comes_back_as_it_was) {
  SeededRandom random(14);
  TaskEntry task;
  task.task = TaskId::make(random);
  task.act = TaskAct::to_manager;
  task.state = TaskState::accepted;
  task.kind = "non_delivery";
  task.origin = "notice:7";
  task.title = "A notice could not be delivered";
  task.note = "ring the school";
  task.person = PersonRef::make(random);
  task.view = ViewId::make(random);
  task.holders = {{UserId::make(random), ""}, {{}, "manager"}};
  task.deputy = {{}, "triage"};
  task.manager_role = "manager";
  task.opened = {1};
  task.warn_from = {2};
  task.due = {3};
  task.manager_at = {4};
  task.escalated = 2;
  task.rule = "notices";
  task.outcome = "told_otherwise";
  task.reason = "by telephone";
  EXPECT_EQ(decode_task(encode(task)).value(), task);
  EXPECT_EQ(decode_task(encode(TaskEntry())).value(), TaskEntry());
  const AllocationEntry allocation{
      AllocationId::make(random), PersonRef::make(random), UserId::make(random), "north", {5}, {6}, "moved in"};
  EXPECT_EQ(decode_allocation(encode(allocation)).value(), allocation);
  const AttachmentKept kept{AttachmentId::make(random),
                            RecordId::make(random),
                            {PersonRef::make(random)},
                            "plan.pdf",
                            "application/pdf",
                            12,
                            Hash{9},
                            Bytes(32, 5)};
  EXPECT_EQ(decode_attachment_kept(encode(kept)).value(), kept);
}

TEST(EntryCodec, a_decision_about_sharing_is_read_back_as_it_was_written) {
  ConsentEntry consent;
  consent.consent = ConsentId(std::array<std::uint8_t, 16>{1});
  consent.person = PersonRef(std::array<std::uint8_t, 16>{2});
  consent.state = "given";
  consent.decider = "child_competent";
  consent.categories = {"health", "education"};
  consent.purposes = {"early_help"};
  consent.recipients = {*MemberId::parse("leeds-csc")};
  consent.from = {1000};
  consent.until = {2000};
  consent.competence = Competence::competent;
  consent.judged_by = "A. Nurse";
  consent.note = "said so";
  consent.withdrawn = {1500};
  consent.why_withdrawn = "changed her mind";
  EXPECT_EQ(decode_consent(encode(consent)).value(), consent);
  EXPECT_EQ(decode_consent(encode(ConsentEntry())).value(), ConsentEntry());
  EXPECT_EQ(decode_consent(Bytes{1, 2, 3}).error().code, "bad-entry");
}

TEST(EntryCodec, what_is_said_of_keeping_is_read_back_as_it_was_written) {
  RetentionEntry entry;
  entry.retention = RetentionId(std::array<std::uint8_t, 16>{1});
  entry.person = PersonRef(std::array<std::uint8_t, 16>{2});
  entry.act = RetentionAct::erased;
  entry.reason = "a claim";
  entry.author = "G. Lead";
  entry.since = {1000};
  entry.review_on = {2031, 2, 28};
  entry.rules = {"looked-after-75", ""};
  entry.records = 7;
  entry.released = {2000};
  entry.released_by = "R. Manager";
  entry.why_released = "settled";
  EXPECT_EQ(decode_retention(encode(entry)).value(), entry);
  EXPECT_EQ(decode_retention(encode(RetentionEntry())).value(), RetentionEntry());
  EXPECT_EQ(decode_retention(Bytes{1, 2, 3}).error().code, "bad-entry");
}

TEST(EntryCodec, a_statement_of_a_transfer_comes_back_as_it_was) {
  const TransferEntry entry{TransferId(std::array<std::uint8_t, 16>{1}), ProcessId(std::array<std::uint8_t, 16>{2}),
                            *MemberId::parse("bradford-csc"), *MemberId::parse("leeds-csc"), Bytes{3, 4, 5}};
  EXPECT_EQ(decode_transfer_entry(encode(entry)).value(), entry);
  EXPECT_EQ(decode_transfer_entry(encode(TransferEntry())).value(), TransferEntry());
  EXPECT_EQ(decode_transfer_entry(Bytes{1, 2, 3}).error().code, "bad-entry");
}

TEST(EntryCodec, a_refusal_to_share_is_read_back_as_it_was_written) {
  RefusalEntry refusal;
  refusal.refusal = RefusalId(std::array<std::uint8_t, 16>{1});
  refusal.person = PersonRef(std::array<std::uint8_t, 16>{2});
  refusal.record = RecordId(std::array<std::uint8_t, 16>{3});
  refusal.category = "health";
  refusal.recipient = *MemberId::parse("wy-police");
  refusal.purpose = "first_contact";
  refusal.test = "more_detrimental";
  refusal.reason = "she would not come back";
  refusal.decided = {1000};
  refusal.review = {2000};
  refusal.outcome = "stands";
  refusal.after_review = "talked it through";
  EXPECT_EQ(decode_refusal(encode(refusal)).value(), refusal);
  EXPECT_EQ(decode_refusal(encode(RefusalEntry())).value(), RefusalEntry());
  EXPECT_EQ(decode_refusal(Bytes{1, 2, 3}).error().code, "bad-entry");
}

TEST(EntryCodec, what_a_decision_went_by_of_consent_is_read_back) {
  Access access;
  DecidedBy& by = access.decided_by.emplace();
  by.agency_kind = "health";
  by.labels.push_back({"visit", "health.sexual", "official", *MemberId::parse("leeds-csc"), 3, {}, ConsentTold::given});
  by.consents = {{"health", "withdrawn", "child_competent", Instant{1000}, Competence::competent},
                 {"police", "refused", "", {}, Competence::not_competent}};
  by.consents_unreadable = true;
  EXPECT_EQ(decode_access(encode(access)).value(), access);
}

TEST(EntryCodec, a_person_comes_back_with_links_and_sources) {
  PersonVersion version = version_of(aisha());
  SeededRandom random(14);
  version.person.ref = PersonRef::make(random);
  version.sources = {{"ll", "1", Hash{1}, 2, {}}, {"systm", "h9", Hash{2}, 1, {7, 7}}};
  auto bytes = encode(version);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(decode_person_version(*bytes).value(), version);
  version.person.names.front().given = std::string(1 << 20, 'x');
  EXPECT_EQ(encode(version).error().code, "too-long");
}

TEST(EntryCodec, bytes_may_stand_at_any_address) {
  const Bytes bytes = encode(full_access());
  EXPECT_EQ(bytes.size() % 8, 0u);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Bytes shifted(shift, 0xee);
    append(shifted, bytes);
    EXPECT_EQ(decode_access(ByteView(shifted).subspan(shift)).value(), full_access());
  }
}

TEST(EntryCodec, cut_bytes_are_an_error_and_changed_ones_that_or_another_body) {
  const Bytes good = encode(full_access());
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(decode_access(ByteView(good).first(length)).error().code, "bad-entry") << length;
  }
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= std::uint8_t(1 << bit % 8);
    auto changed = decode_access(bad);
    if (!changed) {
      EXPECT_EQ(changed.error().code, "bad-entry");
    }
  }
}

TEST(EntryCodec, the_bytes_of_a_body_are_pinned) {
  EXPECT_EQ(to_hex(encode(RejectedRow{"f.csv", 9, "DOB", "is no date"})),
            "0000000009000000"  // one segment of nine words
            "0000000001000300"  // a struct of one data word and three pointers
            "0900000000000000"  // line
            "0900000032000000"
            "0900000022000000"
            "090000005a000000"
            "662e637376000000"                    // f.csv
            "444f420000000000"                    // DOB
            "6973206e6f2064617465000000000000");  // is no date
}

TEST(EntryKinds, numbers_and_names_are_pinned) {
  std::string all;
  for (std::uint16_t number = 0; number < 200; ++number)
    if (auto kind = entry_kind_from(number)) all += std::to_string(number) + " " + std::string(name_of(*kind)) + "\n";
  EXPECT_EQ(
      all,
      "1 genesis\n2 person\n3 record\n4 merge\n5 tombstone\n6 import_run\n7 rejected_row\n8 gone_at_source\n9 unmerge\n"
      "10 marking\n11 retracted\n12 attachment\n"
      "16 asked\n17 decided\n18 disclosed\n19 received\n20 view_shown\n21 lookup\n22 refusal_to_share\n"
      "23 consent\n24 people_searched\n32 notice\n33 receipt\n34 process_step\n35 transfer\n36 task\n37 allocation\n"
      "38 notice_shown\n39 notice_acknowledged\n45 file_disclosed\n46 file_received\n48 directory_adopted\n"
      "49 policy_adopted\n50 unlock\n51 sign_in\n52 operator_act\n53 retention\n");
}

}  // namespace
}  // namespace ginnel
