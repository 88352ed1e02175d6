// SPDX-License-Identifier: Apache-2.0
// Many running processes in one node: what each act, each list, a start and a tick cost among them.
#include "tests/bench/processes.h"

#include <malloc.h>

#include "node/process/process_book.h"
#include "tests/bench/bench_store.h"
#include "tests/node/process_rules_for_tests.h"

namespace ginnel::bench {
namespace {

// Each at its referral: a contact with three contributions that ended, and a step that waits.
class Processes {
 public:
  static constexpr int per_turn = 20, runs = 40, starts = 3;

  Processes() {
    who_.user = UserId::make(*store_.random);
    who_.role = "manager";
  }
  void fill(std::size_t count) {
    while (ids_.size() < count) {
      in_turn([&](Turn& turn) {
        for (int i = 0; i < per_turn; ++i) add(turn);
      });
      store_.forget();
    }
  }
  void measure(const std::string& size) {
    for (int i = 0; i < runs; ++i) {
      const ProcessId& id = ids_[std::size_t(i) * 977 % ids_.size()];
      tell("act among " + size, "ours", ms_of([&] {
             in_turn([&](Turn& turn) {
               need(book_->contribute(who_, {id, 2, "note", "rang the school", {}, "", ""}, turn));
             });
           }));
      tell("list among " + size, "ours", ms_of([&] {
             const auto snapshot = need(store_.store->snapshot());
             std::size_t seen = 0;
             need(book_->each_open(
                 [&](const ProcessId& one) -> Expected<bool> {
                   const KeptProcess kept = need(book_->find(one, *snapshot));
                   if (need_engine(kept).overview(kept.process, now_).empty()) std::exit(3);
                   return ++seen < limits::processes_shown_max;
                 },
                 *snapshot, now_));
           }));
      tell("idle tick among " + size, "ours", ms_of([&] { tick(); }));
    }
    for (int i = 0; i < starts; ++i) {
      book_.reset();
      malloc_trim(0);  // what is free goes back, so that what the processes take is seen
      const double before = resident_kib();
      book_ = std::make_unique<ProcessBook>(parts());
      const auto snapshot = need(store_.store->snapshot());
      tell("start among " + size, "ours", ms_of([&] { book_->start(*snapshot, now_); }));
      if (book_->running() != ids_.size()) std::exit(3);
      if (i == 0) tell("memory among " + size, "ours", resident_kib() - before);
      tell("start among " + size, "floor", ms_of([&] {
             for (const auto& id : ids_)
               for (const auto sequence : need(snapshot->process_entries(id)))
                 if (need(snapshot->entry(sequence)).body.empty()) std::exit(3);
           }));
    }
  }
  // Everything is due at once: the worst minute of a year.
  void measure_telling(const std::string& size) {
    now_ = now_ + 40 * day_ms;
    for (int i = 0; i < runs; ++i)
      tell("tick that tells among " + size, "ours",
           ms_of([&] { in_turn([&](Turn& turn) { need(book_->tick(turn)); }); }));
  }

 private:
  ProcessBook::Parts parts() {
    return {child_protection_rules(), *MemberId::parse("bradford-csc"),
            agreement()->vocabulary,  tasks_,
            *store_.random,           "01632 960001"};
  }
  template <class Do>
  void in_turn(Do act) {
    need(store_.store->refill_keys(64));
    auto turn = need(store_.store->begin(now_));
    act(*turn);
    need(turn->commit());
  }
  void tick() {
    auto turn = need(store_.store->begin(now_));
    need(book_->tick(*turn));
  }
  ProcessEngine need_engine(const KeptProcess& kept) const {
    auto engine = book_->engine_of(kept.process);
    if (!engine) std::exit(3);
    return *engine;
  }
  void add(Turn& turn) {
    PersonVersion version;
    version.person.names = {{"Child", "Tester", "usual", {}, {}}};
    version.person.birth = {{2016, 3, 14}, Precision::day};
    const PersonRef child = need(turn.put_person(std::move(version), ActorId()));
    const ProcessId id = need(book_->begin(who_, {"child-protection", child, {}}, turn));
    for (const char* name : {"referral-source", "why", "legal-basis"})
      need(book_->contribute(who_, {id, 1, name, "the school rang about bruises", {}, "", ""}, turn));
    need(book_->close(who_, {id, 1, "referral", "it is urgent", {}}, turn));
    ids_.push_back(id);
  }

  BenchStore store_;
  Tasks tasks_{agreement()->vocabulary, *store_.random};
  std::unique_ptr<ProcessBook> book_ = std::make_unique<ProcessBook>(parts());
  Session who_;
  Instant now_{1'795'435'200'000};  // a Monday noon
  std::vector<ProcessId> ids_;
};

}  // namespace

void processes(const std::vector<std::string>& counts) {
  Processes all;
  for (const auto& count : counts) {
    all.fill(std::stoul(count));
    all.measure(count);
  }
  all.measure_telling(counts.back());
}

}  // namespace ginnel::bench
