// SPDX-License-Identifier: Apache-2.0
#include "node/config.h"

#include "federation/wire/limits.h"
#include "node/setup/config_table.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t map_gib_max = 65'536;
constexpr std::int64_t directory_days_max = 3650;
constexpr std::int64_t currency_hours_max = 24 * 366;

class Reading {
 public:
  Reading(fs::path dir, ConfigMistakes& mistakes) : dir_(std::move(dir)), mistakes_(mistakes) {}

  NodeConfig read(const toml::table& root) {
    config_.dir = dir_;
    ConfigTable top(root, "the configuration", mistakes_);
    read_top(top);
    if (auto* table = top.section("store")) read_store(*table);
    if (auto* table = top.need_section("duty")) read_duty(*table);
    if (auto* table = top.need_section("transport")) read_transport(*table);
    if (auto* table = top.need_section("https")) read_https(*table);
    if (auto* table = top.need_section("policy")) read_policy(*table);
    if (auto* table = top.need_section("root_key")) read_root_key(*table);
    if (auto* table = top.need_section("directory")) read_directory(*table);
    if (auto* table = top.section("currency")) read_currency(*table);
    read_trust();
    return std::move(config_);
  }

 private:
  fs::path under_dir(const std::string& text) const { return (dir_ / text).lexically_normal(); }

  void read_top(ConfigTable& top) {
    std::string member = top.need_text("member", "\"bradford-csc\"");
    if (auto id = MemberId::parse(member))
      config_.member = *id;
    else if (!member.empty())
      top.mistake("member", "is no member id", "use lower-case letters, digits and hyphens, a letter first");
    config_.own_basis = top.need_text("own_basis", "\"public_task\"");
    config_.test_head_issuer = top.flag("test_head_issuer", false);
  }

  void read_store(const toml::table& table) {
    ConfigTable store(table, "[store]", mistakes_);
    if (auto path = store.text("ledger"); !path.empty()) config_.ledger_dir = under_dir(path);
    if (auto path = store.text("keys"); !path.empty()) config_.keys_dir = under_dir(path);
    std::int64_t gib = store.number("map_gib", std::int64_t(limits::kv_map_bytes >> 30), 1, map_gib_max);
    config_.map_bytes = std::size_t(gib) << 30;
    if (!config_.ledger_dir.empty() && config_.ledger_dir == config_.keys_dir)
      store.mistake("keys", "is the ledger's folder too", "give the keys a folder of their own: erasure needs it");
  }

  void read_duty(const toml::table& table) {
    ConfigTable duty(table, "[duty]", mistakes_);
    config_.duty.name = duty.need_text("name", "\"Front door\"");
    config_.duty.phone = duty.need_text("phone", "\"01632 960001\"");
    config_.duty.role = duty.text("role");
    config_.duty.team = duty.text("team");
    config_.duty.hours = duty.text("hours");
  }

  void read_transport(const toml::table& table) {
    ConfigTable transport(table, "[transport]", mistakes_);
    config_.listen = transport.need_text("listen", "\"tcp://127.0.0.1:7441\"");
    if (!config_.listen.empty() && (!config_.listen.starts_with("tcp://") || config_.listen.rfind(':') <= 5))
      transport.mistake("listen", "is no endpoint", "write tcp://ADDRESS:PORT");
  }

  void read_https(const toml::table& table) {
    ConfigTable https(table, "[https]", mistakes_);
    config_.https.address = https.need_text("address", "\"127.0.0.1\"");
    config_.https.port = std::uint16_t(https.need_number("port", 1, limits::port_max));
    config_.https.certificate = needed_file(https, "certificate", "\"tls/certificate.pem\"");
    config_.https.key = needed_file(https, "key", "\"tls/key.pem\"");
  }

  void read_policy(const toml::table& table) {
    ConfigTable policy(table, "[policy]", mistakes_);
    std::string bundle = policy.need_text("bundle", "\"policies/west-yorkshire\"");
    if (bundle.empty()) return;
    config_.policies = under_dir(bundle);
    if (!fs::is_regular_file(config_.policies / "bundle.toml"))
      policy.mistake("bundle", "is no folder with a bundle.toml", "name the folder of an adopted policy bundle");
  }

  void read_root_key(const toml::table& table) {
    ConfigTable root_key(table, "[root_key]", mistakes_);
    std::string method = root_key.need_text("method", "\"passphrase\"");
    if (method == name_of(RootKeyMethod::demo_file))
      config_.root_key = RootKeyMethod::demo_file;
    else if (method == name_of(RootKeyMethod::passphrase))
      config_.root_key = RootKeyMethod::passphrase;
    else if (!method.empty())
      root_key.mistake("method", "is no way to unlock", "write \"passphrase\", or \"demo-file\" for a demonstration");
    config_.root_key_file = needed_file(root_key, "file", "\"root.key\"");
  }

  void read_directory(const toml::table& table) {
    ConfigTable directory(table, "[directory]", mistakes_);
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
    auto purposes = directory.texts("purposes_past_closed");
    rules.purposes_past_closed = {purposes.begin(), purposes.end()};
  }

  void read_currency(const toml::table& table) {
    ConfigTable currency(table, "[currency]", mistakes_);
    CurrencyConfig& out = config_.currency;
    out.limit_ms = currency.number("limit_hours", out.limit_ms / hour_ms, 1, currency_hours_max) * hour_ms;
    const toml::table* by_system = currency.section("systems");
    if (!by_system) return;
    ConfigTable systems(*by_system, "[currency.systems]", mistakes_);
    for (const std::string& system : systems.keys())
      out.limit_by_system_ms[system] = systems.number(system, 1, 1, currency_hours_max) * hour_ms;
  }

  void read_trust() {
    fs::path file = dir_ / "trust.toml";
    ConfigMistakes own("bad-config", file.string());
    auto text = read_text_file(file.string(), limits::config_file_bytes_max, own);
    if (!text) {
      for (Error& error : own.in_order()) mistakes_.add(std::move(error));
      return;
    }
    auto anchor = parse_trust(*text, file);
    if (anchor)
      config_.trust = *anchor;
    else
      mistakes_.add(anchor.error());
  }

  fs::path needed_file(ConfigTable& table, std::string_view key, std::string_view example) {
    std::string path = table.need_text(key, example);
    if (path.empty()) return {};
    fs::path file = under_dir(path);
    if (!fs::is_regular_file(file)) table.mistake(key, "names no file", "there is no " + file.string());
    return file;
  }

  fs::path dir_;
  ConfigMistakes& mistakes_;
  NodeConfig config_;
};

Error syntax_error(const fs::path& file, const toml::parse_error& error) {
  return {"bad-config", "cannot use " + file.string(),
          "line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()),
          "correct that line; what comes after it was not checked"};
}

TrusteeGroup read_group(const toml::table& table, ConfigMistakes& mistakes) {
  TrusteeGroup group;
  ConfigTable in(table, "[[group]]", mistakes);
  group.name = in.need_text("name", "\"authorities\"");
  group.needed = std::uint32_t(in.need_number("needed", 1, std::int64_t(limits::trustees_max)));
  const toml::table* trustees = in.need_section("trustees");
  if (!trustees) return group;
  ConfigTable keys(*trustees, "[group.trustees] of `" + group.name + "`", mistakes);
  for (auto& [name, hex] : keys.all_texts()) {
    auto id = MemberId::parse(name);
    auto bytes = from_hex(hex);
    PublicKey key{};
    if (!id) keys.mistake(name, "is no member id", "use lower-case letters, digits and hyphens, a letter first");
    if (!bytes || bytes->size() != key.size()) keys.mistake(name, "is no identity key", "write 64 hexadecimal digits");
    if (!id || !bytes || bytes->size() != key.size()) continue;
    std::copy(bytes->begin(), bytes->end(), key.begin());
    group.trustees[*id] = key;
  }
  return group;
}

}  // namespace

std::string_view name_of(RootKeyMethod method) {
  return method == RootKeyMethod::demo_file ? "demo-file" : "passphrase";
}

tl::expected<NodeConfig, std::vector<Error>> read_config(const fs::path& dir) {
  fs::path file = dir / "node.toml";
  ConfigMistakes mistakes("bad-config", file.string());
  auto text = read_text_file(file.string(), limits::config_file_bytes_max, mistakes);
  if (!text) return tl::unexpected(mistakes.in_order());
  return parse_config(*text, dir);
}

tl::expected<NodeConfig, std::vector<Error>> parse_config(std::string_view text, const fs::path& dir) {
  fs::path file = dir / "node.toml";
  ConfigMistakes mistakes("bad-config", file.string());
  auto parsed = toml::parse(text, file.string());
  if (!parsed) return tl::unexpected(std::vector<Error>{syntax_error(file, parsed.error())});
  NodeConfig config = Reading(fs::absolute(dir).lexically_normal(), mistakes).read(parsed.table());
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  if (config.ledger_dir.empty()) config.ledger_dir = config.dir / "store/ledger";
  if (config.keys_dir.empty()) config.keys_dir = config.dir / "store/keys";
  return config;
}

Expected<TrustAnchor> parse_trust(std::string_view text, const fs::path& file) {
  auto parsed = toml::parse(text, file.string());
  if (!parsed) return tl::unexpected(syntax_error(file, parsed.error()));
  ConfigMistakes mistakes("bad-config", file.string());
  TrustAnchor anchor;
  {
    ConfigTable top(parsed.table(), "the trust anchor", mistakes);
    for (const toml::table* table : top.sections("group")) anchor.rule.push_back(read_group(*table, mistakes));
    if (anchor.rule.empty())
      mistakes.add(0, "it names no group of trustees", "add a [[group]] with needed and trustees");
  }
  auto errors = mistakes.in_order();
  if (!errors.empty()) {
    Error all = errors.front();
    for (std::size_t i = 1; i < errors.size(); ++i) all.why += "; " + errors[i].why;
    return tl::unexpected(all);
  }
  if (auto checked = anchor.check(); !checked) return tl::unexpected(checked.error());
  return anchor;
}

}  // namespace ginnel
