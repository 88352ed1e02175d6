// SPDX-License-Identifier: Apache-2.0
#include "node/gate/bundle.h"

#include <array>
#include <fstream>
#include <optional>
#include <sstream>

#include "adapters/toml.h"
#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

constexpr std::string_view name_space = "Share::";
constexpr std::array<std::string_view, 7> annotations{"id",      "title",    "basis",     "ask",
                                                      "conceal", "shown_as", "obligation"};

std::optional<std::string> read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// What bundle.toml says.
struct Manifest {
  std::string name;
  std::uint64_t version = 0;
  std::string vocabulary;
  std::vector<std::string> policies;
};

Expected<Manifest> parse_manifest(const std::string& text, const std::string& file) {
  auto parsed = toml::parse(text, file);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return fail("bad-bundle", "cannot read the policy bundle",
                file + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description()),
                "mend the line");
  }
  const toml::table& root = parsed.table();
  Manifest manifest;
  std::string faults;
  auto fault = [&](const std::string& what) { faults += (faults.empty() ? "" : "\n") + file + ":1: " + what; };
  if (auto name = root["name"].value<std::string>())
    manifest.name = *name;
  else
    fault("`name` is missing (give the agreement a name)");
  if (auto version = root["version"].value<std::int64_t>(); version && *version > 0)
    manifest.version = std::uint64_t(*version);
  else
    fault("`version` is missing or not above zero (count the agreement's versions from 1)");
  if (auto vocabulary = root["vocabulary"].value<std::string>())
    manifest.vocabulary = *vocabulary;
  else
    fault("`vocabulary` is missing (name the vocabulary file)");
  if (const auto* list = root["policies"].as_array()) {
    for (const auto& entry : *list) {
      if (auto path = entry.value<std::string>())
        manifest.policies.push_back(*path);
      else
        fault("`policies` holds something that is no file name");
    }
  }
  if (manifest.policies.empty()) fault("`policies` is missing or empty (list the .cedar files)");
  if (!faults.empty()) return fail("bad-bundle", "cannot use the policy bundle", faults, "mend each line");
  return manifest;
}

policy::EntityUid uid(std::string_view type, std::string_view id) {
  return {std::string(name_space) + std::string(type), std::string(id)};
}

policy::Entities make_resident(const Vocabulary& vocabulary) {
  std::vector<policy::Entity> entities;
  for (const auto& word : vocabulary.words("action")) {
    policy::Entity action{uid("Action", word.id), {}, {}, {}};
    if (word.id == "exists" || word.id == "headline" || word.id == "content")
      action.parents.push_back(uid("Action", "view"));
    entities.push_back(std::move(action));
  }
  for (const auto& word : vocabulary.words("category")) {
    policy::Entity category{uid("Category", word.id), {}, {}, {}};
    if (auto parent = parent_category(word.id); !parent.empty()) category.parents.push_back(uid("Category", parent));
    entities.push_back(std::move(category));
  }
  auto made = policy::Entities::make(std::move(entities));
  return made ? std::move(*made) : policy::Entities();
}

// What the language allows and this house does not.
void check_annotations(const policy::Policy& one, std::string& faults) {
  auto fault = [&](const std::string& what) {
    faults += (faults.empty() ? "" : "\n") + one.source->file + ":" + std::to_string(one.at.line) + ":" +
              std::to_string(one.at.column) + ": " + what;
  };
  if (!one.annotation("id") || one.annotation("id")->empty()) fault("this policy has no `@id` (give it one)");
  if (!one.annotation("title") || one.annotation("title")->empty())
    fault("this policy has no `@title` (say in a few words what it is about: workers read it)");
  for (const auto& annotation : one.annotations)
    if (std::find(annotations.begin(), annotations.end(), annotation.name) == annotations.end())
      fault("`@" + annotation.name + "` means nothing here (id, title, basis, ask, conceal, shown_as, obligation do)");
  if (one.is_template()) fault("a template decides nothing until it is linked (write the policy out)");
}

}  // namespace

std::string Bundle::ref_text() const { return std::to_string(version) + " sha256:" + to_hex(ByteView(hash).first(6)); }

Expected<std::shared_ptr<const Bundle>> read_bundle(const std::filesystem::path& folder) {
  const auto manifest_text = read_file(folder / "bundle.toml");
  if (!manifest_text)
    return fail("no-bundle", "cannot open the policy bundle", (folder / "bundle.toml").string(), "check the path");
  auto manifest = parse_manifest(*manifest_text, "bundle.toml");
  if (!manifest) return tl::unexpected(manifest.error());

  auto bundle = std::make_shared<Bundle>();
  bundle->name = manifest->name;
  bundle->version = manifest->version;
  Bytes hashed;
  auto hash_in = [&hashed](std::string_view name, std::string_view text) {
    put_u64(hashed, name.size());
    append(hashed, view_of(name));
    put_u64(hashed, text.size());
    append(hashed, view_of(text));
  };
  hash_in("bundle.toml", *manifest_text);

  const auto vocabulary_text = read_file(folder / manifest->vocabulary);
  if (!vocabulary_text)
    return fail("no-vocabulary", "cannot open the vocabulary", (folder / manifest->vocabulary).string(),
                "check `vocabulary` in bundle.toml");
  auto vocabulary = Vocabulary::parse(*vocabulary_text, std::filesystem::path(manifest->vocabulary).filename());
  if (!vocabulary) return tl::unexpected(vocabulary.error());
  hash_in(manifest->vocabulary, *vocabulary_text);
  bundle->vocabulary = std::move(*vocabulary);
  bundle->resident = make_resident(bundle->vocabulary);

  std::string faults;
  for (const auto& name : manifest->policies) {
    const auto text = read_file(folder / name);
    if (!text) {
      faults += (faults.empty() ? "" : "\n") + name + ": cannot open this file (check `policies` in bundle.toml)";
      continue;
    }
    hash_in(name, *text);
    policy::ParseOptions options;
    options.ids_from_annotation = true;
    auto parsed = policy::parse_policies(*text, name, options);
    if (!parsed) {
      faults += (faults.empty() ? "" : "\n") + policy::to_text(parsed.error());
      continue;
    }
    for (const auto& one : parsed->policies()) check_annotations(one, faults);
    for (const auto& one : parsed->templates()) check_annotations(one, faults);
    if (auto merged = bundle->policies.merge(*parsed); !merged)
      faults += (faults.empty() ? "" : "\n") + name + ": " + merged.error();
  }
  if (!faults.empty()) return fail("bad-policy", "cannot use the policy bundle", faults, "mend each line");
  bundle->hash = sha256(hashed);
  return std::shared_ptr<const Bundle>(std::move(bundle));
}

}  // namespace ginnel
