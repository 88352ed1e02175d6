// SPDX-License-Identifier: Apache-2.0
// A small federation of keys and papers for tests: five authorities, the police, a hospital, and the trustees' board.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "federation/directory/directory.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/envelope.h"
#include "tests/federation/wire_samples.h"

namespace ginnel::samples {

struct MemberKeys {
  SigningKey identity, signing;
  CurveKey curve;
};

class Members {
 public:
  explicit Members(std::uint64_t seed = 1) : random_(seed) {
    for (const auto* name : {"bradford-csc", "leeds-csc", "kirklees-csc", "calderdale-csc", "wakefield-csc"}) {
      add(name, "social_care");
      authorities.push_back(name);
    }
    for (auto& entry : directory.members) entry.may_prove = {"child_protection", "transfer"};
    add("wy-police", "police");
    add("bfd-hospital", "health");
    make_keys("wy-icb");  // a trustee without a node
    TrusteeGroup group{"authorities", 3, {}};
    for (const auto& name : authorities) group.trustees.emplace(member(name), keys(name).identity.public_key);
    anchor.rule = {group,
                   {"police", 1, {{member("wy-police"), keys("wy-police").identity.public_key}}},
                   {"board", 1, {{member("wy-icb"), keys("wy-icb").identity.public_key}}}};
    directory.version = 1;
    directory.issued_at = noon + -day_ms;
    directory.rule = anchor.rule;
  }

  // A further member of the directory, at its place.
  Member& add(const std::string& name, const std::string& kind) {
    make_keys(name);
    Member entry;
    entry.id = member(name);
    entry.kind = kind;
    entry.name = name;
    entry.duty = {"Duty desk", "", name, "01632 960033", "always"};
    entry.identity_key = keys(name).identity.public_key;
    auto at = std::lower_bound(directory.members.begin(), directory.members.end(), entry,
                               [](const auto& a, const auto& b) { return a.id < b.id; });
    return *directory.members.insert(at, entry);
  }

  Member& entry(const std::string& name) {
    for (auto& out : directory.members)
      if (out.id.text() == name) return out;
    std::abort();
  }
  MemberKeys& keys(const std::string& name) { return keys_.at(name); }

  KeyStatement statement(const std::string& name, std::uint32_t number = 1) {
    KeyStatement out;
    out.member = member(name);
    out.number = number;
    out.signing_key = keys(name).signing.public_key;
    out.curve_key = keys(name).curve.public_key;
    out.endpoints = {"tcp://127.0.0.1:1"};
    out.incarnation = 1;
    out.valid_from = noon + -day_ms;
    out.valid_until = noon + 300 * day_ms;
    out.supersedes = number - 1;
    return out;
  }
  Bytes sign_statement(const KeyStatement& value) {
    return sign_key_statement(value, keys(value.member.text()).identity);
  }

  Bytes sign_directory(const std::vector<std::string>& signers) {
    SignedDirectory out{encode_directory(directory), {}};
    for (const auto& name : signers) out.endorsements.push_back(endorse(out.bytes, member(name), keys(name).identity));
    return encode_signed_directory(out);
  }
  std::vector<std::string> enough_signers() const {
    return {"bradford-csc", "leeds-csc", "wakefield-csc", "wy-police", "wy-icb"};
  }

  // A book that holds the directory and everybody's first statement.
  DirectoryBook book(DirectoryRules rules = {}) {
    DirectoryBook out(anchor, std::move(rules));
    auto adopted = out.adopt(sign_directory(enough_signers()), noon);
    if (!adopted) std::abort();
    for (const auto& entry : directory.members)
      if (!entry.revoked_since.is_set() && !out.add_statement(sign_statement(statement(entry.id.text())))) std::abort();
    return out;
  }

  std::vector<std::string> authorities;
  TrustAnchor anchor;
  Directory directory;

 private:
  void make_keys(const std::string& name) {
    keys_.emplace(name, MemberKeys{SigningKey::make(random_), SigningKey::make(random_), CurveKey::make(random_)});
  }
  SeededRandom random_;
  std::map<std::string, MemberKeys> keys_;
};

}  // namespace ginnel::samples
