// SPDX-License-Identifier: Apache-2.0
// What a running node does for people: the one interface behind pages, API and tests.
//
// Thread: any. Each call is posted to the node's loop; `done` runs on the loop thread, after the turn's commit, so what
// it is given is already in the ledger (promise 3). `done` must not block: hand the result to your own thread.
// What has an effect takes a Caller, who may send again; what only reads takes the session's token. Signing in is no
// effect to be kept: a token is known to its holder only, so whoever signs in again gets a session of its own.
// Failure: `unauthenticated` (401), `forbidden` (403), `not-found` (404: unknown, concealed and not-yours alike),
// `say-more` (409), `bad-*` (422), `over-budget` (429), `read-only` (503). Each Error has what, why, remedy.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "federation/base/error.h"
#include "federation/base/id.h"
#include "node/caller.h"
#include "node/notices/inbox_view.h"
#include "node/notices/sent_view.h"
#include "node/people/account.h"
#include "node/process/process_view.h"
#include "node/transfer/transfer_view.h"
#include "node/view/attachment.h"
#include "node/view/case_view.h"
#include "node/view/chronology.h"
#include "node/view/consent_view.h"
#include "node/view/offered_agreement.h"
#include "node/view/own_people.h"
#include "node/view/policy_standing.h"
#include "node/view/refusal_view.h"
#include "node/view/retention_view.h"
#include "node/view/sharing.h"
#include "node/view/significance.h"
#include "node/work/work_view.h"

namespace ginnel {

template <class T>
using Done = std::function<void(Expected<T>)>;

// Two people of the node who may be one, for somebody to decide. Their sources are told by system and key, so that they
// can be looked up where they came from; nothing else of them is.
struct MatchToDecide {
  struct Side {
    PersonRef person;
    std::vector<std::pair<std::string, std::string>> sources;  // system, key
  };
  Side one, other;
  Instant since;
  double score = 0;    // bits
  std::string reason;  // by which fields; no values
};

struct JoinRequest {
  PersonRef one, other;
  std::string reason;  // why, in the words of who decides
};

// What an owner takes back or puts right: an item of their own agency, as a case view showed it to them.
struct CorrectionRequest {
  ViewId view;
  RecordId item;
  std::string kind;      // "correction", "retraction" or "wrong-child": words of the list `notice_kind`
  std::string reason;    // for everybody who was told it
  std::string headline;  // of a correction; empty: as it was
  std::string narrative;
};

// What the records cannot fill, for whoever completes the return.
struct ReturnGap {
  std::string child;  // their key in the case system
  std::string event;  // as the adapter's file calls it; empty: the child as a whole
  Date day;           // of the event; may be unset
  std::string what;   // for people
  bool operator==(const ReturnGap&) const = default;
};

struct CinReturn {
  int year = 0;
  Date from, to;             // the collection's year
  std::size_t children = 0;  // in it
  std::string file;          // XML
  std::vector<ReturnGap> gaps;
  std::size_t gaps_not_told = 0;
};

struct Readiness {
  bool ready = false;
  std::string mode;                  // "normal", "starting", "shadow", "read-only"
  std::vector<std::string> reasons;  // why not ready, for operators; no case data
};

class Service {
 public:
  virtual ~Service() = default;

  // Accounts and sessions. find_account says `not-found` where there is none; the caller then does the work of checking
  // a password all the same, so that the time tells nobody which names exist. Argon2id runs on the caller's thread
  // between these calls, never on the loop.
  virtual void find_account(std::string username, Done<Account> done) = 0;
  virtual void open_session(UserId user, Done<Session> done) = 0;
  virtual void note_failed_sign_in(std::string username, Done<bool> done) = 0;
  virtual void close_session(std::string token, Done<bool> done) = 0;
  virtual void find_session(std::string token, Done<Session> done) = 0;

  // `done` runs when every part is in or the deadline has passed, whichever is first.
  virtual void start_view(Caller caller, ViewRequest request, Done<CaseView> done) = 0;
  virtual void read_view(std::string token, ViewId view, Done<CaseView> done) = 0;
  // The same, to be made into a chronology and given out as `form`, which stands in the ledger with who has it.
  virtual void read_chronology(std::string token, ViewId view, ChronologyForm form, Done<CaseView> done) = 0;
  // Asks again what the view asked, of a past moment; otherwise as start_view. `bad-moment`: it is not past.
  virtual void ask_as_known_at(Caller caller, ViewId view, Instant moment, Done<CaseView> done) = 0;
  // Marks an entry that the view shows as significant (roles with `writes`). `not-held`: the agency holds nothing on
  // the child to keep it with. `bad-mark` names every mistake.
  virtual void mark_significant(Caller caller, NewSignificance mark, Done<RecordId> done) = 0;
  // What this worker asked lately, newest first.
  virtual void recent_views(std::string token, Done<std::vector<RecentView>> done) = 0;
  // From now on tells `see` when the view has more than `seen` parts, or closes; `done` runs before that.
  virtual void watch_view(std::string token, ViewId view, std::uint32_t seen, SeeNews see, Done<bool> done) = 0;

  // Joining people (roles with `joins_people`). Whoever is concealed is `not-found`, as if they were not there.
  virtual void possible_matches(std::string token, Done<std::vector<MatchToDecide>> done) = 0;
  virtual void merge_people(Caller caller, JoinRequest request, Done<bool> done) = 0;
  // Undoes a merge, or declines a possible match.
  virtual void unmerge_people(Caller caller, JoinRequest request, Done<bool> done) = 0;

  // The CIN census return of the node's own records (roles with `makes_returns`). Children who are concealed are not in
  // it, and nothing tells so.
  virtual void cin_return(std::string token, int year, Done<CinReturn> done) = 0;

  // The node's own people. Who may not be told of is absent, as if they were not held; every person shown, and every
  // search that shows none, is in the ledger first.
  // `say-more`: too little was said to look with.
  virtual void search_people(std::string token, PeopleSearch search, Done<FoundPeople> done) = 0;
  // One of them again, by id: decided and recorded like a search, with why they are shown. `not-found`.
  virtual void read_own_person(std::string token, PersonRef person, std::string why, Done<FoundPerson> done) = 0;
  // Roles with `writes`. `say-more`: somebody who is held may be the same, and `go_on` was not said. `bad-person`.
  virtual void record_person(Caller caller, NewPerson person, Done<PersonRef> done) = 0;
  // Roles with `writes`. `bad-record` names every mistake; `not-found`: no such person, or no such record to replace.
  virtual void record_fact(Caller caller, NewRecord record, Done<RecordId> done) = 0;
  // Roles with `marks_people`. Answers with the number of the entry (MarkingRequest::undoes). `bad-marking`.
  virtual void mark_person(Caller caller, MarkingRequest request, Done<std::uint64_t> done) = 0;
  // Who saw what of one of the node's own people (roles with `sees_sharing`), newest first, from below the entry
  // `before`; 0: from the newest. `not-found` as above.
  virtual void sharing_of(std::string token, PersonRef person, std::uint64_t before, Done<SharingAccount> done) = 0;

  // What was decided about sharing what is held on one of the node's own people. Roles with `writes` record and
  // withdraw; they and roles with `sees_sharing` see it. `not-found` as above; `bad-consent` names every mistake.
  virtual void record_consent(Caller caller, NewConsent consent, Done<ConsentId> done) = 0;
  virtual void withdraw_consent(Caller caller, ConsentWithdrawal withdrawal, Done<bool> done) = 0;
  virtual void list_consents(std::string token, PersonRef person, Done<ConsentList> done) = 0;
  // Of everybody whom they may be shown (roles with `sees_sharing`), from below the entry `before`; 0: from the newest.
  virtual void consent_register(std::string token, std::uint64_t before, Done<ConsentRegister> done) = 0;

  // What was decided not to be shared, and its reviews. Who records and sees it: as with consent; who sees it reviews
  // it. `bad-refusal` names every mistake.
  virtual void record_refusal(Caller caller, NewRefusal refusal, Done<RefusalId> done) = 0;
  virtual void review_refusal(Caller caller, NewRefusalReview review, Done<bool> done) = 0;
  virtual void list_refusals(std::string token, PersonRef person, Done<RefusalList> done) = 0;
  virtual void refusal_register(std::string token, std::uint64_t before, Done<RefusalRegister> done) = 0;

  // How long what is held on people is kept (roles with `sees_sharing`): what is due, what is kept longer and why, what
  // is held; and what people decide of it. Who decides on a review may act on its task too. `bad-retention-decision`
  // names every mistake; `held`, `not-to-be-erased`, `not-due` say why nothing is erased; `no-schedule`.
  virtual void retention_desk(std::string token, Done<RetentionDesk> done) = 0;
  virtual void decide_retention(Caller caller, NewRetentionDecision decision, Done<bool> done) = 0;
  virtual void hold_retention(Caller caller, NewHold hold, Done<RetentionId> done) = 0;
  virtual void release_hold(Caller caller, HoldRelease release, Done<bool> done) = 0;

  // How the policy bundle stands that is in force: anybody with a session, it is the agreement and about nobody.
  virtual void policy_standing(std::string token, Done<PolicyStanding> done) = 0;
  // The bundle in force, to compare another one with (roles with `sees_sharing`).
  virtual void bundle_in_force(std::string token, Done<std::shared_ptr<const Bundle>> done) = 0;
  // Whether `offered` could follow it, and what it would have told of the node's newest decisions (the same roles).
  virtual void try_agreement(std::string token, std::shared_ptr<const Bundle> offered, Done<TriedAgreement> done) = 0;
  // What was not told to other members in a period (roles with `sees_sharing`); without days, the last
  // limits::withheld_days_usual. `bad-period`.
  virtual void withheld_account(std::string token, Date from, Date to, Done<WithheldAccount> done) = 0;

  // Files. Kept with a record of their own; given only through a view of the worker's that shows that record at
  // content.
  virtual void keep_attachment(Caller caller, NewAttachment attachment, Done<KeptAttachment> done) = 0;
  virtual void read_attachment(std::string token, ViewId view, AttachmentId id, Done<AttachmentFile> done) = 0;

  // Work (roles with `holds_tasks`; others are `forbidden`). A task that is not theirs is `not-found`.
  virtual void work_overview(std::string token, Done<WorkOverview> done) = 0;
  virtual void list_tasks(std::string token, TaskQuery query, Done<TaskList> done) = 0;
  virtual void read_task(std::string token, TaskId task, Done<TaskDetail> done) = 0;
  virtual void review_desk(std::string token, Done<ReviewDesk> done) = 0;  // as TaskQuery::Which::reviews
  virtual void open_task(Caller caller, NewTask task, Done<TaskId> done) = 0;
  virtual void change_task(Caller caller, TaskChange change, Done<bool> done) = 0;
  virtual void hand_over_all(Caller caller, HandOverAll all, Done<HandedOver> done) = 0;
  virtual void list_allocations(std::string token, AllocationQuery query, Done<std::vector<AllocationRow>> done) = 0;
  virtual void allocate(Caller caller, NewAllocation allocation, Done<AllocationId> done) = 0;
  virtual void end_allocation(Caller caller, EndAllocation end, Done<bool> done) = 0;

  // Conflicts of interest (node/work/conflicts.h). Everybody who holds tasks says their own; those of others, and that
  // one has ended, are for roles that manage work, and never of themselves.
  virtual void record_conflict(Caller caller, NewConflict conflict, Done<AllocationId> done) = 0;
  virtual void end_conflict(Caller caller, EndAllocation end, Done<bool> done) = 0;
  virtual void list_conflicts(std::string token, AllocationQuery query, Done<std::vector<AllocationRow>> done) = 0;

  // Processes of this node's people. Who sees them: roles with `holds_tasks`; who writes in them: of those, the ones
  // with `writes`, and a step is ordered by the roles that lead it (`not-the-lead`). A person who is concealed or not
  // held has none: `not-found`. What cannot be done now is told whole: `step-not-now`, `step-not-ready`,
  // `step-not-open`, `process-ended`, `no-such-step`, `no-definition`, `bad-field`.
  virtual void begin_process(Caller caller, NewProcess process, Done<ProcessId> done) = 0;
  virtual void list_processes(std::string token, Done<ProcessList> done) = 0;
  // How processes stand that other agencies lead and this one brings something to: what their leads told last.
  virtual void list_processes_elsewhere(std::string token, Done<InboxList> done) = 0;
  virtual void read_process(std::string token, ProcessId process, Done<ProcessDetail> done) = 0;
  virtual void begin_process_step(Caller caller, NewProcessStep step, Done<std::uint64_t> done) = 0;  // its number
  virtual void contribute_to_process(Caller caller, NewContribution contribution, Done<bool> done) = 0;
  virtual void close_process_step(Caller caller, NewOutcome outcome, Done<bool> done) = 0;
  virtual void give_late_reason(Caller caller, NewLateReason reason, Done<bool> done) = 0;
  virtual void acknowledge_alert(Caller caller, ProcessId process, std::string alert, Done<bool> done) = 0;
  // By the version of its definition in effect, which `to` names. For the manager of its lead, or their deputy.
  virtual void migrate_process(Caller caller, ProcessId process, std::string to, Done<bool> done) = 0;

  // Transfers of the lead between authorities (docs/protocol/transfer.md). Who sees them: roles with `holds_tasks`;
  // what moves one is said by roles that manage work and write, a note by whoever writes. Whom one is about and what
  // came of the file is told to roles that manage work alone until the file is the node's own. A transfer of somebody
  // concealed, and one of others, is `not-found`. What may not be said now: `transfer-not-now`; the others of
  // TransferEngine; `unknown-word` (the kind of move), `bad-field`.
  virtual void offer_transfer(Caller caller, NewLeadOffer offer, Done<TransferId> done) = 0;
  virtual void say_in_transfer(Caller caller, TransferSaying saying, Done<bool> done) = 0;
  virtual void list_transfers(std::string token, Done<TransferList> done) = 0;
  virtual void read_transfer(std::string token, TransferId transfer, Done<TransferDetail> done) = 0;

  // The inbox. What is not yours, or concealed, is `not-found`.
  virtual void list_notices(std::string token, Done<InboxList> done) = 0;
  virtual void read_notice(std::string token, NoticeId id, Done<InboxItem> done) = 0;
  virtual void acknowledge_notice(Caller caller, NoticeId id, std::string note, Done<InboxItem> done) = 0;
  // The record in which their own agency brings something to the step that the notice invites to.
  virtual void answer_invitation(Caller caller, NewAnswer answer, Done<RecordId> done) = 0;
  virtual void relied_on(std::string token, NoticeId id, Done<std::vector<Reliance>> done) = 0;
  // What this node told others, for whoever wrote it down and whoever oversees.
  virtual void list_sent(std::string token, Done<SentList> done) = 0;
  virtual void read_sent(std::string token, NoticeId id, Done<SentNotice> done) = 0;
  // How many nobody took up; shows none of them.
  virtual void waiting_notices(std::string token, Done<std::uint64_t> done) = 0;
  // From now on tells `see` when the inbox changed; `done` runs before that.
  virtual void watch_inbox(std::string token, SeeInbox see, Done<bool> done) = 0;
  virtual void correct_record(Caller caller, CorrectionRequest request, Done<CorrectionMade> done) = 0;

  virtual void readiness(std::function<void(Readiness)> done) = 0;
  virtual void metrics(std::function<void(std::string)> done) = 0;  // Prometheus text format
};

}  // namespace ginnel
