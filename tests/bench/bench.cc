// SPDX-License-Identifier: Apache-2.0
// Our side of scripts/bench, and floors that need our code: bench PART ARGUMENTS. Each line of the output is a JSON
// object {what, side, value}: milliseconds of one run, or decisions a second.
//
//   import MAPPING FILE...   an agency's files into an empty store; then the same writes by themselves
//   growth RECORDS...        one node's part of a case view, 50 records, among so many records, and so many more; then
//                            how long the store takes to open, and memory beyond the map in KiB
//   processes COUNT...       so many running processes in one node, and so many more: an act in one, the list, the
//   start, a
//                            tick with nothing and with something to tell; memory in KiB
//   notices COUNT WINDOW     records written at one node until another's signed receipt for each, so many at a time
//   drain COUNT              so many notices that waited while the other node was away
//   asks COUNT               asks of 50 records of one node, eight in flight; then frames, signatures, commits alone
//   concealed COUNT          asks, in turn, for a child who is concealed and for one who is not held; one in flight
//   rounds COUNT             a view's bare round: five holders' signatures, frames and commits, without us
//   decide DIR SECONDS       DIR's policies on DIR's request, as tests/bench/decide.mjs wrote them
#include <fstream>
#include <sstream>

#include "federation/record/match.h"
#include "node/import/importer.h"
#include "node/import/open_source.h"
#include "node/view/part_maker.h"
#include "policy/authorize.h"
#include "policy/json.h"
#include "policy/schema.h"
#include "tests/bench/bench.h"
#include "tests/bench/bench_store.h"
#include "tests/bench/federated.h"
#include "tests/bench/processes.h"

namespace ginnel::bench {
namespace {

using nlohmann::json;

// The same keys and values in as many commits, without anything that makes, reads or checks them.
double replay_ms(const RecordedCommits& commits) {
  TempDirectory directory;
  auto kv = need(open_lmdb(directory.path() + "/raw"));
  return ms_of([&] {
    for (const auto& writes : commits) {
      auto txn = need(kv->write());
      for (const auto& write : writes)
        need(write.value ? txn->put(write.table, write.key, *write.value) : txn->erase(write.table, write.key));
      need(txn->commit());
    }
  });
}

void import(const std::vector<std::string>& words) {
  SourceFiles source{{words.begin() + 1, words.end()}, words.at(0), *MemberId::parse("bradford-csc"), {2026, 11, 23}};
  auto adapter = open_source(source, agreement()->vocabulary);
  if (!adapter) return need(Expected<void>(tl::unexpected(adapter.error().front())));
  BenchStore store;
  Importer importer(**adapter, {});
  tell("import", "ours", ms_of([&] { need(import_all(importer, *store.store, *store.clock)); }));
  tell("import", "floor", replay_ms(store.ledger.commits) + replay_ms(store.keys.commits));
}

Record record_about(const PersonRef& person, std::size_t number) {
  Record record;
  record.subjects = {{person, SubjectRole::child}};
  record.kind = "contact";
  record.occurred = When::on(*Date::of(2026, 11, 1 + number % 20));
  record.headline = "A contact was made";
  record.narrative = std::string(400, 'n');
  record.label.category = "social-care.contact";
  record.label.sensitivity = 0;
  record.label.handling = "official";
  record.label.owner = *MemberId::parse("bradford-csc");
  return record;
}

// Names that sound different, so that a search finds the one who is meant.
std::string given_name(std::size_t number) {
  constexpr std::string_view consonants = "bdfgklmnprst", vowels = "aiou";
  std::string name = "J";
  for (int syllable = 0; syllable < 4; ++syllable) {
    name += vowels[number % vowels.size()];
    number /= vowels.size();
    name += consonants[number % consonants.size()];
    number /= consonants.size();
  }
  return name;
}

Person person_named(std::size_t number) {
  Person person;
  person.names = {{given_name(number), "Tester", "usual", {}, {}}};
  person.birth = {*Date::of(2009 + number % 17, 1 + number / 17 % 12, 1 + number / 204 % 28), Precision::day};
  return person;
}

// Own part of a view: found, decided, read, written down, committed.
class Growth {
 public:
  static constexpr std::size_t asked_records = 50, per_person = 10, runs = 60;

  void fill(std::size_t records) {
    if (held_ == 0) add(asked_records);
    while (held_ < records) {
      need(store_.store->refill_keys(64));
      auto turn = need(store_.store->begin(store_.clock->now()));
      for (int i = 0; i < 50; ++i) add(per_person, *turn);
      need(turn->commit());
      store_.forget();
    }
  }
  void measure_open(const std::string& size) {
    for (int i = 0; i < 3; ++i) tell("open among " + size, "ours", ms_of([&] { store_.reopen(); }));
    tell("memory among " + size, "ours", resident_kib());
  }
  void measure(const std::string& what) {
    for (std::size_t i = 0; i < runs; ++i) {
      need(store_.store->refill_keys());
      tell(what, "ours", ms_of([&] {
             auto turn = need(store_.store->begin(store_.clock->now()));
             const MadePart part = need(maker_.make(ask(), own(), *turn));
             if (part.answer.items.size() != asked_records) std::exit(3);
             need(turn->commit());
           }));
    }
  }

 private:
  void add(std::size_t records) {
    need(store_.store->refill_keys(64));
    auto turn = need(store_.store->begin(store_.clock->now()));
    add(records, *turn);
    need(turn->commit());
  }
  void add(std::size_t records, Turn& turn) {
    PersonVersion version;
    version.person = person_named(people_++);
    version.link_keys = find_keys(version.person);
    const PersonRef person = need(turn.put_person(std::move(version), ActorId()));
    for (std::size_t i = 0; i < records; ++i) need(turn.put_record(record_about(person, i), ActorId()));
    held_ += records;
  }
  PartAsk ask() {
    PartAsk ask;
    ask.asking.agency = *MemberId::parse("leeds-csc");
    ask.asking.agency_kind = "social_care";
    ask.asking.worker = "00112233445566778899aabbccddeeff";
    ask.asking.role = "practitioner";
    ask.asking.purpose = "child_protection";
    ask.asking.proven = {"child_protection"};
    ask.asking.basis = "public_task";
    ask.about = Identity{"", given_name(0), "Tester", person_named(0).birth.date, ""};
    ask.access.ask = AskId::make(*store_.random);
    ask.access.peer = ask.asking.agency;
    return ask;
  }
  OwnPart own() const {
    OwnPart own;
    own.member = *MemberId::parse("bradford-csc");
    own.kind = "social_care";
    own.name = "Bradford";
    own.duty = {"Duty desk", "", "", "01632 960001", "always"};
    own.basis = "public_task";
    own.data_to = store_.clock->now();
    own.data_age_ms_max = 48 * hour_ms;
    return own;
  }

  BenchStore store_;
  Gate gate_{agreement()};
  PersonFinder finder_;
  PartMaker maker_{gate_, finder_};
  std::size_t held_ = 0, people_ = 0;
};

void growth(const std::vector<std::string>& sizes) {
  Growth growth;
  for (const auto& size : sizes) {
    growth.fill(std::stoul(size));
    growth.measure("part among " + size);
    growth.measure_open(size);
  }
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

int decide(const std::filesystem::path& dir, double seconds) {
  auto policies = policy::parse_policies(text_of(dir / "policies.cedar"), "policies");
  auto schema = policy::parse_schema(text_of(dir / "schema.cedarschema"), "schema");
  if (!policies || !schema) return std::cerr << "the policies or the schema do not parse\n", 1;
  auto list = policy::entities_from_json(text_of(dir / "entities.json"), "entities", &*schema);
  if (!list) return std::cerr << policy::to_text(list.error()) << "\n", 1;
  auto entities = policy::Entities::make(std::move(*list));
  const json asked = json::parse(text_of(dir / "request.json"));
  const auto uid = [&](const char* key) { return *policy::entity_uid_from_json(asked.at(key).dump(), key); };
  const auto action = uid("action");
  auto context = policy::context_from_json(asked.at("context").dump(), "context", &*schema, &action);
  if (!context) return std::cerr << policy::to_text(context.error()) << "\n", 1;
  const policy::Request request{uid("principal"), action, uid("resource"), std::move(*context)};
  const policy::CompiledPolicies compiled(*policies, *entities);
  policy::Decider decider(compiled);
  for (int run = 0; run < 9; ++run) {
    std::size_t count = 0, allowed = 0;
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    const double took_ms = ms_of([&] {
      while (std::chrono::steady_clock::now() < until)
        for (int i = 0; i < 1000; ++i, ++count) allowed += decider.decide(request, *entities).allowed();
    });
    if (allowed != count) return std::cerr << "the request is not allowed\n", 1;
    tell("decide", "ours", double(count) / took_ms * 1000);
  }
  return 0;
}

}  // namespace
}  // namespace ginnel::bench

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() > 2 && words[0] == "import") {
    ginnel::bench::import({words.begin() + 1, words.end()});
  } else if (words.size() > 1 && words[0] == "growth") {
    ginnel::bench::growth({words.begin() + 1, words.end()});
  } else if (words.size() > 1 && words[0] == "processes") {
    ginnel::bench::processes({words.begin() + 1, words.end()});
  } else if (words.size() == 3 && words[0] == "decide") {
    return ginnel::bench::decide(words[1], std::stod(words[2]));
  } else if (words.size() == 3 && words[0] == "notices") {
    ginnel::bench::notices(std::stoul(words[1]), std::stoul(words[2]));
  } else if (words.size() == 2 && words[0] == "drain") {
    ginnel::bench::drain(std::stoul(words[1]));
  } else if (words.size() == 2 && words[0] == "concealed") {
    ginnel::bench::concealed(std::stoul(words[1]));
  } else if (words.size() == 2 && words[0] == "asks") {
    ginnel::bench::asks(std::stoul(words[1]));
  } else if (words.size() == 2 && words[0] == "rounds") {
    ginnel::bench::rounds(std::stoul(words[1]));
  } else {
    return 2;
  }
  return 0;
}
