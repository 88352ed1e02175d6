// SPDX-License-Identifier: Apache-2.0
#include "node/config.h"

#include <charconv>

#include "adapters/link_rules_reader.h"
#include "adapters/toml_section.h"
#include "federation/wire/limits.h"
#include "node/gate/vocabulary.h"
#include "node/process/invitation.h"
#include "node/process/process_rules.h"
#include "node/retention/schedule.h"
#include "node/setup/systemd_credential.h"
#include "node/setup/toml_contact.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t map_gib_max = 65'536;
constexpr std::int64_t directory_days_max = 3650;
constexpr std::int64_t key_life_days_min = 30;  // shorter ones change faster than an operator can look
constexpr std::int64_t currency_hours_max = 24 * 366;
constexpr std::int64_t received_copies_days_max = 7;  // DESIGN 5: whoever needs them for longer is given a copy

constexpr std::string_view member_id_remedy = "use lower-case letters, digits and hyphens, a letter first";

// "tcp://ADDRESS:PORT", as its two parts.
std::optional<std::pair<std::string, int>> split_endpoint(std::string_view text) {
  constexpr std::string_view scheme = "tcp://";
  const auto colon = text.rfind(':');
  if (!text.starts_with(scheme) || colon == std::string_view::npos || colon <= scheme.size()) return std::nullopt;
  const std::string_view digits = text.substr(colon + 1);
  int port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port < 1 || port > limits::port_max)
    return std::nullopt;
  return std::pair(std::string(text.substr(scheme.size(), colon - scheme.size())), port);
}

// A name that is too long, or a folder that may not be looked into, is no file, and no exception either.
bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

bool is_any_address(std::string_view address) { return address == "0.0.0.0" || address == "*" || address == "[::]"; }

bool lies_within(const fs::path& inner, const fs::path& outer) {
  const fs::path between = inner.lexically_relative(outer);
  return !between.empty() && *between.begin() != "..";
}

void append(std::vector<Error>& to, std::vector<Error> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

class Reading {
 public:
  Reading(fs::path dir, TomlMistakes& mistakes, const VocabularyOf& vocabulary_of)
      : dir_(std::move(dir)), mistakes_(mistakes), vocabulary_of_(vocabulary_of) {}

  NodeConfig read(const toml::table& root) {
    config_.dir = dir_;
    config_.ledger_dir = dir_ / "store/ledger";
    config_.keys_dir = dir_ / "store/keys";
    TomlSection top(root, "the configuration", mistakes_);
    if (auto* table = top.need_section("policy")) read_policy(*table);
    read_top(top);
    if (auto* table = top.section("store")) read_store(*table);
    if (auto* table = top.need_section("duty")) config_.duty = read_contact(*table, "[duty]", mistakes_);
    if (auto* table = top.need_section("transport")) read_transport(*table);
    if (auto* table = top.need_section("https")) read_https(*table);
    if (auto* table = top.need_section("root_key")) read_root_key(*table);
    if (auto* table = top.need_section("directory")) read_directory(*table);
    if (auto* table = top.section("currency")) read_currency(*table);
    if (auto* table = top.section("received_copies")) read_received_copies(*table);
    if (auto* table = top.section("linking")) read_linking(*table);
    if (auto* table = top.section("retention")) read_retention(*table);
    if (auto* table = top.section("keys")) read_keys(*table);
    if (auto* table = top.section("processes")) read_processes(*table);
    if (!config_.clock_file.empty() && config_.root_key != RootKeyMethod::demo_file)
      top.mistake("clock_file", "is not for this node: its deadlines would not be the law's",
                  "remove it: a clock that can be put ahead is for demonstrations only");
    return std::move(config_);
  }
  // Mistakes of another file that this one names.
  std::vector<Error> take_errors() { return std::move(errors_); }

 private:
  fs::path under_dir(const std::string& text) const { return (dir_ / text).lexically_normal(); }

  void read_top(TomlSection& top) {
    if (std::string member = top.need_text("member", "\"bradford-csc\""); !member.empty())
      if (auto id = read_member_id({member, top.line_of_key("member")}, "`member`", mistakes_)) config_.member = *id;
    config_.own_basis = top.need_text("own_basis", "\"public_task\"");
    if (vocabulary_ && !config_.own_basis.empty())
      mistakes_.check_word(top.line_of_key("own_basis"), config_.own_basis, "legal basis in force",
                           vocabulary_->ids_in_force("basis"));
    config_.in_shadow = top.flag("shadow", false);
    config_.test_head_issuer = top.flag("test_head_issuer", false);
    if (auto path = top.text("clock_file"); !path.empty()) config_.clock_file = under_dir(path);
  }

  void read_store(const toml::table& table) {
    TomlSection store(table, "[store]", mistakes_);
    if (auto path = store.text("ledger"); !path.empty()) config_.ledger_dir = under_dir(path);
    if (auto path = store.text("keys"); !path.empty()) config_.keys_dir = under_dir(path);
    std::int64_t gib = store.number("map_gib", std::int64_t(limits::kv_map_bytes >> 30), 1, map_gib_max);
    config_.map_bytes = std::size_t(gib) << 30;
    if (lies_within(config_.keys_dir, config_.ledger_dir) || lies_within(config_.ledger_dir, config_.keys_dir))
      store.mistake("keys", "and `ledger` share a folder, or one lies in the other",
                    "give the keys a folder of their own: erasure rewrites it");
  }

  void read_transport(const toml::table& table) {
    TomlSection transport(table, "[transport]", mistakes_);
    config_.listen = transport.need_text("listen", "\"tcp://127.0.0.1:7441\"");
    listens_ = split_endpoint(config_.listen);
    if (!config_.listen.empty() && !listens_)
      transport.mistake("listen", "is no endpoint",
                        "write tcp://ADDRESS:PORT, with a port from 1 to " + std::to_string(limits::port_max));
  }

  void read_https(const toml::table& table) {
    TomlSection https(table, "[https]", mistakes_);
    config_.https.address = https.need_text("address", "\"127.0.0.1\"");
    config_.https.port = std::uint16_t(https.need_number("port", 1, limits::port_max));
    if (listens_ && listens_->second == config_.https.port &&
        (listens_->first == config_.https.address || is_any_address(listens_->first) ||
         is_any_address(config_.https.address)))
      https.mistake("port", "is the port of `listen` too", "nodes and people need a port each");
    config_.https.certificate = needed_file(https, "certificate", "\"tls/certificate.pem\"");
    config_.https.key = needed_file(https, "key", "\"tls/key.pem\"");
  }

  void read_policy(const toml::table& table) {
    TomlSection policy(table, "[policy]", mistakes_);
    std::string bundle = policy.need_text("bundle", "\"policies/west-yorkshire\"");
    if (const std::string own = policy.text("own"); !own.empty()) {
      config_.own_policies = under_dir(own);
      if (!is_file(config_.own_policies / "bundle.toml"))
        policy.mistake("own", "is no folder with a bundle.toml", "name the folder of the agency's own policies");
    }
    if (bundle.empty()) return;
    config_.policies = under_dir(bundle);
    // The sealed one that was adopted stands beside the folder that the node was set up with.
    if (auto adopted = sealed_beside(config_.policies); !is_file(config_.policies) && is_file(adopted))
      config_.policies = std::move(adopted);
    if (!is_file(config_.policies) && !is_file(config_.policies / "bundle.toml"))
      policy.mistake("bundle", "is neither a sealed policy bundle nor a folder with a bundle.toml",
                     "name the file that ginnel policy adopt wrote, or a bundle's folder");
    else if (vocabulary_of_)
      vocabulary_ = vocabulary_of_(config_.policies);
  }

  void read_root_key(const toml::table& table) {
    TomlSection root_key(table, "[root_key]", mistakes_);
    const std::string method = root_key.need_text("method", "\"passphrase\"");
    bool known = false;
    std::set<std::string> methods;
    for (RootKeyMethod one : root_key_methods) {
      methods.emplace(name_of(one));
      if (method != name_of(one)) continue;
      config_.root_key = one;
      known = true;
    }
    if (!method.empty()) mistakes_.check_word(root_key.line_of_key("method"), method, "way to unlock", methods);
    if (known && config_.root_key == RootKeyMethod::systemd_credential) {
      config_.root_key_credential = root_key.need_text("credential", "\"ginnel-root-key\"");
      if (!config_.root_key_credential.empty() && !is_credential_name(config_.root_key_credential))
        root_key.mistake("credential", "is no name of a credential",
                         "use letters, digits, dots, hyphens and underscores, a letter or digit first");
    } else if (known) {
      config_.root_key_file = needed_file(root_key, "file", "\"root-key.json\"");
    } else {  // which of them it should have cannot be told
      root_key.find("credential");
      root_key.find("file");
    }
  }

  void read_directory(const toml::table& table) {
    TomlSection directory(table, "[directory]", mistakes_);
    auto days = [&](std::string_view key, std::int64_t otherwise_ms) {
      return directory.number(key, otherwise_ms / day_ms, 1, directory_days_max) * day_ms;
    };
    DirectoryRules& rules = config_.directory_rules;
    rules.warn_age_ms = days("warn_days", rules.warn_age_ms);
    rules.closed_age_ms = days("closed_days", rules.closed_age_ms);
    rules.last_age_ms = days("last_days", rules.last_age_ms);
    if (rules.warn_age_ms > rules.closed_age_ms)
      directory.mistake("closed_days", "is before `warn_days`", "warn first: warn_days <= closed_days <= last_days");
    if (rules.closed_age_ms > rules.last_age_ms)
      directory.mistake("last_days", "is before `closed_days`", "warn first: warn_days <= closed_days <= last_days");
    rules.purposes_past_closed =
        directory.words("purposes_past_closed", "purpose in force",
                        vocabulary_ ? vocabulary_->ids_in_force("purpose") : std::set<std::string>());
  }

  void read_linking(const toml::table& table) {
    TomlSection linking(table, "[linking]", mistakes_);
    config_.link_rules_file = needed_file(linking, "rules", "\"linking.toml\"");
    if (!is_file(config_.link_rules_file)) return;
    auto rules = load_link_rules(config_.link_rules_file);
    if (rules)
      config_.link_rules = std::make_shared<const LinkRules>(std::move(*rules));
    else
      append(errors_, std::move(rules.error()));
  }

  void read_retention(const toml::table& table) {
    TomlSection retention(table, "[retention]", mistakes_);
    config_.retention_file = needed_file(retention, "schedule", "\"retention.toml\"");
    if (!is_file(config_.retention_file)) return;
    auto schedule = RetentionSchedule::load(config_.retention_file, vocabulary_);
    if (schedule)
      config_.retention = std::make_shared<const RetentionSchedule>(std::move(*schedule));
    else
      append(errors_, std::move(schedule.error()));
  }

  void read_currency(const toml::table& table) {
    TomlSection currency(table, "[currency]", mistakes_);
    CurrencyConfig& out = config_.currency;
    out.limit_ms = currency.number("limit_hours", out.limit_ms / hour_ms, 1, currency_hours_max) * hour_ms;
    const toml::table* by_system = currency.section("systems");
    if (!by_system) return;
    TomlSection systems(*by_system, "[currency.systems]", mistakes_);
    for (const std::string& system : systems.keys())
      out.limit_by_system_ms[system] = systems.number(system, 1, 1, currency_hours_max) * hour_ms;
  }

  void read_received_copies(const toml::table& table) {
    TomlSection copies(table, "[received_copies]", mistakes_);
    KeptViewRules& out = config_.kept_views;
    out.after_use_ms =
        copies.number("hours_after_use", out.after_use_ms / hour_ms, 1, received_copies_days_max * 24) * hour_ms;
    out.at_most_ms = copies.number("days_at_most", out.at_most_ms / day_ms, 1, received_copies_days_max) * day_ms;
  }

  void read_keys(const toml::table& table) {
    TomlSection keys(table, "[keys]", mistakes_);
    RotationRules& rules = config_.rotation;
    const auto days = [&](std::string_view key, std::int64_t otherwise_ms, std::int64_t least, std::int64_t most) {
      return keys.number(key, otherwise_ms / day_ms, least, most) * day_ms;
    };
    const std::int64_t life_days_max = limits::key_statement_life_ms_max / day_ms;
    rules.life_ms = days("life_days", rules.life_ms, key_life_days_min, life_days_max);
    rules.announce_percent = keys.number("announce_percent", rules.announce_percent, 1, 90);
    rules.announced_ms = days("announced_days", rules.announced_ms, 1, life_days_max);
    rules.overlap_ms = days("overlap_days", rules.overlap_ms, 1, life_days_max);
    // The announcement, the waiting and the overlap end before the old keys do, or a change would lose messages.
    const std::int64_t used_ms = rules.life_ms / 100 * rules.announce_percent;
    if (used_ms + rules.announced_ms + rules.overlap_ms > rules.life_ms)
      keys.mistake("announce_percent", "leaves too little of `life_days` for `announced_days` and `overlap_days`",
                   "announce earlier, or make one of the others shorter");
  }

  void read_processes(const toml::table& table) {
    TomlSection processes(table, "[processes]", mistakes_);
    ProcessesConfig& out = config_.processes;
    ProcessRules rules;
    const bool has_holidays =
        !(out.holidays = needed_file(processes, "holidays", "\"england-and-wales.toml\"")).empty();
    if (processes.find("terms")) out.terms = needed_file(processes, "terms", "\"school-terms.toml\"");
    if (has_holidays && is_file(out.holidays) && (out.terms.empty() || is_file(out.terms))) {
      auto calendar = Calendar::read(out.holidays, out.terms);
      if (calendar)
        rules.calendar = std::move(*calendar);
      else
        append(errors_, std::move(calendar.error()));
    }
    rules.authority = out.authority = processes.need_text("authority", "\"west-yorkshire\"");
    rules.agency = out.agency = processes.need_text("agency", "\"social_care\"");
    for (const TomlText& file :
         processes.texts(processes.need("definitions", "add definitions = [\"child-protection.toml\"]"), "definitions"))
      if (!file.text.empty()) read_definition(processes, file, rules.definitions);
    if (const toml::table* roles = processes.need_section("roles")) read_process_roles(*roles, rules.definitions);
    rules.roles = out.roles;
    config_.process_rules = std::make_shared<const ProcessRules>(std::move(rules));
  }

  void read_definition(TomlSection& processes, const TomlText& named, Definitions& definitions) {
    const fs::path file = under_dir(named.text);
    config_.processes.definitions.push_back(file);
    if (!is_file(file))
      return mistakes_.add(named.line, "`definitions` of [processes] names `" + named.text + "`, which is no file",
                           "put it at " + file.string() + ", or correct the path");
    auto definition = Definition::read(file);
    if (!definition) return append(errors_, std::move(definition.error()));
    if (!definition->agencies.contains(config_.processes.agency))
      processes.mistake("agency", "is none of the agencies of " + file.string(), "use one of its [agencies]");
    if (vocabulary_)
      for (const StepDefinition& step : definition->steps)
        if (step.record) {
          const std::uint32_t line = step.record->line;
          check_word_of(file, line, "record_kind", step.record->kind);
          check_word_of(file, line, "category", step.record->category);
          for (const StepOutcome& outcome : step.outcomes)
            if (!outcome.record_kind.empty()) check_word_of(file, line, "record_kind", outcome.record_kind);
          if (!step.brought.empty())
            for (const auto kind : {invitation_kind, contribution_kind})
              check_word_of(file, line, "record_kind", std::string(kind));
        }
    if (vocabulary_) check_words_of_look(file, *definition);
    if (auto added = definitions.add(std::move(*definition)); !added)
      mistakes_.add(named.line, "`" + named.text + "` cannot be used: " + added.error().why, added.error().remedy);
  }

  void check_words_of_look(const fs::path& file, const Definition& definition) {
    if (const auto& look = definition.look) {
      check_word_of(file, look->line, "purpose", look->purpose);
      check_word_of(file, look->line, "basis", look->basis);
    }
    for (const Pattern& pattern : definition.patterns)
      for (const std::string& kind : pattern.records) check_word_of(file, pattern.line, "record_kind", kind);
  }

  void check_word_of(const fs::path& file, std::uint32_t line, const char* list, const std::string& word) {
    if (vocabulary_->knows(list, word)) return;
    TomlMistakes mistakes("bad-process", file.string());
    mistakes.check_word(line, word, list, vocabulary_->ids(list));
    append(errors_, mistakes.in_order());
  }

  // A role of a definition is a role of the node's users; whom nobody stands for, the manager stands for.
  void read_process_roles(const toml::table& table, const Definitions& definitions) {
    TomlSection roles(table, "[processes.roles]", mistakes_);
    std::set<std::string> known, users, needed;
    for (const Definition* definition : definitions.all()) {
      for (const auto& [role, title] : definition->roles) known.insert(role);
      needed.insert(definition->manager);
    }
    for (const std::string& id : vocabulary_ ? vocabulary_->ids_in_force("role") : std::set<std::string>())
      if (const Word* word = vocabulary_->find("role", id); word->holds_tasks && !word->no_case_data) users.insert(id);
    for (const auto& [role, user] : roles.all_texts()) {
      mistakes_.check_word(user.line, role, "role of the definitions", known);
      mistakes_.check_word(user.line, user.text, "role whose users are given work", users);
      config_.processes.roles[role] = user.text;
    }
    for (const std::string& role : needed)
      if (!config_.processes.roles.contains(role))
        mistakes_.add(roles.line(), "[processes.roles] does not say who is `" + role + "`, which manages a process",
                      "add " + role + " = \"manager\"");
  }

  fs::path needed_file(TomlSection& table, std::string_view key, std::string_view example) {
    std::string path = table.need_text(key, example);
    if (path.empty()) return {};
    fs::path file = under_dir(path);
    if (!is_file(file)) table.mistake(key, "names no file", "put it at " + file.string() + ", or correct the path");
    return file;
  }

  fs::path dir_;
  TomlMistakes& mistakes_;
  const VocabularyOf& vocabulary_of_;
  const Vocabulary* vocabulary_ = nullptr;
  std::optional<std::pair<std::string, int>> listens_;
  NodeConfig config_;
  std::vector<Error> errors_;
};

// Groups of trust.toml, and what one of them can contradict in another.
class TrustReading {
 public:
  explicit TrustReading(TomlMistakes& mistakes) : mistakes_(mistakes) {}

  TrustAnchor read(const toml::table& root) {
    TrustAnchor anchor;
    TomlSection top(root, "the trust anchor", mistakes_);
    for (const toml::table* table : top.sections("group")) anchor.rule.push_back(read_group(*table));
    if (anchor.rule.empty())
      mistakes_.add(0, "it names no group of trustees", "add a [[group]] with needed and trustees");
    return anchor;
  }

 private:
  TrusteeGroup read_group(const toml::table& table) {
    TrusteeGroup group;
    TomlSection in(table, "[[group]]", mistakes_);
    group.name = in.need_text("name", "\"authorities\"");
    if (!group.name.empty() && !names_.insert(group.name).second)
      in.mistake("name", "is `" + group.name + "`, which names another group already", "give each its own name");
    group.needed = std::uint32_t(in.need_number("needed", 1, std::int64_t(limits::trustees_max)));
    const toml::table* trustees = in.need_section("trustees");
    if (!trustees) return group;
    if (trustees->size() < group.needed)
      in.mistake("needed", "is more than the group has trustees, so no list of members could ever be valid",
                 "name as many trustees, or need fewer");
    TomlSection keys(*trustees, "[group.trustees] of `" + group.name + "`", mistakes_);
    for (const auto& [name, hex] : keys.all_texts()) read_trustee(name, hex, keys, group);
    return group;
  }

  void read_trustee(const std::string& name, const TomlText& hex, TomlSection& keys, TrusteeGroup& group) {
    const auto id = MemberId::parse(name);
    if (!id) keys.mistake(name, "is no member id", std::string(member_id_remedy));
    if (hex.text.empty()) return;
    const auto bytes = from_hex(hex.text);
    PublicKey key{};
    if (!bytes || bytes->size() != key.size())
      return keys.mistake(name, "is no identity key", "write 64 hexadecimal digits");
    std::copy(bytes->begin(), bytes->end(), key.begin());
    if (!keys_.insert(key).second)
      keys.mistake(name, "has a key that stands here already", "one key is one trustee: ask whose it is");
    if (id) group.trustees[*id] = key;
  }

  TomlMistakes& mistakes_;
  std::set<std::string> names_;
  std::set<PublicKey> keys_;
};

tl::expected<TrustAnchor, std::vector<Error>> read_trust(const fs::path& file) {
  TomlMistakes mistakes("bad-config", file.string());
  auto text = read_text_file(file, limits::config_file_bytes_max, mistakes);
  if (!text) return tl::unexpected(mistakes.in_order());
  return parse_trust(*text, file);
}

}  // namespace

std::string_view name_of(RootKeyMethod method) {
  switch (method) {
    case RootKeyMethod::demo_file:
      return "demo-file";
    case RootKeyMethod::passphrase:
      return "passphrase";
    case RootKeyMethod::key_shares:
      return "key-shares";
    case RootKeyMethod::systemd_credential:
      return "systemd-credential";
  }
  return "";
}

tl::expected<NodeConfig, std::vector<Error>> read_config(const fs::path& dir, const VocabularyOf& vocabulary_of) {
  fs::path file = dir / "node.toml";
  TomlMistakes mistakes("bad-config", file.string());
  auto text = read_text_file(file, limits::config_file_bytes_max, mistakes);
  if (!text) return tl::unexpected(mistakes.in_order());
  return parse_config(*text, dir, vocabulary_of);
}

tl::expected<NodeConfig, std::vector<Error>> parse_config(std::string_view text, const fs::path& dir,
                                                          const VocabularyOf& vocabulary_of) {
  TomlMistakes mistakes("bad-config", (dir / "node.toml").string());
  NodeConfig config;
  Reading reading(fs::absolute(dir).lexically_normal(), mistakes, vocabulary_of);
  if (auto root = parse_toml(text, mistakes)) config = reading.read(*root);
  std::vector<Error> errors = mistakes.in_order();
  append(errors, reading.take_errors());
  if (auto trust = read_trust(dir / "trust.toml"))
    config.trust = std::move(*trust);
  else
    append(errors, std::move(trust.error()));
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return config;
}

tl::expected<TrustAnchor, std::vector<Error>> parse_trust(std::string_view text, const fs::path& file) {
  TomlMistakes mistakes("bad-config", file.string());
  TrustAnchor anchor;
  if (auto root = parse_toml(text, mistakes)) anchor = TrustReading(mistakes).read(*root);
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  if (auto checked = anchor.check(); !checked) return tl::unexpected(std::vector<Error>{checked.error()});
  return anchor;
}

}  // namespace ginnel
