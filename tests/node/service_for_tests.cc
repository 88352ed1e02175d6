// SPDX-License-Identifier: Apache-2.0
#include "tests/node/service_for_tests.h"

namespace ginnel {

Account& ServiceForTests::add(const std::string& username, const std::string& password) {
  Account account;
  account.id = UserId::make(random_);
  account.username = username;
  account.display_name = "A. <Tester>";
  account.role = "practitioner";
  account.password_hash = hash_password(password, quick_cost);
  return accounts_[username] = account;
}

Session ServiceForTests::sign_in(const std::string& username) {
  std::lock_guard lock(mutex_);
  return open(accounts_.at(username));
}

bool ServiceForTests::has_session(const std::string& token) {
  std::lock_guard lock(mutex_);
  return sessions_.contains(token);
}

std::optional<OnceKey> ServiceForTests::last_once() {
  std::lock_guard lock(mutex_);
  return once_;
}

std::vector<ViewRequest> ServiceForTests::asked() {
  std::lock_guard lock(mutex_);
  return asked_;
}

void ServiceForTests::stop() { loop_.stop(); }

void ServiceForTests::possible_matches(std::string, Done<std::vector<MatchToDecide>> done) {
  post([this, done] { done(matches); });
}

void ServiceForTests::merge_people(Caller, JoinRequest request, Done<bool> done) {
  post([this, request, done] { join(request, true, done); });
}

void ServiceForTests::unmerge_people(Caller, JoinRequest request, Done<bool> done) {
  post([this, request, done] { join(request, false, done); });
}

void ServiceForTests::cin_return(std::string, int year, Done<CinReturn> done) {
  post([this, year, done] {
    made.year = year;
    done(made);
  });
}

void ServiceForTests::search_people(std::string, PeopleSearch search, Done<FoundPeople> done) {
  post([this, search, done] {
    searched.push_back(search);
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(found);
  });
}

void ServiceForTests::read_own_person(std::string, PersonRef person, std::string why, Done<FoundPerson> done) {
  post([this, person, why, done] {
    shown_because = why;
    for (const auto& one : found.people)
      if (one.id == person) return done(one);
    done(fail("not-found", "no such person"));
  });
}

void ServiceForTests::record_person(Caller, NewPerson person, Done<PersonRef> done) {
  post([this, person, done] {
    people_recorded.push_back(person);
    done(PersonRef::make(random_));
  });
}

void ServiceForTests::record_fact(Caller, NewRecord record, Done<RecordId> done) {
  post([this, record, done] {
    facts_recorded.push_back(record);
    done(RecordId::make(random_));
  });
}

void ServiceForTests::mark_person(Caller, MarkingRequest request, Done<std::uint64_t> done) {
  post([this, request, done] {
    marked.push_back(request);
    done(7);
  });
}

void ServiceForTests::sharing_of(std::string, PersonRef person, std::uint64_t before, Done<SharingAccount> done) {
  post([this, person, before, done] {
    sharing.person = person;
    sharing.before = before == 0 ? 7 : 0;
    done(sharing);
  });
}

void ServiceForTests::list_notices(std::string, Done<InboxList> done) {
  post([this, done] { done(inbox); });
}

void ServiceForTests::read_notice(std::string, NoticeId id, Done<InboxItem> done) {
  post([this, id, done] {
    for (const auto& item : inbox.items)
      if (item.id == id.hex()) return done(item);
    done(fail("not-found", "there is no such notice"));
  });
}

void ServiceForTests::acknowledge_notice(Caller, NoticeId id, std::string note, Done<InboxItem> done) {
  post([this, id, note, done] {
    for (auto& item : inbox.items)
      if (item.id == id.hex()) {
        item.acknowledged_at = clock_.now();
        item.acknowledged_by = "A. <Tester>";
        item.note = note;
        return done(item);
      }
    done(fail("not-found", "there is no such notice"));
  });
}

void ServiceForTests::list_sent(std::string, Done<SentList> done) {
  post([this, done] { done(sent); });
}

void ServiceForTests::read_sent(std::string, NoticeId id, Done<SentNotice> done) {
  post([this, id, done] {
    for (const auto& notice : sent.notices)
      if (!notice.recipients.empty() && notice.recipients.front().id == id) return done(notice);
    done(fail("not-found", "there is no such notice"));
  });
}

void ServiceForTests::relied_on(std::string, NoticeId, Done<std::vector<Reliance>> done) {
  post([this, done] { done(relied); });
}

void ServiceForTests::waiting_notices(std::string, Done<std::uint64_t> done) {
  post([this, done] { done(inbox.waiting); });
}

void ServiceForTests::watch_inbox(std::string, SeeInbox see, Done<bool> done) {
  post([this, see, done] {
    {
      std::lock_guard lock(mutex_);
      inbox_watchers.push_back(see);
    }
    done(true);
  });
}

void ServiceForTests::correct_record(Caller, CorrectionRequest request, Done<CorrectionMade> done) {
  post([this, request, done] {
    corrections.push_back(request);
    done(CorrectionMade{RecordId(), 2});
  });
}

bool ServiceForTests::tell_inbox(InboxNews news) {
  std::lock_guard lock(mutex_);
  for (const auto& see : inbox_watchers) see(news);
  return !inbox_watchers.empty();
}

void ServiceForTests::find_account(std::string username, Done<Account> done) {
  post([this, username, done] {
    auto found = accounts_.find(username);
    if (found == accounts_.end()) return done(fail("not-found", "no such user"));
    done(found->second);
  });
}

void ServiceForTests::open_session(UserId user, Done<Session> done) {
  post([this, user, done] {
    std::optional<Session> session;
    {
      std::lock_guard lock(mutex_);
      for (auto& [name, account] : accounts_)
        if (account.id == user) session = open(account);
    }
    done(*session);
  });
}

void ServiceForTests::note_failed_sign_in(std::string, Done<bool> done) {
  post([this, done] {
    ++failed_sign_ins;
    done(true);
  });
}

void ServiceForTests::close_session(std::string token, Done<bool> done) {
  post([this, token, done] {
    {
      std::lock_guard lock(mutex_);
      sessions_.erase(token);
    }
    done(true);
  });
}

void ServiceForTests::find_session(std::string token, Done<Session> done) {
  post([this, token, done] {
    auto found = find(token);
    if (!found) return done(fail("unauthenticated", "no such session"));
    done(*found);
  });
}

void ServiceForTests::start_view(Caller caller, ViewRequest request, Done<CaseView> done) {
  post([this, caller, request, done] {
    auto session = find(caller.token);
    {
      std::lock_guard lock(mutex_);
      asked_.push_back(request);
      once_ = caller.once;
      if (session) owner_ = session->username;
    }
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(view);
  });
}

void ServiceForTests::read_view(std::string token, ViewId id, Done<CaseView> done) {
  post([this, token, id, done] {
    auto session = find(token);
    if (fails_with) return done(tl::unexpected(*fails_with));
    if (id == concealed_id) return done(fail("not-found", "the view is concealed", "by a marking"));
    if (id != view.id) return done(fail("not-found", "no such view"));
    if (!session || session->username != owner_) return done(fail("not-found", "this view is somebody else's"));
    done(view);
  });
}

void ServiceForTests::list_processes_elsewhere(std::string, Done<InboxList> done) {
  post([this, done] { done(inbox); });
}

void ServiceForTests::read_chronology(std::string token, ViewId id, ChronologyForm form, Done<CaseView> done) {
  post([this, form] { chronologies.push_back(form); });
  read_view(std::move(token), id, std::move(done));
}

void ServiceForTests::ask_as_known_at(Caller caller, ViewId id, Instant moment, Done<CaseView> done) {
  post([this, moment] { moments.push_back(moment); });
  read_view(caller.token, id, std::move(done));
}

void ServiceForTests::mark_significant(Caller, NewSignificance mark, Done<RecordId> done) {
  post([this, mark, done] {
    if (fails_with) return done(tl::unexpected(*fails_with));
    if (!mark.mistakes.empty()) return done(fail("bad-mark", "cannot mark the entry", mark.mistakes.front()));
    significant.push_back(mark);
    done(RecordId::make(random_));
  });
}

void ServiceForTests::recent_views(std::string token, Done<std::vector<RecentView>> done) {
  post([this, token, done] {
    if (!find(token)) return done(fail("unauthenticated", "no such session"));
    done(recent);
  });
}

void ServiceForTests::watch_view(std::string token, ViewId id, std::uint32_t seen, SeeNews see, Done<bool> done) {
  post([this, token, id, seen, see, done] {
    auto session = find(token);
    if (id != view.id || !session || session->username != owner_) return done(fail("not-found", "no such view"));
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(true);
    std::lock_guard lock(mutex_);
    seen_ = seen;
    watcher_ = see;
  });
}

std::optional<bool> ServiceForTests::tell(ViewNews news, std::uint32_t revision) {
  std::lock_guard lock(mutex_);
  if (!watcher_) return std::nullopt;
  return watcher_(&news, revision);
}

bool ServiceForTests::is_watched() {
  std::lock_guard lock(mutex_);
  return watcher_ && watcher_(nullptr, 0);
}

std::uint32_t ServiceForTests::seen() {
  std::lock_guard lock(mutex_);
  return seen_;
}

void ServiceForTests::keep_attachment(Caller, NewAttachment wanted, Done<KeptAttachment> done) {
  post([this, wanted, done] {
    new_attachment = wanted;
    done(KeptAttachment{AttachmentId::make(random_), RecordId::make(random_), wanted.file});
  });
}

void ServiceForTests::read_attachment(std::string, ViewId, AttachmentId, Done<AttachmentFile> done) {
  post([this, done] {
    if (file.content.empty()) return done(fail("not-found", "no such file"));
    done(file);
  });
}

void ServiceForTests::work_overview(std::string, Done<WorkOverview> done) {
  post([this, done] { done(overview); });
}

void ServiceForTests::list_tasks(std::string, TaskQuery query, Done<TaskList> done) {
  post([this, query, done] {
    task_query = query;
    done(overview.mine);
  });
}

void ServiceForTests::read_task(std::string, TaskId id, Done<TaskDetail> done) {
  post([this, id, done] {
    if (id != task.task.id) return done(fail("not-found", "no such task"));
    done(task);
  });
}

void ServiceForTests::open_task(Caller, NewTask wanted, Done<TaskId> done) {
  post([this, wanted, done] {
    new_task = wanted;
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(task.task.id);
  });
}

void ServiceForTests::change_task(Caller, TaskChange change, Done<bool> done) {
  post([this, change, done] {
    task_changes.push_back(change);
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(true);
  });
}

void ServiceForTests::hand_over_all(Caller, HandOverAll all, Done<HandedOver> done) {
  post([this, all, done] {
    handed_over = all;
    done(HandedOver{2, 3});
  });
}

void ServiceForTests::list_allocations(std::string, AllocationQuery, Done<std::vector<AllocationRow>> done) {
  post([this, done] { done(overview.allocated); });
}

void ServiceForTests::allocate(Caller, NewAllocation wanted, Done<AllocationId> done) {
  post([this, wanted, done] {
    new_allocation = wanted;
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(AllocationId::make(random_));
  });
}

void ServiceForTests::end_allocation(Caller, EndAllocation, Done<bool> done) {
  post([done] { done(true); });
}

void ServiceForTests::record_conflict(Caller, NewConflict conflict, Done<AllocationId> done) {
  post([this, conflict, done] {
    new_conflict = conflict;
    if (fails_with) return done(tl::unexpected(*fails_with));
    done(AllocationId::make(random_));
  });
}

void ServiceForTests::end_conflict(Caller, EndAllocation end, Done<bool> done) {
  post([this, end, done] {
    ended_conflict = end;
    done(true);
  });
}

void ServiceForTests::list_conflicts(std::string, AllocationQuery query, Done<std::vector<AllocationRow>> done) {
  post([this, query, done] {
    conflicts_of = query;
    done(overview.allocated);
  });
}

void ServiceForTests::readiness(std::function<void(Readiness)> done) {
  post([this, done] { done(ready); });
}

void ServiceForTests::metrics(std::function<void(std::string)> done) {
  post([done] { done("ginnel_up 1\n"); });
}

void ServiceForTests::join(const JoinRequest& request, bool merge, const Done<bool>& done) {
  joined.emplace_back(request, merge);
  done(true);
}

void ServiceForTests::post(std::function<void()> task) { loop_.post(std::move(task)); }

std::optional<Session> ServiceForTests::find(const std::string& token) {
  std::lock_guard lock(mutex_);
  auto found = sessions_.find(token);
  return found == sessions_.end() ? std::nullopt : std::optional(found->second);
}

Session ServiceForTests::open(const Account& account) {
  auto session = make_session(account, random_, clock_.now());
  auto kept = session;
  kept.token.clear();
  sessions_[session.token] = kept;
  return session;
}

}  // namespace ginnel
