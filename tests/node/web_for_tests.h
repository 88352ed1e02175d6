// SPDX-License-Identifier: Apache-2.0
// A node's web side with a small Service behind it: a real server on the loopback, answers from a thread that stands
// for the loop.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "federation/base/crypto/password.h"
#include "node/people/session.h"
#include "node/people/token.h"
#include "node/web/web.h"
#include "node/web/workers.h"
#include "tests/node/https_for_tests.h"
#include "tests/node/openapi_for_tests.h"
#include "tests/node/shown_view_for_tests.h"

namespace ginnel {

inline const PasswordCost quick_cost{1, 8 * 1024};

class ServiceForTests : public Service {
 public:
  explicit ServiceForTests(Clock& clock) : clock_(clock) {}

  Account& add(const std::string& username, const std::string& password) {
    Account account;
    account.id = UserId::make(random_);
    account.username = username;
    account.display_name = "A. <Tester>";
    account.role = "practitioner";
    account.password_hash = hash_password(password, quick_cost);
    return accounts_[username] = account;
  }
  Session sign_in(const std::string& username) {
    std::lock_guard lock(mutex_);
    return open(accounts_.at(username));
  }
  bool has_session(const std::string& token) {
    std::lock_guard lock(mutex_);
    return sessions_.contains(token);
  }
  // Of the view that was asked for last.
  std::optional<OnceKey> last_once() {
    std::lock_guard lock(mutex_);
    return once_;
  }
  std::vector<ViewRequest> asked() {
    std::lock_guard lock(mutex_);
    return asked_;
  }
  void stop() { loop_.stop(); }

  void possible_matches(std::string, Done<std::vector<MatchToDecide>> done) override {
    post([this, done] { done(matches); });
  }
  void merge_people(Caller, JoinRequest request, Done<bool> done) override {
    post([this, request, done] { join(request, true, done); });
  }
  void unmerge_people(Caller, JoinRequest request, Done<bool> done) override {
    post([this, request, done] { join(request, false, done); });
  }
  void cin_return(std::string, int year, Done<CinReturn> done) override {
    post([this, year, done] {
      made.year = year;
      done(made);
    });
  }
  CinReturn made;
  void search_people(std::string, PeopleSearch search, Done<FoundPeople> done) override {
    post([this, search, done] {
      searched.push_back(search);
      if (fails_with) return done(tl::unexpected(*fails_with));
      done(found);
    });
  }
  void read_own_person(std::string, PersonRef person, Done<FoundPerson> done) override {
    post([this, person, done] {
      for (const auto& one : found.people)
        if (one.id == person) return done(one);
      done(fail("not-found", "no such person"));
    });
  }
  void record_person(Caller, NewPerson person, Done<PersonRef> done) override {
    post([this, person, done] {
      people_recorded.push_back(person);
      done(PersonRef::make(random_));
    });
  }
  void record_fact(Caller, NewRecord record, Done<RecordId> done) override {
    post([this, record, done] {
      facts_recorded.push_back(record);
      done(RecordId::make(random_));
    });
  }
  void mark_person(Caller, MarkingRequest request, Done<std::uint64_t> done) override {
    post([this, request, done] {
      marked.push_back(request);
      done(7);
    });
  }
  void sharing_of(std::string, PersonRef person, std::uint64_t before, Done<SharingAccount> done) override {
    post([this, person, before, done] {
      sharing.person = person;
      sharing.before = before == 0 ? 7 : 0;
      done(sharing);
    });
  }
  SharingAccount sharing;
  FoundPeople found;
  std::vector<PeopleSearch> searched;
  std::vector<NewPerson> people_recorded;
  std::vector<NewRecord> facts_recorded;
  std::vector<MarkingRequest> marked;
  void list_notices(std::string, Done<InboxList> done) override {
    post([this, done] { done(inbox); });
  }
  void read_notice(std::string, NoticeId id, Done<InboxItem> done) override {
    post([this, id, done] {
      for (const auto& item : inbox.items)
        if (item.id == id.hex()) return done(item);
      done(fail("not-found", "there is no such notice"));
    });
  }
  void acknowledge_notice(Caller, NoticeId id, std::string note, Done<InboxItem> done) override {
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
  void list_sent(std::string, Done<SentList> done) override {
    post([this, done] { done(sent); });
  }
  void read_sent(std::string, NoticeId id, Done<SentNotice> done) override {
    post([this, id, done] {
      for (const auto& notice : sent.notices)
        if (!notice.recipients.empty() && notice.recipients.front().id == id) return done(notice);
      done(fail("not-found", "there is no such notice"));
    });
  }
  void relied_on(std::string, NoticeId, Done<std::vector<Reliance>> done) override {
    post([this, done] { done(relied); });
  }
  void waiting_notices(std::string, Done<std::uint64_t> done) override {
    post([this, done] { done(inbox.waiting); });
  }
  void watch_inbox(std::string, SeeInbox see, Done<bool> done) override {
    post([this, see, done] {
      {
        std::lock_guard lock(mutex_);
        inbox_watchers.push_back(see);
      }
      done(true);
    });
  }
  void correct_record(Caller, CorrectionRequest request, Done<CorrectionMade> done) override {
    post([this, request, done] {
      corrections.push_back(request);
      done(CorrectionMade{RecordId(), 2});
    });
  }
  // Whether somebody watched.
  bool tell_inbox(InboxNews news) {
    std::lock_guard lock(mutex_);
    for (const auto& see : inbox_watchers) see(news);
    return !inbox_watchers.empty();
  }
  InboxList inbox;
  SentList sent;
  std::vector<Reliance> relied;
  std::vector<SeeInbox> inbox_watchers;
  std::vector<CorrectionRequest> corrections;
  std::vector<MatchToDecide> matches;
  std::vector<std::pair<JoinRequest, bool>> joined;  // what was decided, and whether to merge

  void find_account(std::string username, Done<Account> done) override {
    post([this, username, done] {
      auto found = accounts_.find(username);
      if (found == accounts_.end()) return done(fail("not-found", "no such user"));
      done(found->second);
    });
  }
  void open_session(UserId user, Done<Session> done) override {
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
  void note_failed_sign_in(std::string, Done<bool> done) override {
    post([this, done] {
      ++failed_sign_ins;
      done(true);
    });
  }
  void close_session(std::string token, Done<bool> done) override {
    post([this, token, done] {
      {
        std::lock_guard lock(mutex_);
        sessions_.erase(token);
      }
      done(true);
    });
  }
  void find_session(std::string token, Done<Session> done) override {
    post([this, token, done] {
      auto found = find(token);
      if (!found) return done(fail("unauthenticated", "no such session"));
      done(*found);
    });
  }
  void start_view(Caller caller, ViewRequest request, Done<CaseView> done) override {
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
  void read_view(std::string token, ViewId id, Done<CaseView> done) override {
    post([this, token, id, done] {
      auto session = find(token);
      if (fails_with) return done(tl::unexpected(*fails_with));
      if (id == concealed_id) return done(fail("not-found", "the view is concealed", "by a marking"));
      if (id != view.id) return done(fail("not-found", "no such view"));
      if (!session || session->username != owner_) return done(fail("not-found", "this view is somebody else's"));
      done(view);
    });
  }
  void recent_views(std::string token, Done<std::vector<RecentView>> done) override {
    post([this, token, done] {
      if (!find(token)) return done(fail("unauthenticated", "no such session"));
      done(recent);
    });
  }
  void watch_view(std::string token, ViewId id, std::uint32_t seen, SeeNews see, Done<bool> done) override {
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
  // As the loop does it. Nothing: nobody has watched yet.
  std::optional<bool> tell(ViewNews news, std::uint32_t revision) {
    std::lock_guard lock(mutex_);
    if (!watcher_) return std::nullopt;
    return watcher_(&news, revision);
  }
  bool is_watched() {
    std::lock_guard lock(mutex_);
    return watcher_ && watcher_(nullptr, 0);
  }
  std::uint32_t seen() {
    std::lock_guard lock(mutex_);
    return seen_;
  }
  void keep_attachment(Caller, NewAttachment wanted, Done<KeptAttachment> done) override {
    post([this, wanted, done] {
      new_attachment = wanted;
      done(KeptAttachment{AttachmentId::make(random_), RecordId::make(random_), wanted.file});
    });
  }
  void read_attachment(std::string, ViewId, AttachmentId, Done<AttachmentFile> done) override {
    post([this, done] {
      if (file.content.empty()) return done(fail("not-found", "no such file"));
      done(file);
    });
  }
  NewAttachment new_attachment;
  AttachmentFile file;

  // Work: what was asked for is kept, and answered with what stands here.
  void work_overview(std::string, Done<WorkOverview> done) override {
    post([this, done] { done(overview); });
  }
  void list_tasks(std::string, TaskQuery query, Done<TaskList> done) override {
    post([this, query, done] {
      task_query = query;
      done(overview.mine);
    });
  }
  void read_task(std::string, TaskId id, Done<TaskDetail> done) override {
    post([this, id, done] {
      if (id != task.task.id) return done(fail("not-found", "no such task"));
      done(task);
    });
  }
  void open_task(Caller, NewTask wanted, Done<TaskId> done) override {
    post([this, wanted, done] {
      new_task = wanted;
      if (fails_with) return done(tl::unexpected(*fails_with));
      done(task.task.id);
    });
  }
  void change_task(Caller, TaskChange change, Done<bool> done) override {
    post([this, change, done] {
      task_changes.push_back(change);
      if (fails_with) return done(tl::unexpected(*fails_with));
      done(true);
    });
  }
  void hand_over_all(Caller, HandOverAll all, Done<HandedOver> done) override {
    post([this, all, done] {
      handed_over = all;
      done(HandedOver{2, 3});
    });
  }
  void list_allocations(std::string, AllocationQuery, Done<std::vector<AllocationRow>> done) override {
    post([this, done] { done(overview.allocated); });
  }
  void allocate(Caller, NewAllocation wanted, Done<AllocationId> done) override {
    post([this, wanted, done] {
      new_allocation = wanted;
      if (fails_with) return done(tl::unexpected(*fails_with));
      done(AllocationId::make(random_));
    });
  }
  void end_allocation(Caller, EndAllocation, Done<bool> done) override {
    post([done] { done(true); });
  }
  WorkOverview overview;
  TaskDetail task;
  TaskQuery task_query;
  NewTask new_task;
  std::vector<TaskChange> task_changes;
  HandOverAll handed_over;
  NewAllocation new_allocation;

  void readiness(std::function<void(Readiness)> done) override {
    post([this, done] { done(ready); });
  }
  void metrics(std::function<void(std::string)> done) override {
    post([done] { done("ginnel_up 1\n"); });
  }

  CaseView view = shown_view();
  std::vector<RecentView> recent;
  ViewId concealed_id = ViewId::parse("00000000000000000000000000000001").value();
  std::optional<Error> fails_with;
  Readiness ready{true, "normal", {}};
  std::atomic<int> failed_sign_ins = 0;

 private:
  void join(const JoinRequest& request, bool merge, const Done<bool>& done) {
    joined.emplace_back(request, merge);
    done(true);
  }
  void post(std::function<void()> task) { loop_.post(std::move(task)); }
  std::optional<Session> find(const std::string& token) {
    std::lock_guard lock(mutex_);
    auto found = sessions_.find(token);
    return found == sessions_.end() ? std::nullopt : std::optional(found->second);
  }
  Session open(const Account& account) {
    auto session = make_session(account, random_, clock_.now());
    auto kept = session;
    kept.token.clear();
    sessions_[session.token] = kept;
    return session;
  }

  Clock& clock_;
  SeededRandom random_{5};
  std::mutex mutex_;
  std::map<std::string, Account> accounts_;
  std::map<std::string, Session> sessions_;
  std::vector<ViewRequest> asked_;
  std::optional<OnceKey> once_;
  SeeNews watcher_;
  std::uint32_t seen_ = 0;
  std::string owner_ = "tester";
  Workers loop_{1, 1000};
};

class ClockForTests : public Clock {
 public:
  Instant now() override { return {now_ms}; }
  std::atomic<std::int64_t> now_ms = 1'795'000'000'000;
};

class WebTest : public ::testing::Test {
 protected:
  WebTest() {
    WebSettings settings;
    settings.agency = MemberId::parse("bradford-csc").value();
    settings.agency_name = "Bradford Children's Services";
    settings.purposes = {{"child_protection", "Child protection", "From strategy discussion to plan.", false},
                         {"first_contact", "First contact", "Who is involved.", false},
                         {"immediate_danger", "Immediate danger", "A child is in danger now.", true},
                         {"statistics", "Statistics", "", false}};
    settings.bases = {{"public_task", "Public task", "", false}};
    settings.password_cost = quick_cost;
    settings.log = [this](const std::string& line) {
      std::lock_guard lock(log_mutex);
      log.push_back(line);
    };
    web = std::make_unique<Web>(service, clock, random, settings);
    HttpServerSettings https;
    https.tls = TlsForTests::get().server;
    https.on_refused = [this](unsigned status, const Error& error, const HttpRequest& request) {
      return web->refuse(status, error, request);
    };
    server = HttpServer::start(https, [this](HttpRequest request, Respond respond) {
               web->handle(std::move(request), std::move(respond));
             }).value();
    web->count_refused_with([this] { return server->refused(); });
    service.add("tester", "kettle anorak plinth");
    service.add("other", "window marmot crayon");
  }
  ~WebTest() override {
    server->stop();
    service.stop();
  }

  // `headers` are whole lines, each with its end.
  RawAnswer send(const std::string& method, const std::string& path, const std::string& headers = {},
                 const std::string& body = {}) {
    std::string request = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers;
    if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    RawAnswer answer = exchange(server->port(), request + "\r\n" + body);
    if (answer.status == 0) return answer;
    for (const std::string& fault : OpenApi::get().faults_of_exchange(method, path, body, answer.status,
                                                                      answer.header("content-type"), answer.body))
      ADD_FAILURE() << fault;
    return answer;
  }
  RawAnswer get(const std::string& path, const std::string& headers = {}) { return send("GET", path, headers); }
  RawAnswer post_json(const std::string& path, const std::string& body, const std::string& headers = {}) {
    return send("POST", path, headers + "Content-Type: application/json\r\n", body);
  }
  RawAnswer post_form(const std::string& path, const std::string& body, const std::string& headers = {}) {
    return send("POST", path, headers + "Content-Type: application/x-www-form-urlencoded\r\n", body);
  }
  static std::string bearer(const Session& session) { return "Authorization: Bearer " + session.token + "\r\n"; }
  static std::string cookie(const Session& session) {
    return "Cookie: __Host-ginnel-session=" + session.token + "\r\n";
  }
  std::vector<std::string> log_lines() {
    std::lock_guard lock(log_mutex);
    return log;
  }

  ClockForTests clock;
  SeededRandom random{6};
  ServiceForTests service{clock};
  std::mutex log_mutex;
  std::vector<std::string> log;
  std::unique_ptr<Web> web;
  std::unique_ptr<HttpServer> server;
};

}  // namespace ginnel
