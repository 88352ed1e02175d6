// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/directory_codec.h"

#include "federation/base/crypto/hash.h"
#include "federation/wire/codec.h"
#include "federation/wire/directory.capnp.h"
#include "federation/wire/limits.h"
#include "federation/wire/member_codec.h"
#include "federation/wire/signed.h"

namespace ginnel {
namespace {

using codec::Empty;
constexpr codec::Failure bad_directory{"bad-directory", "cannot read a directory"};
constexpr codec::Failure bad_statement{"bad-key-statement", "cannot read a key statement"};
constexpr codec::Failure bad_part{"bad-payload", "cannot read a part of a directory"};

void check_directory(const Directory& directory, codec::Checker& check) {
  check.require(directory.version > 0, "version", "is zero");
  check.instant(directory.issued_at, "issuedAt", Empty::refused);
  check.count(directory.members.size(), limits::directory_members_max, "members");
  std::set<PublicKey> keys;
  const Member* last = nullptr;
  for (const auto& member : directory.members) {
    check.require(last == nullptr || last->id < member.id, "members", "are not sorted by id, each once");
    check.require(keys.insert(member.identity_key).second, "member.identityKey", "is another member's");
    codec::check_member(member, check);
    last = &member;
  }
}

void write_rule(const TrusteeRule& rule, capnp::List<wire::TrusteeGroup>::Builder to) {
  for (capnp::uint i = 0; i < to.size(); ++i) {
    to[i].setName(codec::text_of(rule[i].name));
    to[i].setNeeded(rule[i].needed);
    auto trustees = to[i].initTrustees(capnp::uint(rule[i].trustees.size()));
    capnp::uint at = 0;
    for (const auto& [id, key] : rule[i].trustees) {
      trustees[at].setId(codec::text_of(id.text()));
      trustees[at].setKey(codec::data_of(key));
      ++at;
    }
  }
}

TrusteeRule read_rule(capnp::List<wire::TrusteeGroup>::Reader from, codec::Checker& check) {
  TrusteeRule rule;
  if (!check.walk(from, limits::trustee_groups_max, "trusteeRule")) return rule;
  check.require(from.size() > 0, "trusteeRule", "is empty");
  for (auto group : from) {
    TrusteeGroup out{codec::string_of(group.getName()), group.getNeeded(), {}};
    check.word(out.name, "trusteeRule.name");
    if (check.walk(group.getTrustees(), limits::trustees_max, "trusteeRule.trustees"))
      for (auto trustee : group.getTrustees())
        out.trustees.emplace(check.member(trustee.getId(), "trustee.id"),
                             check.fixed<32>(trustee.getKey(), "trustee.key"));
    check.require(out.needed > 0 && out.needed <= out.trustees.size(), "trusteeRule.needed", "cannot be met");
    rule.push_back(std::move(out));
  }
  return rule;
}

void check_statement(const KeyStatement& statement, codec::Checker& check) {
  check.require(!statement.member.empty(), "member", "is empty");
  check.require(statement.number > statement.supersedes, "number", "is not above the one it supersedes");
  check.require(statement.signing_key != PublicKey{}, "signingKey", "is all zero");
  check.require(statement.curve_key != PublicKey{}, "curveKey", "is all zero");
  check.require(statement.oprf_key.empty() || statement.oprf_key.size() == 32, "oprfKey", "has not the right length");
  check.count(statement.endpoints.size(), limits::endpoints_max, "endpoints");
  for (const auto& endpoint : statement.endpoints) {
    check.text(endpoint, limits::name_bytes_max, "endpoints");
    check.require(endpoint.starts_with("tcp://"), "endpoints", "is not of the form tcp://host:port");
  }
  check.require(statement.incarnation > 0, "incarnation", "is zero");
  check.instant(statement.valid_from, "validFrom", Empty::refused);
  check.instant(statement.valid_until, "validUntil", Empty::refused);
  // Only of times in order: a difference of any two may not fit its type.
  const bool in_order = statement.valid_from.is_set() && statement.valid_until > statement.valid_from;
  const auto life_ms = in_order ? statement.valid_until - statement.valid_from : 0;
  check.require(life_ms > 0 && life_ms <= limits::key_statement_life_ms_max, "validUntil",
                "is not within 400 days after validFrom");
  check.instant(statement.superseded_until, "supersededUntil");
}

}  // namespace

Bytes encode_directory(const Directory& directory) {
  return codec::encode_as<wire::Directory>(directory.members.size() * 512 + 4096, [&](wire::Directory::Builder to) {
    to.setVersion(directory.version);
    to.setIssuedAt(directory.issued_at.ms);
    auto members = to.initMembers(capnp::uint(directory.members.size()));
    for (capnp::uint i = 0; i < members.size(); ++i) codec::write_member(directory.members[i], members[i]);
    write_rule(directory.rule, to.initTrusteeRule(capnp::uint(directory.rule.size())));
  });
}

Expected<Directory> decode_directory(ByteView bytes) {
  return codec::decode_as<wire::Directory, Directory>(
      bytes, limits::directory_bytes_max, bad_directory, [](wire::Directory::Reader from, codec::Checker& check) {
        Directory directory;
        directory.version = from.getVersion();
        directory.issued_at = {from.getIssuedAt()};
        if (check.walk(from.getMembers(), limits::directory_members_max, "members"))
          for (auto member : from.getMembers()) directory.members.push_back(codec::read_member(member, check));
        directory.rule = read_rule(from.getTrusteeRule(), check);
        check_directory(directory, check);
        return directory;
      });
}

Bytes encode_signed_directory(const SignedDirectory& value) {
  return codec::encode_as<wire::SignedDirectory>(
      value.bytes.size() + value.endorsements.size() * 160 + 256, [&](wire::SignedDirectory::Builder to) {
        to.setBytes(codec::data_of(value.bytes));
        auto endorsements = to.initEndorsements(capnp::uint(value.endorsements.size()));
        for (capnp::uint i = 0; i < endorsements.size(); ++i) {
          endorsements[i].setTrustee(codec::text_of(value.endorsements[i].trustee.text()));
          endorsements[i].setSignature(codec::data_of(value.endorsements[i].signature));
        }
      });
}

Expected<SignedDirectory> decode_signed_directory(ByteView bytes) {
  return codec::decode_as<wire::SignedDirectory, SignedDirectory>(
      bytes, limits::directory_bytes_max, bad_directory, [](wire::SignedDirectory::Reader from, codec::Checker& check) {
        SignedDirectory value;
        value.bytes = codec::bytes_of(from.getBytes());
        if (check.walk(from.getEndorsements(), limits::endorsements_max, "endorsements"))
          for (auto endorsement : from.getEndorsements())
            value.endorsements.push_back({check.member(endorsement.getTrustee(), "endorsement.trustee"),
                                          check.fixed<64>(endorsement.getSignature(), "endorsement.signature")});
        return value;
      });
}

Bytes encode_key_statement(const KeyStatement& statement) {
  return codec::encode_as<wire::KeyStatement>(1024, [&](wire::KeyStatement::Builder to) {
    to.setMember(codec::text_of(statement.member.text()));
    to.setNumber(statement.number);
    to.setSigningKey(codec::data_of(statement.signing_key));
    to.setCurveKey(codec::data_of(statement.curve_key));
    to.setOprfKey(codec::data_of(statement.oprf_key));
    auto endpoints = to.initEndpoints(capnp::uint(statement.endpoints.size()));
    for (capnp::uint i = 0; i < endpoints.size(); ++i) endpoints.set(i, codec::text_of(statement.endpoints[i]));
    to.setIncarnation(statement.incarnation);
    to.setValidFrom(statement.valid_from.ms);
    to.setValidUntil(statement.valid_until.ms);
    to.setSupersedes(statement.supersedes);
    to.setSupersededUntil(statement.superseded_until.ms);
  });
}

Expected<KeyStatement> decode_key_statement(ByteView bytes) {
  return codec::decode_as<wire::KeyStatement, KeyStatement>(
      bytes, limits::key_statement_bytes_max, bad_statement,
      [](wire::KeyStatement::Reader from, codec::Checker& check) {
        KeyStatement statement;
        statement.member = check.member(from.getMember(), "member");
        statement.number = from.getNumber();
        statement.signing_key = check.fixed<32>(from.getSigningKey(), "signingKey");
        statement.curve_key = check.fixed<32>(from.getCurveKey(), "curveKey");
        statement.oprf_key = codec::bytes_of(from.getOprfKey());
        if (check.walk(from.getEndpoints(), limits::endpoints_max, "endpoints"))
          for (auto endpoint : from.getEndpoints()) statement.endpoints.push_back(codec::string_of(endpoint));
        statement.incarnation = from.getIncarnation();
        statement.valid_from = {from.getValidFrom()};
        statement.valid_until = {from.getValidUntil()};
        statement.supersedes = from.getSupersedes();
        statement.superseded_until = {from.getSupersededUntil()};
        check_statement(statement, check);
        return statement;
      });
}

Expected<KeyStatement> read_key_statement(ByteView signed_statement) {
  auto outer = decode_signed(signed_statement);
  return outer ? decode_key_statement(outer->bytes) : tl::unexpected(outer.error());
}

std::vector<DirectoryPart> split_directory(std::uint64_t version, ByteView signed_directory) {
  std::vector<DirectoryPart> out;
  const Hash hash = sha256(signed_directory);
  for (std::size_t at = 0; at < signed_directory.size(); at += limits::directory_part_bytes_max) {
    const auto rest = signed_directory.subspan(at);
    const auto stretch = rest.first(std::min(rest.size(), limits::directory_part_bytes_max));
    out.push_back({version, hash, std::uint32_t(out.size()), 0, copy_of(stretch)});
  }
  for (auto& part : out) part.parts = std::uint32_t(out.size());
  return out;
}

Bytes encode_directory_part(const DirectoryPart& part) {
  return codec::encode_as<wire::DirectoryPart>(part.bytes.size() + 256, [&](wire::DirectoryPart::Builder to) {
    to.setVersion(part.version);
    to.setSha256(codec::data_of(part.sha256));
    to.setPart(part.part);
    to.setParts(part.parts);
    to.setBytes(codec::data_of(part.bytes));
  });
}

Expected<DirectoryPart> decode_directory_part(ByteView payload) {
  return codec::decode_as<wire::DirectoryPart, DirectoryPart>(
      payload, limits::payload_bytes_max, bad_part, [](wire::DirectoryPart::Reader from, codec::Checker& check) {
        DirectoryPart part;
        part.version = from.getVersion();
        part.sha256 = check.fixed<32>(from.getSha256(), "sha256");
        part.part = from.getPart();
        part.parts = from.getParts();
        part.bytes = codec::bytes_of(from.getBytes());
        check.require(part.version > 0, "version", "is zero");
        check.require(part.parts <= limits::directory_parts_max && part.part < part.parts, "part",
                      "is none of the parts");
        check.require(!part.bytes.empty(), "bytes", "is empty");
        check.count(part.bytes.size(), limits::directory_part_bytes_max, "bytes");
        return part;
      });
}

std::optional<Bytes> DirectoryAssembly::add(const DirectoryPart& part) {
  const bool same = part.version == first_.version && part.sha256 == first_.sha256 && part.parts == first_.parts;
  if (!same || parts_.empty()) {
    if (part.version < first_.version) return std::nullopt;
    first_ = part;
    first_.bytes.clear();
    parts_.assign(part.parts, std::nullopt);
  }
  if (part.part >= parts_.size()) return std::nullopt;
  parts_[part.part] = part.bytes;
  Bytes whole;
  for (const auto& have : parts_) {
    if (!have) return std::nullopt;
    append(whole, *have);
  }
  parts_.clear();  // whether it is right or not, it is over
  if (sha256(whole) != first_.sha256) return std::nullopt;
  return whole;
}

}  // namespace ginnel
