// SPDX-License-Identifier: Apache-2.0
// A node without its edges: what one member's loop does with messages, calls and time.
//
// A turn takes a bounded number of events, lets the engines work, makes one durable commit, and only then releases the
// answers and messages (DESIGN 3). Nothing here touches a socket, a disk, a clock or a random source but through the
// seams it was given, so a whole federation of nodes runs in one thread in the simulator.
//
// Thread: turn(), next_wake() and what `post`ed work does: the loop's. post() and the Service's calls: any.
// Failure: a message that is not right is dropped and counted, and has changed nothing. When a commit fails, nothing of
//          the turn leaves the node, and from then on it is read-only (DESIGN 6).
// Limits: limits::turn_*.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "federation/ask/answer_engine.h"
#include "federation/ask/ask_engine.h"
#include "federation/ask/file_engine.h"
#include "federation/base/clock.h"
#include "federation/delivery/held_back.h"
#include "federation/directory/directory.h"
#include "federation/transport/transport.h"
#include "federation/wire/envelope.h"
#include "node/gate/consent_book.h"
#include "node/gate/gate.h"
#include "node/membership/membership.h"
#include "node/notices/corrections.h"
#include "node/notices/inbox_reader.h"
#include "node/notices/inbox_watches.h"
#include "node/notices/notices.h"
#include "node/notices/sent_reader.h"
#include "node/process/process_book.h"
#include "node/process/process_heads.h"
#include "node/process/test_head_issuer.h"
#include "node/replay.h"
#include "node/retention/retentions.h"
#include "node/service.h"
#include "node/setup/own_keys.h"
#include "node/setup/source_states.h"
#include "node/store/erasures.h"
#include "node/store/store.h"
#include "node/transfer/transfers.h"
#include "node/view/case_views.h"
#include "node/view/file_giver.h"
#include "node/view/view_watches.h"
#include "node/work/allocations.h"
#include "node/work/conflicts.h"
#include "node/work/refusals.h"
#include "node/work/reviews.h"
#include "node/work/tasks.h"

namespace ginnel {

struct LinkRules;
class Telling;
namespace statutory {
struct Format;
}

namespace limits {
inline constexpr std::size_t turn_frames_max = 64;
inline constexpr std::size_t turn_calls_max = 64;
inline constexpr std::int64_t clock_back_ms_min = second_ms;   // a clock that goes back by more was put back
inline constexpr std::size_t posted_calls_max = 4096;          // waiting; more are refused with `too-busy`
inline constexpr std::size_t looks_at_once_max = 16;           // for patterns; the next begins when one has its answers
inline constexpr std::int64_t roles_look_ms = 30 * second_ms;  // how often it is looked which roles somebody has
}  // namespace limits

// What a node is told about itself.
struct NodeSettings {
  MemberId member;
  Contact duty;
  std::string own_basis;
  std::int64_t data_age_ms_max = 48 * hour_ms;  // older: its part is out of date
  bool test_head_issuer = false;
  RotationRules rotation{};
  std::map<std::string, std::int64_t> data_age_by_source_ms{};  // where a source has a limit of its own
  std::shared_ptr<const LinkRules> link_rules{};                // null: those that the program carries
  std::shared_ptr<const statutory::Format> cin_format{};        // null: no census return is made here
  DeliverySettings delivery{};
  InboxLimits inbox{};
  KeptViewRules kept_views{};
  std::shared_ptr<const ProcessRules> processes{};       // null: it begins no processes
  std::shared_ptr<const RetentionSchedule> retention{};  // null: it looks at no review dates
  bool in_shadow = false;  // decides and records what peers ask, and tells them nothing yet
};

// For operators, wherever they look.
inline constexpr const char* shadow_words =
    "in shadow: what others ask is decided and recorded, and they are told that this agency does not share yet; "
    "see `ginnel policy replay`";

// One call's view of the turn that it is part of.
struct Work {
  Turn& turn;
  Instant now;
  // Runs after the turn's commit, with its outcome; before it, nothing of this turn may be told to anybody.
  std::function<void(std::function<void(const Expected<void>&)>)> after;
  // The turn must not be committed: something of it could not be written whole.
  std::function<void(const Error&)> fail;
};

class Node final : public Service {
 public:
  struct Parts {  // all outlive the node
    Clock& clock;
    Random& random;
    Transport& transport;
    Store& store;
    DirectoryBook& book;
    OwnKeys& keys;  // changed when they rotate
    std::shared_ptr<const Bundle> bundle;
  };
  Node(const Parts& parts, NodeSettings settings);

  // Takes what waits and does it. False: there was nothing to do.
  bool turn();
  // When turn() has something to do by itself; nothing: only when a message or a call comes.
  std::optional<Instant> next_wake() const;
  // Called by post(), from its thread: wakes the loop.
  void on_post(std::function<void()> wake) { wake_ = std::move(wake); }
  // Called with every message that was opened, and the frame it came in: for traces of a demonstration.
  void on_opened(std::function<void(const Message&, ByteView frame)> see) { see_opened_ = std::move(see); }

  // Does `work` in a coming turn; `refuse` instead when there can be none (`read-only`, `too-busy`).
  void post(std::function<void(Work&)> work, std::function<void(const Error&)> refuse);
  // A long task in steps, one a turn, until it returns false. One at a time: the next waits.
  void post_steps(std::function<bool(Work&)> step, std::function<void(const Error&)> refuse);

  // Whose session it is: `unauthenticated` if it is unknown, over, or its account ended it.
  Expected<Session> session_of(const std::string& token, const StoreReader& reader, Instant now) const;

  // The last call: whoever still waits is told to try again.
  void close();

  // The agency's sources are complete up to here: kept, and told in every part.
  Expected<void> set_data_to(Instant data_to, Turn& turn);
  // What an import came to, kept with how the other sources stand; told in every part and to operators.
  Expected<void> note_import(const ImportOutcome& outcome, Turn& turn);
  const std::vector<SourceState>& sources() const { return sources_; }
  bool in_shadow() const { return settings_.in_shadow; }
  // Opens a test head (settings.test_head_issuer) on a child that this node holds.
  Expected<void> open_test_head(const Identity& child, const ProcessHead& plan, Turn& turn);

  // Service
  void find_account(std::string username, Done<Account> done) override;
  void open_session(UserId user, Done<Session> done) override;
  void note_failed_sign_in(std::string username, Done<bool> done) override;
  void close_session(std::string token, Done<bool> done) override;
  void find_session(std::string token, Done<Session> done) override;
  void start_view(Caller caller, ViewRequest request, Done<CaseView> done) override;
  void read_view(std::string token, ViewId view, Done<CaseView> done) override;
  void read_chronology(std::string token, ViewId view, ChronologyForm form, Done<CaseView> done) override;
  void ask_as_known_at(Caller caller, ViewId view, Instant moment, Done<CaseView> done) override;
  void mark_significant(Caller caller, NewSignificance mark, Done<RecordId> done) override;
  void recent_views(std::string token, Done<std::vector<RecentView>> done) override;
  void watch_view(std::string token, ViewId view, std::uint32_t seen, SeeNews see, Done<bool> done) override;
  void possible_matches(std::string token, Done<std::vector<MatchToDecide>> done) override;
  void merge_people(Caller caller, JoinRequest request, Done<bool> done) override;
  void unmerge_people(Caller caller, JoinRequest request, Done<bool> done) override;
  void cin_return(std::string token, int year, Done<CinReturn> done) override;
  void search_people(std::string token, PeopleSearch search, Done<FoundPeople> done) override;
  void read_own_person(std::string token, PersonRef person, std::string why, Done<FoundPerson> done) override;
  void record_person(Caller caller, NewPerson person, Done<PersonRef> done) override;
  void record_fact(Caller caller, NewRecord record, Done<RecordId> done) override;
  void mark_person(Caller caller, MarkingRequest request, Done<std::uint64_t> done) override;
  void sharing_of(std::string token, PersonRef person, std::uint64_t before, Done<SharingAccount> done) override;
  void record_consent(Caller caller, NewConsent consent, Done<ConsentId> done) override;
  void withdraw_consent(Caller caller, ConsentWithdrawal withdrawal, Done<bool> done) override;
  void list_consents(std::string token, PersonRef person, Done<ConsentList> done) override;
  void consent_register(std::string token, std::uint64_t before, Done<ConsentRegister> done) override;
  void record_refusal(Caller caller, NewRefusal refusal, Done<RefusalId> done) override;
  void review_refusal(Caller caller, NewRefusalReview review, Done<bool> done) override;
  void list_refusals(std::string token, PersonRef person, Done<RefusalList> done) override;
  void refusal_register(std::string token, std::uint64_t before, Done<RefusalRegister> done) override;
  void retention_desk(std::string token, Done<RetentionDesk> done) override;
  void decide_retention(Caller caller, NewRetentionDecision decision, Done<bool> done) override;
  void hold_retention(Caller caller, NewHold hold, Done<RetentionId> done) override;
  void release_hold(Caller caller, HoldRelease release, Done<bool> done) override;
  void policy_standing(std::string token, Done<PolicyStanding> done) override;
  void bundle_in_force(std::string token, Done<std::shared_ptr<const Bundle>> done) override;
  void try_agreement(std::string token, std::shared_ptr<const Bundle> offered, Done<TriedAgreement> done) override;
  void withheld_account(std::string token, Date from, Date to, Done<WithheldAccount> done) override;
  void keep_attachment(Caller caller, NewAttachment attachment, Done<KeptAttachment> done) override;
  void read_attachment(std::string token, ViewId view, AttachmentId id, Done<AttachmentFile> done) override;
  void work_overview(std::string token, Done<WorkOverview> done) override;
  void list_tasks(std::string token, TaskQuery query, Done<TaskList> done) override;
  void read_task(std::string token, TaskId task, Done<TaskDetail> done) override;
  void review_desk(std::string token, Done<ReviewDesk> done) override;
  void open_task(Caller caller, NewTask task, Done<TaskId> done) override;
  void change_task(Caller caller, TaskChange change, Done<bool> done) override;
  void hand_over_all(Caller caller, HandOverAll all, Done<HandedOver> done) override;
  void list_allocations(std::string token, AllocationQuery query, Done<std::vector<AllocationRow>> done) override;
  void allocate(Caller caller, NewAllocation allocation, Done<AllocationId> done) override;
  void end_allocation(Caller caller, EndAllocation end, Done<bool> done) override;
  void record_conflict(Caller caller, NewConflict conflict, Done<AllocationId> done) override;
  void end_conflict(Caller caller, EndAllocation end, Done<bool> done) override;
  void list_conflicts(std::string token, AllocationQuery query, Done<std::vector<AllocationRow>> done) override;
  void begin_process(Caller caller, NewProcess process, Done<ProcessId> done) override;
  void list_processes(std::string token, Done<ProcessList> done) override;
  void list_processes_elsewhere(std::string token, Done<InboxList> done) override;
  void read_process(std::string token, ProcessId process, Done<ProcessDetail> done) override;
  void begin_process_step(Caller caller, NewProcessStep step, Done<std::uint64_t> done) override;
  void contribute_to_process(Caller caller, NewContribution contribution, Done<bool> done) override;
  void close_process_step(Caller caller, NewOutcome outcome, Done<bool> done) override;
  void give_late_reason(Caller caller, NewLateReason reason, Done<bool> done) override;
  void acknowledge_alert(Caller caller, ProcessId process, std::string alert, Done<bool> done) override;
  void migrate_process(Caller caller, ProcessId process, std::string to, Done<bool> done) override;
  void offer_transfer(Caller caller, NewLeadOffer offer, Done<TransferId> done) override;
  void say_in_transfer(Caller caller, TransferSaying saying, Done<bool> done) override;
  void list_transfers(std::string token, Done<TransferList> done) override;
  void read_transfer(std::string token, TransferId transfer, Done<TransferDetail> done) override;
  void list_notices(std::string token, Done<InboxList> done) override;
  void read_notice(std::string token, NoticeId id, Done<InboxItem> done) override;
  void list_sent(std::string token, Done<SentList> done) override;
  void read_sent(std::string token, NoticeId id, Done<SentNotice> done) override;
  void acknowledge_notice(Caller caller, NoticeId id, std::string note, Done<InboxItem> done) override;
  void answer_invitation(Caller caller, NewAnswer answer, Done<RecordId> done) override;
  void relied_on(std::string token, NoticeId id, Done<std::vector<Reliance>> done) override;
  void waiting_notices(std::string token, Done<std::uint64_t> done) override;
  void watch_inbox(std::string token, SeeInbox see, Done<bool> done) override;
  void correct_record(Caller caller, CorrectionRequest request, Done<CorrectionMade> done) override;
  void readiness(std::function<void(Readiness)> done) override;
  void metrics(std::function<void(std::string)> done) override;

  // Why this node is, or may be, no member any more, in a sentence for operators; empty: nothing says so.
  std::string revocation() const;
  std::uint64_t dropped(Drop reason) const { return dropped_[std::size_t(reason)]; }
  std::uint64_t unsupported_kinds() const { return unsupported_kinds_; }  // messages answered `unsupported-kind`
  std::optional<Instant> last_heard(const MemberId& member) const { return views_.last_heard(member); }
  const Gate& gate() const { return gate_; }
  Membership& membership() { return membership_; }
  Tasks& tasks() { return tasks_; }
  const ProcessBook& processes() const { return processes_; }
  const Notices& notices() const { return notices_; }
  const Transfers& transfers() const { return transfers_; }
  const Erasures& erasures() const { return erasures_; }
  const Retentions& retentions() const { return retentions_; }

 private:
  struct Posted {
    std::function<void(Work&)> work;
    std::function<void(const Error&)> refuse;
  };
  struct Steps {
    std::function<bool(Work&)> step;
    std::function<void(const Error&)> refuse;
  };
  struct Waiting {
    Session worker;
    Done<CaseView> done;
  };
  struct FileCall {  // somebody waits for a file
    std::string token;
    ViewId view;
    AttachmentId id;
    std::shared_ptr<Done<AttachmentFile>> done;
  };
  struct Fetching {
    ViewFile file;
    std::vector<FileCall> calls;
  };

  // What all agencies hold about whom a process is about, looked at by the node itself.
  struct Look {
    ProcessId process;
    Session worker;                                   // for whom
    std::optional<std::uint32_t> told_revision = {};  // of the view, when it was looked at last
  };

  bool has_work(Instant now);
  void clock_went_back(Instant now);
  void refuse_all(const Error& error);
  Error read_only_error() const;
  void forget_turn(const Error& error);
  void receive(const std::vector<Frame>& frames, Turn& turn);
  void open(const Frame& frame, Turn& turn);
  std::optional<Drop> handle(const Message& message, Turn& turn);
  std::optional<Drop> answer(const Message& message, Turn& turn);
  const AnswerEngine::Given* given_before(const MemberId& from, const AskId& ask, Turn& turn);
  Expected<MadePart> make_answer(const MemberId& from, const Ask& ask, Turn& turn);
  std::optional<Drop> answer_page(const Message& message, Turn& turn);
  std::optional<Drop> give_file(const Message& message, Turn& turn);
  std::optional<Drop> give_transfer_part(const Message& message, const FileRequest& request, Turn& turn);
  void not_given(const Message& to, const std::string& id, Instant now);
  void open_file(const FileCall& call, bool may_fetch, Work& work);
  Expected<std::optional<AttachmentFile>> file_for(const FileCall& call, bool may_fetch, Work& work);
  Expected<std::optional<AttachmentFile>> own_file(const Session& session, const FileCall& call, Turn& turn);
  void finish_files(Work& work);
  void refuse_files(const Error& error);
  void reply(const Message& to, Kind kind, Bytes payload, Instant now);
  void reply_page(const Message& to, const AnswerEngine::Given& given, std::size_t page, Instant now);
  void finish_views(Work& work);
  void tell_watchers(Work& work);
  void tell_inboxes(Work& work);
  void end_watches();
  void release(const std::vector<Outgoing>& messages, Instant now);
  SealKey seal_key() const { return {p_.keys.signing, p_.keys.statement_number}; }  // with which it signs now
  OwnPart own_part() const;
  Asking own_asking(const Session& worker) const;
  Expected<FoundPeople> look_for(const Session& worker, const PeopleSearch& search, Turn& turn);
  // One of the node's own people, decided and recorded. `not-found` unless it may be told that they are held.
  Expected<PersonVerdict> look_up(const Session& worker, const PersonRef& person, const std::string& why, Turn& turn);
  Expected<bool> may_tell_record(const Session& worker, const PersonRef& person, const RecordId& record, Turn& turn);
  Expected<void> check_writes(const Session& session) const;
  Expected<void> check_sees_decisions(const Session& session) const;
  Expected<void> check_sees_sharing(const Session& session, const char* cannot) const;
  // Those of them who may be shown, in their order, decided and recorded at once; the others are as if not there.
  Expected<std::vector<FoundPerson>> show_people(const Session& session, std::span<const PersonRef> people,
                                                 const char* why, Turn& turn);
  Expected<FoundPerson> show_person(const Session& session, const PersonRef& person, const char* why, Turn& turn);
  Expected<DecisionsAbout> decisions_about(const Session& session, const PersonRef& person, const char* why,
                                           Turn& turn);
  std::vector<NamedMember> other_members() const;
  // That they may be shown, decided and recorded; `not-found` else.
  Expected<void> may_know_person(const Session& session, const PersonRef& person, const char* why, Turn& turn);
  const LinkRules& link_rules() const;
  Expected<void> check_joins_people(const Session& session) const;
  Expected<Session> task_holder_of(const std::string& token, const StoreReader& reader, Instant now) const;
  Expected<Session> task_holder(const Session& session) const;
  Expected<void> check_told(const PersonRef& person, const StoreReader& reader) const;
  // Whether who asks may be told of others' relations to people; and of the person, where the query names one.
  Expected<void> may_query(const AllocationQuery& query, const char* what, const Telling& tell, const Turn& turn) const;
  // `conflict-of-interest`: the worker must not see or work this person's case; nobody: nothing to check.
  Expected<void> check_no_conflict(const UserId& worker, const PersonRef& person, const Turn& turn) const;
  void route_conflict(const Session& worker, const Identity& child, Work& work);
  // Who moves leads: roles that manage work and write.
  Expected<Session> transfer_manager(const Session& session) const;
  // A transfer of somebody who may be told of, and whom it is about where the node holds them.
  struct ToldTransfer {
    TransferLog log;
    PersonRef person;                       // empty: its file has not become the node's own
    std::vector<TransferLog> of_process{};  // all that this node was a side of, this one too
  };
  static const TransferLog& last_move(const ToldTransfer& told);
  static std::vector<Accountable> accountable_in(const ToldTransfer& told);
  Expected<ToldTransfer> told_transfer(const TransferId& transfer, const StoreReader& reader) const;
  Expected<PersonRef> subject_of(const TransferLog& log, const StoreReader& reader) const;
  TransferSummary summary_of(const ToldTransfer& told, const Session& who, Instant now) const;
  Expected<bool> may_know_offered(const TransferChildPart& child, const Session& who, const Turn& turn) const;
  Expected<void> check_offer_is_theirs(const ToldTransfer& told, const Session& who, const Turn& turn) const;
  Expected<void> tell_transfer_file(const ToldTransfer& told, const Session& who, TransferDetail& out, Turn& turn);
  std::string name_of_member(const MemberId& member) const;
  // A process of somebody who may be told of; `not-found` alike where there is none.
  Expected<KeptProcess> told_process(const ProcessId& process, const StoreReader& reader) const;
  Expected<Session> process_worker(const Session& session, const ProcessId& process, const Turn& turn) const;
  Expected<void> note_possible_matches(Turn& turn);
  // Who begins a view is answered when it is due; `make` says what is asked.
  using MakeRequest = std::function<Expected<ViewRequest>(Work& work, const Session& session)>;
  void begin_view(Caller caller, MakeRequest make, Done<CaseView> done);
  Expected<CaseView> show_view(const Session& worker, const ViewId& view, Turn& turn, const std::string& form = {});
  Expected<void> open_notice_tasks(Turn& turn);
  Expected<void> open_inbox_tasks(Turn& turn);
  Expected<bool> is_to_answer(const Session& who, const NoticeId& item, const StoreReader& reader) const;
  Expected<void> look_for_patterns(Turn& turn);
  std::optional<Instant> next_look() const;
  std::size_t looks_in_flight() const;
  Expected<void> begin_look(const LookWish& wish, Turn& turn);
  Expected<bool> take_into_process(const MemberId& from, const PersonRef& person, const Item& item, Turn& turn);
  Expected<void> look_at_roles(Turn& turn);

  // In the order in which they are made, which is the order in which data goes: settings, gate, engines, views.
  Parts p_;
  NodeSettings settings_;
  SecretKey pseudonym_key_;
  Gate gate_;
  ConsentBook consents_;
  PersonFinder finder_;
  PartMaker parts_;
  Membership membership_;
  TestHeadIssuer test_heads_;
  ProcessHeads heads_;
  AskEngine asks_;
  AnswerEngine answers_;
  FileEngine files_;
  KeptViews kept_;
  CaseViews views_;
  FileGiver file_giver_;
  ViewWatches watches_;
  Tasks tasks_;
  ProcessBook processes_;
  Reviews reviews_;
  Refusals refusals_;
  Erasures erasures_;
  Retentions retentions_;
  Transfers transfers_;
  Allocations allocations_;
  Conflicts conflicts_;
  Notices notices_;
  InboxReader inbox_;
  SentReader sent_;
  InboxWatches inbox_watches_;
  Corrections corrections_;
  StoredReplays replays_;
  Opener opener_;
  Instant data_to_;
  Instant roles_looked_at_;  // when tasks_ was told last which roles somebody has
  std::vector<SourceState> sources_;

  std::function<void()> wake_;
  std::function<void(const Message&, ByteView)> see_opened_;
  mutable std::mutex posted_mutex_;
  std::deque<Posted> posted_;  // guarded by posted_mutex_
  std::deque<Steps> steps_;    // guarded by posted_mutex_; the front one runs

  std::map<ViewId, std::vector<Waiting>> waiting_;
  std::map<ViewId, Look> looks_;
  std::map<std::pair<MemberId, FileName>, Fetching> fetching_;
  std::vector<Outgoing> outgoing_;  // of this turn
  HeldBack held_;
  std::vector<std::function<void(const Expected<void>&)>> after_;
  Instant seen_;                     // the time when the loop came by last
  std::optional<Error> turn_error_;  // an append failed: the turn must not be committed
  std::array<std::uint64_t, drop_reasons> dropped_{};
  std::uint64_t unsupported_kinds_ = 0;
  std::uint64_t turns_ = 0, commits_ = 0, asks_answered_ = 0, views_shown_ = 0;
};

}  // namespace ginnel
