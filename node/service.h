// SPDX-License-Identifier: Apache-2.0
// What a running node does for people: the one interface behind pages, API and tests.
//
// Thread: any. Each call is posted to the node's loop; `done` runs on the loop thread, after the turn's commit, so what
// it is given is already in the ledger (promise 3). `done` must not block: hand the result to your own thread.
// Failure: `unauthenticated` (401), `forbidden` (403), `not-found` (404: unknown, concealed and not-yours alike),
// `say-more` (409), `bad-*` (422), `over-budget` (429), `read-only` (503). Each Error has what, why, remedy.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "federation/base/error.h"
#include "federation/base/id.h"
#include "node/notices/inbox_view.h"
#include "node/people/account.h"
#include "node/view/case_view.h"

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

struct CorrectionMade {
  RecordId item;     // what takes its place; empty: nothing
  std::size_t told;  // workers of other members who were given it, and will be told
};

struct Readiness {
  bool ready = false;
  std::string mode;                  // "normal", "starting", "read-only"
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
  virtual void start_view(std::string token, ViewRequest request, Done<CaseView> done) = 0;
  virtual void read_view(std::string token, ViewId view, Done<CaseView> done) = 0;
  // What this worker asked lately, newest first.
  virtual void recent_views(std::string token, Done<std::vector<RecentView>> done) = 0;
  // From now on tells `see` when the view has more than `seen` parts, or closes; `done` runs before that.
  virtual void watch_view(std::string token, ViewId view, std::uint32_t seen, SeeNews see, Done<bool> done) = 0;

  // Joining people (roles with `joins_people`). Whoever is concealed is `not-found`, as if they were not there.
  virtual void possible_matches(std::string token, Done<std::vector<MatchToDecide>> done) = 0;
  virtual void merge_people(std::string token, JoinRequest request, Done<bool> done) = 0;
  // Undoes a merge, or declines a possible match.
  virtual void unmerge_people(std::string token, JoinRequest request, Done<bool> done) = 0;

  // The inbox. What is not yours, or concealed, is `not-found`.
  virtual void list_notices(std::string token, Done<InboxList> done) = 0;
  virtual void read_notice(std::string token, NoticeId id, Done<InboxItem> done) = 0;
  virtual void acknowledge_notice(std::string token, NoticeId id, std::string note, Done<InboxItem> done) = 0;
  virtual void relied_on(std::string token, NoticeId id, Done<std::vector<Reliance>> done) = 0;
  // How many nobody took up; shows none of them.
  virtual void waiting_notices(std::string token, Done<std::uint64_t> done) = 0;
  // From now on tells `see` when the inbox changed; `done` runs before that.
  virtual void watch_inbox(std::string token, SeeInbox see, Done<bool> done) = 0;
  virtual void correct_record(std::string token, CorrectionRequest request, Done<CorrectionMade> done) = 0;

  virtual void readiness(std::function<void(Readiness)> done) = 0;
  virtual void metrics(std::function<void(std::string)> done) = 0;  // Prometheus text format
};

}  // namespace ginnel
