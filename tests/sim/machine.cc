// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/machine.h"

#include "federation/base/check.h"
#include "federation/record/match.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/signed.h"
#include "node/setup/accounts.h"
#include "node/setup/suspensions.h"
#include "node/store/codec.h"
#include "tests/node/process_rules_for_tests.h"

namespace ginnel::sim {
namespace {

template <class T>
T must(Expected<T> value) {
  if (!value) check_failed(value.error().text().c_str(), __FILE__, __LINE__);
  return std::move(*value);
}
void must(Expected<void> done) {
  if (!done) check_failed(done.error().text().c_str(), __FILE__, __LINE__);
}

}  // namespace

ProcessHead plan_head() {
  ProcessHead head;
  head.definition = "child-protection";
  head.edition = "2023-12-15";
  head.state = "plan";
  head.proves = {"child_protection"};
  return head;
}

Machine::Machine(const Member& member, OwnKeys keys, std::uint64_t seed, SimClock& clock, SimNetwork& network)
    : member_(member),
      keys_(std::move(keys)),
      random_(seed),
      clock_(clock),
      network_(network),
      root_(SecretKey::make(random_)),
      transport_(member.id, network) {}

void Machine::start(const Papers& papers) {
  if (!is_created_) create();
  store_ = must(Store::open(ledger_, keys_disk_, root_, random_));
  if (!is_created_) keep_papers(papers);
  load_papers(papers);
  NodeSettings settings;
  settings.member = member_.id;
  settings.duty = member_.duty;
  settings.own_basis = "public_task";
  settings.rotation = papers.rotation;
  settings.inbox = papers.inbox;
  settings.in_shadow = in_shadow_;
  settings.retention = retention_;
  settings.test_head_issuer = member_.id.text() == "bradford-csc";
  if (member_.kind == "social_care" && has_processes_) settings.processes = child_protection_rules();
  node_ =
      std::make_unique<Node>(Node::Parts{clock_, random_, transport_, *store_, *book_, keys_, papers.bundle}, settings);
  network_.set_down(member_.id, false);
  ++starts_;
  if (!is_created_) add_users();
  is_created_ = true;
}

void Machine::create() { must(Store::create(ledger_, keys_disk_, root_, random_, member_.id, 1, clock_.now())); }

// As a node is set up and started: through its store.
void Machine::keep_papers(const Papers& papers) {
  auto turn = must(store_->begin(clock_.now()));
  must(put_own_keys(*turn, keys_));
  must(put_directory(*turn, papers.signed_directory));
  for (const auto& bytes : papers.signed_statements) {
    const auto statement = must(decode_key_statement(must(decode_signed(bytes)).bytes));
    must(put_statement(*turn, statement.member, statement.number, bytes));
  }
  must(turn->commit());
}

void Machine::load_papers(const Papers& papers) {
  auto snapshot = must(store_->snapshot());
  keys_ = must(load_own_keys(*snapshot));
  book_ = std::make_unique<DirectoryBook>(papers.anchor, DirectoryRules{});
  CHECK(must(restore_book(*book_, *snapshot, clock_.now())).empty());
}

void Machine::add_users() {
  auto turn = must(store_->begin(clock_.now()));
  for (const auto& [name, role] : {std::pair{"s.worker", "practitioner"},
                                   {"o.worker", "practitioner"},
                                   {"m.manager", "manager"},
                                   {"operator", "operator"}}) {
    const auto added = must(add_user(*turn, {name, name, role, "team", "$argon2id$none"}, random_));
    tokens_[name] = added.api_token.token;
  }
  must(node_->set_data_to(clock_.now(), *turn));
  must(turn->commit());
}

void Machine::disable(const std::string& user) {
  auto turn = must(store_->begin(clock_.now()));
  must(set_disabled(*turn, user, true, "left"));
  must(turn->commit());
}

void Machine::crash() {
  node_.reset();
  store_.reset();
  book_.reset();
  ledger_.lose_power();
  keys_disk_.lose_power();
  network_.set_down(member_.id, true);
}

std::pair<PersonRef, std::vector<RecordId>> Machine::put(const Holding& holding) {
  auto turn = must(store_->begin(clock_.now()));
  PersonVersion version;
  version.person = holding.person;
  version.link_keys = find_keys(holding.person);
  const PersonRef person = must(turn->put_person(std::move(version), ActorId()));
  std::vector<RecordId> ids;
  for (Record record : holding.records) {
    record.subjects = {{person, SubjectRole::child}};
    ids.push_back(must(turn->put_record(std::move(record), ActorId())));
  }
  must(turn->commit());
  return {person, ids};
}

void Machine::open_head(const Identity& child) {
  auto turn = must(store_->begin(clock_.now()));
  must(node_->open_test_head(child, plan_head(), *turn));
  must(turn->commit());
}

std::vector<AccessEntry> Machine::accesses(EntryKind kind) {
  return accesses_where([kind](EntryKind one) { return one == kind; });
}

std::vector<AccessEntry> Machine::all_accesses() {
  return accesses_where([](EntryKind one) {
    switch (one) {
      case EntryKind::retracted:
      case EntryKind::asked:
      case EntryKind::decided:
      case EntryKind::disclosed:
      case EntryKind::received:
      case EntryKind::view_shown:
      case EntryKind::people_searched:
      case EntryKind::notice:
      case EntryKind::receipt:
      case EntryKind::notice_shown:
      case EntryKind::notice_acknowledged:
        return true;
      default:
        return false;
    }
  });
}

std::vector<AccessEntry> Machine::accesses_where(const std::function<bool(EntryKind)>& wanted) {
  auto snapshot = must(store_->snapshot());
  std::vector<AccessEntry> out;
  for (std::uint64_t at = 0; at < snapshot->tree_head().size; ++at) {
    auto entry = snapshot->entry(at);
    if (!entry) {
      CHECK(entry.error().code == "needs-permit");
      continue;
    }
    if (wanted(entry->header.kind)) out.push_back({entry->header, must(decode_access(entry->body))});
  }
  return out;
}

std::vector<AccessEntry> Machine::accesses_of(const AskId& ask) {
  auto snapshot = store_->snapshot();
  std::vector<AccessEntry> out;
  if (!snapshot) return out;  // read-only: it has nothing that could be relied on
  for (auto at : must((*snapshot)->entries_of(ask))) {
    auto entry = must((*snapshot)->entry(at));
    out.push_back({entry.header, must(decode_access(entry.body))});
  }
  return out;
}

LedgerReport Machine::verify() { return must(must(store_->snapshot())->verify()); }

}  // namespace ginnel::sim
