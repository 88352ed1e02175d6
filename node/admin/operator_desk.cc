// SPDX-License-Identifier: Apache-2.0
#include "node/admin/operator_desk.h"

#include <unistd.h>

#include <memory>
#include <utility>

#include "node/import/importer.h"
#include "node/import/open_source.h"
#include "node/setup/accounts.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

// What an import keeps between its turns: the importer reads from the adapter.
struct RunningImport {
  std::unique_ptr<Adapter> adapter;
  Importer importer;
};

}  // namespace

OperatorDesk::OperatorDesk(Node& node, Store& store, const DirectoryBook& book, const NodeConfig& config, Clock& clock,
                           std::string endpoint, std::uint16_t https_port, std::function<void()> stop)
    : node_(node),
      store_(store),
      book_(book),
      config_(config),
      clock_(clock),
      endpoint_(std::move(endpoint)),
      url_("https://" + config.https.address + ":" + std::to_string(https_port)),
      stop_(std::move(stop)),
      started_at_(clock.now()),
      members_(node, store, book, config) {}

void OperatorDesk::handle(AdminRequest request, AdminServer::Reply reply) {
  if (std::holds_alternative<admin::StatusRequest>(request)) {
    const auto now = [this, reply](Work& work) {
      work.after([reply, status = status(work.now)](const Expected<void>&) { reply({status, true}); });
    };
    node_.post(now, [this, reply](const Error& error) {
      admin::Status status = this->status(started_at_);
      status.ready = false;
      if (!store_.read_only()) status.mode = "busy";
      status.reasons = {error.why};
      reply({std::move(status), true});
    });
  } else if (std::holds_alternative<admin::StopRequest>(request)) {
    reply({admin::Done{"the node finishes its turn and stops"}, true});
    stop_();
  } else if (std::holds_alternative<admin::RebuildRequest>(request)) {
    reply(last_reply({"node-running", "cannot rebuild the store", "the node is running on it",
                      "stop the node first: ginnel node status tells its process id"}));
  } else if (auto* import = std::get_if<admin::ImportRequest>(&request)) {
    this->import(*import, std::move(reply));
  } else if (auto* head = std::get_if<admin::IssueHeadRequest>(&request)) {
    issue_head(*head, std::move(reply));
  } else if (std::holds_alternative<admin::MembersRequest>(request)) {
    members_.tell_members(std::move(reply));
  } else if (auto* papers = std::get_if<admin::SignPapersRequest>(&request)) {
    members_.sign(std::move(*papers), std::move(reply));
  } else if (auto* bundle = std::get_if<admin::SignBundleRequest>(&request)) {
    members_.sign_bundle(std::move(*bundle), std::move(reply));
  } else if (auto* given = std::get_if<admin::AdoptPapersRequest>(&request)) {
    members_.adopt(std::move(*given), std::move(reply));
  } else if (auto* asking = std::get_if<admin::MemberFileRequest>(&request)) {
    members_.request(std::move(*asking), std::move(reply));
  } else if (auto* suspension = std::get_if<admin::SuspendRequest>(&request)) {
    members_.suspend(std::move(*suspension), std::move(reply));
  } else if (auto* account = std::get_if<admin::AccountRequest>(&request)) {
    change_account(*account, std::move(reply));
  } else if (std::holds_alternative<admin::DoctorRequest>(request)) {
    members_.examine(std::move(reply));
  } else {
    reply(last_reply({"bad-request", "a node does not do this", "it is a request to a demonstration",
                      "use the demonstration's own socket: ginnel demo start"}));
  }
}

admin::Status OperatorDesk::status(Instant now) const {
  admin::Status out;
  out.member = config_.member.text();
  out.mode = store_.read_only() ? "read-only" : "normal";
  out.ready = !store_.read_only() && book_.directory() != nullptr;
  if (store_.read_only()) out.reasons.push_back(store_.read_only_reason());
  if (!store_.read_only() && node_.in_shadow()) {
    out.mode = "shadow";
    out.reasons.push_back(shadow_words);
  }
  if (!book_.directory()) out.reasons.push_back("no valid directory is held");
  if (auto revoked = node_.revocation(); !revoked.empty()) out.reasons.push_back(std::move(revoked));
  out.pid = getpid();
  out.started_at = to_iso_utc(started_at_);
  out.endpoint = endpoint_;
  out.url = url_;
  out.ledger_entries = store_.tree_head().size;
  out.ledger_root = to_hex(store_.tree_head().root);
  out.directory_version = book_.version();
  out.bundle = node_.gate().bundle().ref_text();
  for (const SourceState& source : node_.sources())
    out.sources.push_back({source.system, source.file, source.data_to.is_set() ? to_iso_utc(source.data_to) : "",
                           source.quarantined.is_set() ? quarantine_words(source) : "", source.is_supplement});
  if (!book_.directory()) return out;
  out.directory_issued_at = to_iso_utc(book_.directory()->issued_at);
  for (const auto& member : book_.directory()->members) {
    if (member.id == config_.member) continue;
    const auto heard = node_.last_heard(member.id);
    admin::PeerStatus peer;
    peer.member = member.id.text();
    peer.name = member.name;
    peer.standing = name_of(book_.standing(member.id, now));
    peer.reached = heard.has_value();
    peer.last_heard = heard ? to_iso_utc(*heard) : "";
    out.peers.push_back(std::move(peer));
  }
  return out;
}

void OperatorDesk::import(const admin::ImportRequest& request, AdminServer::Reply reply) {
  SourceFiles source{
      {request.files.begin(), request.files.end()}, request.mapping, config_.member, london_date(clock_.now())};
  auto adapter = open_source(source, node_.gate().bundle().vocabulary);
  const std::string file = source.files.empty() ? "" : source.files.front().filename().string();
  const SourceIdentity identity = read_source_identity(source.mapping).value_or(SourceIdentity());
  if (!adapter) return cannot_open(identity, file, adapter.error(), std::move(reply));
  ImportOptions options;
  options.file = file;
  options.system = identity.system;
  options.link_rules = config_.link_rules.get();
  Adapter& reading = **adapter;
  auto running = std::make_shared<RunningImport>(RunningImport{std::move(*adapter), Importer(reading, options)});
  const auto step = [this, running, reply, identity, file](Work& work) -> bool {
    auto more = running->importer.step(work.turn);
    if (more && !*more) {
      const ImportOutcome outcome{identity, file, work.now, running->adapter->told_up_to(),
                                  running->importer.reading_error()};
      if (auto kept = node_.note_import(outcome, work.turn); !kept) more = tl::unexpected(kept.error());
    }
    if (!more) {
      work.fail(more.error());
      reply(last_reply(more.error()));
      return false;
    }
    work.after([running, reply, more = *more](const Expected<void>& committed) {
      if (!committed) return reply(last_reply(committed.error()));
      for (auto& row : running->importer.take_rejected()) reply({std::move(row), false});
      if (!more && running->importer.reading_error()) reply({*running->importer.reading_error(), false});
      reply({running->importer.run(), !more});
    });
    return *more;
  };
  node_.post_steps(step, [reply](const Error& error) { reply(last_reply(error)); });
}

// Nothing was read. Where that is the source's doing, it is quarantined.
void OperatorDesk::cannot_open(const SourceIdentity& source, const std::string& file, const std::vector<Error>& errors,
                               AdminServer::Reply reply) {
  ImportRun run;
  run.system = source.system;
  run.file = file;
  if (source.system.empty() || !is_of_the_source(errors.front())) {
    for (const Error& error : errors) reply({error, false});
    return reply({run, true});
  }
  node_.post(
      [this, reply, source, file, errors, run](Work& work) mutable {
        run.quarantine = errors.front().what + ": " + errors.front().why;
        auto kept = node_.note_import({source, file, work.now, std::nullopt, errors.front()}, work.turn);
        if (!kept) work.fail(kept.error());
        auto written = work.turn.append(EntryKind::import_run, ActorId(), work.turn.node_key(), encode(run));
        if (!written) work.fail(written.error());
        work.after([reply, errors, run](const Expected<void>&) {
          for (const Error& error : errors) reply({error, false});
          reply({run, true});
        });
      },
      [reply](const Error& error) { reply(last_reply(error)); });
}

void OperatorDesk::issue_head(const admin::IssueHeadRequest& request, AdminServer::Reply reply) {
  ProcessHead plan;
  plan.definition = request.definition;
  plan.edition = request.edition;
  plan.state = request.state;
  plan.proves = request.proves;
  node_.post(
      [this, reply, plan, child = request.child](Work& work) {
        auto opened = node_.open_test_head(child, plan, work.turn);
        work.after([reply, opened](const Expected<void>& committed) {
          if (!opened)
            reply(last_reply(opened.error()));
          else if (!committed)
            reply(last_reply(committed.error()));
          else
            reply({admin::Done{"from now on this node's asks about the child carry a signed head"}, true});
        });
      },
      [reply](const Error& error) { reply(last_reply(error)); });
}

void OperatorDesk::change_account(const admin::AccountRequest& request, AdminServer::Reply reply) {
  if (request.reason.empty() || request.reason.size() > limits::line_bytes_max)
    return reply(last_reply({"bad-request", "cannot change the account",
                             "one line of reason is needed, up to 500 bytes", "give one: it stands in the ledger"}));
  node_.post(
      [reply, request](Work& work) {
        auto changed = set_disabled(work.turn, request.username, !request.enable, request.reason);
        work.after([reply, changed, request](const Expected<void>& committed) {
          if (!changed)
            reply(last_reply(changed.error()));
          else if (!committed)
            reply(last_reply(committed.error()));
          else
            reply({admin::Done{request.enable ? "the account may sign in again"
                                              : "the account is shut: its sessions and tokens count no longer"},
                   true});
        });
      },
      [reply](const Error& error) { reply(last_reply(error)); });
}

}  // namespace ginnel
