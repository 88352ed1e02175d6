// SPDX-License-Identifier: Apache-2.0
// ginnel node: set a node up, run it, look at it.
#include <sys/resource.h>

#include <fstream>
#include <iterator>

#include "adapters/statutory/format.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/papers_codec.h"
#include "federation/wire/signed.h"
#include "node/admin/admin_client.h"
#include "node/app.h"
#include "node/cli/commands.h"
#include "node/cli/federation_view.h"
#include "node/cli/installed.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/stop_signal.h"
#include "node/config.h"
#include "node/gate/bundle.h"
#include "node/import/open_source.h"
#include "node/setup/federation_plan.h"
#include "node/setup/init_node.h"
#include "node/setup/private_file.h"
#include "node/start.h"
#include "node/web/tls.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t status_timeout_ms = 5000;

Expected<std::string> read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("unreadable", "cannot read " + file, "it is not there, or not for you", "check the path");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Expected<SignedStatement> read_statement(const std::string& file) {
  auto bytes = read_file(file);
  if (!bytes) return tl::unexpected(bytes.error());
  auto statement = read_key_statement(view_of(*bytes));
  if (!statement) return tl::unexpected(statement.error());
  return SignedStatement{statement->member, statement->number, copy_of(view_of(*bytes))};
}

// What init is told in files, read whole, so that every mistake of every file is told at once.
struct Plans {
  FederationPlan plan;
  TrustAnchor trust;
  fs::path policies;  // a folder of bundles
};

tl::expected<Plans, std::vector<Error>> read_plans(const Invocation& call) {
  auto home = home_dir(call.text("config-dir"));
  if (!home) return tl::unexpected(std::vector<Error>{home.error()});
  std::vector<Error> errors;
  Plans plans;
  plans.policies = call.has("policies") ? fs::path(call.text("policies")) : *home / "config-examples/policies";
  auto bundle = read_bundle(plans.policies / call.text("bundle"));
  if (!bundle) errors.push_back(bundle.error());
  auto plan = read_federation_plan(
      call.has("plan") ? fs::path(call.text("plan")) : *home / "config-examples/west-yorkshire/members.toml",
      bundle ? &(*bundle)->vocabulary : nullptr);
  if (plan)
    plans.plan = std::move(*plan);
  else
    errors.insert(errors.end(), plan.error().begin(), plan.error().end());
  auto text = read_file(call.text("trust"));
  auto anchor = text ? parse_trust(*text, call.text("trust")) : tl::unexpected(std::vector<Error>{text.error()});
  if (anchor)
    plans.trust = std::move(*anchor);
  else
    errors.insert(errors.end(), anchor.error().begin(), anchor.error().end());
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return plans;
}

Expected<RootKeyMethod> method_of(const Invocation& call) {
  for (RootKeyMethod method : root_key_methods)
    if (call.text("unlock") == name_of(method)) return method;
  return fail("usage", "cannot unlock by `" + call.text("unlock") + "`", "there is no such way",
              "--unlock passphrase, key-shares, systemd-credential or demo-file");
}

// What node.toml shall say, from the plan's member and the options.
Expected<NodeConfig> planned_config(const Invocation& call, const Plans& plans, std::uint16_t port) {
  auto member = MemberId::parse(call.text("member"));
  const PlannedMember* planned = member ? plans.plan.find(*member) : nullptr;
  if (!planned)
    return fail("usage", "cannot set up `" + call.text("member") + "`", "the plan has no such member",
                "add it to the plan (--plan), or correct its id");
  auto method = method_of(call);
  if (!method) return tl::unexpected(method.error());

  NodeConfig config;
  config.dir = fs::absolute(call.text("dir")).lexically_normal();
  config.member = *member;
  config.duty = planned->member.duty;
  config.own_basis = planned->own_basis;
  config.ledger_dir = config.dir / "store/ledger";
  config.keys_dir = config.dir / "store/keys";
  config.listen = call.text("listen");
  config.https = {call.text("https-address"), port, config.dir / "tls/certificate.pem", config.dir / "tls/key.pem"};
  config.policies = config.dir / "policies" / call.text("bundle");
  config.trust = plans.trust;
  config.root_key = *method;
  if (*method == RootKeyMethod::systemd_credential)
    config.root_key_credential = call.text("credential");
  else
    config.root_key_file = config.dir / (*method == RootKeyMethod::demo_file ? "demo-root-key.json" : "root-key.json");
  config.directory_rules.purposes_past_closed = plans.plan.purposes_past_closed;
  return config;
}

// The agency's own certificate, or one of an authority made here and forgotten: only its certificate is kept.
Expected<void> take_certificate(const Invocation& call, NodeInit& init) {
  if (call.has("certificate")) {
    auto identity = load_tls_identity(call.text("certificate"), call.text("certificate-key"));
    if (!identity) return tl::unexpected(identity.error());
    init.certificate_pem = identity->certificate_chain_pem;
    init.certificate_key_pem = identity->private_key_pem;
    return {};
  }
  Instant now = system_clock()->now();
  auto authority = make_demo_authority("Ginnel node " + init.config.member.text(), now, made_certificate_days);
  if (!authority) return tl::unexpected(authority.error());
  auto identity =
      make_server_certificate(*authority, {init.config.https.address, "localhost"}, now, made_certificate_days);
  if (!identity) return tl::unexpected(identity.error());
  init.certificate_pem = identity->certificate_chain_pem;
  init.certificate_key_pem = identity->private_key_pem;
  std::error_code error;
  fs::create_directories(init.config.dir / "tls", error);
  return write_file(init.config.dir / "tls/ca.pem", authority->certificate_chain_pem);
}

// An empty folder of somebody's own, apart from the node's: shares beside what they open would be no shares.
Expected<void> take_shares_folder(const Invocation& call, NodeInit& init) {
  if (init.config.root_key != RootKeyMethod::key_shares) return {};
  init.shares_to = fs::absolute(call.text("shares-to")).lexically_normal();
  const fs::path between = init.shares_to.lexically_relative(init.config.dir);
  std::error_code error;
  if (!call.has("shares-to") || !fs::is_directory(init.shares_to, error) || !fs::is_empty(init.shares_to, error) ||
      *between.begin() != "..")
    return fail("usage", "cannot hand out key shares", "--shares-to names no empty folder outside of --dir",
                "make one that only you can read, best on a disk in memory: /run/user/UID/shares");
  return {};
}

// Papers that not enough trustees have signed are no list of members.
Expected<void> take_papers(const Invocation& call, NodeInit& init) {
  auto bytes = read_bytes(call.text("papers"), limits::papers_bytes_max);
  if (!bytes) return tl::unexpected(bytes.error());
  auto papers = decode_papers(*bytes);
  if (!papers) return tl::unexpected(papers.error());
  DirectoryBook book(init.config.trust, init.config.directory_rules);
  if (auto adopted = book.adopt(papers->proposal, system_clock()->now()); !adopted)
    return tl::unexpected(adopted.error());
  init.directory = papers->proposal;
  for (const Bytes& statement : papers->statements) {
    auto read = read_key_statement(statement);
    if (read && book.add_statement(statement)) init.statements.push_back({read->member, read->number, statement});
  }
  return {};
}

Expected<NodeInit> gather(const Invocation& call, const Plans& plans, std::uint16_t port, Random& random) {
  auto config = planned_config(call, plans, port);
  if (!config) return tl::unexpected(config.error());

  NodeInit init;
  init.config = std::move(*config);
  if (auto checked = take_shares_folder(call, init); !checked) return tl::unexpected(checked.error());
  init.ask_secret = ask_secret_of(call);
  init.keys = OwnKeys::make(random);
  init.policies_from = plans.policies;
  if (call.has("directory")) {
    auto directory = read_file(call.text("directory"));
    if (!directory) return tl::unexpected(directory.error());
    init.directory = copy_of(view_of(*directory));
  }
  if (call.has("papers"))
    if (auto taken = take_papers(call, init); !taken) return tl::unexpected(taken.error());
  for (const std::string& file : call.texts("statement")) {
    auto statement = read_statement(file);
    if (!statement) return tl::unexpected(statement.error());
    init.statements.push_back(std::move(*statement));
  }
  if (auto taken = take_certificate(call, init); !taken) return tl::unexpected(taken.error());
  return init;
}

ExitCode node_init(Invocation& call) {
  auto port = call.number("https-port", 1, limits::port_max);
  if (!port) return ExitCode::usage;
  if (call.has("certificate") != call.has("certificate-key"))
    return failed_with(call.streams, Error{"usage", "cannot use the certificate",
                                           "--certificate and --certificate-key belong together", "give both"});
  if (call.has("reached-at") && !call.text("reached-at").starts_with("tcp://"))
    return failed_with(call.streams, Error{"usage", "cannot use --reached-at", "it is no endpoint",
                                           "write tcp://HOST:PORT, as other nodes reach this one"});
  std::error_code unreachable;  // told where the folder is made
  if (fs::exists(fs::path(call.text("dir")) / "node.toml", unreachable))
    return failed_with(call.streams, Error{"node-exists", "cannot set up a node in " + call.text("dir"),
                                           "there is one already", "choose an empty folder"});
  auto random = system_random();
  auto clock = system_clock();
  auto plans = read_plans(call);
  if (!plans) return failed_with(call.streams, plans.error());
  auto init = gather(call, *plans, std::uint16_t(*port), *random);
  if (!init) return failed_with(call.streams, init.error());
  SignedStatement own =
      make_statement(init->config.member, init->keys,
                     call.has("reached-at") ? call.text("reached-at") : init->config.listen, clock->now());
  init->statements.push_back(own);
  auto made = init_node(*init, *clock, *random);
  if (!made) return failed_with(call.streams, made.error());
  fs::path statement_file = init->config.dir / "key-statement";
  if (auto written = write_file(statement_file, text_of(own.bytes)); !written)
    return failed_with(call.streams, written.error());
  call.streams.out << "member         " << init->config.member.text() << "\n"
                   << "identity key   " << to_hex(init->keys.identity.public_key) << "\n"
                   << "key statement  " << statement_file.string() << "\n";
  call.streams.err << "next: ginnel user add --dir " << call.text("dir") << " ..., then ginnel member request --dir "
                   << call.text("dir") << ", and give that file to the trustees\n";
  if (init->config.root_key == RootKeyMethod::key_shares)
    call.streams.err << "Give each file in " << init->shares_to.string()
                     << " to another person who is no operator, on paper or as it is, and remove the folder:\n"
                     << "two of the three are needed at every start. Nobody may have two, and no copy is kept.\n";
  if (init->config.root_key == RootKeyMethod::systemd_credential)
    call.streams.err << "Each of them needs the credential: the unit has LoadCredentialEncrypted="
                     << init->config.root_key_credential << " (config-examples/systemd/ginnel@.service), by hand\n"
                     << "systemd-run --pty --uid=USER -p LoadCredentialEncrypted=" << init->config.root_key_credential
                     << " ginnel ...\n";
  return ExitCode::done;
}

// A node runs without it, and makes no return then.
std::shared_ptr<const statutory::Format> read_cin_format(Streams& streams, const NodeConfig& config,
                                                         const Vocabulary& vocabulary) {
  auto file = adapter_file("cin", config.dir);
  if (!file) {
    print_error(streams.err, file.error());
    return nullptr;
  }
  auto format = statutory::load_format(*file, words_of(vocabulary));
  if (format) return std::make_shared<const statutory::Format>(std::move(*format));
  for (const Error& error : format.error()) print_error(streams.err, error);
  return nullptr;
}

ExitCode node_run(Invocation& call) {
  StopSignal stop;
  // SECURITY: a core file would hold keys (DESIGN 13).
  rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);

  auto start = read_start(call.text("dir"));
  if (!start) return failed_with(call.streams, start.error());
  const NodeConfig& config = start->config;
  if (call.has("trace") && config.root_key != RootKeyMethod::demo_file)
    return failed_with(call.streams,
                       Error{"usage", "cannot trace this node", "traced frames name children, in the clear",
                             "--trace is for demonstrations only"});
  auto root = unlock(config, ask_secret_of(call));
  if (!root) return failed_with(call.streams, root.error());
  if (!root->warning.empty()) call.streams.err << root->warning << "\n";
  RunOptions options;
  options.bundle = start->bundle;
  options.root_key = root->key;
  options.stop = stop.token();
  options.in_shadow = call.has("shadow");
  options.trace = call.text("trace");
  options.cin_format = read_cin_format(call.streams, config, start->bundle->vocabulary);
  auto ran = run_node(config, options);
  return ran ? ExitCode::done : failed_with(call.streams, ran.error());
}

void print_status(std::ostream& out, const admin::Status& status) {
  out << status.member << "   " << (status.ready ? "ready" : "not ready") << " (" << status.mode << "), process "
      << status.pid << ", since " << status.started_at << "\n";
  for (const std::string& reason : status.reasons)
    out << (status.ready ? "  note       " : "  not ready because ") << reason << "\n";
  out << "  people     " << status.url << "\n  nodes      " << status.endpoint << "\n  ledger     "
      << with_commas(status.ledger_entries) << " entries, root " << status.ledger_root << "\n  directory  version "
      << status.directory_version << ", signed " << status.directory_issued_at << "\n  policies   " << status.bundle
      << "\n";
  for (const admin::SourceStatus& source : status.sources) {
    out << "  source     " << source.system << ": "
        << (source.data_to.empty() ? "never read to its end" : "data to " + source.data_to) << "\n";
    if (!source.quarantine.empty()) out << "             QUARANTINED: " << source.quarantine << "\n";
  }
  for (const admin::PeerStatus& peer : status.peers)
    out << "  peer       " << peer.member << ": " << peer.standing << ", "
        << (peer.last_heard.empty() ? "not heard since the start" : "heard " + peer.last_heard) << "\n";
}

ExitCode node_status(Invocation& call) {
  fs::path socket = fs::absolute(call.text("dir")) / "admin.sock";
  auto reply = ask_node(socket, admin::StatusRequest{}, {}, status_timeout_ms);
  if (!reply) return failed_with(call.streams, reply.error());
  const auto* status = std::get_if<admin::Status>(&reply->body);
  if (!status)
    return failed_with(call.streams, Error{"bad-reply", "cannot read the node's status", "it sent something else",
                                           "use the same version of both"});
  if (call.has("json"))
    call.streams.out << status_json(*status) << "\n";
  else
    print_status(call.streams.out, *status);
  return status->ready ? ExitCode::done : ExitCode::failed;
}

}  // namespace

std::vector<Command> node_commands() {
  std::vector<Command> commands;
  commands.push_back(
      {.noun = "node",
       .verb = "init",
       .title = "set up a node in an empty folder: keys, store, configuration",
       .details =
           "Name, duty contact and lawful basis come from the federation's plan. Prints the identity key that the\n"
           "trustees put into the list of members.",
       .options = {node_dir_option(),
                   {"member", "ID", "which member of the plan it is", true},
                   {"trust", "FILE", "whose signatures make the list of members valid", true},
                   {"plan", "FILE", "the federation's plan (the shipped one of West Yorkshire)"},
                   {"directory", "FILE", "the signed list of members"},
                   {"statement", "FILE", "another member's key statement", false, "", true},
                   {"papers", "FILE", "the same, from papers that the trustees signed"},
                   {"listen", "ENDPOINT", "where this node listens for others", false, "tcp://127.0.0.1:7441"},
                   {"reached-at", "ENDPOINT", "where others reach it, if that is not where it listens"},
                   {"https-address", "ADDRESS", "where people connect", false, "127.0.0.1"},
                   {"https-port", "PORT", "where people connect", false, "8441"},
                   {"certificate", "FILE", "of the HTTPS port, PEM; else one is made, and DIR/tls/ca.pem"},
                   {"certificate-key", "FILE", "its private key, PEM"},
                   {"policies", "FOLDER", "policy bundles to copy (the shipped ones)"},
                   {"bundle", "NAME", "which of them is in force", false, "west-yorkshire"},
                   {"config-dir", "FOLDER", "where config-examples is"},
                   passphrase_option(),
                   {"unlock", "METHOD",
                    "passphrase, key-shares, systemd-credential, or demo-file: a plain file, synthetic data only",
                    false, "passphrase"},
                   {"shares-to", "FOLDER", "where the three key shares are written, for three people; not under DIR"},
                   {"credential", "NAME", "of the systemd credential", false, "ginnel-root-key"}},
       .run = node_init});
  commands.push_back(
      {.noun = "node",
       .verb = "run",
       .title = "run a node until it is stopped (SIGTERM, Ctrl-C)",
       .details = "With --shadow, or `shadow = true` in node.toml, others are told that the agency does not share\n"
                  "yet. `ginnel policy replay` shows what they would have been told.",
       .options = {node_dir_option(),
                   passphrase_option(),
                   share_option(),
                   {"shadow", "", "decide and record what others ask, and tell them nothing yet"},
                   {"trace", "FOLDER", "write opened frames there (demonstrations on loopback only)"}},
       .run = node_run});
  commands.push_back({.noun = "node",
                      .verb = "status",
                      .title = "what a running node says of itself",
                      .options = {node_dir_option(), {"json", "", "as JSON"}},
                      .run = node_status});
  commands.push_back(node_doctor_command());
  return commands;
}

}  // namespace ginnel
