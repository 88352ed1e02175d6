// SPDX-License-Identifier: Apache-2.0
#include "node/app.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <fstream>

#include "federation/base/clock.h"
#include "federation/transport/zmq_transport.h"
#include "node/admin/admin_server.h"
#include "node/admin/operator_desk.h"
#include "node/gate/adopted_bundle.h"
#include "node/gate/bundle.h"
#include "node/gate/bundle_seal.h"
#include "node/node.h"
#include "node/retention/schedule.h"
#include "node/setup/node_clock.h"
#include "node/setup/own_keys.h"
#include "node/store/codec.h"
#include "node/store/lmdb_kv.h"
#include "node/store/store.h"
#include "node/view/vocabulary_json.h"
#include "node/web/http_server.h"
#include "node/web/tls.h"
#include "node/web/web.h"

namespace ginnel {
namespace {

constexpr int idle_wait_ms = 1000;  // without anything to do, the loop looks round this often

// The unlock, and the bundle if it is another than at the last start, in one turn before anything is answered.
Expected<void> note_start(Store& store, const std::shared_ptr<const Bundle>& bundle, RootKeyMethod method,
                          bool in_shadow, Instant now) {
  auto turn = store.begin(now);
  if (!turn) return tl::unexpected(turn.error());
  Turn& writing = **turn;
  auto unlock = writing.append(
      EntryKind::unlock, ActorId(), writing.node_key(),
      encode(OperatorAct{"unlock", std::string(name_of(method)), UserId(), in_shadow ? "in shadow" : ""}));
  if (!unlock) return tl::unexpected(unlock.error());
  if (auto adopted = adopt_bundle(bundle, writing); !adopted) return adopted;
  return writing.commit();
}

std::vector<Choice> choices(const Vocabulary& vocabulary, std::string_view list) {
  std::vector<Choice> out;
  for (const auto& word : vocabulary.words(list))
    if (word.in_force) out.push_back({word.id, word.title, word.help, word.break_glass});
  return out;
}

// Each once, however many editions of it there are.
std::vector<Choice> processes_of(const NodeConfig& config) {
  std::map<std::string, Choice> out;
  if (config.process_rules)
    for (const Definition* one : config.process_rules->definitions.all())
      out[one->key.id] = {one->key.id, one->title, "", false};
  std::vector<Choice> choices;
  for (auto& [id, choice] : out) choices.push_back(std::move(choice));
  return choices;
}

DecisionWords decision_words(const Vocabulary& vocabulary) {
  DecisionWords out;
  out.categories = choices(vocabulary, "category");
  for (const auto& choice : out.categories)
    if (parent_category(choice.id).empty()) out.root_categories.push_back(choice);
  out.purposes = choices(vocabulary, "purpose");
  out.refusal_tests = choices(vocabulary, "refusal_test");
  for (const auto& word : vocabulary.words("decider"))
    if (word.in_force) out.deciders.push_back({word.id, word.title, word.decides_for, word.needs_judgement});
  return out;
}

// As the list of members has it. Before it is a member, a newcomer has an id alone.
std::string name_of(const MemberId& member, const DirectoryBook& book) {
  const Member* found = book.find(member);
  return found ? found->name : member.text();
}

WebSettings web_settings(const NodeConfig& config, const std::shared_ptr<const Bundle>& in_force,
                         const DirectoryBook& book) {
  const Bundle& bundle = *in_force;
  WebSettings settings;
  settings.agency = config.member;
  settings.agency_name = name_of(config.member, book);
  settings.purposes = choices(bundle.vocabulary, "purpose");
  settings.bases = choices(bundle.vocabulary, "basis");
  settings.categories = choices(bundle.vocabulary, "category");
  settings.processes = processes_of(config);
  settings.moves = choices(bundle.vocabulary, "move_kind");
  settings.decisions = decision_words(bundle.vocabulary);
  for (const auto& role : bundle.vocabulary.words("role"))
    if (role.sees_sharing && !role.no_case_data) settings.governing_roles.insert(role.id);
  settings.policy = std::make_shared<const PolicyReading>(in_force);
  settings.vocabulary_json = to_json(bundle.vocabulary, bundle.ref_text());
  settings.log = [](const std::string& line) { spdlog::info("{}", line); };
  return settings;
}

// One file a frame: NNNNNN-from-kind.frame. For demonstrations: what it writes is as the peer sent it.
std::function<void(const Message&, ByteView)> trace_into(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  spdlog::warn("frames are traced to a folder: use this with invented people only");
  return [folder, count = std::uint64_t{0}](const Message& message, ByteView frame) mutable {
    std::string number = std::to_string(count++);
    number.insert(0, 6 - std::min<std::size_t>(6, number.size()), '0');
    std::ofstream out(folder / (number + "-" + message.header.from.text() + "-" +
                                std::string(name_of(message.header.kind)) + ".frame"),
                      std::ios::binary);
    out.write(reinterpret_cast<const char*>(frame.data()), std::streamsize(frame.size()));
  };
}

// Until the next thing that the node does by itself, and never longer than idle_wait_ms.
int wait_ms(const Node& node, Clock& clock) {
  auto next = node.next_wake();
  if (!next) return idle_wait_ms;
  return int(std::clamp<std::int64_t>(*next - clock.now(), 0, idle_wait_ms));
}

}  // namespace

Expected<void> run_node(const NodeConfig& config, const RunOptions& options) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("ginnel"));  // data goes to stdout, everything else to stderr
  auto clock = clock_of(config);
  auto random = system_random();

  auto ledger = open_lmdb(config.ledger_dir.string(), {config.map_bytes});
  if (!ledger) return tl::unexpected(ledger.error());
  auto keys = open_lmdb(config.keys_dir.string(), {config.map_bytes});
  if (!keys) return tl::unexpected(keys.error());
  auto store = Store::open(**ledger, **keys, options.root_key, *random);
  if (!store) return tl::unexpected(store.error());

  const std::shared_ptr<const Bundle>& bundle = options.bundle;
  DirectoryBook book(config.trust, config.directory_rules);
  std::optional<OwnKeys> own_keys;
  {
    auto snapshot = (*store)->snapshot();
    if (!snapshot) return tl::unexpected(snapshot.error());
    auto loaded = load_own_keys(**snapshot);
    if (!loaded) return tl::unexpected(loaded.error());
    own_keys = std::move(*loaded);
    auto unused = restore_book(book, **snapshot, clock->now());
    if (!unused) return tl::unexpected(unused.error());
    for (const Error& error : *unused) spdlog::warn("key statement not used: {}", error.text());
    if (auto good = check_seal(*bundle, config.trust, book.directory(), **snapshot); !good) return good;
    if (!bundle->agreed().seal)
      spdlog::warn("no trustee signed the policy bundle: with a list of members held, it is refused");
  }
  if (auto noted = note_start(**store, bundle, config.root_key, config.in_shadow || options.in_shadow, clock->now());
      !noted)
    return noted;

  auto transport = ZmqTransport::open({config.member, config.listen, own_keys->curve});
  if (!transport) return tl::unexpected(transport.error());

  NodeSettings settings{config.member,
                        config.duty,
                        config.own_basis,
                        config.currency.limit_ms,
                        config.test_head_issuer,
                        config.rotation,
                        config.currency.limit_by_system_ms,
                        config.link_rules,
                        options.cin_format};
  settings.kept_views = config.kept_views;
  settings.processes = config.process_rules;
  settings.retention = config.retention ? config.retention : std::make_shared<const RetentionSchedule>();
  settings.in_shadow = config.in_shadow || options.in_shadow;
  if (settings.in_shadow) spdlog::warn("{}", shadow_words);
  Node node({*clock, *random, **transport, **store, book, *own_keys, bundle}, settings);
  node.on_post([&transport] { (*transport)->wake(); });
  const auto admit_peers = [&] {
    (*transport)->set_revoked(book.revoked_keys());
    (*transport)->set_peers(book.peers(config.member, clock->now()));
  };
  admit_peers();
  node.membership().on_peers_changed(admit_peers);
  node.membership().on_curve_key_changed([&](const CurveKey& key) {
    if (auto used = (*transport)->use_key(key); !used) spdlog::error("{}", used.error().text());
    admit_peers();
  });

  if (!options.trace.empty()) node.on_opened(trace_into(options.trace));

  Web web(node, *clock, *random, web_settings(config, bundle, book));
  node.membership().on_directory_changed([&] { web.name_agency(name_of(config.member, book)); });
  auto tls = load_tls_identity(config.https.certificate.string(), config.https.key.string());
  if (!tls) return tl::unexpected(tls.error());
  HttpServerSettings https;
  https.address = config.https.address;
  https.port = config.https.port;
  https.tls = std::move(*tls);
  https.on_refused = [&web](unsigned status, const Error& error, const HttpRequest& request) {
    return web.refuse(status, error, request);
  };
  auto server = HttpServer::start(std::move(https), [&web](HttpRequest request, Respond respond) {
    web.handle(std::move(request), std::move(respond));
  });
  if (!server) return tl::unexpected(server.error());
  web.count_refused_with([&server] { return (*server)->refused(); });

  std::atomic<bool> stopping = false;
  const auto stop = [&] {
    stopping = true;
    (*transport)->wake();
  };
  OperatorDesk desk(node, **store, book, config, *clock, (*transport)->endpoint(), (*server)->port(), stop);
  auto admin = AdminServer::start(config.admin_socket(), [&desk](AdminRequest request, AdminServer::Reply reply) {
    desk.handle(std::move(request), std::move(reply));
  });
  if (!admin) return tl::unexpected(admin.error());
  std::stop_callback on_stop(options.stop, stop);

  spdlog::info("{} is up: {} https://{}:{}", config.member.text(), (*transport)->endpoint(), config.https.address,
               (*server)->port());
  while (!stopping)
    if (!node.turn()) (*transport)->wait(wait_ms(node, *clock));

  node.close();
  (*server)->stop();
  web.count_refused_with(nullptr);  // a worker may still write metrics, and the server goes before them
  spdlog::info("{} has stopped", config.member.text());
  return {};
}

}  // namespace ginnel
