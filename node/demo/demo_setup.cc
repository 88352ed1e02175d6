// SPDX-License-Identifier: Apache-2.0
#include "node/demo/demo_setup.h"

#include <algorithm>
#include <array>
#include <future>
#include <set>
#include <thread>

#include "federation/base/crypto/password.h"
#include "node/demo/child_process.h"
#include "node/demo/demo_federation.h"
#include "node/demo/ports.h"
#include "node/setup/init_node.h"
#include "node/setup/open_store.h"
#include "node/setup/private_file.h"
#include "node/web/tls.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

constexpr std::uint16_t first_https_port = 8441, first_transport_port = 7441;
// The invented people stand still on one day: their data never grows old.
constexpr std::int64_t never_old_ms = 366 * day_ms;
constexpr const char* unfinished_mark = "unfinished";

std::string bundle_name() { return "west-yorkshire"; }

// Words that are easy to type from a screen. Invented people need no more than that.
std::string make_password(Random& random) {
  static constexpr std::array words = {"barley",  "bobbin",  "canal", "cobble", "heather", "kettle",
                                       "lantern", "mill",    "moor",  "parkin", "quarry",  "rhubarb",
                                       "shuttle", "snicket", "tarn",  "weaver"};
  std::string password;
  for (int i = 0; i < 4; ++i) password += (i ? "-" : "") + std::string(words[random.below(words.size())]);
  return password;
}

Expected<void> make_folders(const DemoPaths& paths) {
  std::error_code error;
  for (const fs::path& dir : {paths.dir, paths.nodes(), paths.dir / "tokens", paths.dir / "children",
                              paths.spare_keys(), paths.member_keys()}) {
    fs::create_directories(dir, error);
    if (!error) fs::permissions(dir, fs::perms::owner_all, error);
    if (error) return fail("unwritable", "cannot make " + dir.string(), error.message(), "choose another --dir");
  }
  return {};
}

// An empty folder, or one in which a demonstration was begun and not finished.
Expected<void> claim_folder(const DemoPaths& paths) {
  std::error_code error;
  bool is_begun = fs::exists(paths.dir / unfinished_mark);
  bool is_empty = !fs::exists(paths.dir) || fs::is_empty(paths.dir, error) ||
                  std::all_of(fs::directory_iterator(paths.dir), fs::directory_iterator(),
                              [](const auto& entry) { return entry.path().filename() == "demo.lock"; });
  if (!is_begun && !is_empty)
    return fail("not-a-demo", "cannot make a demonstration in " + paths.dir.string(),
                "there is something else in that folder", "choose another --dir");
  if (is_begun)
    for (const fs::path& made : {paths.nodes(), paths.dir / "tokens", paths.dir / "children", paths.spare_keys(),
                                 paths.member_keys(), paths.truth()})
      fs::remove_all(made, error);
  if (auto made = make_folders(paths); !made) return made;
  return write_file(paths.dir / unfinished_mark, "");
}

Expected<SynthSummary> make_people(const DemoSetup& setup) {
  SynthOptions options;
  options.children = setup.children;
  options.seed = setup.seed;
  options.out_dir = setup.paths.nodes();
  auto summary = write_synthetic_world(options);
  if (!summary) return summary;
  std::error_code error;
  fs::rename(setup.paths.nodes() / "truth.json", setup.paths.truth(), error);
  if (error) return fail("unwritable", "cannot write " + setup.paths.truth().string(), error.message());
  return summary;
}

Expected<void> choose_ports(DemoState& state) {
  std::set<std::uint16_t> taken;
  for (DemoNode& node : state.nodes) {
    auto https = take_port(first_https_port, taken), transport = take_port(first_transport_port, taken);
    if (!https || !transport) return tl::unexpected(https ? transport.error() : https.error());
    node.https_port = *https;
    node.transport_port = *transport;
  }
  auto spare = take_port(first_transport_port, taken);
  if (!spare) return tl::unexpected(spare.error());
  state.spare.endpoint = "tcp://127.0.0.1:" + std::to_string(*spare);
  return {};
}

std::map<MemberId, std::string> endpoints_of(const DemoState& state) {
  std::map<MemberId, std::string> endpoints;
  for (const DemoNode& node : state.nodes) endpoints[*MemberId::parse(node.id)] = node.endpoint();
  endpoints[*MemberId::parse(state.spare.id)] = state.spare.endpoint;
  return endpoints;
}

// Keys of members without a node: the spare's for scripts, the others' to sign the list of members again.
Expected<void> write_loose_keys(const DemoSetup& setup, const DemoFederation& federation, const DemoState& state,
                                Random& random) {
  for (const PlannedMember& planned : setup.plan.members) {
    if (planned.has_node) continue;
    const OwnKeys& keys = federation.keys.at(planned.member.id);
    auto file = setup.paths.member_keys() / planned.member.id.text();
    if (auto written = write_private_file(file, to_hex(keys.identity.seed.bytes()) + "\n"); !written) return written;
  }
  const OwnKeys& keys = federation.keys.at(*MemberId::parse(state.spare.id));
  SecretKey oprf = SecretKey::make(random);
  oprf.storage().back() &= 0x0f;  // below the order of ristretto255's group, little-endian
  for (auto& [name, key] :
       {std::pair("signing", keys.signing.seed), std::pair("curve", keys.curve.secret), std::pair("oprf", oprf)})
    if (auto written = write_private_file(setup.paths.spare_keys() / name, to_hex(key.bytes()) + "\n"); !written)
      return written;
  return {};
}

// A local authority leads its children's processes.
bool leads_processes(const Member& member) { return member.kind == "social_care" && !member.may_prove.empty(); }

ProcessesConfig processes_of(const fs::path& dir) {
  ProcessesConfig out;
  out.definitions = {dir / "processes/child-protection.toml"};
  out.holidays = dir / "calendar/england-and-wales.toml";
  out.terms = dir / "calendar/school-terms-west-yorkshire.toml";
  out.authority = bundle_name();
  out.agency = "social_care";
  out.roles = {{"front_door", "triage"},
               {"social_worker", "practitioner"},
               {"lead_practitioner", "practitioner"},
               {"manager", "manager"},
               {"deputy_manager", "safeguarding_lead"},
               {"conference_chair", "conference_chair"},
               {"emergency_duty", "triage"},
               {"local_authority_designated_officer", "safeguarding_lead"},
               {"partnership", "governance_lead"}};
  return out;
}

NodeConfig config_of(const DemoSetup& setup, const DemoFederation& federation, const DemoNode& node) {
  const PlannedMember& planned = *setup.plan.find(*MemberId::parse(node.id));
  NodeConfig config;
  config.dir = setup.paths.node(node.id);
  config.member = planned.member.id;
  config.duty = planned.member.duty;
  config.own_basis = planned.own_basis;
  config.test_head_issuer = !planned.member.may_prove.empty();
  config.clock_file = setup.paths.clock();
  config.ledger_dir = config.dir / "store/ledger";
  config.keys_dir = config.dir / "store/keys";
  config.listen = node.endpoint();
  config.https = {"127.0.0.1", node.https_port, config.dir / "tls/certificate.pem", config.dir / "tls/key.pem"};
  config.policies = config.dir / "policies" / (bundle_name() + ".bundle");
  config.trust = federation.anchor;
  config.root_key = RootKeyMethod::demo_file;
  config.root_key_file = config.dir / "demo-root-key.json";
  config.currency.limit_ms = never_old_ms;
  config.directory_rules.purposes_past_closed = setup.plan.purposes_past_closed;
  if (leads_processes(planned.member)) config.processes = processes_of(config.dir);
  return config;
}

// What its configuration names of the shipped definitions, beside it.
Expected<void> copy_processes(const DemoSetup& setup, const NodeConfig& config) {
  const fs::path from = setup.home / "config-examples";
  std::vector<std::pair<fs::path, fs::path>> files{{"calendar", config.processes.holidays},
                                                   {"calendar", config.processes.terms}};
  for (const fs::path& definition : config.processes.definitions) files.emplace_back("processes", definition);
  for (const auto& [folder, to] : files) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    if (!error) fs::copy_file(from / folder / to.filename(), to, fs::copy_options::overwrite_existing, error);
    if (error) return fail("unwritable", "cannot write " + to.string(), error.message(), "choose another --dir");
  }
  return {};
}

struct Secrets {
  std::string password, password_hash;
  TlsIdentity authority;
};

// One node's folder. Run beside others: it touches nothing of theirs.
Expected<std::vector<DemoUser>> make_node(const DemoSetup& setup, const DemoFederation& federation,
                                          const DemoNode& node, const Secrets& secrets) {
  auto clock = system_clock();
  auto random = system_random();
  NodeInit init;
  init.config = config_of(setup, federation, node);
  init.keys = federation.keys.at(init.config.member);
  if (!init.config.processes.definitions.empty())
    if (auto copied = copy_processes(setup, init.config); !copied) return tl::unexpected(copied.error());
  auto tls =
      make_server_certificate(secrets.authority, {"127.0.0.1", "localhost"}, clock->now(), made_certificate_days);
  if (!tls) return tl::unexpected(tls.error());
  init.certificate_pem = tls->certificate_chain_pem;
  init.certificate_key_pem = tls->private_key_pem;
  init.sealed_bundle = federation.bundle;
  init.directory = federation.directory;
  init.statements = federation.statements;
  for (const PlannedUser& user : setup.plan.find(init.config.member)->users)
    init.users.push_back({user.username, user.name, user.role, user.team, secrets.password_hash});
  auto added = init_node(init, *clock, *random);
  if (!added) return tl::unexpected(added.error());
  std::vector<DemoUser> users;
  for (const AddedUser& user : *added)
    users.push_back({node.id, user.account.username, secrets.password, user.account.role, user.api_token.token});
  return users;
}

std::size_t at_once() { return std::max(2u, std::thread::hardware_concurrency()); }

Expected<std::vector<DemoUser>> make_nodes(const DemoSetup& setup, const DemoFederation& federation,
                                           const std::vector<DemoNode>& nodes, const Secrets& secrets) {
  std::vector<DemoUser> users;
  for (std::size_t first = 0; first < nodes.size(); first += at_once()) {
    std::vector<std::future<Expected<std::vector<DemoUser>>>> running;
    for (std::size_t i = first; i < std::min(nodes.size(), first + at_once()); ++i)
      running.push_back(
          std::async(std::launch::async, [&, i] { return make_node(setup, federation, nodes[i], secrets); }));
    for (auto& one : running) {
      auto made = one.get();
      if (!made) return made;
      users.insert(users.end(), made->begin(), made->end());
    }
  }
  return users;
}

std::vector<std::string> import_words(const DemoSetup& setup, const DemoNode& node) {
  std::string mapping = node.kind;
  std::replace(mapping.begin(), mapping.end(), '_', '-');
  fs::path dir = setup.paths.node(node.id);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(dir / "source"))
    if (entry.path().extension() == ".csv") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  std::vector<std::string> words = {setup.program.string(), "import"};
  words.insert(words.end(), files.begin(), files.end());
  fs::path mapping_file = setup.home / "config-examples/mappings" / (mapping + ".toml");
  for (const std::string& word :
       {std::string("--mapping"), mapping_file.string(), std::string("--dir"), dir.string(), std::string("--json")})
    words.push_back(word);
  return words;
}

// An authority's census; empty where there is none.
std::vector<std::string> census_words(const DemoSetup& setup, const DemoNode& node) {
  fs::path dir = setup.paths.node(node.id);
  fs::path census = dir / "source/cin-census.xml";
  if (!fs::exists(census)) return {};
  return {setup.program.string(),
          "import",
          census.string(),
          "--mapping",
          (setup.home / "config-examples/adapters/cin.toml").string(),
          "--dir",
          dir.string(),
          "--json"};
}

// Each by a process of its own, as many at once as there are processors. Rejected rows (exit 4) are part of the show.
Expected<void> import_sources(const DemoSetup& setup, const std::vector<DemoNode>& nodes) {
  std::vector<std::pair<std::string, ChildProcess>> running;
  auto settle_oldest = [&]() -> Expected<void> {
    auto [id, process] = std::move(running.front());
    running.erase(running.begin());
    int status = process.wait();
    if (status == 0 || status == 4) return {};
    return fail("import-failed", "cannot import the files of " + id, "the import ended with " + std::to_string(status),
                "see " + (setup.paths.node(id) / "import.log").string());
  };
  for (const DemoNode& node : nodes) {
    if (running.size() >= at_once())
      if (auto settled = settle_oldest(); !settled) return settled;
    auto process = ChildProcess::start(import_words(setup, node), setup.paths.node(node.id) / "import.log");
    if (!process) return tl::unexpected(process.error());
    running.emplace_back(node.id, std::move(*process));
  }
  while (!running.empty())
    if (auto settled = settle_oldest(); !settled) return settled;
  // A node's store has one importer at a time, so what an agency returned to others comes after its own exports.
  for (const DemoNode& node : nodes) {
    auto words = census_words(setup, node);
    if (words.empty()) continue;
    auto process = ChildProcess::start(words, setup.paths.node(node.id) / "import-cin.log");
    if (!process) return tl::unexpected(process.error());
    running.emplace_back(node.id, std::move(*process));
    if (running.size() >= at_once())
      if (auto settled = settle_oldest(); !settled) return settled;
  }
  while (!running.empty())
    if (auto settled = settle_oldest(); !settled) return settled;
  return {};
}

Expected<void> write_for_people(const DemoPaths& paths, const DemoState& state) {
  for (const DemoUser& user : state.users)
    if (auto written = write_private_file(paths.token(user.node, user.username), user.token + "\n"); !written)
      return written;
  for (const PlantedChild& child : state.stories)
    if (auto written = write_private_file(paths.child(child.story), child_json(child)); !written) return written;
  return {};
}

Expected<DemoState> planned_state(const DemoSetup& setup, const SynthSummary& people) {
  DemoState state;
  state.children = setup.children;
  state.seed = setup.seed;
  state.stories = people.stories;
  state.sealed = people.sealed;
  for (const SynthNode& node : people.nodes) {
    auto id = MemberId::parse(node.id);
    const PlannedMember* planned = id ? setup.plan.find(*id) : nullptr;
    if (!planned || !planned->has_node || planned->users.empty())
      return fail("bad-plan", "cannot make the node " + node.id, "the plan has no such member with a node and users",
                  "add it to members.toml");
    state.nodes.push_back({node.id, planned->member.kind, planned->member.name, 0, 0});
  }
  for (const PlannedMember& planned : setup.plan.members)
    if (planned.is_spare) state.spare.id = planned.member.id.text();
  if (state.spare.id.empty())
    return fail("bad-plan", "cannot make the demonstration", "the plan has no spare member", "add one to members.toml");
  return state;
}

}  // namespace

Expected<DemoState> make_demo(const DemoSetup& setup, std::ostream& progress) {
  auto random = system_random();
  Instant now = system_clock()->now();
  if (auto claimed = claim_folder(setup.paths); !claimed) return tl::unexpected(claimed.error());

  progress << "inventing " << setup.children << " children and their families (seed " << setup.seed << ") ..."
           << std::endl;
  auto people = make_people(setup);
  if (!people) return tl::unexpected(people.error());
  auto state = planned_state(setup, *people);
  if (!state) return state;
  if (auto chosen = choose_ports(*state); !chosen) return tl::unexpected(chosen.error());

  progress << "setting up " << state->nodes.size() << " nodes: keys, certificates, stores ..." << std::endl;
  auto federation = sign_federation(setup.plan, make_member_keys(setup.plan, *random), state->directory_version,
                                    endpoints_of(*state), now);
  if (!federation) return tl::unexpected(federation.error());
  auto agreement = read_bundle(setup.home / "config-examples/policies" / bundle_name());
  if (!agreement) return tl::unexpected(agreement.error());
  if (auto sealed = seal_agreement(*federation, **agreement); !sealed) return tl::unexpected(sealed.error());
  state->directory_issued_at = to_iso_utc(now);
  auto authority = make_demo_authority("Ginnel demonstration", now, made_certificate_days);
  if (!authority) return tl::unexpected(authority.error());
  if (auto written = write_file(setup.paths.ca(), authority->certificate_chain_pem); !written)
    return tl::unexpected(written.error());
  if (auto written = write_loose_keys(setup, *federation, *state, *random); !written)
    return tl::unexpected(written.error());
  std::string password = make_password(*random);
  auto users = make_nodes(setup, *federation, state->nodes, {password, hash_password(password), *authority});
  if (!users) return tl::unexpected(users.error());
  state->users = std::move(*users);

  progress << "importing each agency's files into its node ..." << std::endl;
  if (auto imported = import_sources(setup, state->nodes); !imported) return tl::unexpected(imported.error());
  if (auto written = write_for_people(setup.paths, *state); !written) return tl::unexpected(written.error());
  if (auto written = write_state(setup.paths, *state); !written) return tl::unexpected(written.error());
  std::error_code ignored;
  fs::remove(setup.paths.dir / unfinished_mark, ignored);
  return state;
}

}  // namespace ginnel
