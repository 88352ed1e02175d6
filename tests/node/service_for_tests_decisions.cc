// SPDX-License-Identifier: Apache-2.0
// The stand-in's side of what is decided about sharing and keeping, of agreements, of processes and of their transfers.
#include "tests/node/service_for_tests.h"

namespace ginnel {

void ServiceForTests::record_consent(Caller, NewConsent wanted, Done<ConsentId> done) {
  take(new_consent, std::move(wanted), std::move(done),
       consents.rows.empty() ? ConsentId() : consents.rows.front().entry.consent);
}

void ServiceForTests::withdraw_consent(Caller, ConsentWithdrawal wanted, Done<bool> done) {
  take(consent_withdrawal, std::move(wanted), std::move(done), true);
}

void ServiceForTests::list_consents(std::string, PersonRef person, Done<ConsentList> done) {
  post([this, person, done] {
    consents_asked = person;
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(consents);
  });
}

void ServiceForTests::record_refusal(Caller, NewRefusal wanted, Done<RefusalId> done) {
  take(new_refusal, std::move(wanted), std::move(done),
       refusals.rows.empty() ? RefusalId() : refusals.rows.front().entry.refusal);
}

void ServiceForTests::review_refusal(Caller, NewRefusalReview wanted, Done<bool> done) {
  take(refusal_review, std::move(wanted), std::move(done), true);
}

void ServiceForTests::list_refusals(std::string, PersonRef person, Done<RefusalList> done) {
  post([this, person, done] {
    refusals_asked = person;
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(refusals);
  });
}

void ServiceForTests::retention_desk(std::string, Done<RetentionDesk> done) {
  post([this, done] {
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(retention);
  });
}

void ServiceForTests::decide_retention(Caller, NewRetentionDecision wanted, Done<bool> done) {
  take(retention_decision, std::move(wanted), std::move(done), true);
}

void ServiceForTests::hold_retention(Caller, NewHold wanted, Done<RetentionId> done) {
  take(new_hold, std::move(wanted), std::move(done), RetentionId(std::array<std::uint8_t, 16>{9}));
}

void ServiceForTests::release_hold(Caller, HoldRelease wanted, Done<bool> done) {
  take(hold_release, std::move(wanted), std::move(done), true);
}

void ServiceForTests::consent_register(std::string, std::uint64_t before, Done<ConsentRegister> done) {
  post([this, before, done] {
    register_before = before;
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(consent_page);
  });
}

void ServiceForTests::refusal_register(std::string, std::uint64_t before, Done<RefusalRegister> done) {
  post([this, before, done] {
    register_before = before;
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(refusal_page);
  });
}

void ServiceForTests::policy_standing(std::string, Done<PolicyStanding> done) {
  post([this, done] { done(standing); });
}

void ServiceForTests::bundle_in_force(std::string, Done<std::shared_ptr<const Bundle>> done) {
  post([this, done] {
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(in_force);
  });
}

void ServiceForTests::try_agreement(std::string, std::shared_ptr<const Bundle> given, Done<TriedAgreement> done) {
  post([this, given, done] {
    std::unique_lock lock(mutex_);
    offered = given;
    if (holds_tries) {
      held_try_ = [this, done] { done(tried); };
      return;
    }
    lock.unlock();
    done(tried);
  });
}

bool ServiceForTests::has_held_try() {
  std::lock_guard lock(mutex_);
  return held_try_ != nullptr;
}

void ServiceForTests::let_try_go() {
  std::unique_lock lock(mutex_);
  holds_tries = false;
  auto held = std::exchange(held_try_, {});
  lock.unlock();
  post(std::move(held));
}

void ServiceForTests::withheld_account(std::string, Date from, Date to, Done<WithheldAccount> done) {
  post([this, from, to, done] {
    withheld_from = from;
    withheld_to = to;
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(withheld);
  });
}

void ServiceForTests::review_desk(std::string, Done<ReviewDesk> done) {
  post([this, done] { done(desk); });
}

void ServiceForTests::begin_process(Caller, NewProcess wanted, Done<ProcessId> done) {
  take(new_process, std::move(wanted), std::move(done), process.process.id);
}

void ServiceForTests::list_processes(std::string, Done<ProcessList> done) {
  post([this, done] {
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(ProcessList{{process.process}, false});
  });
}

void ServiceForTests::read_process(std::string, ProcessId id, Done<ProcessDetail> done) {
  post([this, id, done] {
    if (fails_with) return done(tl::unexpected(*fails_with));
    if (id != process.process.id) return done(fail("not-found", "cannot show this", "there is nothing here", ""));
    done(process);
  });
}

void ServiceForTests::begin_process_step(Caller, NewProcessStep wanted, Done<std::uint64_t> done) {
  take(new_step, std::move(wanted), std::move(done), std::uint64_t(process.steps.size() + 1));
}

void ServiceForTests::contribute_to_process(Caller, NewContribution wanted, Done<bool> done) {
  take(new_contribution, std::move(wanted), std::move(done), true);
}

void ServiceForTests::close_process_step(Caller, NewOutcome wanted, Done<bool> done) {
  take(new_outcome, std::move(wanted), std::move(done), true);
}

void ServiceForTests::give_late_reason(Caller, NewLateReason wanted, Done<bool> done) {
  take(new_reason, std::move(wanted), std::move(done), true);
}

void ServiceForTests::acknowledge_alert(Caller, ProcessId, std::string alert, Done<bool> done) {
  take(acknowledged_alert, std::move(alert), std::move(done), true);
}

void ServiceForTests::migrate_process(Caller, ProcessId, std::string to, Done<bool> done) {
  take(migrated_to, std::move(to), std::move(done), true);
}

TransferDetail shown_transfer() {
  TransferDetail out;
  out.as_at = parse_iso_utc("2026-11-23T16:46:00Z").value();
  TransferSummary& transfer = out.transfer;
  transfer.id = TransferId::parse("000102030405060708090a0b0c0d0e0f").value();
  transfer.process = ProcessId::parse("0f0e0d0c0b0a09080706050403020100").value();
  transfer.definition = "child-protection/west-yorkshire/1";
  transfer.title = "Child protection";
  transfer.originator = "leeds-csc";
  transfer.receiver = "bradford-csc";
  transfer.originator_name = "Leeds Children's Services";
  transfer.receiver_name = "Bradford Children's Services";
  transfer.move = "Planned move";
  transfer.state = "offered";
  transfer.offered = out.as_at + -day_ms;
  transfer.lead_name = transfer.originator_name;
  transfer.accountable_name = {transfer.originator_name};
  transfer.waits_for_us = true;
  out.child = TransferChild{"Aisha Tester", "9990000018", {2016, 3, 14}};
  out.statements = {{"offer",
                     "leeds-csc",
                     transfer.originator_name,
                     "J. Tester, team manager",
                     "the family moves on 1 December",
                     transfer.offered,
                     {}},
                    {"received", "bradford-csc", transfer.receiver_name, "", "", transfer.offered + minute_ms, {}}};
  out.accountable = {{"leeds-csc", transfer.originator_name, 1, {}, {}}};
  out.may_say = {"accept", "decline", "note"};
  out.hangs = {"the whole file is not here yet: 3 of 4 parts", "a manager of Bradford says whether it is accepted"};
  out.file.parts = 4;
  out.file.parts_here = 3;
  out.file.size_bytes = 4100;
  out.file.not_given = {{"health", 2, "sensitive health information", "named nurse, 01632 960107", "WY-07"}};
  Item item;
  item.record = RecordId::parse("000102030405060708090a0b0c0d0e10").value();
  item.kind = "visit";
  item.label.category = "social-care.visit";
  item.occurred = When::on({2026, 11, 8});
  item.recorded = When::on({2026, 11, 9});
  item.received = transfer.offered;
  item.step = Step::content;
  item.headline = "Home visit";
  item.narrative = "Aisha was seen alone";
  item.author = {"S. Tester", "social worker", "", "01632 960001"};
  item.source_system = "case-system";
  out.items = {item};
  return out;
}

void ServiceForTests::offer_transfer(Caller, NewLeadOffer wanted, Done<TransferId> done) {
  take(new_offer, std::move(wanted), std::move(done), transfer.transfer.id);
}

void ServiceForTests::say_in_transfer(Caller, TransferSaying wanted, Done<bool> done) {
  take(new_saying, std::move(wanted), std::move(done), true);
}

void ServiceForTests::list_transfers(std::string, Done<TransferList> done) {
  post([this, done] {
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(TransferList{{transfer.transfer}, false});
  });
}

void ServiceForTests::read_transfer(std::string, TransferId id, Done<TransferDetail> done) {
  post([this, id, done] {
    if (fails_with) return done(tl::unexpected(*fails_with));
    if (id != transfer.transfer.id) return done(fail("not-found", "cannot show this", "there is nothing here", ""));
    done(transfer);
  });
}

}  // namespace ginnel
