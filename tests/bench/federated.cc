// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/federated.h"

#include <algorithm>
#include <map>
#include <set>

#include "federation/record/match.h"
#include "federation/wire/answer.h"
#include "federation/wire/envelope.h"
#include "federation/wire/process_head.h"
#include "node/setup/accounts.h"
#include "tests/bench/bench_member.h"

namespace ginnel::bench {
namespace {

constexpr const char *asker_name = "bradford-csc", *holder_name = "wy-police";
constexpr std::size_t children = 256, told_narrative_bytes = 400;
constexpr std::size_t asked_people = 400, asked_records = 50, in_flight = 8;

Person federated_person(std::size_t number) {
  Person person;
  person.names = {{"Child" + std::to_string(number), "Tester", "usual", {}, {}}};
  person.birth = {*Date::of(2009 + number % 17, 1 + number / 17 % 12, 1 + number / 204 % 28), Precision::day};
  return person;
}

Identity identity_named(std::size_t number) {
  return {"", "Child" + std::to_string(number), "Tester", federated_person(number).birth.date, ""};
}

Record record_about(const PersonRef& person, const MemberId& owner, const std::string& kind,
                    const std::string& category) {
  Record record;
  record.subjects = {{person, SubjectRole::child}};
  record.kind = kind;
  record.occurred = When::on({2026, 11, 22});
  record.headline = "Officers were called to the address at night";
  record.narrative = std::string(told_narrative_bytes, 'n');
  record.label.category = category;
  record.label.sensitivity = 1;
  record.label.handling = "official";
  record.label.owner = owner;
  return record;
}

ProcessHead plan_head() {
  ProcessHead head;
  head.definition = "child-protection";
  head.edition = "2023-12-15";
  head.state = "plan";
  head.proves = {"child_protection"};
  return head;
}

// A sender, and a receiver who works with each of the children.
struct Pair {
  BenchFederation federation;
  BenchMember asker{federation, asker_name}, holder{federation, holder_name};
  std::vector<PersonRef> people;
  std::size_t posted = 0;

  Pair() {
    asker.meet();
    holder.meet();
    asker.make_node();
    holder.make_node();
    const std::string token = hold_children();
    std::size_t shown = 0;
    for (std::size_t i = 0; i < children; ++i) {
      ask(token, i, shown);
      while (shown <= i) {
        if (!asker.node->turn() && !holder.node->turn()) asker.transport->wait(1);
        holder.transport->wait(0);
      }
    }
  }

  // The holder's news of one child after another, so many under way until `count` were settled.
  double tell_ms(std::size_t count, std::size_t window) {
    const std::uint64_t before = holder.node->notices().counts().delivered;
    const std::size_t begun = posted;
    return ms_of([&] {
      while (true) {
        const std::size_t settled = holder.node->notices().counts().delivered - before;
        if (settled >= count) return;
        for (; posted - begun < count && posted - begun - settled < window; ++posted) write_record();
        holder.loop();
      }
    });
  }
  void write_record() {
    const PersonRef person = people[posted % people.size()];
    holder.node->post(
        [this, person](Work& work) {
          need(work.turn.put_record(record_about(person, holder.id, "incident", "police.incident"), ActorId()));
        },
        [](const Error& error) { need(Expected<void>(tl::unexpected(error))); });
  }

 private:
  std::string hold_children() {
    std::string token;
    for (auto* member : {&asker, &holder}) {
      need(member->store->refill_keys(children));
      auto turn = need(member->store->begin(member->clock.now()));
      if (member == &asker)
        token =
            need(add_user(*turn, {"s.worker", "S. Worker", "practitioner", "team", "$argon2id$none"}, *member->random))
                .api_token.token;
      for (std::size_t i = 0; i < children; ++i) {
        PersonVersion version;
        version.person = federated_person(i);
        version.link_keys = find_keys(version.person);
        const PersonRef person = need(turn->put_person(std::move(version), ActorId()));
        const bool is_police = member == &holder;
        need(turn->put_record(record_about(person, member->id, is_police ? "incident" : "visit",
                                           is_police ? "police.incident" : "social-care.visit"),
                              ActorId(), Tell::nobody));
        if (is_police) people.push_back(person);
        if (!is_police) need(member->node->open_test_head(identity_named(i), plan_head(), *turn));
      }
      need(turn->commit());
    }
    return token;
  }
  void ask(const std::string& token, std::size_t number, std::size_t& shown) {
    ViewRequest request;
    request.child = identity_named(number);
    request.purpose = "child_protection";
    request.basis = "public_task";
    request.reason = "bench";
    request.scope = {holder.id};
    request.deadline_ms = 20'000;
    asker.node->start_view(token, request, [&shown](Expected<CaseView> view) {
      const CaseView made = need(std::move(view));
      if (made.items.empty()) need(Expected<void>(fail("no-items", "the holder showed nothing", "", "")));
      ++shown;
    });
  }
};

}  // namespace

void notices(std::size_t count, std::size_t window) {
  Pair pair;
  pair.asker.start();
  pair.tell_ms(window, window);  // warm
  for (int run = 0; run < 5; ++run) {
    const double took_ms = pair.tell_ms(count, window);
    tell("notices", "ours", double(count) / took_ms * 1000);
  }
  pair.asker.stop();
  const auto sent = pair.holder.node->notices().counts();
  if (sent.delivered != sent.queued || sent.refused > 0) std::exit(3);
}

void drain(std::size_t count) {
  Pair pair;
  const std::size_t at_once = 1000;
  std::size_t written = 0;
  const double wrote_ms = ms_of([&] {
    while (pair.holder.node->notices().counts().queued < count) {
      for (; written < count && written - pair.holder.node->notices().counts().queued < at_once;
           ++written, ++pair.posted)
        pair.write_record();
      pair.holder.loop();
    }
  });
  tell("written down while cut off", "ours", double(count) / wrote_ms * 1000);
  pair.asker.start();
  const auto& counts = pair.holder.node->notices().counts();
  tell("until the first receipt, ms", "ours", ms_of([&] {
         while (counts.delivered == 0) pair.holder.loop();
       }));
  const std::size_t left = count - counts.delivered;
  const double took_ms = ms_of([&] {
    while (counts.delivered < count) pair.holder.loop();
  });
  tell("drain", "ours", double(left) / took_ms * 1000);
  pair.asker.stop();
}

namespace {

// Knows no replays: the bench sends everything once.
struct NoReplays : ReplayWindow {
  bool seen(const MemberId&, const MessageId&) override { return false; }
  void remember(const Header&) override {}
};

Message message_of(const BenchMember& from, const BenchMember& to, Kind kind, Bytes payload, Instant now) {
  Message message;
  message.header.from = from.id;
  message.header.to = to.id;
  message.header.from_incarnation = message.header.to_incarnation = 1;
  message.header.sent_at = now;
  message.header.expires = now + minute_ms;
  message.header.id = MessageId::make(*from.random);
  message.header.directory_version = from.book->version();
  message.header.kind = kind;
  message.payload = std::move(payload);
  return message;
}

// The frames of asks about one person after another, as the asking member's node would sign them.
class Asks {
 public:
  Asks(BenchMember& asker, const BenchMember& holder, std::size_t people) : asker_(asker), holder_(holder) {
    for (std::size_t i = 0; i < people; ++i) {
      ProcessHead head = plan_head();
      head.process = ProcessId::make(*asker.random);
      head.lead = asker.id;
      head.lead_epoch = head.number = 1;
      head.child_commitments = {commit_to(identity_named(i), salt_)};
      head.issued_at = asker.clock.now();
      head.expires = head.issued_at + day_ms;
      heads_.push_back(need(issue_head(head, asker.keys.signing, 1)));
    }
  }
  Bytes next() { return about(number_++ % heads_.size()); }
  Bytes about(std::size_t person) {
    Ask ask;
    ask.id = AskId::make(*asker_.random);
    ask.about = identity_named(person);
    ask.claims.worker.fill(7);
    ask.claims.role = "practitioner";
    ask.claims.purpose = "child_protection";
    ask.claims.basis = "public_task";
    ask.deadline = asker_.clock.now() + minute_ms;
    ask.process_head = heads_[person];
    ask.process_head_salt = salt_;
    return need(seal_message(message_of(asker_, holder_, Kind::ask, need(encode_ask(ask)), asker_.clock.now()),
                             {asker_.keys.signing, 1}));
  }

 private:
  BenchMember& asker_;
  const BenchMember& holder_;
  Salt salt_{1, 2, 3};
  std::vector<Bytes> heads_;
  std::size_t number_ = 0;
};

// A holder of people with 50 records each, and who asks it.
struct AskedNode {
  BenchFederation federation;
  BenchMember asker{federation, asker_name}, holder{federation, holder_name};

  explicit AskedNode(std::size_t people, const std::set<std::string>& markings = {}) {
    asker.meet();
    holder.meet();
    holder.make_node();
    for (std::size_t i = 0; i < people; ++i) {
      need(holder.store->refill_keys());
      auto turn = need(holder.store->begin(holder.clock.now()));
      PersonVersion version;
      version.person = federated_person(i);
      version.link_keys = find_keys(version.person);
      const PersonRef person = need(turn->put_person(std::move(version), ActorId()));
      Record record = record_about(person, holder.id, "incident", "police.incident");
      record.label.markings = markings;
      for (std::size_t j = 0; j < asked_records; ++j) need(turn->put_record(record, ActorId(), Tell::nobody));
      need(turn->commit());
    }
  }
};

// Sends what `next` gives, so many in flight, until `count` answers came back: frames of which `check` says that they
// are one. A node tells its peers of the directory and its keys beside.
double exchange_ms(BenchMember& asker, const MemberId& to, std::size_t count, const std::function<Bytes()>& next,
                   const std::function<bool(const Frame&)>& check) {
  std::size_t sent = 0, answered = 0;
  return ms_of([&] {
    while (answered < count) {
      while (sent < count && sent - answered < in_flight) {
        const Bytes frame = next();
        while (asker.transport->send(to, frame) != Sent::queued) asker.transport->wait(1);  // not connected yet
        ++sent;
      }
      asker.transport->wait(1000);
      for (const Frame& frame : asker.transport->receive(64)) answered += check(frame);
    }
  });
}

// A member without us: takes a frame, verifies a signature over it, commits its bytes, signs and sends what it was
// told.
class BareMember {
 public:
  BareMember(BenchMember& member, const PublicKey& peers_key, const MemberId& peer, std::size_t answer_bytes)
      : member_(member), peers_key_(peers_key), peer_(peer), answer_(answer_bytes, 1) {
    kv_ = need(open_lmdb(member.directory.path() + "/bare"));
  }
  ~BareMember() { stop(); }
  void commit(ByteView bytes) {
    auto txn = need(kv_->write());
    Bytes key(8, 0);
    for (int i = 0; i < 8; ++i) key[std::size_t(i)] = std::uint8_t(number_ >> (56 - 8 * i));
    ++number_;
    need(txn->put(Table::entries, key, bytes));
    need(txn->commit());
  }
  void start() {
    thread_ = std::thread([this] {
      while (!is_stopping_) {
        member_.transport->wait(1000);
        const auto frames = member_.transport->receive(64);
        if (frames.empty()) continue;
        std::size_t good = 0;
        for (const auto& frame : frames)
          good +=
              ginnel::verify(peers_key_, "bench", ByteView(frame.bytes).subspan(64), ByteView(frame.bytes).first(64));
        commit(frames.front().bytes);
        for (; good > 0; --good) {
          const Bytes answer = signed_frame(answer_);
          while (!is_stopping_ && member_.transport->send(peer_, answer) != Sent::queued) wait_for_line();
        }
      }
    });
  }
  void stop() {
    if (!thread_.joinable()) return;
    is_stopping_ = true;
    member_.transport->wake();
    thread_.join();
  }
  Bytes signed_frame(ByteView body) {
    const Signature made = sign(member_.keys.signing, "bench", body);
    Bytes frame = copy_of(made);
    append(frame, body);
    return frame;
  }

 private:
  static void wait_for_line() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }  // not connected yet

  BenchMember& member_;
  PublicKey peers_key_;
  MemberId peer_;
  Bytes answer_;
  std::unique_ptr<Kv> kv_;
  std::uint64_t number_ = 0;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

constexpr std::size_t bare_ask_bytes = 960, bare_answer_bytes = 65'536 - 64;

}  // namespace

void asks(std::size_t count) {
  {
    AskedNode asked(asked_people);
    NoReplays replays;
    Opener opener(asked.asker.id, 1, *asked.asker.book, replays);
    Asks made(asked.asker, asked.holder, asked_people);
    std::size_t bytes = 0;
    const auto check = [&](const Frame& frame) {
      auto message = opener.open(frame.from, frame.bytes, asked.asker.clock.now());
      if (!message) std::exit(3);
      if (message->header.kind != Kind::answer) return false;
      bytes = frame.bytes.size();
      const Answer answer = need(decode_answer(message->payload));
      const bool is_whole = std::all_of(answer.items.begin(), answer.items.end(),
                                        [](const Item& item) { return item.narrative.size() == told_narrative_bytes; });
      if (answer.pages != 1 || answer.items.size() != asked_records || !is_whole) std::exit(4);
      return true;
    };
    asked.holder.start();
    exchange_ms(
        asked.asker, asked.holder.id, 64, [&] { return made.next(); }, check);
    for (int run = 0; run < 5; ++run) {
      const double took_ms = exchange_ms(
          asked.asker, asked.holder.id, count, [&] { return made.next(); }, check);
      tell("asks", "ours", double(count) / took_ms * 1000);
    }
    tell("answer, bytes", "about", double(bytes));
  }
  BenchFederation federation;
  BenchMember asker(federation, asker_name), holder(federation, holder_name);
  asker.meet();
  holder.meet();
  BareMember mine(asker, holder.keys.signing.public_key, holder.id, 0);
  BareMember theirs(holder, asker.keys.signing.public_key, asker.id, bare_answer_bytes);
  theirs.start();
  const Bytes body(bare_ask_bytes, 2);
  for (int run = 0; run < 6; ++run) {
    const double took_ms = exchange_ms(
        asker, holder.id, count, [&] { return mine.signed_frame(body); },
        [&](const Frame& frame) {
          if (!verify(holder.keys.signing.public_key, "bench", ByteView(frame.bytes).subspan(64),
                      ByteView(frame.bytes).first(64)))
            std::exit(3);
          return true;
        });
    if (run > 0) tell("asks", "floor", double(count) / took_ms * 1000);
  }
}

// SECURITY: who measures answers must not learn of a child that they must not know of. The child concealed has as many
// records as the other measures ask for; the next one nobody holds.
void concealed(std::size_t count) {
  AskedNode asked(1, {"adoption_sealed"});
  NoReplays replays;
  Opener opener(asked.asker.id, 1, *asked.asker.book, replays);
  Asks made(asked.asker, asked.holder, 2);
  asked.holder.start();
  for (std::size_t i = 0; i < count + 64; ++i) {
    const bool is_held = i % 2 == 0;
    const Bytes frame = made.about(is_held ? 0 : 1);
    std::size_t bytes = 0;
    const double took_ms = exchange_ms(
        asked.asker, asked.holder.id, 1, [&] { return frame; },
        [&](const Frame& got) {
          auto message = opener.open(got.from, got.bytes, asked.asker.clock.now());
          if (!message) std::exit(3);
          if (message->header.kind != Kind::answer) return false;
          if (need(decode_answer(message->payload)).status != PartStatus::not_known) std::exit(4);
          bytes = got.bytes.size();
          return true;
        });
    if (i < 64) continue;  // to warm
    tell("answer, ms", is_held ? "concealed" : "unknown", took_ms);
    tell("answer, bytes", is_held ? "concealed" : "unknown", double(bytes));
  }
}

void rounds(std::size_t count) {
  BenchFederation federation;
  BenchMember asker(federation, asker_name);
  std::vector<std::unique_ptr<BenchMember>> holders;
  std::vector<std::unique_ptr<BareMember>> bare;
  for (const auto* name : {"leeds-csc", "kirklees-csc", "wakefield-csc", "wy-police", "bfd-hospital"})
    holders.push_back(std::make_unique<BenchMember>(federation, name));
  asker.meet();
  for (auto& holder : holders) {
    holder->meet();
    bare.push_back(std::make_unique<BareMember>(*holder, asker.keys.signing.public_key, asker.id, 16'384 - 64));
    bare.back()->start();
  }
  BareMember mine(asker, asker.keys.signing.public_key, asker.id, 0);
  const Bytes body(bare_ask_bytes, 2);
  for (std::size_t round = 0; round < count + 20; ++round) {
    const double took_ms = ms_of([&] {
      mine.commit(body);
      const Bytes frame = mine.signed_frame(body);  // one signature for a batch, as a node does
      for (auto& holder : holders)
        while (asker.transport->send(holder->id, frame) != Sent::queued) asker.transport->wait(1);
      std::size_t answered = 0;
      while (answered < holders.size()) {
        asker.transport->wait(1000);
        for (const auto& answer : asker.transport->receive(64)) {
          const auto& from =
              *std::find_if(holders.begin(), holders.end(), [&](auto& one) { return one->id == answer.from; });
          if (!verify(from->keys.signing.public_key, "bench", ByteView(answer.bytes).subspan(64),
                      ByteView(answer.bytes).first(64)))
            std::exit(3);
          ++answered;
        }
      }
      mine.commit(body);
    });
    if (round >= 20) tell("rounds", "floor", took_ms);
  }
}

}  // namespace ginnel::bench
