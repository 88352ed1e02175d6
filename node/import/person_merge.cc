// SPDX-License-Identifier: Apache-2.0
#include "node/import/person_merge.h"

#include <algorithm>

#include "federation/record/match.h"
#include "federation/record/person_union.h"
#include "federation/wire/record_codec.h"

namespace ginnel {
namespace {

Expected<Person> part_of(const PersonVersion& version, const PersonSource& source) {
  if (!source.said.empty()) return decode_person(source.said);
  Person alone = version.person;
  alone.markings_by_person.clear();
  return alone;
}

bool is_source(const PersonSource& source, std::string_view system, std::string_view key) {
  return source.system == system && source.key == key;
}

// A key that another system has given the person, which has told nothing itself yet: by it the person is found when it
// does. Systems that have told are found by person_by_source.
std::vector<std::string> other_source_keys(const PersonVersion& version) {
  std::vector<std::string> out;
  for (const auto& key : source_keys(version.person)) {
    bool has_told = std::any_of(version.sources.begin(), version.sources.end(), [&](const PersonSource& source) {
      return key == source_key("source:" + source.system, source.key);
    });
    if (!has_told) out.push_back(key);
  }
  return out;
}

}  // namespace

std::string source_key(std::string_view scheme, std::string_view value) {
  return std::string(scheme) + "|" + std::string(value);
}

std::vector<std::string> source_keys(const Person& person) {
  std::vector<std::string> out;
  for (const auto& identifier : person.identifiers)
    if (identifier.scheme.starts_with("source:")) out.push_back(source_key(identifier.scheme, identifier.value));
  return out;
}

Expected<std::optional<Person>> said_by(const PersonVersion& version, std::string_view system, std::string_view key) {
  for (const auto& source : version.sources) {
    if (!is_source(source, system, key)) continue;
    auto part = part_of(version, source);
    if (!part) return tl::unexpected(part.error());
    return std::optional(std::move(*part));
  }
  return std::optional<Person>();
}

Expected<PersonVersion> with_source(const PersonVersion& before, std::string_view system, std::string_view key,
                                    const Hash& content_hash, const Person& said) {
  std::vector<Person> parts;
  PersonVersion after;
  after.sources = before.sources;
  bool known = false;
  for (auto& source : after.sources) {
    if (is_source(source, system, key)) {
      known = true;
      if (source.content_hash != content_hash) ++source.version;
      source.content_hash = content_hash;
      parts.push_back(said);
      continue;
    }
    auto part = part_of(before, source);
    if (!part) return tl::unexpected(part.error());
    parts.push_back(std::move(*part));
  }
  if (!known) {
    after.sources.push_back({std::string(system), std::string(key), content_hash, 1, {}});
    parts.push_back(said);
  }
  after.person = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) unite(after.person, parts[i]);
  after.person.ref = said.ref;
  // INVARIANT: a marking put on by a person survives every refresh from a source (DESIGN 5).
  after.person.markings_by_person = before.person.markings_by_person;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    after.sources[i].said.clear();
    if (parts.size() == 1) break;
    parts[i].ref = said.ref;
    auto bytes = encode_person(parts[i]);
    if (!bytes) return tl::unexpected(bytes.error());
    after.sources[i].said = std::move(*bytes);
  }
  after.link_keys = find_keys(after.person);
  for (auto& key : other_source_keys(after)) after.link_keys.push_back(std::move(key));
  return after;
}

}  // namespace ginnel
