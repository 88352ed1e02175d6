// SPDX-License-Identifier: Apache-2.0
#include "node/cli/member_list.h"

#include <nlohmann/json.hpp>

#include "federation/directory/rotation.h"
#include "federation/wire/directory_codec.h"
#include "node/cli/federation_view.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::size_t id_columns = 22, kind_columns = 16, standing_columns = 18, keys_columns = 24;

Instant now() { return system_clock()->now(); }
std::string day_of(Instant when) { return to_iso_utc(when).substr(0, 10); }

std::string keys_text(const FederationView& view, const MemberId& member) {
  auto found = view.newest.find(member);
  if (found == view.newest.end()) return "none";
  return "statement " + std::to_string(found->second.number) + ", " +
         std::to_string(percent_used(found->second, now())) + " % used";
}

std::vector<GroupSignatures> signers_of(const FederationView& view) {
  auto value = decode_signed_directory(view.members.signed_directory);
  return value ? signatures_of(*value, view.config.trust.rule) : std::vector<GroupSignatures>();
}

// How old the list is, and what that means; empty: nothing to warn of.
std::string age_warning(const FederationView& view) {
  if (!view.directory) return "no list of members is held: adopt papers (ginnel member adopt)";
  const std::int64_t age = now() - view.directory->issued_at;
  const auto& limits = view.members;
  const std::string renew = "; the trustees must renew it (ginnel member renew)";
  if (age > limits.last_age_ms) return "TOO OLD: nobody is served" + renew;
  if (age > limits.closed_age_ms) return "TOO OLD: only urgent purposes are served" + renew;
  if (age > limits.warn_age_ms)
    return "old: from " + day_of(view.directory->issued_at + limits.closed_age_ms) +
           " on only urgent purposes are served" + renew;
  return "";
}

Json json_of(const FederationView& view, const Member& member) {
  const admin::MemberState* state = view.state(member.id);
  Json out = {{"member", member.id.text()},
              {"name", member.name},
              {"kind", member.kind},
              {"holdsRecords", member.holds_records},
              {"duty", {{"name", member.duty.name}, {"phone", member.duty.phone}, {"hours", member.duty.hours}}},
              {"identityKey", to_hex(member.identity_key)},
              {"standing", state ? state->standing : ""},
              {"lastHeard", state ? state->last_heard : ""},
              {"suspendedSince", state ? state->suspended_since : ""},
              {"suspendedReason", state ? state->suspended_reason : ""},
              {"revokedSince", member.revoked_since.is_set() ? to_iso_utc(member.revoked_since) : ""},
              {"keyStatement", nullptr}};
  auto found = view.newest.find(member.id);
  if (found != view.newest.end())
    out["keyStatement"] = {{"number", found->second.number},
                           {"incarnation", found->second.incarnation},
                           {"signingKey", to_hex(found->second.signing_key)},
                           {"curveKey", to_hex(found->second.curve_key)},
                           {"percentUsed", percent_used(found->second, now())},
                           {"validFrom", to_iso_utc(found->second.valid_from)},
                           {"validUntil", to_iso_utc(found->second.valid_until)},
                           {"endpoints", found->second.endpoints}};
  return out;
}

void print_json(std::ostream& out, const Json& json) {
  out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

Json head_json(const FederationView& view) {
  Json signers = Json::array();
  for (const GroupSignatures& group : signers_of(view))
    for (const MemberId& signer : group.have) signers.push_back(signer.text());
  return {{"member", view.members.member},
          {"directoryVersion", view.directory ? view.directory->version : 0},
          {"directoryIssuedAt", view.directory ? to_iso_utc(view.directory->issued_at) : ""},
          {"signedBy", signers},
          {"warning", age_warning(view)}};
}

void print_head(std::ostream& out, const FederationView& view) {
  if (view.directory) {
    out << "version " << view.directory->version << " of the list of members, signed "
        << to_iso_utc(view.directory->issued_at) << "\n";
    print_signatures(out, signers_of(view));
  }
  if (const std::string warning = age_warning(view); !warning.empty()) out << "  WARNING  " << warning << "\n";
}

}  // namespace

ExitCode member_list(Invocation& call) {
  auto view = view_federation(call);
  if (!view) return view.error();
  std::ostream& out = call.streams.out;
  if (call.has("json")) {
    Json json = head_json(*view);
    json["members"] = Json::array();
    if (view->directory)
      for (const Member& member : view->directory->members) json["members"].push_back(json_of(*view, member));
    print_json(out, json);
    return ExitCode::done;
  }
  print_head(out, *view);
  if (!view->directory) return ExitCode::done;
  out << "\n"
      << fitted("MEMBER", id_columns) << fitted("KIND", kind_columns) << fitted("STANDING", standing_columns)
      << fitted("KEYS", keys_columns) << "LAST HEARD\n";
  for (const Member& member : view->directory->members) {
    const admin::MemberState* state = view->state(member.id);
    const bool is_me = member.id == view->config.member;
    std::string standing = state ? state->standing : "";
    if (state && !state->suspended_since.empty()) standing = "suspended here";
    out << fitted(member.id.text(), id_columns - 1) << " " << fitted(harmless(member.kind), kind_columns - 1) << " "
        << fitted(standing, standing_columns - 1) << " " << fitted(keys_text(*view, member.id), keys_columns - 1) << " "
        << (is_me                                 ? "this node"
            : !state || state->last_heard.empty() ? "not since the start"
                                                  : state->last_heard)
        << "\n";
    if (state && !state->suspended_since.empty())
      out << "    suspended here since " << state->suspended_since << ": " << harmless(state->suspended_reason) << "\n";
  }
  if (!view->is_running) call.streams.err << "the node does not run: nobody was heard\n";
  return ExitCode::done;
}

ExitCode member_show(Invocation& call) {
  auto view = view_federation(call);
  if (!view) return view.error();
  auto id = MemberId::parse(call.arguments.front());
  const Member* member = id && view->directory ? view->directory->find(*id) : nullptr;
  if (!member)
    return failed_with(call.streams, Error{"unknown-member", "cannot show `" + call.arguments.front() + "`",
                                           "the list of members held here has no such member",
                                           "ginnel member list --dir " + call.text("dir")});
  if (call.has("json")) {
    Json json = head_json(*view);
    json["members"] = Json::array({json_of(*view, *member)});
    print_json(call.streams.out, json);
    return ExitCode::done;
  }
  std::ostream& out = call.streams.out;
  const auto line = [&out](std::string_view name, const std::string& text) {
    if (!text.empty()) out << "  " << fitted(name, 14) << harmless(text) << "\n";
  };
  const admin::MemberState* state = view->state(*id);
  out << id->text() << "\n";
  line("name", member->name + " (" + member->kind + ")" + (member->holds_records ? "" : ", holds no records"));
  line("standing", state ? state->standing : "");
  if (state && !state->suspended_since.empty())
    line("suspended", "by this node since " + state->suspended_since + ": " + state->suspended_reason);
  if (member->revoked_since.is_set()) line("revoked", "since " + to_iso_utc(member->revoked_since));
  line("duty", member->duty.name + ", " + member->duty.phone + ", " + member->duty.hours);
  line("identity key", to_hex(member->identity_key));
  line("keys", keys_text(*view, *id));
  if (auto found = view->newest.find(*id); found != view->newest.end()) {
    line("valid", to_iso_utc(found->second.valid_from) + " to " + to_iso_utc(found->second.valid_until));
    line("reached at", found->second.endpoints.empty() ? "nowhere" : found->second.endpoints.front());
  }
  if (*id != view->config.member) {
    line("last heard", !state || state->last_heard.empty() ? "not since the start" : state->last_heard);
    if (state && !state->last_heard.empty())
      line("held then", "directory version " + std::to_string(state->directory_version));
  }
  print_head(out, *view);
  return ExitCode::done;
}

}  // namespace ginnel
