// SPDX-License-Identifier: Apache-2.0
#include "node/admin/member_message.h"

#include "node/admin/json_object.h"

namespace ginnel::admin {

Json json_of(const Members& members) {
  Json statements = Json::array(), states = Json::array();
  for (const Bytes& statement : members.statements) statements.push_back(to_hex(statement));
  for (const MemberState& one : members.members)
    states.push_back({{"member", one.member},
                      {"standing", one.standing},
                      {"lastHeard", one.last_heard},
                      {"clockAheadMs", one.clock_ahead_ms},
                      {"directoryVersion", one.directory_version},
                      {"suspendedSince", one.suspended_since},
                      {"suspendedReason", one.suspended_reason}});
  return {{"member", members.member},         {"signedDirectory", to_hex(members.signed_directory)},
          {"statements", statements},         {"versionSigned", members.version_signed},
          {"warnAgeMs", members.warn_age_ms}, {"closedAgeMs", members.closed_age_ms},
          {"lastAgeMs", members.last_age_ms}, {"members", states}};
}

Members members_from(const Json& json) {
  Object in(json, "members");
  Members out;
  out.member = in.text("member");
  out.signed_directory = in.bytes("signedDirectory");
  for (const std::string& hex : in.texts("statements")) {
    auto bytes = from_hex(hex);
    if (!bytes) throw BadField{"statements"};
    out.statements.push_back(std::move(*bytes));
  }
  out.version_signed = in.count("versionSigned");
  out.warn_age_ms = in.number("warnAgeMs");
  out.closed_age_ms = in.number("closedAgeMs");
  out.last_age_ms = in.number("lastAgeMs");
  for (const Json& item : in.list("members")) {
    Object one(item, "members");
    MemberState state;
    state.member = one.text("member");
    state.standing = one.text("standing");
    state.last_heard = one.text("lastHeard");
    state.clock_ahead_ms = one.number("clockAheadMs");
    state.directory_version = one.count("directoryVersion");
    state.suspended_since = one.text("suspendedSince");
    state.suspended_reason = one.text("suspendedReason");
    one.nothing_else();
    out.members.push_back(std::move(state));
  }
  in.nothing_else();
  return out;
}

Json json_of(const Diagnosis& diagnosis) {
  Json findings = Json::array();
  for (const Finding& one : diagnosis.findings) {
    Json hops = Json::array();
    for (const auto& [hop, what] : one.hops) hops.push_back({{"hop", hop}, {"what", what}});
    findings.push_back({{"health", name_of(one.health)},
                        {"about", one.about},
                        {"code", one.code},
                        {"hops", hops},
                        {"remedy", one.remedy}});
  }
  return {{"findings", findings}};
}

Diagnosis diagnosis_from(const Json& json) {
  Object in(json, "diagnosis");
  Diagnosis out;
  for (const Json& item : in.list("findings")) {
    Object one(item, "findings");
    Finding finding;
    const std::string health = one.text("health");
    finding.health = health == "ok" ? Health::ok : health == "warning" ? Health::warning : Health::failed;
    if (health != name_of(finding.health)) throw BadField{"health"};
    finding.about = one.text("about");
    finding.code = one.text("code");
    for (const Json& entry : one.list("hops")) {
      Object hop(entry, "hops");
      std::string name = hop.text("hop");
      finding.hops.emplace_back(std::move(name), hop.text("what"));
      hop.nothing_else();
    }
    finding.remedy = one.text("remedy");
    one.nothing_else();
    out.findings.push_back(std::move(finding));
  }
  in.nothing_else();
  return out;
}

}  // namespace ginnel::admin
