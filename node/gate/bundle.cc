// SPDX-License-Identifier: Apache-2.0
#include "node/gate/bundle.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>

#include "adapters/toml_section.h"
#include "federation/base/crypto/hash.h"
#include "node/gate/facts.h"
#include "node/gate/share_schema.h"
#include "policy/check.h"
#include "policy/names.h"
#include "policy/validate.h"

namespace ginnel {
namespace {

constexpr std::string_view name_space = "Share::";
constexpr std::array<std::string_view, 7> annotations{"id",      "title",    "basis",     "ask",
                                                      "conceal", "shown_as", "obligation"};

// What bundle.toml says.
struct Manifest {
  std::string name;
  std::uint64_t version = 0;
  std::string vocabulary;
  std::uint32_t vocabulary_line = 0;
  std::vector<TomlText> policies, cases;
};

Manifest read_manifest(const toml::table& table, TomlMistakes& mistakes) {
  Manifest manifest;
  TomlSection root(table, "the bundle", mistakes);
  manifest.name = root.need_text("name", "\"the name of the agreement\"");
  manifest.version = std::uint64_t(root.need_number("version", 1, std::numeric_limits<std::int32_t>::max()));
  manifest.vocabulary = root.need_text("vocabulary", "\"../vocabulary.toml\"");
  manifest.vocabulary_line = root.line_of_key("vocabulary");
  if (const toml::node* from = root.find("effective_from"); from && !from->is_date())
    root.wrong(*from, "effective_from", "write a date, without quotes: 2026-11-01");
  manifest.policies =
      root.texts(root.need("policies", "list the .cedar files: policies = [\"10-rules.cedar\"]"), "policies");
  manifest.cases = root.texts_or_none("cases");
  std::set<std::string> seen;
  for (const auto* files : {&manifest.policies, &manifest.cases})
    for (const auto& [name, line] : *files)
      if (!seen.insert(name).second) mistakes.add(line, "`" + name + "` is named twice", "remove one");
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

policy::Diagnostics diagnostics_of(const std::vector<policy::Finding>& findings) {
  policy::Diagnostics out;
  for (const auto& finding : findings) out.push_back(finding.what);
  return out;
}

// A rule that speaks of a word or an attribute that nobody fills would silently do nothing.
Expected<void> check_rules(Bundle& bundle, const policy::Schema& schema) {
  const auto validated = policy::validate(bundle.policies, schema);
  bundle.warnings = diagnostics_of(validated.warnings);
  policy::Diagnostics wrong = diagnostics_of(validated.errors);
  for (auto& one : unknown_categories(bundle.policies, bundle.vocabulary)) wrong.push_back(std::move(one));
  policy::sort_by_place(wrong);
  if (wrong.empty()) return {};
  return fail("bad-policy", "cannot use the policy bundle", policy::to_text(wrong), "mend each line");
}

}  // namespace

std::string Bundle::ref_text() const { return std::to_string(version) + " sha256:" + to_hex(ByteView(hash).first(6)); }

Expected<std::shared_ptr<const Bundle>> read_bundle(const std::filesystem::path& folder) {
  TomlMistakes mistakes("bad-bundle", "bundle.toml");
  const auto manifest_text = read_text_file(folder / "bundle.toml", limits::manifest_bytes_max, mistakes);
  if (!manifest_text)
    return fail("no-bundle", "cannot open the policy bundle", (folder / "bundle.toml").string(), "check the path");
  const auto root = parse_toml(*manifest_text, mistakes);
  if (!root) return fail("bad-bundle", "cannot read the policy bundle", mistakes.as_text(), "mend the line");
  const Manifest manifest = read_manifest(*root, mistakes);

  auto bundle = std::make_shared<Bundle>();
  bundle->name = manifest.name;
  bundle->version = manifest.version;
  Bytes hashed;
  auto hash_in = [&hashed](std::string_view name, std::string_view text) {
    put_u64(hashed, name.size());
    append(hashed, view_of(name));
    put_u64(hashed, text.size());
    append(hashed, view_of(text));
  };
  hash_in("bundle.toml", *manifest_text);

  // Every file is looked at, whatever was wrong with those before it; the code is that of the first that is wrong.
  std::string code, faults;
  auto fault = [&](std::string_view of, const std::string& what) {
    if (code.empty()) code = of;
    faults += (faults.empty() ? "" : "\n") + what;
  };
  const auto read_named = [&](const std::string& name, std::uint32_t line, std::size_t bytes_max) {
    TomlMistakes unreadable("", "");
    auto text = read_text_file(folder / name, bytes_max, unreadable);
    if (!text) mistakes.add(line, "cannot open `" + name + "`, which it names", unreadable.in_order().front().why);
    return text;
  };
  std::optional<std::string> vocabulary_text;
  if (!manifest.vocabulary.empty())
    vocabulary_text = read_named(manifest.vocabulary, manifest.vocabulary_line, limits::vocabulary_file_bytes_max);
  std::vector<std::optional<std::string>> policy_texts;
  for (const auto& [name, line] : manifest.policies)
    policy_texts.push_back(read_named(name, line, limits::policy_file_bytes_max));
  for (const auto& [name, line] : manifest.cases)
    if (auto text = read_named(name, line, limits::case_file_bytes_max))
      bundle->cases.push_back({name, std::move(*text)});
  if (!mistakes.none()) fault("bad-bundle", mistakes.as_text());

  if (vocabulary_text) {
    auto vocabulary = Vocabulary::parse(*vocabulary_text, std::filesystem::path(manifest.vocabulary).filename());
    hash_in(manifest.vocabulary, *vocabulary_text);
    if (vocabulary) {
      bundle->vocabulary = std::move(*vocabulary);
      bundle->resident = make_resident(bundle->vocabulary);
      bundle->undecided_child = undecided_child(bundle->vocabulary);
    } else {
      fault(vocabulary.error().code, vocabulary.error().why);
    }
  }
  std::optional<Expected<policy::Schema>> schema;
  if (!bundle->vocabulary.edition().empty()) schema = share_schema(bundle->vocabulary);
  for (std::size_t i = 0; i < policy_texts.size(); ++i) {
    if (!policy_texts[i]) continue;
    const std::string& name = manifest.policies[i].text;
    hash_in(name, *policy_texts[i]);
    policy::ParseOptions options;
    options.ids_from_annotation = true;
    auto parsed = policy::parse_policies(*policy_texts[i], name, options);
    if (!parsed) {
      // What of the file can be read is held against the schema in the same run.
      const bool has_schema = schema && schema->has_value();
      fault("bad-policy",
            policy::to_text(has_schema ? policy::check_policies(*policy_texts[i], name, **schema, options).errors
                                       : parsed.error()));
      continue;
    }
    std::string here;
    for (const auto& one : parsed->policies()) check_annotations(one, here);
    for (const auto& one : parsed->templates()) check_annotations(one, here);
    if (!here.empty()) fault("bad-policy", here);
    if (auto merged = bundle->policies.merge(*parsed); !merged) fault("bad-policy", name + ": " + merged.error());
  }
  for (const auto& file : bundle->cases) hash_in(file.name, file.text);
  if (schema && !*schema) fault(schema->error().code, schema->error().why);
  if (schema && *schema)
    if (auto checked = check_rules(*bundle, **schema); !checked) fault(checked.error().code, checked.error().why);
  const auto& policies = bundle->policies.policies();
  bundle->names_records = std::any_of(policies.begin(), policies.end(), [](const policy::Policy& one) {
    return policy::names_entity_of(one, "Share::Record");
  });
  if (!faults.empty()) return fail(code, "cannot use the policy bundle", faults, "mend each line");
  bundle->ready = policy::CompiledPolicies(bundle->policies, bundle->resident);
  bundle->hash = sha256(hashed);
  return std::shared_ptr<const Bundle>(std::move(bundle));
}

}  // namespace ginnel
