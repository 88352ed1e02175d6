// SPDX-License-Identifier: Apache-2.0
#include "federation/transfer/transfer_log.h"

#include <algorithm>
#include <span>

namespace ginnel {
namespace {

using Statements = std::span<const SignedAct>;

constexpr const char* cannot = "cannot take a statement of a transfer";

const SignedAct* last_of(Statements statements, TransferAct said) {
  const SignedAct* found = nullptr;
  for (const auto& one : statements)
    if (one.statement.said == said) found = &one;
  return found;
}
bool has(Statements statements, TransferAct said) { return last_of(statements, said) != nullptr; }
bool names(Statements statements, TransferAct said, const Hash& manifest) {
  return std::any_of(statements.begin(), statements.end(), [&](const SignedAct& one) {
    return one.statement.said == said && one.statement.manifest == manifest;
  });
}

// What may be said again and again leaves room for what decides.
constexpr std::size_t notes_max_after = 16, bundles_max_after = 40;

bool has_room(TransferAct said, Statements own, Statements seen) {
  if (said == TransferAct::note) return own.size() < notes_max_after;
  if (said == TransferAct::bundle) return own.size() < bundles_max_after;
  if (said == TransferAct::complete && !has(seen, TransferAct::release)) return own.size() < bundles_max_after;
  return own.size() < limits::transfer_statements_max;
}
constexpr const char* no_room = "too much was said";

// The rules of the originator: its own list so far, and of the receiver's what it has seen. Null: it may.
const char* originator_cannot(TransferAct said, Statements own, Statements seen) {
  const bool is_offered = has(own, TransferAct::offer);
  if (said == TransferAct::offer) return is_offered ? "the offer was made" : nullptr;
  if (!is_offered) return "nothing was offered";
  if (!has_room(said, own, seen)) return no_room;
  if (said == TransferAct::note) return nullptr;
  if (said == TransferAct::discharged) {
    if (has(own, TransferAct::discharged)) return "it was said";
    return has(seen, TransferAct::assume) ? nullptr : "the receiver has not assumed the lead";
  }
  if (has(own, TransferAct::release)) return "the lead was released, and that cannot be taken back";
  if (has(own, TransferAct::cancel)) return "the offer was cancelled";
  if (has(seen, TransferAct::decline)) return "the receiver has declined";
  if (said == TransferAct::release && !has(seen, TransferAct::acceptance))
    return "the receiver has not accepted in writing";
  return nullptr;
}

const char* receiver_cannot(const TransferStatement& next, Statements own, Statements seen) {
  const TransferAct said = next.said;
  if (!has(seen, TransferAct::offer)) return "nothing was offered";
  if (said == TransferAct::received) return own.empty() ? nullptr : "it was received";
  if (own.empty()) return "it was not received";
  if (!has_room(said, own, seen)) return no_room;
  if (said == TransferAct::note) return nullptr;
  if (has(own, TransferAct::assume)) return "the lead was assumed";
  const bool is_named = next.manifest != Hash{};
  if (said == TransferAct::complete) {
    if (is_named && names(own, TransferAct::complete, next.manifest)) return "it was said";
    if (!has(seen, TransferAct::bundle) && !has(seen, TransferAct::release)) return "there is no bundle yet";
    return is_named && !names(seen, TransferAct::bundle, next.manifest) &&
                   !names(seen, TransferAct::release, next.manifest)
               ? "the originator has no such bundle"
               : nullptr;
  }
  if (said == TransferAct::assume) {
    const SignedAct* release = last_of(seen, TransferAct::release);
    if (release == nullptr) return "the originator has not released the lead";
    if (!is_named) return nullptr;
    if (next.manifest != release->statement.manifest) return "it is not the bundle of the release";
    return next.who.empty() && !names(own, TransferAct::complete, next.manifest) ? "something of the bundle is missing"
                                                                                 : nullptr;
  }
  if (has(own, TransferAct::cancelled)) return "it was cancelled";
  if (has(own, TransferAct::decline)) return "it was declined";
  if (said == TransferAct::cancelled)
    return has(seen, TransferAct::cancel) ? nullptr : "the originator has not cancelled";
  if (has(seen, TransferAct::cancel)) return "the originator has cancelled";
  const bool is_accepted = has(own, TransferAct::accept), has_met = has(own, TransferAct::conference);
  if (has(own, TransferAct::acceptance)) return "the lead was accepted in writing";
  if (said == TransferAct::decline) return nullptr;
  if (said == TransferAct::accept) return is_accepted ? "the offer was accepted" : nullptr;
  if (!is_accepted) return "the offer was not accepted";
  if (said == TransferAct::conference) return has_met ? "the conference was held" : nullptr;
  return has_met ? nullptr : "the conference was not held";  // acceptance
}

// As much of a list as ends with that hash; nothing: it is not in it.
std::optional<Statements> up_to(Statements list, const Hash& hash) {
  if (hash == Hash{}) return list.first(0);
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].hash == hash) return list.first(i + 1);
  return std::nullopt;
}

Expected<void> not_now(const char* why) { return fail("transfer-not-now", cannot, why); }

}  // namespace

std::string_view name_of(TransferState state) {
  switch (state) {
    case TransferState::offered:
      return "offered";
    case TransferState::accepted:
      return "accepted";
    case TransferState::agreed:
      return "agreed";
    case TransferState::released:
      return "released";
    case TransferState::assumed:
      return "assumed";
    case TransferState::moved:
      return "moved";
    case TransferState::declined:
      return "declined";
    case TransferState::cancelling:
      return "cancelling";
    case TransferState::cancelled:
      return "cancelled";
  }
  return "offered";
}

Expected<void> TransferLog::check(const TransferStatement& statement, bool is_originator) const {
  const Side& own = is_originator ? originator_ : receiver_;
  const Side& others = is_originator ? receiver_ : originator_;
  if (statement.number > own.size() + 1) return fail("transfer-gap", cannot, "something before it is not here");
  const Hash previous = own.empty() ? Hash{} : own.back().hash;
  if (statement.previous != previous) return fail("transfer-conflict", cannot, "it follows on something else");
  const auto seen = up_to(others, statement.seen);
  if (!seen) return fail("transfer-gap", cannot, "something that it has seen is not here");
  if (!own.empty()) {
    // What it saw once it has seen.
    const auto before = up_to(others, own.back().statement.seen);
    if (before && before->size() > seen->size()) return not_now("it has seen less than before");
    if (statement.at < own.back().statement.at) return not_now("it is before what it follows");
  }
  if (!seen->empty() && statement.at < seen->back().statement.at) return not_now("it is before what it has seen");
  const char* why =
      is_originator ? originator_cannot(statement.said, own, *seen) : receiver_cannot(statement, own, *seen);
  return why == nullptr ? Expected<void>() : not_now(why);
}

Expected<void> TransferLog::add(const SignedAct& said) {
  const TransferStatement& statement = said.statement;
  if (!is_offered()) {
    if (statement.said != TransferAct::offer) return fail("transfer-gap", cannot, "its offer is not here");
    if (auto checked = check(statement, true); !checked) return checked;
    originator_.push_back(said);
    return {};
  }
  if (statement.transfer != id()) return not_now("it is of another transfer");
  if (!is_party(statement.by)) return fail("transfer-not-yours", cannot, "who says it has no part in it");
  const bool is_originator = statement.by == originator();
  if (is_originator ? !is_originators(statement.said) : !is_receivers(statement.said))
    return fail("transfer-not-yours", cannot, "it is the other side's to say");
  Side& own = is_originator ? originator_ : receiver_;
  if (statement.number <= own.size()) {
    if (own[statement.number - 1].hash == said.hash) return {};
    return fail("transfer-conflict", cannot, "its side has said something else under that number");
  }
  if (auto checked = check(statement, is_originator); !checked) return checked;
  own.push_back(said);
  return {};
}

const TransferStatement* TransferLog::find(TransferAct said) const {
  const SignedAct* found = last_of(is_originators(said) ? originator_ : receiver_, said);
  return found == nullptr ? nullptr : &found->statement;
}

TransferState TransferLog::state() const {
  if (find(TransferAct::discharged)) return TransferState::moved;
  if (find(TransferAct::assume)) return TransferState::assumed;
  if (find(TransferAct::release)) return TransferState::released;
  if (find(TransferAct::decline)) return TransferState::declined;
  if (find(TransferAct::cancel))
    return find(TransferAct::cancelled) ? TransferState::cancelled : TransferState::cancelling;
  if (find(TransferAct::acceptance)) return TransferState::agreed;
  return find(TransferAct::accept) ? TransferState::accepted : TransferState::offered;
}

std::optional<MemberId> TransferLog::lead() const {
  if (find(TransferAct::assume)) return receiver();
  if (find(TransferAct::release)) return std::nullopt;
  return originator();
}

std::vector<Accountable> TransferLog::accountable() const {
  const auto* discharged = find(TransferAct::discharged);
  std::vector<Accountable> out{{originator(), offer().epoch, {}, discharged ? discharged->at : Instant()}};
  if (const auto* assumed = find(TransferAct::assume)) out.push_back({receiver(), offer().epoch + 1, assumed->at, {}});
  return out;
}

TransferStatement TransferLog::next(const MemberId& me, TransferAct said, Instant now) const {
  TransferStatement out;
  out.said = said;
  out.by = me;
  out.at = now;
  out.number = 1;
  if (!is_offered()) return out;
  out.transfer = id();
  const auto& own = said_by(me);
  const auto& others = said_by(other(me));
  out.number = std::uint32_t(own.size() + 1);
  if (!own.empty()) {
    out.previous = own.back().hash;
    out.at = std::max(out.at, own.back().statement.at);
  }
  if (!others.empty()) {
    out.seen = others.back().hash;
    out.at = std::max(out.at, others.back().statement.at);
  }
  return out;
}

std::optional<std::string> TransferLog::why_not(const MemberId& me, TransferAct said) const {
  if (!is_offered()) return "nothing was offered";
  if (!is_party(me)) return "you have no part in it";
  const bool is_originator = me == originator();
  if (is_originator ? !is_originators(said) : !is_receivers(said)) return "it is the other side's to say";
  TransferStatement next;
  next.said = said;
  const char* why =
      is_originator ? originator_cannot(said, originator_, receiver_) : receiver_cannot(next, receiver_, originator_);
  return why == nullptr ? std::nullopt : std::optional<std::string>(why);
}

std::set<TransferAct> TransferLog::may_say(const MemberId& me) const {
  std::set<TransferAct> out;
  for (auto said = TransferAct::offer; said <= TransferAct::note; said = TransferAct(std::uint8_t(said) + 1))
    if (!is_automatic(said) && !why_not(me, said)) out.insert(said);
  return out;
}

Hash TransferLog::wanted_manifest() const {
  if (const auto* release = find(TransferAct::release)) return release->manifest;
  const auto* bundle = find(TransferAct::bundle);
  return bundle ? bundle->manifest : Hash{};
}

bool TransferLog::is_complete() const { return names(receiver_, TransferAct::complete, wanted_manifest()); }

}  // namespace ginnel
