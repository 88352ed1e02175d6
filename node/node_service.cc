// SPDX-License-Identifier: Apache-2.0
// The Service's calls: each is posted to the loop and answered after the commit of the turn that did it.
#include <algorithm>
#include <utility>

#include "node/node.h"
#include "node/people/session.h"
#include "node/posted_call.h"
#include "node/setup/accounts.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

tl::unexpected<Error> unauthenticated() {
  return fail("unauthenticated", "you are not signed in", "the session is unknown or over", "sign in again");
}

Expected<void> append_act(Turn& turn, const ActorId& actor, EntryKind kind, OperatorAct act) {
  auto sequence = turn.append(kind, actor, turn.node_key(), encode(act));
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

}  // namespace

void Node::find_account(std::string username, Done<Account> done) {
  call<Account>(*this, std::move(done), [username](Work& work) -> Expected<Account> {
    auto account = load_account(work.turn, username);
    if (!account) return tl::unexpected(account.error());
    if (!*account) return fail("not-found", "there is no such account", "nobody here has that user name", "");
    return std::move(**account);
  });
}

void Node::open_session(UserId user, Done<Session> done) {
  call<Session>(*this, std::move(done), [this, user](Work& work) -> Expected<Session> {
    auto accounts = load_accounts(work.turn);
    if (!accounts) return tl::unexpected(accounts.error());
    auto account = std::find_if(accounts->begin(), accounts->end(), [&](const Account& one) { return one.id == user; });
    if (account == accounts->end() || account->disabled) return unauthenticated();
    Session session = make_session(*account, p_.random, work.now);
    auto kept = put_session(work.turn, session);
    if (!kept) return tl::unexpected(kept.error());
    auto noted =
        append_act(work.turn, *ActorId::from(user.bytes()), EntryKind::sign_in, {"sign-in", "password", user, ""});
    if (!noted) return tl::unexpected(noted.error());
    return session;
  });
}

void Node::note_failed_sign_in(std::string username, Done<bool> done) {
  call<bool>(*this, std::move(done), [username](Work& work) -> Expected<bool> {
    auto account = load_account(work.turn, username);
    if (!account) return tl::unexpected(account.error());
    // A name that is nobody's may be somebody's password, typed into the wrong field: it is not kept.
    const UserId user = *account ? (*account)->id : UserId();
    auto noted = append_act(work.turn, ActorId(), EntryKind::sign_in, {"sign-in-failed", "password", user, ""});
    if (!noted) return tl::unexpected(noted.error());
    return true;
  });
}

void Node::close_session(std::string token, Done<bool> done) {
  call<bool>(*this, std::move(done), [token](Work& work) -> Expected<bool> {
    auto erased = erase_session(work.turn, token);
    if (!erased) return tl::unexpected(erased.error());
    return true;
  });
}

void Node::find_session(std::string token, Done<Session> done) {
  call<Session>(*this, std::move(done),
                [this, token](Work& work) -> Expected<Session> { return session_of(token, work.turn, work.now); });
}

void Node::start_view(Caller caller, ViewRequest request, Done<CaseView> done) {
  const auto as_given = [request = std::move(request)](Work&, const Session&) {
    return Expected<ViewRequest>(request);
  };
  begin_view(std::move(caller), as_given, std::move(done));
}

// The call is answered when the view is due. Asked again under its key, it waits for the same view, or is shown it as
// it is now.
void Node::begin_view(Caller caller, MakeRequest make, Done<CaseView> done) {
  auto shared = std::make_shared<Done<CaseView>>(std::move(done));
  post(
      [this, caller = std::move(caller), make = std::move(make), shared](Work& work) {
        auto session = session_of(caller.token, work.turn, work.now);
        auto answer_error = [&work, shared](const Error& error) {
          work.after([shared, error](const Expected<void>&) { (*shared)(tl::unexpected(error)); });
        };
        if (!session) return answer_error(session.error());
        auto before = caller.once ? find_outcome(work.turn, session->user, *caller.once) : std::optional<Bytes>();
        if (!before) return answer_error(before.error());
        if (*before) {
          auto view = ViewId::from(**before);
          if (view && waiting_.contains(*view)) return void(waiting_[*view].push_back({std::move(*session), *shared}));
          auto shown = std::make_shared<Expected<CaseView>>(show_view(*session, view.value_or(ViewId()), work.turn));
          return work.after([shared, shown](const Expected<void>& committed) {
            (*shared)(committed ? std::move(*shown) : tl::unexpected(committed.error()));
          });
        }
        auto request = make(work, *session);
        if (!request) return answer_error(request.error());
        auto view = views_.start(*session, *request, own_part(), work.turn);
        if (!view && view.error().code == "conflict-of-interest") route_conflict(*session, request->child, work);
        if (!view) return answer_error(view.error());
        if (!request->break_glass_reason.empty()) {
          auto opened = reviews_.own_break_glass(*view, session->username, request->break_glass_reason, work.turn);
          if (!opened) work.fail(opened.error());
        }
        if (caller.once) {
          auto kept = keep_outcome(work.turn, session->user, *caller.once, outcome_bytes(*view));
          if (!kept) work.fail(kept.error());
        }
        waiting_[*view].push_back({std::move(*session), *shared});
      },
      [shared](const Error& error) { (*shared)(tl::unexpected(error)); });
}

void Node::read_view(std::string token, ViewId view, Done<CaseView> done) {
  call<CaseView>(*this, std::move(done), [this, token, view](Work& work) -> Expected<CaseView> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    return show_view(*session, view, work.turn);
  });
}

void Node::recent_views(std::string token, Done<std::vector<RecentView>> done) {
  call<std::vector<RecentView>>(*this, std::move(done), [this, token](Work& work) -> Expected<std::vector<RecentView>> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    return views_.recent(session->user, work.now);
  });
}

void Node::watch_view(std::string token, ViewId view, std::uint32_t seen, SeeNews see, Done<bool> done) {
  call<bool>(*this, std::move(done), [this, token, view, seen, see = std::move(see)](Work& work) -> Expected<bool> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    auto state = views_.state(*session, view, own_part(), work.turn);
    if (!state) return tl::unexpected(state.error());
    auto added = watches_.add(session->user, view, seen, see);
    if (!added) return tl::unexpected(added.error());
    return true;
  });
}

std::string Node::revocation() const {
  const Member* me = p_.book.find(settings_.member);
  if (me && me->revoked_since.is_set())
    return "revoked: the trustees' list says that this node's member is none since " + to_iso_utc(me->revoked_since);
  std::string peers;
  for (const auto& peer : p_.transport.says_revoked()) peers += (peers.empty() ? "" : ", ") + peer.text();
  return peers.empty() ? peers : "revoked: so " + peers + " says of this node's member: ginnel node doctor";
}

void Node::readiness(std::function<void(Readiness)> done) {
  auto shared = std::make_shared<std::function<void(Readiness)>>(std::move(done));
  post(
      [this, shared](Work& work) {
        Readiness out{true, "normal", {}};
        if (!p_.book.directory()) out.reasons.push_back("no valid directory is held");
        const DirectoryAge age = p_.book.age(work.now);
        if (age == DirectoryAge::closed || age == DirectoryAge::past_last)
          out.reasons.push_back("the directory is too old: trustees must sign a new one");
        const Member* me = p_.book.find(settings_.member);
        if (me && me->revoked_since.is_set()) out.reasons.push_back(revocation());
        out.ready = out.reasons.empty();
        if (settings_.in_shadow) {
          out.mode = "shadow";
          out.reasons.push_back(shadow_words);
        }
        // A peer's word alone makes nothing of this node unready.
        if (out.ready && !revocation().empty()) out.reasons.push_back(revocation());
        for (const SourceState& source : sources_)
          if (source.quarantined.is_set()) out.reasons.push_back(quarantine_words(source));
        if (!tasks_.problem().empty()) out.reasons.push_back(tasks_.problem());
        if (!processes_.problem().empty()) out.reasons.push_back(processes_.problem());
        if (!transfers_.alarm().empty()) out.reasons.push_back(transfers_.alarm());
        if (!erasures_.problem().empty()) out.reasons.push_back(erasures_.problem());
        if (!retentions_.problem().empty()) out.reasons.push_back(retentions_.problem());
        if (const auto count = tasks_.with_nobody(); count > 0)
          out.reasons.push_back(
              std::to_string(count) + (count == 1 ? " task waits" : " tasks wait") +
              " for roles that no user has, and no user manages work: ginnel user add --role manager");
        work.after([shared, out](const Expected<void>&) { (*shared)(out); });
      },
      [shared](const Error& error) {
        (*shared)({false, error.code == "read-only" ? "read-only" : "normal", {error.why}});
      });
}

void Node::metrics(std::function<void(std::string)> done) {
  auto shared = std::make_shared<std::function<void(std::string)>>(std::move(done));
  const auto render = [this](bool read_only) {
    std::string out = "# TYPE ginnel_dropped_total counter\n";
    for (std::size_t i = 0; i < drop_reasons; ++i)
      out += "ginnel_dropped_total{reason=\"" + std::string(name_of(Drop(i))) + "\"} " + std::to_string(dropped_[i]) +
             "\n";
    const TransportCounters wires = p_.transport.counters();
    const auto counter = [&out](const char* name, std::uint64_t value) {
      out += std::string("# TYPE ") + name + " counter\n" + name + " " + std::to_string(value) + "\n";
    };
    counter("ginnel_frames_sent_total", wires.sent);
    counter("ginnel_frames_received_total", wires.received);
    counter("ginnel_handshakes_rejected_total", wires.rejected_handshakes);
    counter("ginnel_frames_oversize_total", wires.oversize);
    counter("ginnel_frames_not_queued_total", wires.not_taken + wires.unknown_peer);
    counter("ginnel_frames_malformed_total", wires.malformed + wires.not_admitted);
    counter("ginnel_unsupported_kinds_total", unsupported_kinds_);
    counter("ginnel_turns_total", turns_);
    counter("ginnel_commits_total", commits_);
    counter("ginnel_asks_answered_total", asks_answered_);
    counter("ginnel_views_shown_total", views_shown_);
    const NoticeCounts& notices = notices_.counts();
    counter("ginnel_notices_queued_total", notices.queued);
    counter("ginnel_notices_delivered_total", notices.delivered);
    counter("ginnel_notices_refused_total", notices.refused);
    counter("ginnel_notices_not_delivered_total", notices.not_delivered);
    counter("ginnel_notices_received_total", notices.received);
    counter("ginnel_notices_held_back_total", notices_.held_back());
    counter("ginnel_federation_alarms_total", membership_.alarms().size());
    out += "# TYPE ginnel_shadow gauge\nginnel_shadow " + std::string(settings_.in_shadow ? "1" : "0") + "\n";
    out += "# TYPE ginnel_read_only gauge\nginnel_read_only " + std::string(read_only ? "1" : "0") + "\n";
    out +=
        "# TYPE ginnel_ledger_entries gauge\nginnel_ledger_entries " + std::to_string(p_.store.tree_head().size) + "\n";
    return out;
  };
  post([render,
        shared](Work& work) { work.after([shared, text = render(false)](const Expected<void>&) { (*shared)(text); }); },
       [render, shared](const Error&) { (*shared)(render(true)); });
}

Expected<Session> Node::session_of(const std::string& token, const StoreReader& reader, Instant now) const {
  auto session = load_session(reader, token, now);
  if (!session) return tl::unexpected(session.error());
  if (!*session) return unauthenticated();
  return std::move(**session);
}

}  // namespace ginnel
