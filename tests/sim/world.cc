// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "federation/record/match.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/notice.h"
#include "node/store/codec.h"
#include "node/view/part_maker.h"
#include "tests/source_tree.h"

namespace ginnel::sim {
namespace {

constexpr Instant monday_noon{1'795'435'200'000};  // 23 Nov 2026 12:00 UTC
constexpr int steps_per_instant_max = 20'000;

struct Planned {
  const char *id, *kind, *name, *phone;
};
constexpr Planned ten[] = {
    {"bradford-csc", "social_care", "Bradford Children's Services", "01632 960001"},
    {"leeds-csc", "social_care", "Leeds Children's Services", "01632 960002"},
    {"kirklees-csc", "social_care", "Kirklees Children's Services", "01632 960003"},
    {"calderdale-csc", "social_care", "Calderdale Children's Services", "01632 960004"},
    {"wakefield-csc", "social_care", "Wakefield Children's Services", "01632 960005"},
    {"wy-police", "police", "West Yorkshire Police", "01632 960033"},
    {"bradford-health", "health", "Bradford District Care", "01632 960107"},
    {"leeds-health", "health", "Leeds Community Healthcare", "01632 960108"},
    {"bradford-education", "education", "Education Bradford", "01632 960210"},
    {"wy-probation", "probation", "Probation Service, West Yorkshire", "01632 960301"},
};

// A replay window for eyes that only look.
class NoReplays : public ReplayWindow {
 public:
  bool seen(const MemberId&, const MessageId&) override { return false; }
  void remember(const Header&) override {}
};

}  // namespace

std::uint64_t seed() {
  const char* given = std::getenv("GINNEL_SIM_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 1;
}

std::shared_ptr<const Bundle> west_yorkshire() {
  static const auto bundle = [] {
    auto read = read_bundle(source_tree() / "config-examples/policies/west-yorkshire");
    if (!read) check_failed(read.error().text().c_str(), __FILE__, __LINE__);
    return std::move(*read);
  }();
  return bundle;
}

// --- a node in a scenario

void NodeIn::restart() { machine_.start(world_.papers()); }

void NodeIn::adopt(Bytes signed_directory) {
  bool is_adopted = false;
  machine_.node().post(
      [&](Work& work) {
        auto adopted = machine_.node().membership().adopt_directory(signed_directory, work.turn);
        is_adopted = adopted && *adopted;
      },
      [](const Error&) {});
  world_.run_until([&] { return is_adopted; }, 1s);
  CHECK(is_adopted);
}

View NodeIn::begin(const Identity& child, const AskOptions& options) {
  ViewRequest request;
  request.child = child;
  request.purpose = options.purpose;
  request.basis = options.basis;
  request.reason = "worried about the child";
  request.break_glass_reason = options.break_glass;
  request.deadline_ms = options.deadline.count();
  request.as_known_at = options.as_known_at;
  for (const auto& member : options.scope) request.scope.push_back(*MemberId::parse(member));
  auto shown = std::make_shared<View::Shown>();
  machine_.node().start_view(machine_.token(options.user), request,
                             [shown](Expected<CaseView> view) { shown->result = std::move(view); });
  return View(world_, machine_.id().text(), options.user, shown);
}

View NodeIn::ask(const Identity& child, const AskOptions& options) {
  View view = begin(child, options);
  world_.run_until([&] { return view.is_shown(); }, options.deadline + 1min);
  view.is_fresh();
  return view;
}

View NodeIn::ask(Story story, const AskOptions& options) { return ask(identity_of(story), options); }

Expected<CaseView> NodeIn::read(const ViewId& view, const std::string& user) {
  std::optional<Expected<CaseView>> read;
  machine_.node().read_view(machine_.token(user), view, [&](Expected<CaseView> got) { read = std::move(got); });
  world_.run_until([&] { return read.has_value(); }, 1s);
  if (!read) return fail("never-answered", "the node did not answer");
  return std::move(*read);
}

Expected<CaseView> NodeIn::take(const ViewId& view, ChronologyForm form, const std::string& user) {
  std::optional<Expected<CaseView>> taken;
  machine_.node().read_chronology(machine_.token(user), view, form,
                                  [&](Expected<CaseView> got) { taken = std::move(got); });
  world_.run_until([&] { return taken.has_value(); }, 1s);
  return std::move(*taken);
}

View NodeIn::ask_as_known_at(const ViewId& view, Instant moment, const std::string& user) {
  auto shown = std::make_shared<View::Shown>();
  machine_.node().ask_as_known_at(machine_.token(user), view, moment,
                                  [shown](Expected<CaseView> got) { shown->result = std::move(got); });
  View again(world_, machine_.id().text(), user, shown);
  world_.run_until([&] { return again.is_shown(); }, 1min);
  again.is_fresh();
  return again;
}

Expected<RecordId> NodeIn::mark(const ViewId& view, const ViewItem& item, const std::string& reason,
                                const std::string& user) {
  std::optional<Expected<RecordId>> marked;
  machine_.node().mark_significant(machine_.token(user), {view, {item.agency, item.id}, reason, {}},
                                   [&](Expected<RecordId> got) { marked = std::move(got); });
  world_.run_until([&] { return marked.has_value(); }, 1s);
  return std::move(*marked);
}

Readiness NodeIn::readiness() {
  std::optional<Readiness> out;
  machine_.node().readiness([&](Readiness got) { out = std::move(got); });
  world_.run_until([&] { return out.has_value(); }, 1s);
  return out.value_or(Readiness{});
}

RecordId NodeIn::record(const Identity& child, Record record, const RecordId& replaces) {
  return record_now(child, std::move(record), replaces, {});
}

RecordId NodeIn::record_with_file(Story story, Record record, const std::string& content) {
  record.attachments = {{"letter.txt", "text/plain", content.size(), sha256(view_of(content))}};
  return record_now(identity_of(story), std::move(record), {}, content);
}

RecordId NodeIn::record_now(const Identity& child, Record record, const RecordId& replaces,
                            const std::string& content) {
  RecordId made;
  machine_.node().post(
      [&](Work& work) {
        const auto people = work.turn.find_people(find_keys(person_from(child)));
        CHECK(people && people->size() == 1);
        record.subjects = {{people->front(), SubjectRole::child}};
        record.replaces = replaces;
        const auto put = work.turn.put_record(record, ActorId());
        CHECK(put.has_value());
        if (!record.attachments.empty()) {
          const auto sealed = seal_content(view_of(content), world_.random());
          CHECK(work.turn.put_attachment(*put, record.attachments.front(), sealed, ActorId()).has_value());
        }
        const bool is_concealed = work.turn.markings(people->front())->contains("adoption_sealed") ||
                                  record.label.markings.contains("adoption_sealed");
        world_.note_record(*put, machine_.id(), is_concealed);
        work.after([&made, id = *put](const Expected<void>& committed) {
          if (committed) made = id;
        });
      },
      [](const Error&) {});
  world_.run_until([&] { return !made.empty() || !machine_.is_up(); }, 5s);
  return made;
}

RecordId NodeIn::record(Story story, Record made, const RecordId& replaces) {
  return record(identity_of(story), std::move(made), replaces);
}

namespace {

// Runs a call of the Service until it answers.
template <class T, class Call>
Expected<T> answer_of(World& world, const Call& call) {
  auto out = std::make_shared<std::optional<Expected<T>>>();
  call([out](Expected<T> got) { *out = std::move(got); });
  world.run_until([&] { return out->has_value(); }, 1s);
  if (!*out) return fail("never-answered", "the node did not answer");
  return std::move(**out);
}

}  // namespace

Expected<AttachmentFile> NodeIn::open_file(const ViewId& view, const AttachmentId& file, const std::string& user) {
  auto out = std::make_shared<std::optional<Expected<AttachmentFile>>>();
  machine_.node().read_attachment(machine_.token(user), view, file,
                                  [out](Expected<AttachmentFile> got) { *out = std::move(got); });
  world_.run_until([&] { return out->has_value(); }, 1min);
  if (!*out) return fail("never-answered", "the node did not answer");
  return std::move(**out);
}

InboxList NodeIn::inbox(const std::string& user) {
  auto list = answer_of<InboxList>(
      world_, [&](Done<InboxList> done) { machine_.node().list_notices(machine_.token(user), std::move(done)); });
  CHECK(list.has_value());
  return std::move(*list);
}

SentList NodeIn::sent(const std::string& user) {
  auto list = answer_of<SentList>(
      world_, [&](Done<SentList> done) { machine_.node().list_sent(machine_.token(user), std::move(done)); });
  CHECK(list.has_value());
  return std::move(*list);
}

Expected<InboxItem> NodeIn::acknowledge(const InboxItem& item, const std::string& user) {
  return answer_of<InboxItem>(world_, [&](Done<InboxItem> done) {
    machine_.node().acknowledge_notice(machine_.token(user), *NoticeId::parse(item.id), "seen", std::move(done));
  });
}

Expected<RecordId> NodeIn::answer(const InboxItem& item, const std::string& name, const std::string& text,
                                  const std::string& user) {
  return answer_of<RecordId>(world_, [&](Done<RecordId> done) {
    machine_.node().answer_invitation(machine_.token(user), {*NoticeId::parse(item.id), name, text, {}},
                                      std::move(done));
  });
}

Expected<std::vector<Reliance>> NodeIn::relied_on(const InboxItem& item, const std::string& user) {
  return answer_of<std::vector<Reliance>>(world_, [&](Done<std::vector<Reliance>> done) {
    machine_.node().relied_on(machine_.token(user), *NoticeId::parse(item.id), std::move(done));
  });
}

std::vector<TaskDetail> NodeIn::tasks(const std::string& kind, const std::string& user, bool closed) {
  const auto list = answer_of<TaskList>(world_, [&](Done<TaskList> done) {
    machine_.node().list_tasks(machine_.token(user), {TaskQuery::Which::mine, closed}, std::move(done));
  });
  CHECK(list.has_value());
  std::vector<TaskDetail> out;
  for (const auto& one : list->tasks) {
    if (one.kind != kind) continue;
    auto detail = answer_of<TaskDetail>(world_, [&](Done<TaskDetail> done) {
      machine_.node().read_task(machine_.token(user), one.id, std::move(done));
    });
    CHECK(detail.has_value());
    out.push_back(std::move(*detail));
  }
  return out;
}

Expected<bool> NodeIn::finish(const TaskId& task, const std::string& outcome, const std::string& user) {
  TaskChange change;
  change.task = task;
  change.what = TaskChange::What::done;
  change.outcome = outcome;
  return answer_of<bool>(
      world_, [&](Done<bool> done) { machine_.node().change_task(machine_.token(user), change, std::move(done)); });
}

Expected<CorrectionMade> NodeIn::correct(const CorrectionRequest& request, const std::string& user) {
  return answer_of<CorrectionMade>(world_, [&](Done<CorrectionMade> done) {
    machine_.node().correct_record(machine_.token(user), request, std::move(done));
  });
}

std::vector<Access> NodeIn::entries(EntryKind kind) {
  std::vector<Access> out;
  for (auto& entry : machine_.accesses(kind)) out.push_back(std::move(entry.access));
  return out;
}

// --- the world

World::World(std::uint64_t seed) : seed_(seed), random_(seed), clock_(monday_noon), network_(seed ^ 0x6e65, clock_) {
  network_.on_send = [this](const Packet& packet) { watch(packet); };
  network_.on_take = [this](const MemberId& by, const Frame& frame) {
    trace_.event(now(), by.text(), [&] {
      const auto message = opened({frame.from, by, frame.bytes, clock_.now()});
      return "takes " + (message ? std::string(name_of(message->header.kind)) : std::string("what does not open")) +
             " from " + frame.from.text();
    });
  };
}

World::~World() {
  for (const auto& what : violations_) ADD_FAILURE() << "seed " << seed_ << ": " << what;
}

World& World::ten_agencies() { return agencies_of({}); }

World& World::six_agencies() {
  return agencies_of(
      {"bradford-csc", "leeds-csc", "wakefield-csc", "wy-police", "bradford-health", "bradford-education"});
}

// Empty: all.
World& World::agencies_of(const std::set<std::string>& ids) {
  std::vector<Member> members;
  for (const auto& planned : ten) {
    if (!ids.empty() && !ids.contains(planned.id)) continue;
    Member member;
    member.id = *MemberId::parse(planned.id);
    member.kind = planned.kind;
    member.name = planned.name;
    member.duty = {"Duty desk", "duty manager", planned.name, planned.phone, "always"};
    if (member.kind == "social_care") member.may_prove = {"child_protection", "transfer"};
    OwnKeys keys = OwnKeys::make(random_);
    member.identity_key = keys.identity.public_key;
    machines_.emplace(member.id, std::make_unique<Machine>(member, keys, random_.next(), clock_, network_));
    members.push_back(std::move(member));
  }
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.id < b.id; });

  // The real rule: three of the five authorities, and the police, and the board, which runs no node.
  const MemberId board = *MemberId::parse("wy-icb"), police = *MemberId::parse("wy-police");
  board_key_ = SigningKey::make(random_);
  TrusteeGroup authorities{"authorities", 3, {}};
  for (const auto& member : members)
    if (member.kind == "social_care") authorities.trustees.emplace(member.id, member.identity_key);
  papers_.anchor.rule = {authorities,
                         {"police", 1, {{police, machine("wy-police").keys().identity.public_key}}},
                         {"board", 1, {{board, board_key_->public_key}}}};
  Directory directory{1, clock_.now() + -day_ms, members, papers_.anchor.rule};
  papers_.signed_directory = signed_by_trustees(directory);
  papers_.bundle = west_yorkshire();
  for (const auto& [id, machine] : machines_) {
    KeyStatement statement;
    statement.member = id;
    statement.number = machine->keys().statement_number;
    statement.signing_key = machine->keys().signing.public_key;
    statement.curve_key = machine->keys().curve.public_key;
    statement.endpoints = {"tcp://127.0.0.1:1"};
    statement.incarnation = 1;
    statement.valid_from = clock_.now() + -minute_ms;
    statement.valid_until = clock_.now() + key_life_.count();
    papers_.signed_statements.push_back(sign_key_statement(statement, machine->keys().identity));
  }
  for (const auto& [id, machine] : machines_) machine->start(papers_);
  return *this;
}

World& World::with_key_life(milliseconds life) {
  key_life_ = life;
  papers_.rotation = {life.count(), 60, life.count() / 20, life.count() / 40};
  return *this;
}

Bytes World::signed_by_trustees(const Directory& directory) {
  SignedDirectory value{encode_directory(directory), {}};
  for (const auto* trustee : {"bradford-csc", "leeds-csc", "wakefield-csc", "wy-police"})
    value.endorsements.push_back(endorse(value.bytes, *MemberId::parse(trustee), machine(trustee).keys().identity));
  value.endorsements.push_back(endorse(value.bytes, *MemberId::parse("wy-icb"), *board_key_));
  return encode_signed_directory(value);
}

Bytes World::directory_with(const std::function<void(Directory&)>& change) {
  const auto first = decode_signed_directory(papers_.signed_directory);
  CHECK(first.has_value());
  auto directory = decode_directory(first->bytes);
  CHECK(directory.has_value());
  change(*directory);
  return signed_by_trustees(*directory);
}

World& World::with(const Holding& holding) {
  if (!machines_.contains(*MemberId::parse(holding.agency))) return *this;
  const auto [person, records] = machine(holding.agency).put(holding);
  for (const auto& record : records) {
    holders_.emplace(record, *MemberId::parse(holding.agency));
    if (holding.person.markings_by_person.contains("adoption_sealed")) concealed_.insert(record);
  }
  return *this;
}

World& World::with_story(Story story) {
  for (const auto& holding : holdings_of(story)) with(holding);
  if (story == Story::moved_twice) machine("bradford-csc").open_head(identity_of(story));
  return *this;
}

World& World::with_every_story() {
  for (Story story : all_stories) with_story(story);
  return *this;
}

void World::note_record(const RecordId& record, const MemberId& holder, bool is_concealed) {
  holders_.emplace(record, holder);
  if (is_concealed) concealed_.insert(record);
}

std::vector<std::string> World::agencies() const {
  std::vector<std::string> out;
  for (const auto& [id, machine] : machines_) out.push_back(id.text());
  return out;
}

std::optional<MemberId> World::holder_of(const RecordId& record) const {
  auto found = holders_.find(record);
  return found == holders_.end() ? std::nullopt : std::optional<MemberId>(found->second);
}

// --- time

void World::run_for(milliseconds time) {
  run_until([] { return false; }, time);
}

bool World::run_until(const std::function<bool()>& done, milliseconds time_max) {
  const Instant end = clock_.now() + time_max.count();
  ++runs_;
  for (;;) {
    for (int steps = 0; step(); ++steps) {
      if (done() || trace_.is_over()) return done();
      CHECK(steps < steps_per_instant_max);  // a node that finds work without end never lets time pass
    }
    if (done()) return true;
    std::optional<Instant> next = network_.next_arrival();
    const auto sooner = [&](std::optional<Instant> then) {
      if (then && (!next || *then < *next)) next = then;
    };
    for (const auto& [id, machine] : machines_)
      if (machine->runs() && !hostile_.contains(id))
        if (auto wake = machine->node().next_wake())
          sooner(std::max(*wake + -machine->clock_ahead_ms(), clock_.now() + 1));
    if (!agenda_.empty()) sooner(agenda_.begin()->first);
    if (!next || *next > end) {
      clock_.advance_to(end);
      return done();
    }
    clock_.advance_to(*next);
  }
}

bool World::step() {
  bool any = false;
  while (!agenda_.empty() && agenda_.begin()->first <= clock_.now()) {
    auto act = std::move(agenda_.begin()->second);
    agenda_.erase(agenda_.begin());
    act();
    any = true;
  }
  any |= network_.deliver();
  for (const auto& [id, machine] : machines_) {
    if (auto hostile = hostile_.find(id); hostile != hostile_.end())
      any |= step_hostile(id, hostile->second);
    else if (machine->runs())
      any |= step_machine(*machine);
  }
  return any;
}

bool World::step_machine(Machine& machine) {
  // A tree head costs hashing, and there are thousands of turns.
  const std::uint64_t before = trace_.is_printed() ? machine.ledger_size() : 0;
  if (!machine.node().turn()) return false;
  trace_.event(now(), machine.id().text(), [&] {
    std::string said = "ends a turn, ledger " + std::to_string(before);
    if (machine.ledger_size() != before) said += " -> " + std::to_string(machine.ledger_size());
    return machine.store().read_only() ? said + ", read-only" : said;
  });
  return true;
}

// --- what goes over the wires

// By what the sender itself knows, because it may have been cut off from the others.
tl::expected<Message, Drop> World::opened(const Packet& packet) {
  NoReplays replays;
  auto sender = machines_.find(packet.from);
  for (const auto& [id, machine] : machines_) {
    const Machine& judge = sender != machines_.end() && sender->second->is_up() ? *sender->second : *machine;
    if (judge.is_up())
      return Opener(packet.to, 1, judge.book(), replays)
          .open(packet.from, packet.frame, packet.sent_at + judge.clock_ahead_ms());
  }
  return tl::unexpected(Drop::malformed);
}

// INVARIANT (promise 3), looked at from outside: the sender's transaction is over, and its ledger holds what it gives.
void World::watch(const Packet& packet) {
  Machine& sender = *machines_.at(packet.from);
  if (hostile_.contains(packet.from)) return;
  if (sender.ledger_disk().has_open_transaction())
    return violation(packet.from.text() + " sent a frame inside an open transaction");
  const auto message = opened(packet);
  if (!message && message.error() == Drop::revoked) return;  // it goes on speaking, and nobody listens
  // Cut off, it keeps the keys that others know it by past what it said itself.
  if (!message && message.error() == Drop::unknown_key && sender.keys().next) return;
  if (!message) return violation(packet.from.text() + " sent a frame that does not open");
  trace_.event(now(), packet.from.text(),
               [&] { return "sends " + std::string(name_of(message->header.kind)) + " to " + packet.to.text(); });
  if (onlooker_) onlooker_->sent(packet, *message);
  std::vector<std::pair<AskId, Item>> told;
  if (message->header.kind == Kind::answer) {
    const auto answer = decode_answer(message->payload);
    if (!answer) return violation(packet.from.text() + " sent an answer that does not decode");
    for (const auto& item : answer->items) told.emplace_back(answer->ask, item);
  }
  if (message->header.kind == Kind::notice) {
    const auto notices = decode_notices(message->payload);
    if (!notices) return violation(packet.from.text() + " sent notices that do not decode");
    for (const auto& notice : *notices)
      if (notice.item) told.emplace_back(notice.ask, *notice.item);
  }
  for (const auto& [ask, item] : told) {
    if (is_concealed(item.record)) violation(packet.from.text() + " sent a concealed record");
    const auto entries = sender.accesses_of(ask);
    const bool is_disclosed = std::any_of(entries.begin(), entries.end(), [&](const AccessEntry& entry) {
      return entry.header.kind == EntryKind::disclosed && entry.access.peer == packet.to &&
             std::any_of(entry.access.items.begin(), entry.access.items.end(), [&](const AccessItem& one) {
               return one.record == item.record && one.step == item.step && one.hash != Hash{} &&
                      one.hash == item_hash(item);
             });
    });
    if (!is_disclosed) violation(packet.from.text() + " sent an item whose disclosure is not in its durable ledger");
  }
}

void World::take_over(const std::string& member, HostileAnswer answer) {
  hostile_[*MemberId::parse(member)] = std::move(answer);
}

bool World::step_hostile(const MemberId& member, const HostileAnswer& answer) {
  const auto frames = network_.take(member, limits::turn_frames_max);
  for (const auto& frame : frames) {
    const auto message = opened({frame.from, member, frame.bytes, clock_.now()});
    if (!message || message->header.kind != Kind::ask) continue;
    const auto ask = decode_ask(message->payload);
    if (!ask) continue;
    for (const auto& made : answer(*ask)) {
      auto payload = encode_answer(made);
      CHECK(payload.has_value());
      network_.send(member, frame.from,
                    sealed(this->message(member.text(), frame.from.text(), Kind::answer, *payload)));
    }
  }
  return !frames.empty();
}

Message World::message(const std::string& from, const std::string& to, Kind kind, Bytes payload) {
  Message message;
  message.header.from = *MemberId::parse(from);
  message.header.to = *MemberId::parse(to);
  message.header.from_incarnation = message.header.to_incarnation = 1;
  message.header.sent_at = clock_.now();
  message.header.expires = clock_.now() + 30 * second_ms;
  message.header.id = MessageId::make(random_);
  message.header.directory_version = 1;
  message.header.kind = kind;
  message.payload = std::move(payload);
  return message;
}

Message World::ask_message(const std::string& from, const std::string& to) {
  Ask ask;
  ask.id = AskId::make(random_);
  ask.about = identity_of(Story::moved_twice);
  ask.claims.role = "practitioner";
  ask.claims.purpose = "first_contact";
  ask.claims.basis = "public_task";
  ask.deadline = clock_.now() + 5 * second_ms;
  return message(from, to, Kind::ask, encode_ask(ask).value());
}

Bytes World::sealed(const Message& message, const SigningKey* other_key) {
  const OwnKeys& keys = machines_.at(message.header.from)->keys();
  auto frame = seal_message(message, {other_key ? *other_key : keys.signing, keys.statement_number});
  CHECK(frame.has_value());
  return std::move(*frame);
}

void World::inject(const std::string& from, const std::string& to, Bytes frame) {
  network_.inject(*MemberId::parse(from), *MemberId::parse(to), std::move(frame));
}

}  // namespace ginnel::sim
