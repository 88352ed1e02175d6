// SPDX-License-Identifier: Apache-2.0
#include "node/gate/bundle.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <set>

#include "adapters/toml_section.h"
#include "federation/base/crypto/hash.h"
#include "federation/wire/bundle_codec.h"
#include "federation/wire/limits.h"
#include "node/gate/bundle_seal.h"
#include "node/gate/facts.h"
#include "node/gate/share_schema.h"
#include "policy/check.h"
#include "policy/names.h"
#include "policy/validate.h"

namespace ginnel {
namespace {

constexpr std::string_view name_space = "Share::";
constexpr std::array<std::string_view, 6> annotations{"id", "title", "basis", "ask", "conceal", "shown_as"};

// What bundle.toml says.
struct Manifest {
  std::string name;
  std::uint64_t version = 0;
  std::string vocabulary, over;  // one of them: an agreement has words, own policies lie over one
  std::uint32_t vocabulary_line = 0, over_line = 0;
  std::string author;
  Date review_on;
  std::vector<TomlText> policies, cases;
};

Date read_day(TomlSection& root, const char* key, const char* remedy) {
  const toml::node* day = root.find(key);
  if (day && !day->is_date()) root.wrong(*day, key, remedy);
  if (!day || !day->is_date()) return {};
  const toml::date date = day->as_date()->get();
  return Date::of(date.year, date.month, date.day).value_or(Date());
}

void read_own_part(TomlSection& root, Manifest& manifest) {
  manifest.over_line = root.line_of_key("over");
  manifest.author = root.need_text("author", "\"the name and the office of who answers for these policies\"");
  if (!root.find("review_on"))
    root.mistake("review_on", "is missing", "write the day on which they are looked at again: review_on = 2027-06-30");
  manifest.review_on = read_day(root, "review_on", "write a date, without quotes: 2027-06-30");
}

Manifest read_manifest(const toml::table& table, TomlMistakes& mistakes) {
  Manifest manifest;
  TomlSection root(table, "the bundle", mistakes);
  manifest.name = root.need_text("name", "\"the name of the agreement\"");
  manifest.version = std::uint64_t(root.need_number("version", 1, std::numeric_limits<std::int32_t>::max()));
  manifest.over = root.text("over");
  if (!manifest.over.empty()) {
    read_own_part(root, manifest);
  } else {
    manifest.vocabulary = root.need_text("vocabulary", "\"../vocabulary.toml\"");
    manifest.vocabulary_line = root.line_of_key("vocabulary");
  }
  read_day(root, "effective_from", "write a date, without quotes: 2026-11-01");
  constexpr const char* list_them = "list the .cedar files: policies = [\"10-rules.cedar\"]";
  const toml::node* policies = root.need("policies", list_them);
  // Own policies end by a newer version that has none.
  const bool has_ended = !manifest.over.empty() && policies && policies->is_array() && policies->as_array()->empty();
  if (!has_ended) manifest.policies = root.texts(policies, "policies");
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

void add_fault(const policy::Policy& at, const std::string& what, std::string& faults) {
  faults += (faults.empty() ? "" : "\n") + at.source->file + ":" + std::to_string(at.at.line) + ":" +
            std::to_string(at.at.column) + ": " + what;
}

// What the language allows and this house does not.
void check_annotations(const policy::Policy& one, std::string& faults) {
  auto fault = [&](const std::string& what) { add_fault(one, what, faults); };
  if (!one.annotation("id") || one.annotation("id")->empty()) fault("this policy has no `@id` (give it one)");
  if (!one.annotation("title") || one.annotation("title")->empty())
    fault("this policy has no `@title` (say in a few words what it is about: workers read it)");
  for (const auto& annotation : one.annotations)
    if (std::find(annotations.begin(), annotations.end(), annotation.name) == annotations.end())
      fault("`@" + annotation.name + "` means nothing here (id, title, basis, ask, conceal, shown_as do)");
  if (one.is_template()) fault("a template decides nothing until it is linked (write the policy out)");
}

// SECURITY: whoever can write into a node's folder could write own policies. They can keep back, and be seen to; they
// can neither open what the agreement keeps shut nor make it look as if nothing were there.
void check_own(const policy::Policy& one, std::string& faults) {
  auto fault = [&](const std::string& what) { add_fault(one, what, faults); };
  if (one.effect == policy::Effect::permit)
    fault("own policies only forbid (what is to be shared, the members agree on: have the agreement changed)");
  if (one.annotation("conceal"))
    fault("own policies conceal nothing (what an agency alone keeps back must be seen to be kept back)");
  for (const char* needed : {"ask", "basis"})
    if (!one.annotation(needed) || one.annotation(needed)->empty())
      fault(std::string("this policy has no `@") + needed + "` (" +
            (needed[0] == 'a' ? "say whom to ring: somebody is told no and must get further"
                              : "name the law or the duty: a refusal to share must have one") +
            ")");
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

// Gives a file of the bundle by the name that bundle.toml has for it; nothing, and why, if it cannot be had.
using FileSource = std::function<std::optional<std::string>(const std::string&, std::size_t bytes_max, TomlMistakes&)>;
// Gives the agreement that own policies lie over, by the name that their bundle.toml has for it.
using AgreementSource = std::function<Expected<std::shared_ptr<const Bundle>>(const std::string&)>;

void take_words(Bundle& bundle, Vocabulary vocabulary) {
  bundle.vocabulary = std::move(vocabulary);
  bundle.resident = make_resident(bundle.vocabulary);
  bundle.undecided_child = undecided_child(bundle.vocabulary);
}

Expected<std::shared_ptr<Bundle>> read_from(const FileSource& source, const std::string& manifest_place,
                                            const AgreementSource& agreement_of) {
  TomlMistakes mistakes("bad-bundle", "bundle.toml");
  const auto manifest_text = source("bundle.toml", limits::manifest_bytes_max, mistakes);
  if (!manifest_text) return fail("no-bundle", "cannot open the policy bundle", manifest_place, "check the path");
  const auto root = parse_toml(*manifest_text, mistakes);
  if (!root) return fail("bad-bundle", "cannot read the policy bundle", mistakes.as_text(), "mend the line");
  const Manifest manifest = read_manifest(*root, mistakes);

  auto bundle = std::make_shared<Bundle>();
  bundle->name = manifest.name;
  bundle->version = manifest.version;
  bundle->author = manifest.author;
  bundle->review_on = manifest.review_on;
  Bytes hashed;
  auto hash_in = [&hashed, &bundle](std::string_view name, std::string_view text) {
    put_u64(hashed, name.size());
    append(hashed, view_of(name));
    put_u64(hashed, text.size());
    append(hashed, view_of(text));
    bundle->files.push_back({std::string(name), std::string(text)});
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
    auto text = source(name, bytes_max, unreadable);
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
    if (vocabulary)
      take_words(*bundle, std::move(*vocabulary));
    else
      fault(vocabulary.error().code, vocabulary.error().why);
  }
  if (!manifest.over.empty()) {
    auto agreement = agreement_of(manifest.over);
    if (agreement) {
      take_words(*bundle, (*agreement)->vocabulary);
      bundle->policies = (*agreement)->policies;
      bundle->agreement = std::move(*agreement);
    } else {
      fault(agreement.error().code, "bundle.toml:" + std::to_string(manifest.over_line) + ": " + agreement.error().why);
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
    if (bundle->agreement)
      for (const auto& one : parsed->policies()) check_own(one, here);
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
  return bundle;
}

// A seal holds what its bundle.toml names and nothing else, in that order, under the same name and version.
Expected<void> check_against(const Bundle& bundle, const BundleDocument& document) {
  const auto other = [](std::string why) {
    return fail("bad-sealed-bundle", "cannot read a sealed policy bundle", std::move(why),
                "have it sealed anew: ginnel policy seal FOLDER --out FILE");
  };
  if (bundle.name != document.name || bundle.version != document.version)
    return other("its name or version is another than its bundle.toml says");
  bool is_same = bundle.files.size() == document.files.size();
  for (std::size_t i = 0; is_same && i < bundle.files.size(); ++i)
    is_same = sealed_name(bundle.files[i].name) == document.files[i].name;
  if (!is_same) return other("its files are not those that its bundle.toml names, in that order");
  return {};
}

using Result = Expected<std::shared_ptr<const Bundle>>;

Result no_agreement(const std::string& over) {
  return fail("own-policies", "cannot use the policy bundle",
              "own policies lie over an agreement, and what lies over `" + over + "` is none",
              "name the agreement itself");
}

Result read_path(const std::filesystem::path& path, const AgreementSource& agreement_of) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) {
    auto sealed = read_sealed_bundle(path);
    if (!sealed) return tl::unexpected(sealed.error());
    return read_bundle(*sealed);
  }
  const auto on_disk = [&](const std::string& name, std::size_t bytes_max, TomlMistakes& mistakes) {
    return read_text_file(path / name, bytes_max, mistakes);
  };
  auto bundle = read_from(on_disk, (path / "bundle.toml").string(), agreement_of);
  if (!bundle) return tl::unexpected(bundle.error());
  return std::shared_ptr<const Bundle>(std::move(*bundle));
}

}  // namespace

std::string Bundle::ref_text() const {
  const std::string own = std::to_string(version) + " sha256:" + to_hex(ByteView(hash).first(6));
  return agreement ? agreement->ref_text() + " + " + own : own;
}

Expected<std::shared_ptr<const Bundle>> read_bundle(const SealedBundle& sealed) {
  auto document = decode_bundle_document(sealed.bytes);
  if (!document) return tl::unexpected(document.error());
  const auto held = [&](const std::string& name, std::size_t bytes_max,
                        TomlMistakes& mistakes) -> std::optional<std::string> {
    for (const BundleFile& file : document->files)
      if (file.name == sealed_name(name) && file.text.size() <= bytes_max) return file.text;
    mistakes.add(0, "it is not in the sealed bundle, or too long", "have it sealed anew");
    return std::nullopt;
  };
  auto bundle = read_from(held, "the sealed bundle holds no bundle/bundle.toml", no_agreement);
  if (!bundle) return tl::unexpected(bundle.error());
  if (auto same = check_against(**bundle, *document); !same) return tl::unexpected(same.error());
  (*bundle)->seal = std::make_shared<const SealedBundle>(sealed);
  return std::shared_ptr<const Bundle>(std::move(*bundle));
}

Expected<std::shared_ptr<const Bundle>> read_bundle(const std::filesystem::path& path) {
  return read_path(path, [&](const std::string& over) { return read_path(path / over, no_agreement); });
}

Expected<std::shared_ptr<const Bundle>> read_own_policies(const std::filesystem::path& folder,
                                                          const std::shared_ptr<const Bundle>& agreement) {
  auto own = read_path(folder, [&](const std::string&) -> Result { return agreement; });
  if (own && !(*own)->agreement)
    return fail("not-own-policies", "cannot use the agency's own policies",
                (folder / "bundle.toml").string() + " does not say what they lie `over`",
                "name the folder of own policies; the agreement is named as `bundle`");
  return own;
}

Result own_policies_over(const Bundle& own, const std::shared_ptr<const Bundle>& agreement) {
  const auto held = [&](const std::string& name, std::size_t bytes_max,
                        TomlMistakes& mistakes) -> std::optional<std::string> {
    for (const BundleFile& file : own.files)
      if (file.name == name && file.text.size() <= bytes_max) return file.text;
    mistakes.add(0, "it was not read with them", "");
    return std::nullopt;
  };
  auto over =
      read_from(held, "own policies without bundle.toml", [&](const std::string&) -> Result { return agreement; });
  if (!over) return tl::unexpected(over.error());
  return std::shared_ptr<const Bundle>(std::move(*over));
}

}  // namespace ginnel
