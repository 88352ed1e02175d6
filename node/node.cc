// SPDX-License-Identifier: Apache-2.0
#include "node/node.h"

#include <algorithm>
#include <utility>

#include "federation/base/crypto/hash.h"
#include "node/setup/accounts.h"
#include "node/setup/data_to.h"

namespace ginnel {
Node::Node(const Parts& parts, NodeSettings settings)
    : p_(parts),
      settings_(std::move(settings)),
      // Known to nobody else, so that a pseudonym says nothing of whom it stands for; the same after a restart.
      pseudonym_key_(derive_key(parts.keys.identity.seed, "ginnel pseudonyms v1")),
      gate_(parts.bundle),
      consents_(parts.bundle->vocabulary, parts.random),
      parts_(gate_, finder_),
      membership_(settings_.member, parts.book, parts.keys, parts.random, parts.clock.now(), settings_.rotation),
      test_heads_(
          settings_.member, [this] { return seal_key(); }, parts.random),
      heads_(
          processes_, settings_.member, [this] { return seal_key(); }, parts.random,
          settings_.test_head_issuer ? &test_heads_ : nullptr),
      asks_(parts.random),
      files_(parts.random),
      kept_(settings_.kept_views),
      views_({gate_, parts_, finder_, parts.book, asks_, kept_, &heads_, parts.random, pseudonym_key_}),
      file_giver_(gate_, parts_, parts.book),
      tasks_(parts.bundle->vocabulary, parts.random),
      processes_({settings_.processes, settings_.member, parts.bundle->vocabulary, tasks_, parts.random,
                  settings_.duty.phone}),
      reviews_(tasks_, parts.bundle->vocabulary),
      refusals_(gate_.bundle().vocabulary, tasks_, parts.random),
      retentions_({settings_.retention, parts.bundle->vocabulary, tasks_, processes_, erasures_, parts.random}),
      transfers_({{settings_.member, parts.store.incarnation(), parts.book, processes_, [this] { return seal_key(); }},
                  {gate_, parts_, finder_, parts.book, processes_, heads_, [this] { return own_part(); }},
                  processes_,
                  tasks_,
                  parts.bundle->vocabulary,
                  settings_.link_rules.get(),
                  parts.random}),
      allocations_(parts.random),
      conflicts_(parts.random),
      notices_(
          {gate_, parts_, parts.book, parts.random, settings_.in_shadow,
           [this](const MemberId& from, const PersonRef& person, const Item& item, Turn& turn) {
             return take_into_process(from, person, item, turn);
           }},
          settings_.member, settings_.duty, settings_.delivery, settings_.inbox,
          [this](const Receipt& receipt) { return sign_receipt(receipt, p_.keys.signing, p_.keys.statement_number); }),
      inbox_({gate_, parts_, parts.book, kept_,
              [this](const Session& who, const NoticeId& item, const StoreReader& reader) {
                return is_to_answer(who, item, reader);
              }}),
      sent_({gate_, parts_, parts.book}),
      corrections_(gate_, parts_),
      opener_(settings_.member, parts.store.incarnation(), parts.book, replays_) {
  if (auto snapshot = p_.store.snapshot()) {
    data_to_ = load_data_to(**snapshot).value_or(Instant());
    notices_.look(**snapshot);
    sources_ = load_source_states(**snapshot).value_or(std::vector<SourceState>());
    tasks_.start(**snapshot);
    processes_.start(**snapshot, parts.clock.now());
    transfers_.start(**snapshot);
  }
}

// --- the turn

bool Node::turn() {
  const Instant now = p_.clock.now();
  const bool went_back = now + limits::clock_back_ms_min < std::exchange(seen_, now);
  if (went_back) clock_went_back(now);
  if (p_.store.read_only()) {
    p_.transport.receive(limits::turn_frames_max);  // nobody is answered: the audit entry could not be written
    const bool had_calls = has_work(now);
    refuse_all(read_only_error());
    return had_calls;
  }
  release(held_.due(now), now);
  if (p_.store.wants_keys())
    if (auto refilled = p_.store.refill_keys(); !refilled) return refuse_all(refilled.error()), true;
  const std::vector<Frame> frames = p_.transport.receive(limits::turn_frames_max);
  if (frames.empty() && !went_back && !has_work(now)) return false;

  auto begun = p_.store.begin(now);
  if (!begun) return refuse_all(begun.error()), true;
  Turn& turn = **begun;
  turn_error_.reset();
  replays_.use(&turn);
  notices_.begin(turn);
  if (auto read = kept_.begin(turn); !read) turn_error_ = read.error();
  if (auto read = erasures_.begin(turn); !read) turn_error_ = read.error();
  Work work{turn, now, [this](auto then) { after_.push_back(std::move(then)); },
            [this](const Error& error) { turn_error_ = error; }};

  if (auto looked = look_at_roles(turn); !looked) turn_error_ = looked.error();
  receive(frames, turn);
  std::vector<Posted> calls;
  std::optional<Steps> steps;
  {
    std::lock_guard lock(posted_mutex_);
    while (!posted_.empty() && calls.size() < limits::turn_calls_max) {
      calls.push_back(std::move(posted_.front()));
      posted_.pop_front();
    }
    if (!steps_.empty()) {
      steps = std::move(steps_.front());
      steps_.pop_front();
    }
  }
  for (auto& call : calls) call.work(work);
  if (steps && steps->step(work)) {
    std::lock_guard lock(posted_mutex_);
    steps_.push_front(std::move(*steps));
  }
  asks_.tick(now);
  answers_.tick(now);
  for (const auto& part : asks_.take_parts())
    if (auto added = views_.add(part, turn); !added) turn_error_ = added.error();
  finish_views(work);
  if (auto looked = look_for_patterns(turn); !looked) turn_error_ = looked.error();
  files_.tick(now);
  finish_files(work);
  if (auto moved = transfers_.tick(turn, files_); !moved) turn_error_ = moved.error();
  auto ended = kept_.tick(turn, erasures_);
  if (!ended) turn_error_ = ended.error();
  for (const ViewId& view : ended.value_or(std::vector<ViewId>())) views_.end(view);
  if (auto kept = membership_.tick(turn); !kept) turn_error_ = kept.error();
  if (auto raised = processes_.tick(turn); !raised) turn_error_ = raised.error();
  if (auto looked = retentions_.tick(turn); !looked) turn_error_ = looked.error();
  if (auto gone = erasures_.tick(turn); !gone) turn_error_ = gone.error();
  if (auto taken = tasks_.tick(turn); !taken) turn_error_ = taken.error();
  if (auto told = notices_.tick(turn); !told) turn_error_ = told.error();
  if (auto opened = open_notice_tasks(turn); !opened) turn_error_ = opened.error();
  tell_watchers(work);
  tell_inboxes(work);
  if (auto forgotten = replays_.forget(); !forgotten) turn_error_ = forgotten.error();
  for (auto& message : asks_.take_outgoing()) outgoing_.push_back(std::move(message));
  for (auto& message : files_.take_outgoing()) outgoing_.push_back(std::move(message));
  for (auto& message : membership_.take_outgoing()) outgoing_.push_back(std::move(message));
  for (auto& message : notices_.take_outgoing()) outgoing_.push_back(std::move(message));
  for (auto& message : transfers_.take_outgoing()) outgoing_.push_back(std::move(message));

  if (processes_.failure()) turn_error_ = processes_.failure();
  if (transfers_.failure()) turn_error_ = transfers_.failure();
  // INVARIANT: nothing that this turn decided leaves the node unless this commit has returned (promise 3).
  Expected<void> committed = turn_error_ || replays_.failed()
                                 ? tl::unexpected(turn_error_.value_or(
                                       Error{"store-failed", "the turn was not kept", "the store refused a row", ""}))
                                 : turn.commit();
  // Whoever waits hears the same words as those who come after.
  if (!committed && p_.store.read_only()) committed = tl::unexpected(read_only_error());
  notices_.end();
  begun->reset();
  replays_.use(nullptr);
  ++turns_;
  if (committed) {
    ++commits_;
    membership_.committed(now);
    release(held_.take(std::exchange(outgoing_, {}), now), now);
    erasures_.destroy(p_.store, now);
  } else {
    forget_turn(committed.error());
  }
  for (auto& then : std::exchange(after_, {})) then(committed);
  return true;
}

// Whatever waits for a moment would wait for as much longer as the clock was put back: minutes for an ask that goes out
// again, or hours for a notice. What waits in the store is found again as after a start.
void Node::clock_went_back(Instant now) {
  held_.clear();
  asks_.clock_went_back(now);
  membership_.clock_went_back(now);
  notices_.clear(now);
  processes_.clock_went_back(now);
  transfers_.clear();
  retentions_.clear();
}

Error Node::read_only_error() const {
  return {"read-only", "this node answers nothing now", p_.store.read_only_reason(),
          "tell the operator: ginnel node status"};
}

void Node::close() {
  end_watches();
  refuse_all({"node-stopping", "the node answers nothing now", "an operator stopped it", "try again when it is back"});
}

// Engines may hold what this turn began and the ledger does not know of. They forget all of it: views are made again
// from the ledger, peers ask again, and whoever waits is told.
void Node::forget_turn(const Error& error) {
  outgoing_.clear();
  held_.clear();
  asks_.clear();
  answers_.clear();
  files_.clear();
  membership_.clear();
  views_.clear();
  replays_.clear();
  kept_.clear();
  tasks_.clear();
  processes_.clear();
  transfers_.clear();
  looks_.clear();
  retentions_.clear();
  erasures_.clear();
  roles_looked_at_ = {};
  notices_.clear(p_.clock.now());
  for (auto& [view, waiting] : std::exchange(waiting_, {}))
    for (auto& one : waiting) one.done(tl::unexpected(error));
  refuse_files(error);
  end_watches();
}

bool Node::has_work(Instant now) {
  {
    std::lock_guard lock(posted_mutex_);
    if (!posted_.empty() || !steps_.empty()) return true;
  }
  const auto next = next_wake();
  return next && *next <= now;
}

std::optional<Instant> Node::next_wake() const {
  if (p_.store.read_only()) return std::nullopt;  // it does nothing by itself any more
  auto next = asks_.next_tick();
  if (auto held = held_.next(); held && (!next || *held < *next)) next = held;
  if (auto file = files_.next_tick(); file && (!next || *file < *next)) next = file;
  if (!next || membership_.next_tick() < *next) next = membership_.next_tick();
  if (auto over = kept_.next_tick(); over && (!next || *over < *next)) next = over;
  if (auto work = tasks_.next_tick(); work && (!next || *work < *next)) next = work;
  if (auto review = retentions_.next_tick(); review && (!next || *review < *next)) next = review;
  if (auto erasure = erasures_.next_tick(); erasure && (!next || *erasure < *next)) next = erasure;
  if (auto process = processes_.next_tick(); process && (!next || *process < *next)) next = process;
  if (auto moving = transfers_.next_tick(); moving && (!next || *moving < *next)) next = moving;
  if (auto telling = notices_.next_tick(); telling && *telling < *next) next = telling;
  for (const auto& [view, waiting] : waiting_)
    if (auto deadline = views_.deadline(view); deadline && (!next || *deadline < *next)) next = deadline;
  if (auto look = next_look(); look && (!next || *look < *next)) next = look;
  return next;
}

void Node::post(std::function<void(Work&)> work, std::function<void(const Error&)> refuse) {
  {
    std::lock_guard lock(posted_mutex_);
    if (posted_.size() < limits::posted_calls_max) {
      posted_.push_back({std::move(work), std::move(refuse)});
      refuse = nullptr;
    }
  }
  if (refuse)
    return refuse({"too-busy", "the node is too busy", "too many calls are waiting", "try again in a minute"});
  if (wake_) wake_();
}

void Node::post_steps(std::function<bool(Work&)> step, std::function<void(const Error&)> refuse) {
  {
    std::lock_guard lock(posted_mutex_);
    steps_.push_back({std::move(step), std::move(refuse)});
  }
  if (wake_) wake_();
}

void Node::refuse_all(const Error& error) {
  std::deque<Posted> posted;
  std::deque<Steps> steps;
  {
    std::lock_guard lock(posted_mutex_);
    posted.swap(posted_);
    steps.swap(steps_);
  }
  for (auto& call : posted) call.refuse(error);
  for (auto& step : steps) step.refuse(error);
  for (auto& [view, waiting] : std::exchange(waiting_, {}))
    for (auto& one : waiting) one.done(tl::unexpected(error));
  files_.clear();
  refuse_files(error);
}

void Node::release(const std::vector<Outgoing>& messages, Instant now) {
  std::vector<Unsealed> unsealed;
  std::vector<MemberId> to;
  for (const auto& message : messages) {
    const KeyStatement* peer = p_.book.current_statement(message.to, now);
    if (!peer) continue;  // no keys: it is sent again when there are
    Unsealed one;
    one.message.header.from = settings_.member;
    one.message.header.to = message.to;
    one.message.header.from_incarnation = p_.store.incarnation();
    one.message.header.to_incarnation = peer->incarnation;
    one.message.header.sent_at = now;
    one.message.header.expires = message.expires;
    one.message.header.id = message.id;
    one.message.header.correlation = message.correlation;
    one.message.header.directory_version = p_.book.version();
    one.message.header.kind = message.kind;
    const PeerNews* news = membership_.news_of(message.to);
    one.message.header.version = version_to_write(news ? news->speaks : 0);
    if (one.message.header.version < protocol_version) one.message.header.speaks = protocol_version;
    one.message.payload = message.payload;
    unsealed.push_back(std::move(one));
    to.push_back(message.to);
  }
  const SealKey key = seal_key();
  for (std::size_t from = 0; from < unsealed.size(); from += limits::signed_batch_messages_max) {
    const std::size_t count = std::min(limits::signed_batch_messages_max, unsealed.size() - from);
    auto frames = seal_messages(std::span(unsealed).subspan(from, count), key);
    if (!frames) continue;  // engines make nothing that is too long
    for (std::size_t i = 0; i < frames->size(); ++i) p_.transport.send(to[from + i], (*frames)[i]);
  }
}

// --- messages

void Node::receive(const std::vector<Frame>& frames, Turn& turn) {
  for (const auto& frame : frames) open(frame, turn);
}

void Node::open(const Frame& frame, Turn& turn) {
  auto message = opener_.open(frame.from, frame.bytes, turn.now());
  if (!message) {
    ++dropped_[std::size_t(message.error())];
    membership_.dropped(frame.from, message.error(), turn.now());
    return;
  }
  if (see_opened_) see_opened_(*message, frame.bytes);
  views_.heard(frame.from, turn.now());
  membership_.heard(message->header, turn.now());
  notices_.heard(frame.from);
  transfers_.heard(frame.from, turn.now());
  if (auto drop = handle(*message, turn)) ++dropped_[std::size_t(*drop)];
}

std::optional<Drop> Node::handle(const Message& message, Turn& turn) {
  switch (message.header.kind) {
    case Kind::ask:
      return answer(message, turn);
    case Kind::page_request:
      return answer_page(message, turn);
    case Kind::file_request:
      return give_file(message, turn);
    case Kind::file_page: {
      auto page = decode_file_page(message.payload);
      return page ? files_.receive(message.header.from, *page, turn.now()) : std::optional<Drop>(Drop::bad_payload);
    }
    case Kind::answer: {
      auto page = decode_answer(message.payload);
      return page ? asks_.receive(message.header.from, *page, turn.now()) : std::optional<Drop>(Drop::bad_payload);
    }
    case Kind::notice:
    case Kind::receipt: {
      auto dropped = notices_.receive(message, turn);
      if (!dropped) turn_error_ = dropped.error();
      return dropped ? *dropped : std::nullopt;
    }
    case Kind::transfer:
    case Kind::transfer_recall:
    case Kind::transfer_recalled: {
      auto dropped = transfers_.receive(message, turn);
      if (!dropped) turn_error_ = dropped.error();
      return dropped ? *dropped : std::nullopt;
    }
    case Kind::directory:
    case Kind::key_statement:
      return membership_.receive(message, turn.now());
    case Kind::error: {
      auto problem = decode_problem(message.payload);
      if (!problem) return Drop::bad_payload;
      if (files_.receive_problem(message.header.from, message.header.correlation, *problem)) return std::nullopt;
      return asks_.receive_problem(message.header.from, message.header.correlation, *problem, turn.now());
    }
    default:
      break;
  }
  ++unsupported_kinds_;
  const Problem problem{std::string(unsupported_kind_code), "this node does not know messages of this kind",
                        "use an earlier version of the protocol with it",
                        "msg-" + message.header.id.hex().substr(0, 12)};
  reply(message, Kind::error, encode_problem(problem), turn.now());
  return std::nullopt;
}

void Node::reply(const Message& to, Kind kind, Bytes payload, Instant now) {
  Outgoing message =
      outgoing_to(to.header.from, kind, std::move(payload), now + limits::ask_message_life_ms, p_.random);
  message.correlation = to.header.id;
  outgoing_.push_back(std::move(message));
}

// --- views

void Node::finish_views(Work& work) {
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    if (!views_.is_due(at->first, work.now)) {
      ++at;
      continue;
    }
    for (auto& waiting : at->second) {
      auto view = std::make_shared<Expected<CaseView>>(show_view(waiting.worker, at->first, work.turn));
      ++views_shown_;
      work.after([done = std::move(waiting.done), view](const Expected<void>& committed) {
        done(committed ? std::move(*view) : tl::unexpected(committed.error()));
      });
    }
    at = waiting_.erase(at);
  }
}

// A look at a child of somebody else's caseload is somebody's to review.
Expected<CaseView> Node::show_view(const Session& worker, const ViewId& id, Turn& turn, const std::string& form) {
  auto view = views_.show(worker, id, own_part(), turn, form);
  if (!view || view->allocated) return view;
  const auto person = views_.subject(worker, id, own_part(), turn);
  if (!person) return view;  // not held, or nothing of it is shown
  auto opened = reviews_.out_of_caseload(worker.user, worker.username, *person, turn);
  if (!opened) return tl::unexpected(opened.error());
  return view;
}

void Node::tell_watchers(Work& work) {
  if (watches_.empty()) return;
  for (auto& told : watches_.look(views_, work.now))
    work.after([told = std::move(told)](const Expected<void>& committed) {
      if (committed) told.see(&told.news, told.revision);
    });
}

void Node::tell_inboxes(Work& work) {
  const auto changed = notices_.take_changed();
  for (auto& told : inbox_watches_.look(changed))
    work.after([told = std::move(told)](const Expected<void>& committed) {
      if (committed) told(InboxNews::changed);
    });
}

void Node::end_watches() {
  inbox_watches_.end_all();
  for (const auto& told : watches_.end_all()) told.see(&told.news, told.revision);
}

OwnPart Node::own_part() const {
  OwnPart own;
  own.member = settings_.member;
  if (const Member* me = p_.book.find(settings_.member)) {
    own.kind = me->kind;
    own.name = me->name;
  }
  own.duty = settings_.duty;
  own.basis = settings_.own_basis;
  own.data_to = data_to_;
  own.data_age_ms_max = settings_.data_age_ms_max;
  // A supplement repeats once a year what another source tells by the day: it counts where there is nothing else.
  const bool has_main =
      std::any_of(sources_.begin(), sources_.end(), [](const auto& one) { return !one.is_supplement; });
  for (const SourceState& source : sources_) {
    if (source.is_supplement && has_main) continue;
    auto limit = settings_.data_age_by_source_ms.find(source.system);
    own.sources.push_back({source.system, source.data_to,
                           limit == settings_.data_age_by_source_ms.end() ? settings_.data_age_ms_max : limit->second});
  }
  if (!own.sources.empty())
    own.data_to = std::min_element(own.sources.begin(), own.sources.end(), [](const auto& a, const auto& b) {
                    return a.data_to < b.data_to;
                  })->data_to;
  return own;
}

Expected<void> Node::set_data_to(Instant data_to, Turn& turn) {
  auto kept = put_data_to(turn, data_to);
  if (kept) data_to_ = data_to;
  return kept;
}

// A task for a role that nobody has any more must not wait until it is late.
Expected<void> Node::look_at_roles(Turn& turn) {
  const bool is_new = roles_looked_at_.is_set() && turn.now() >= roles_looked_at_ &&
                      turn.now() < roles_looked_at_ + limits::roles_look_ms;
  if (is_new) return {};
  roles_looked_at_ = turn.now();
  auto accounts = load_accounts(turn);
  if (!accounts) return tl::unexpected(accounts.error());
  std::set<std::string> held;
  for (const auto& account : *accounts)
    if (!account.disabled) held.insert(account.role);
  return tasks_.set_held_roles(std::move(held), turn);
}

Expected<void> Node::note_import(const ImportOutcome& outcome, Turn& turn) {
  auto states = with_outcome(sources_, outcome);
  if (auto kept = put_source_states(turn, states); !kept) return kept;
  // A quarantine is somebody's to mend, and over with the first import that reads to the end.
  const std::string origin = "quarantine:" + outcome.source.system;
  Expected<void> noted;
  if (outcome.problem) {
    TaskOpening opening;
    opening.kind = "quarantined_source";
    opening.origin = origin;
    opening.may_recur = true;
    opening.detail = outcome.source.system;
    opening.rule = "import";
    if (tasks_.holds_tasks(outcome.source.owner.role)) opening.owner.role = outcome.source.owner.role;
    if (auto task = tasks_.open(opening, turn); !task) noted = tl::unexpected(task.error());
  } else if (auto closed = tasks_.close_from(origin, "mended", "an import read it to its end", turn); !closed) {
    noted = tl::unexpected(closed.error());
  }
  if (noted) noted = note_possible_matches(turn);
  if (noted) sources_ = std::move(states);
  return noted;
}

Expected<void> Node::open_test_head(const Identity& child, const ProcessHead& plan, Turn& turn) {
  if (!settings_.test_head_issuer)
    return fail("no-test-issuer", "cannot sign a test head", "`test_head_issuer` is off in node.toml",
                "only a demonstration node signs test heads");
  auto person = finder_.find(child, turn);
  if (!person) return tl::unexpected(person.error());
  if (!*person)
    return fail("no-person", "cannot sign a test head", "this node does not hold the child", "import first");
  auto completed = finder_.complete(child, **person, turn);
  if (!completed) return tl::unexpected(completed.error());
  return test_heads_.open(**person, *completed, plan, turn);
}

}  // namespace ginnel
