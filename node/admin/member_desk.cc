// SPDX-License-Identifier: Apache-2.0
#include "node/admin/member_desk.h"

#include <chrono>
#include <map>
#include <memory>
#include <utility>

#include "federation/wire/bundle_codec.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/papers_codec.h"
#include "node/doctor/examine.h"
#include "node/gate/bundle_seal.h"
#include "node/membership/trustee.h"
#include "node/setup/member_request.h"
#include "node/setup/suspensions.h"

namespace ginnel {
namespace {

// After the commit: what was done, or why not.
template <class T>
void answer(Work& work, AdminServer::Reply reply, Expected<T> done, std::function<AdminReply(const T&)> say) {
  work.after([reply = std::move(reply), done = std::move(done), say = std::move(say)](const Expected<void>& committed) {
    if (!done)
      reply(last_reply(done.error()));
    else if (!committed)
      reply(last_reply(committed.error()));
    else
      reply(say(*done));
  });
}

bool has_control_characters(std::string_view text) {
  for (unsigned char c : text)
    if (c < 0x20 || c == 0x7f) return true;
  return false;
}

// On a thread of its own: the loop goes on, and the snapshot lets go of its pages when the time is over.
void verify(std::unique_ptr<Snapshot> snapshot, NodeFacts& facts) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::milliseconds(limits::doctor_verify_ms_max);
  auto report = snapshot->verify([&] { return Clock::now() < until; });
  if (!report) return;
  facts.ledger_entries = snapshot->tree_head().size;
  facts.verified_to = report->entries;
  facts.ledger_problems = report->problem_count;
  facts.was_cut_short = !report->whole;
  if (report->whole) {
    const StoredReport stored = snapshot->verify_stored([&] { return Clock::now() < until; });
    facts.stored_problems = stored.problem_count;
    facts.was_cut_short = !stored.whole;
    if (!stored.problems.empty()) facts.first_problem = stored.problems.front();
  }
  if (!report->problems.empty()) facts.first_problem = report->problems.front();
}

}  // namespace

Expected<admin::Members> members_of(const NodeConfig& config, const StoreReader& reader, const DirectoryBook& book,
                                    const std::function<const PeerNews*(const MemberId&)>& news, Instant now) {
  admin::Members out;
  out.member = config.member.text();
  out.signed_directory = book.signed_directory();
  out.statements = book.signed_statements();
  out.warn_age_ms = config.directory_rules.warn_age_ms;
  out.closed_age_ms = config.directory_rules.closed_age_ms;
  out.last_age_ms = config.directory_rules.last_age_ms;
  auto signed_list = load_signed_list(reader);
  if (!signed_list) return tl::unexpected(signed_list.error());
  if (*signed_list) out.version_signed = (*signed_list)->version;
  auto suspensions = load_suspensions(reader);
  if (!suspensions) return tl::unexpected(suspensions.error());
  if (!book.directory()) return out;
  for (const Member& member : book.directory()->members) {
    admin::MemberState state;
    state.member = member.id.text();
    state.standing = name_of(book.standing(member.id, now));
    if (auto found = suspensions->find(member.id); found != suspensions->end()) {
      state.suspended_since = to_iso_utc(found->second.since);
      state.suspended_reason = found->second.reason;
    }
    const PeerNews* told = news ? news(member.id) : nullptr;
    if (told && told->heard_at.is_set()) {
      state.last_heard = to_iso_utc(told->heard_at);
      state.clock_ahead_ms = told->clock_ahead_ms;
      state.directory_version = told->directory_version;
    }
    out.members.push_back(std::move(state));
  }
  return out;
}

void MemberDesk::tell_members(AdminServer::Reply reply) {
  node_.post(
      [this, reply](Work& work) {
        const auto news = [this](const MemberId& member) { return node_.membership().news_of(member); };
        answer<admin::Members>(work, reply, members_of(config_, work.turn, book_, news, work.now),
                               [](const auto& members) {
                                 return AdminReply{members, true};
                               });
      },
      [reply](const Error& error) { reply(last_reply(error)); });
}

void MemberDesk::sign(admin::SignPapersRequest request, AdminServer::Reply reply) {
  node_.post(
      [this, reply, request = std::move(request)](Work& work) {
        const auto sign = [&]() -> Expected<admin::SignedPapers> {
          auto papers = decode_papers(request.papers);
          if (!papers) return tl::unexpected(papers.error());
          auto made = sign_as_trustee(*papers, {request.approved, request.instead}, config_.member,
                                      node_.membership().keys(), book_, config_.trust, work.turn);
          if (!made) return tl::unexpected(made.error());
          auto bytes = encode_papers(*made);
          if (!bytes) return tl::unexpected(bytes.error());
          return admin::SignedPapers{std::move(*bytes)};
        };
        answer<admin::SignedPapers>(work, reply, sign(), [](const auto& made) { return AdminReply{made, true}; });
      },
      [reply](const Error& error) { reply(last_reply(error)); });
}

void MemberDesk::sign_bundle(admin::SignBundleRequest request, AdminServer::Reply reply) {
  node_.post(
      [this, reply, request = std::move(request)](Work& work) {
        const auto sign = [&]() -> Expected<admin::SignedPapers> {
          auto sealed = decode_sealed_bundle(request.bundle);
          if (!sealed) return tl::unexpected(sealed.error());
          auto made =
              sign_bundle_in(work.turn, *sealed, config_.member, node_.membership().keys().identity, config_.trust);
          if (!made) return tl::unexpected(made.error());
          auto bytes = encode_sealed_bundle(*made);
          if (!bytes) return tl::unexpected(bytes.error());
          return admin::SignedPapers{std::move(*bytes)};
        };
        answer<admin::SignedPapers>(work, reply, sign(), [](const auto& made) { return AdminReply{made, true}; });
      },
      [reply](const Error& error) { reply(last_reply(error)); });
}

void MemberDesk::adopt(admin::AdoptPapersRequest request, AdminServer::Reply reply) {
  node_.post(
      [this, reply, request = std::move(request)](Work& work) {
        auto papers = decode_papers(request.papers);
        auto adopted = papers ? node_.membership().adopt_papers(*papers, work.turn)
                              : Expected<bool>(tl::unexpected(papers.error()));
        const std::string version = "version " + std::to_string(book_.version());
        answer<bool>(work, reply, std::move(adopted), [version](bool is_new) {
          return AdminReply{admin::Done{is_new ? version + " of the list of members is in force here"
                                               : version + " was in force here already"},
                            true};
        });
      },
      [reply](const Error& error) { reply(last_reply(error)); });
}

void MemberDesk::request(admin::MemberFileRequest request, AdminServer::Reply reply) {
  node_.post(
      [this, reply, request = std::move(request)](Work& work) {
        auto made = make_member_request(config_, request.plan, node_.gate().bundle().vocabulary, work.turn, work.now);
        work.after([reply, made = std::move(made)](const Expected<void>& committed) {
          if (!committed) return reply(last_reply(committed.error()));
          if (made) return reply({admin::SignedPapers{*made}, true});
          for (std::size_t i = 0; i < made.error().size(); ++i) reply({made.error()[i], i + 1 == made.error().size()});
        });
      },
      [reply](const Error& error) { reply(last_reply(error)); });
}

void MemberDesk::suspend(admin::SuspendRequest request, AdminServer::Reply reply) {
  auto member = MemberId::parse(request.member);
  if (!member || request.reason.empty() || request.reason.size() > limits::line_bytes_max ||
      has_control_characters(request.reason))
    return reply(last_reply({"bad-request", "cannot suspend `" + request.member + "`",
                             "a member id and one line of reason are needed, up to 500 bytes", "correct them"}));
  node_.post(
      [this, reply, member = *member, request = std::move(request)](Work& work) {
        Membership& membership = node_.membership();
        auto done = request.lift ? membership.lift(member, request.reason, work.turn)
                                 : membership.suspend(member, request.reason, work.turn);
        answer<bool>(work, reply, done ? Expected<bool>(true) : tl::unexpected(done.error()),
                     [member, lift = request.lift](bool) {
                       return AdminReply{
                           admin::Done{lift ? "`" + member.text() + "` is heard again by this node"
                                            : "this node neither hears `" + member.text() + "` nor asks it anything"},
                           true};
                     });
      },
      [reply](const Error& error) { reply(last_reply(error)); });
}

void MemberDesk::examine(AdminServer::Reply reply) {
  if (is_examining_.exchange(true))
    return reply(last_reply(
        {"too-busy", "the doctor is at work already", "somebody else asked for it", "ask again in a minute"}));
  const auto refuse = [this, reply](const Error& error) {
    is_examining_ = false;
    if (error.code != "read-only") return reply(last_reply(error));
    // No turn is begun any more, and this alone is what the operator has to know.
    const Finding finding{
        Health::failed, "store", "read-only", {{"read-only", error.why}}, "mend that, then start the node again"};
    reply({admin::Diagnosis{{finding}}, true});
  };
  node_.post(
      [this, reply, refuse](Work& work) {
        const auto news = [this](const MemberId& member) { return node_.membership().news_of(member); };
        auto facts = gather(config_, work.turn, book_, node_.membership().keys(), news, work.now);
        if (!facts) return refuse(facts.error());
        facts->is_running = true;
        facts->in_shadow = node_.in_shadow();
        auto snapshot = store_.snapshot();
        if (!snapshot) return refuse(snapshot.error());
        // SECURITY: a copy of the CURVE secret, for as long as the tries take.
        examining_ = std::jthread([this, reply, facts = std::move(*facts), own = node_.membership().keys().curve,
                                   snapshot = std::move(*snapshot)]() mutable {
          auto random = system_random();
          verify(std::move(snapshot), facts);
          reply({admin::Diagnosis{ginnel::examine(facts, own, *random)}, true});
          is_examining_ = false;
        });
      },
      refuse);
}

}  // namespace ginnel
