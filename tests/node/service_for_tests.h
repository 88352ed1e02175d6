// SPDX-License-Identifier: Apache-2.0
// A small Service: what was asked for is kept, and answered with what stands here, from a thread that stands for the
// loop.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "federation/base/crypto/password.h"
#include "node/people/session.h"
#include "node/people/token.h"
#include "node/web/web.h"
#include "node/web/workers.h"
#include "tests/node/shown_view_for_tests.h"

namespace ginnel {

inline const PasswordCost quick_cost{1, 8 * 1024};

// Leeds offers the lead about a child to Bradford, which has not answered yet; with something of everything.
TransferDetail shown_transfer();

class ServiceForTests : public Service {
 public:
  explicit ServiceForTests(Clock& clock) : clock_(clock) {}

  Account& add(const std::string& username, const std::string& password);
  Session sign_in(const std::string& username);
  bool has_session(const std::string& token);
  // Of the view that was asked for last.
  std::optional<OnceKey> last_once();
  std::vector<ViewRequest> asked();
  void stop();

  void possible_matches(std::string, Done<std::vector<MatchToDecide>> done) override;
  void merge_people(Caller, JoinRequest request, Done<bool> done) override;
  void unmerge_people(Caller, JoinRequest request, Done<bool> done) override;
  void cin_return(std::string, int year, Done<CinReturn> done) override;
  CinReturn made;
  void search_people(std::string, PeopleSearch search, Done<FoundPeople> done) override;
  void read_own_person(std::string, PersonRef person, std::string why, Done<FoundPerson> done) override;
  std::string shown_because;
  void record_person(Caller, NewPerson person, Done<PersonRef> done) override;
  void record_fact(Caller, NewRecord record, Done<RecordId> done) override;
  void mark_person(Caller, MarkingRequest request, Done<std::uint64_t> done) override;
  void sharing_of(std::string, PersonRef person, std::uint64_t before, Done<SharingAccount> done) override;
  SharingAccount sharing;
  FoundPeople found;
  std::vector<PeopleSearch> searched;
  std::vector<NewPerson> people_recorded;
  std::vector<NewRecord> facts_recorded;
  std::vector<MarkingRequest> marked;
  void list_notices(std::string, Done<InboxList> done) override;
  void read_notice(std::string, NoticeId id, Done<InboxItem> done) override;
  void acknowledge_notice(Caller, NoticeId id, std::string note, Done<InboxItem> done) override;
  void answer_invitation(Caller, NewAnswer answer, Done<RecordId> done) override {
    answered = std::move(answer);
    if (answer_error) return done(tl::unexpected(*answer_error));
    done(*RecordId::parse("ffeeddccbbaa99887766554433221100"));
  }
  std::optional<NewAnswer> answered;
  std::optional<Error> answer_error;
  void list_sent(std::string, Done<SentList> done) override;
  void read_sent(std::string, NoticeId id, Done<SentNotice> done) override;
  void relied_on(std::string, NoticeId, Done<std::vector<Reliance>> done) override;
  void waiting_notices(std::string, Done<std::uint64_t> done) override;
  void watch_inbox(std::string, SeeInbox see, Done<bool> done) override;
  void correct_record(Caller, CorrectionRequest request, Done<CorrectionMade> done) override;
  // Whether somebody watched.
  bool tell_inbox(InboxNews news);
  InboxList inbox;
  SentList sent;
  std::vector<Reliance> relied;
  std::vector<SeeInbox> inbox_watchers;
  std::vector<CorrectionRequest> corrections;
  std::vector<MatchToDecide> matches;
  std::vector<std::pair<JoinRequest, bool>> joined;  // what was decided, and whether to merge

  void find_account(std::string username, Done<Account> done) override;
  void open_session(UserId user, Done<Session> done) override;
  void note_failed_sign_in(std::string, Done<bool> done) override;
  void close_session(std::string token, Done<bool> done) override;
  void find_session(std::string token, Done<Session> done) override;
  void start_view(Caller caller, ViewRequest request, Done<CaseView> done) override;
  void read_view(std::string token, ViewId id, Done<CaseView> done) override;
  void list_processes_elsewhere(std::string, Done<InboxList> done) override;
  void read_chronology(std::string token, ViewId id, ChronologyForm form, Done<CaseView> done) override;
  std::vector<ChronologyForm> chronologies;
  void ask_as_known_at(Caller, ViewId id, Instant moment, Done<CaseView> done) override;
  std::vector<Instant> moments;
  void mark_significant(Caller, NewSignificance mark, Done<RecordId> done) override;
  std::vector<NewSignificance> significant;
  void recent_views(std::string token, Done<std::vector<RecentView>> done) override;
  void watch_view(std::string token, ViewId id, std::uint32_t seen, SeeNews see, Done<bool> done) override;
  // As the loop does it. Nothing: nobody has watched yet.
  std::optional<bool> tell(ViewNews news, std::uint32_t revision);
  bool is_watched();
  std::uint32_t seen();
  void keep_attachment(Caller, NewAttachment wanted, Done<KeptAttachment> done) override;
  void read_attachment(std::string, ViewId, AttachmentId, Done<AttachmentFile> done) override;
  NewAttachment new_attachment;
  AttachmentFile file;

  // Work: what was asked for is kept, and answered with what stands here.
  void work_overview(std::string, Done<WorkOverview> done) override;
  void list_tasks(std::string, TaskQuery query, Done<TaskList> done) override;
  void read_task(std::string, TaskId id, Done<TaskDetail> done) override;
  void open_task(Caller, NewTask wanted, Done<TaskId> done) override;
  void change_task(Caller, TaskChange change, Done<bool> done) override;
  void hand_over_all(Caller, HandOverAll all, Done<HandedOver> done) override;
  void list_allocations(std::string, AllocationQuery, Done<std::vector<AllocationRow>> done) override;
  void allocate(Caller, NewAllocation wanted, Done<AllocationId> done) override;
  void end_allocation(Caller, EndAllocation, Done<bool> done) override;
  void record_conflict(Caller, NewConflict conflict, Done<AllocationId> done) override;
  void end_conflict(Caller, EndAllocation end, Done<bool> done) override;
  void list_conflicts(std::string, AllocationQuery query, Done<std::vector<AllocationRow>> done) override;
  // Consent, likewise.
  void record_consent(Caller, NewConsent wanted, Done<ConsentId> done) override;
  void withdraw_consent(Caller, ConsentWithdrawal wanted, Done<bool> done) override;
  void list_consents(std::string, PersonRef person, Done<ConsentList> done) override;
  void consent_register(std::string, std::uint64_t before, Done<ConsentRegister> done) override;
  NewConsent new_consent;
  ConsentWithdrawal consent_withdrawal;
  PersonRef consents_asked;
  ConsentList consents;

  // Refusals to share, likewise.
  void record_refusal(Caller, NewRefusal wanted, Done<RefusalId> done) override;
  void review_refusal(Caller, NewRefusalReview wanted, Done<bool> done) override;
  void list_refusals(std::string, PersonRef person, Done<RefusalList> done) override;
  void refusal_register(std::string, std::uint64_t before, Done<RefusalRegister> done) override;
  NewRefusal new_refusal;
  NewRefusalReview refusal_review;
  PersonRef refusals_asked;
  RefusalList refusals;

  // Keeping and erasing, likewise.
  void retention_desk(std::string, Done<RetentionDesk> done) override;
  void decide_retention(Caller, NewRetentionDecision wanted, Done<bool> done) override;
  void hold_retention(Caller, NewHold wanted, Done<RetentionId> done) override;
  void release_hold(Caller, HoldRelease wanted, Done<bool> done) override;
  RetentionDesk retention;
  NewRetentionDecision retention_decision;
  NewHold new_hold;
  HoldRelease hold_release;

  // Governance, likewise.
  void policy_standing(std::string, Done<PolicyStanding> done) override;
  void bundle_in_force(std::string, Done<std::shared_ptr<const Bundle>> done) override;
  void try_agreement(std::string, std::shared_ptr<const Bundle> offered, Done<TriedAgreement> done) override;
  void withheld_account(std::string, Date from, Date to, Done<WithheldAccount> done) override;
  void review_desk(std::string, Done<ReviewDesk> done) override;
  ConsentRegister consent_page;
  RefusalRegister refusal_page;
  std::uint64_t register_before = 0;
  PolicyStanding standing;
  std::shared_ptr<const Bundle> in_force, offered;
  TriedAgreement tried;
  bool holds_tries = false;  // until let_try_go()
  bool has_held_try();       // whether one is held
  void let_try_go();
  WithheldAccount withheld;
  Date withheld_from, withheld_to;
  ReviewDesk desk;
  std::optional<Error> writing_fails_with;  // what records and withdraws, and nothing that reads

  // Processes, likewise.
  void begin_process(Caller, NewProcess wanted, Done<ProcessId> done) override;
  void list_processes(std::string, Done<ProcessList> done) override;
  void read_process(std::string, ProcessId id, Done<ProcessDetail> done) override;
  void begin_process_step(Caller, NewProcessStep wanted, Done<std::uint64_t> done) override;
  void contribute_to_process(Caller, NewContribution wanted, Done<bool> done) override;
  void close_process_step(Caller, NewOutcome wanted, Done<bool> done) override;
  void give_late_reason(Caller, NewLateReason wanted, Done<bool> done) override;
  void acknowledge_alert(Caller, ProcessId id, std::string alert, Done<bool> done) override;
  void migrate_process(Caller, ProcessId id, std::string to, Done<bool> done) override;
  ProcessDetail process;
  NewProcess new_process;
  NewProcessStep new_step;
  NewContribution new_contribution;
  NewOutcome new_outcome;
  NewLateReason new_reason;
  std::string acknowledged_alert, migrated_to;

  // Transfers of the lead, likewise.
  void offer_transfer(Caller, NewLeadOffer wanted, Done<TransferId> done) override;
  void say_in_transfer(Caller, TransferSaying wanted, Done<bool> done) override;
  void list_transfers(std::string, Done<TransferList> done) override;
  void read_transfer(std::string, TransferId id, Done<TransferDetail> done) override;
  TransferDetail transfer = shown_transfer();
  NewLeadOffer new_offer;
  TransferSaying new_saying;

  WorkOverview overview;
  TaskDetail task;
  TaskQuery task_query;
  NewTask new_task;
  std::vector<TaskChange> task_changes;
  HandOverAll handed_over;
  NewAllocation new_allocation;
  NewConflict new_conflict;
  EndAllocation ended_conflict;
  AllocationQuery conflicts_of;

  void readiness(std::function<void(Readiness)> done) override;
  void metrics(std::function<void(std::string)> done) override;

  CaseView view = shown_view();
  std::vector<RecentView> recent;
  ViewId concealed_id = ViewId::parse("00000000000000000000000000000001").value();
  std::optional<Error> fails_with;
  Readiness ready{true, "normal", {}};
  std::atomic<int> failed_sign_ins = 0;

 private:
  void join(const JoinRequest& request, bool merge, const Done<bool>& done);
  void post(std::function<void()> task);
  // Keeps what was wanted, and gives `result` where the test lets it be written.
  template <class Wish, class Result>
  void take(Wish& kept, Wish wanted, Done<Result> done, Result result) {
    post([this, &kept, wanted = std::move(wanted), done = std::move(done), result = std::move(result)] {
      kept = wanted;
      if (writing_fails_with) return done(tl::unexpected(*writing_fails_with));
      if (fails_with) return done(tl::unexpected(*fails_with));
      done(result);
    });
  }
  std::optional<Session> find(const std::string& token);
  Session open(const Account& account);

  Clock& clock_;
  SeededRandom random_{5};
  std::mutex mutex_;
  std::function<void()> held_try_;
  std::map<std::string, Account> accounts_;
  std::map<std::string, Session> sessions_;
  std::vector<ViewRequest> asked_;
  std::optional<OnceKey> once_;
  SeeNews watcher_;
  std::uint32_t seen_ = 0;
  std::string owner_ = "tester";
  Workers loop_{1, 1000};
};

}  // namespace ginnel
