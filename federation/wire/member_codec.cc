// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/member_codec.h"

#include "federation/wire/limits.h"

namespace ginnel::codec {

void write_member(const Member& member, wire::Member::Builder to) {
  to.setId(text_of(member.id.text()));
  to.setKind(text_of(member.kind));
  to.setName(text_of(member.name));
  write_contact(member.duty, to.initDuty());
  to.setIdentityKey(data_of(member.identity_key));
  to.setHoldsRecords(member.holds_records);
  write_words(member.may_prove, to.initMayProve(capnp::uint(member.may_prove.size())));
  to.setRevokedSince(member.revoked_since.ms);
  to.setSuspendedSince(member.suspended_since.ms);
  to.setActsFor(text_of(member.acts_for.text()));
  to.setHostedBy(text_of(member.hosted_by.text()));
}

Member read_member(wire::Member::Reader from, Checker& check) {
  Member member;
  member.id = check.member(from.getId(), "member.id");
  member.kind = string_of(from.getKind());
  member.name = string_of(from.getName());
  member.duty = read_contact(from.getDuty());
  member.identity_key = check.fixed<32>(from.getIdentityKey(), "member.identityKey");
  member.holds_records = from.getHoldsRecords();
  member.may_prove = check.read_words(from.getMayProve(), limits::proves_max, "member.mayProve");
  member.revoked_since = {from.getRevokedSince()};
  member.suspended_since = {from.getSuspendedSince()};
  member.acts_for = check.member(from.getActsFor(), "member.actsFor", Empty::allowed);
  member.hosted_by = check.member(from.getHostedBy(), "member.hostedBy", Empty::allowed);
  return member;
}

void check_member(const Member& member, Checker& check) {
  check.word(member.kind, "member.kind");
  check.text(member.name, limits::name_bytes_max, "member.name", Empty::refused);
  check_contact(member.duty, check);
  check.require(!member.duty.phone.empty(), "member.duty.phone", "is empty");
  const auto& duty = member.duty;
  check.count(duty.name.size() + duty.role.size() + duty.team.size() + duty.phone.size() + duty.hours.size(),
              limits::duty_contact_bytes_max, "member.duty");
  check.words(member.may_prove, limits::proves_max, "member.mayProve");
  check.instant(member.revoked_since, "member.revokedSince");
  check.instant(member.suspended_since, "member.suspendedSince");
}

}  // namespace ginnel::codec
