// SPDX-License-Identifier: Apache-2.0
// refresh_demo of demo_setup.h.
#include <algorithm>
#include <fstream>
#include <set>

#include "federation/wire/directory_codec.h"
#include "federation/wire/limits.h"
#include "node/demo/demo_federation.h"
#include "node/demo/demo_setup.h"
#include "node/demo/ports.h"
#include "node/setup/node_clock.h"
#include "node/setup/open_store.h"
#include "node/setup/private_file.h"
#include "node/setup/unlock.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t directory_renewed_after_ms = 20 * day_ms;

// A node's store, opened while the node does not run.
struct Opened {
  NodeConfig config;
  std::unique_ptr<Random> random = system_random();
  OpenedStore store;
};

Expected<std::unique_ptr<Opened>> open_node(const fs::path& dir) {
  auto opened = std::make_unique<Opened>();
  auto config = read_config(dir);
  if (!config) return tl::unexpected(config.error().front());
  opened->config = std::move(*config);
  auto root = unlock(opened->config, [](Secret) { return fail("no-passphrase", "a demonstration has none"); });
  if (!root) return tl::unexpected(root.error());
  auto store = open_store(opened->config, root->key, *opened->random);
  if (!store) return tl::unexpected(store.error());
  opened->store = std::move(*store);
  return opened;
}

Expected<SecretKey> read_key(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  auto bytes = from_hex(line);
  auto key = bytes ? SecretKey::from(*bytes) : std::nullopt;
  if (!key)
    return fail("bad-demo-state", "cannot read " + file.string(), "it holds no key",
                "choose another --dir, or remove this one: its people are invented");
  return *key;
}

// Of a member without a node. Only the spare has more than an identity.
Expected<OwnKeys> loose_keys(const DemoPaths& paths, const MemberId& member, const std::string& spare) {
  OwnKeys keys;
  auto identity = read_key(paths.member_keys() / member.text());
  if (!identity) return tl::unexpected(identity.error());
  keys.identity = SigningKey::from_seed(*identity);
  if (member.text() != spare) return keys;
  auto signing = read_key(paths.spare_keys() / "signing"), curve = read_key(paths.spare_keys() / "curve");
  if (!signing || !curve) return tl::unexpected(signing ? curve.error() : signing.error());
  keys.signing = SigningKey::from_seed(*signing);
  keys.curve = CurveKey::from_secret(*curve);
  return keys;
}

bool is_old(const DemoState& state, Instant now) {
  auto issued = parse_iso_utc(state.directory_issued_at);
  return !issued || now - *issued > directory_renewed_after_ms;
}

// True: some node has another port than before.
Expected<bool> move_from_taken_ports(DemoState& state) {
  std::set<std::uint16_t> taken;
  for (const DemoNode& node : state.nodes) taken.insert({node.https_port, node.transport_port});
  bool moved = false;
  for (DemoNode& node : state.nodes)
    for (std::uint16_t* port : {&node.https_port, &node.transport_port}) {
      if (is_free_port(*port)) continue;
      auto other = take_port(*port, taken);
      if (!other) return tl::unexpected(other.error());
      *port = *other;
      moved = true;
    }
  return moved;
}

// What the demonstration was told since it was planned stands in its nodes: who was admitted, who was revoked, which
// keys are in use.
struct InForce {
  std::optional<Directory> directory;            // the newest that any node holds
  std::map<MemberId, std::uint32_t> statements;  // the highest number that any node holds of each member
};

Expected<void> learn(InForce& known, const StoreReader& reader) {
  auto documents = load_federation_documents(reader);
  if (!documents) return tl::unexpected(documents.error());
  auto value = decode_signed_directory(documents->directory);
  auto directory = value ? decode_directory(value->bytes) : Expected<Directory>(tl::unexpected(value.error()));
  if (directory && (!known.directory || known.directory->version < directory->version))
    known.directory = std::move(*directory);
  for (const Bytes& bytes : documents->statements)
    if (auto statement = read_key_statement(bytes)) {
      auto& highest = known.statements[statement->member];
      highest = std::max(highest, statement->number);
    }
  return {};
}

Expected<void> give_documents(Opened& node, const DemoNode& planned, const OwnKeys& keys,
                              const DemoFederation& federation) {
  auto turn = node.store.store->begin(clock_of(node.config)->now());
  if (!turn) return tl::unexpected(turn.error());
  if (auto put = put_own_keys(**turn, keys); !put) return put;
  if (auto put = put_directory(**turn, federation.directory); !put) return put;
  for (const SignedStatement& statement : federation.statements) {
    for (std::uint32_t back = 1; back <= limits::key_statements_kept_max && back < statement.number; ++back)
      if (auto gone = erase_statement(**turn, statement.member, statement.number - back); !gone) return gone;
    if (auto put = put_statement(**turn, statement.member, statement.number, statement.bytes); !put) return put;
  }
  if (auto committed = (*turn)->commit(); !committed) return committed;
  node.config.listen = planned.endpoint();
  node.config.https.port = planned.https_port;
  return write_file(node.config.dir / "node.toml", write_config(node.config));
}

}  // namespace

Expected<void> refresh_demo(const DemoSetup& setup, DemoState& state, std::ostream& progress) {
  auto moved = move_from_taken_ports(state);
  if (!moved) return tl::unexpected(moved.error());
  const Instant now = clock_ahead_by(setup.paths.clock())->now();
  if (!*moved && !is_old(state, now)) return {};
  progress << "signing the list of members and the nodes' addresses again ..." << std::endl;

  std::map<std::string, std::unique_ptr<Opened>> opened;
  std::map<MemberId, OwnKeys> keys;
  std::map<MemberId, std::string> endpoints;
  InForce known;
  for (const DemoNode& node : state.nodes) {
    auto one = open_node(setup.paths.node(node.id));
    if (!one) return tl::unexpected(one.error());
    auto snapshot = (*one)->store.store->snapshot();
    if (!snapshot) return tl::unexpected(snapshot.error());
    auto own = load_own_keys(**snapshot);
    if (!own) return tl::unexpected(own.error());
    if (auto learnt = learn(known, **snapshot); !learnt) return learnt;
    keys[*MemberId::parse(node.id)] = *own;
    endpoints[*MemberId::parse(node.id)] = node.endpoint();
    opened[node.id] = std::move(*one);
  }
  for (const PlannedMember& planned : setup.plan.members) {
    if (planned.has_node) continue;
    auto loose = loose_keys(setup.paths, planned.member.id, state.spare.id);
    if (!loose) return tl::unexpected(loose.error());
    keys[planned.member.id] = *loose;
  }
  endpoints[*MemberId::parse(state.spare.id)] = state.spare.endpoint;

  // INVARIANT: no version and no number is signed twice with other content, and nobody who was admitted or revoked
  // since the plan is forgotten.
  if (known.directory) state.directory_version = std::max(state.directory_version, known.directory->version);
  ++state.directory_version;
  for (auto& [id, own] : keys) {
    own.statement_number = std::max(own.statement_number, known.statements[id]) + 1;
    own.next.reset();
  }
  if (known.directory)
    for (const Member& member : known.directory->members)
      if (member.revoked_since.is_set()) endpoints.erase(member.id);
  auto federation = sign_federation(setup.plan, keys, state.directory_version, endpoints, now,
                                    known.directory ? &*known.directory : nullptr);
  if (!federation) return tl::unexpected(federation.error());
  state.directory_issued_at = to_iso_utc(now);
  for (const DemoNode& node : state.nodes)
    if (auto given = give_documents(*opened[node.id], node, keys[*MemberId::parse(node.id)], *federation); !given)
      return given;
  return write_state(setup.paths, state);
}

}  // namespace ginnel
