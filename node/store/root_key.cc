// SPDX-License-Identifier: Apache-2.0
#include "node/store/root_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

#include "federation/base/crypto/hash.h"
#include "node/store/descriptor.h"

namespace ginnel {
namespace {

using nlohmann::json;

constexpr std::string_view passphrase_format = "ginnel root key, passphrase, v1";
constexpr std::string_view demo_format = "ginnel root key, demonstration, v1";
constexpr std::string_view shares_format = "ginnel root key, two of three shares, v1";
constexpr std::string_view demo_warning =
    "DEMONSTRATION KEY: the root key of this node lies in a plain file, so whoever reads the disk reads everything. "
    "Use it with invented people only";

tl::unexpected<Error> bad_file(const std::filesystem::path& file, const char* why) {
  return fail("bad-root-key-file", "cannot read `" + file.filename().string() + "`", why,
              "restore the file from the node's backup");
}

tl::unexpected<Error> io_failed(const std::filesystem::path& file, int code) {
  return fail("io-failed", "cannot write `" + file.filename().string() + "`", std::generic_category().message(code),
              "check the directory and its owner");
}

// Losing this file is losing the node: it is on the disk, and its name too, before anything is sealed with the key.
Expected<void> write_once(const std::filesystem::path& file, const std::string& text) {
  Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (out.get() < 0 && errno == EEXIST)
    return fail("file-exists", "cannot make a root key", "`" + file.filename().string() + "` exists already",
                "a node has one root key for life: choose an empty directory for a new node");
  if (out.get() < 0) return io_failed(file, errno);
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = ::write(out.get(), text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return io_failed(file, errno);
    done += std::size_t(wrote);
  }
  if (::fsync(out.get()) != 0) return io_failed(file, errno);
  const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  Descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return io_failed(file, errno);
  return {};
}

Expected<json> read_file(const std::filesystem::path& file, std::string_view format) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    return fail("no-root-key-file", "cannot open `" + file.filename().string() + "`", "it is missing or not readable",
                "check [root_key] in node.toml; a new node is made by `ginnel node init`");
  std::string text(limits::root_key_file_bytes_max + 1, '\0');
  in.read(text.data(), std::streamsize(text.size()));
  text.resize(std::size_t(in.gcount()));
  if (text.size() > limits::root_key_file_bytes_max) return bad_file(file, "it is too long");
  json parsed = json::parse(text, nullptr, false);
  wipe(text.data(), text.size());
  if (!parsed.is_object()) return bad_file(file, "it is not JSON");
  const auto found = parsed.find("format");
  if (found == parsed.end() || *found != format) return bad_file(file, "it is of another format or version");
  return parsed;
}

std::optional<Bytes> hex_member(const json& object, const char* name, std::size_t size) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  auto bytes = from_hex(found->get_ref<const std::string&>());
  if (!bytes || bytes->size() != size) return std::nullopt;
  return bytes;
}

std::optional<std::uint64_t> number_member(const json& object, const char* name, std::uint64_t most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto number = found->get<std::uint64_t>();
  if (number == 0 || number > most) return std::nullopt;
  return number;
}

// Tells a wrong passphrase at once, and nothing of the key.
SecretKey check_value(const SecretKey& root) { return derive_key(root, "ginnel root check v1"); }

}  // namespace

Expected<UnlockedRoot> make_passphrase_root(const std::filesystem::path& file, std::string_view passphrase,
                                            Random& random, PasswordCost cost) {
  if (passphrase.size() < limits::passphrase_bytes_min || passphrase.size() > limits::passphrase_bytes_max)
    return fail("weak-passphrase", "cannot make a root key",
                "the passphrase is shorter than " + std::to_string(limits::passphrase_bytes_min) +
                    " characters or far too long",
                "take four or more words that nobody would guess");
  Bytes salt(passphrase_salt_bytes);
  random.fill(salt);
  auto key = key_from_passphrase(passphrase, salt, cost);
  if (!key) return tl::unexpected(key.error());
  const json object = {{"format", passphrase_format},
                       {"passes", cost.passes},
                       {"memory_bytes", cost.memory_bytes},
                       {"salt", to_hex(salt)},
                       {"check", to_hex(check_value(*key).bytes())}};
  if (auto written = write_once(file, object.dump(2) + "\n"); !written) return tl::unexpected(written.error());
  return UnlockedRoot{*key, "passphrase", ""};
}

Expected<UnlockedRoot> open_passphrase_root(const std::filesystem::path& file, std::string_view passphrase) {
  auto object = read_file(file, passphrase_format);
  if (!object) return tl::unexpected(object.error());
  const auto salt = hex_member(*object, "salt", passphrase_salt_bytes);
  const auto check = hex_member(*object, "check", SecretKey::size);
  const auto passes = number_member(*object, "passes", limits::root_key_passes_max);
  const auto memory = number_member(*object, "memory_bytes", limits::root_key_memory_bytes_max);
  if (!salt || !check || !passes || !memory) return bad_file(file, "a value is missing or impossible");
  if (passphrase.size() > limits::passphrase_bytes_max) passphrase = {};
  auto key = key_from_passphrase(passphrase, *salt, {*passes, std::size_t(*memory)});
  if (!key) return tl::unexpected(key.error());
  if (!equal_in_constant_time(check_value(*key).bytes(), *check))
    return fail("wrong-passphrase", "cannot unlock the node", "the passphrase is not the one it was made with",
                "try again: capital letters and spaces count");
  return UnlockedRoot{*key, "passphrase", ""};
}

Expected<UnlockedRoot> make_demo_root(const std::filesystem::path& file, Random& random) {
  const SecretKey key = SecretKey::make(random);
  const json object = {{"format", demo_format}, {"warning", demo_warning}, {"key", to_hex(key.bytes())}};
  if (auto written = write_once(file, object.dump(2) + "\n"); !written) return tl::unexpected(written.error());
  return UnlockedRoot{key, "demo-file", std::string(demo_warning)};
}

Expected<UnlockedRoot> open_demo_root(const std::filesystem::path& file) {
  auto object = read_file(file, demo_format);
  if (!object) return tl::unexpected(object.error());
  auto bytes = hex_member(*object, "key", SecretKey::size);
  if (!bytes) return bad_file(file, "the key is missing or impossible");
  const auto key = SecretKey::from(*bytes);
  wipe(bytes->data(), bytes->size());
  return UnlockedRoot{*key, "demo-file", std::string(demo_warning)};
}

Expected<SharedRoot> make_shared_root(const std::filesystem::path& file, Random& random) {
  const SecretKey key = SecretKey::make(random);
  SharedRoot made{{key, "key-shares", ""}, split_key(key, random)};
  const json object = {
      {"format", shares_format}, {"set", to_hex(made.shares[0].set)}, {"check", to_hex(check_value(key).bytes())}};
  if (auto written = write_once(file, object.dump(2) + "\n"); !written) return tl::unexpected(written.error());
  return made;
}

Expected<UnlockedRoot> open_shared_root(const std::filesystem::path& file, const KeyShare& one, const KeyShare& other) {
  auto object = read_file(file, shares_format);
  if (!object) return tl::unexpected(object.error());
  const auto set = hex_member(*object, "set", one.set.size());
  const auto check = hex_member(*object, "check", SecretKey::size);
  if (!set || !check) return bad_file(file, "a value is missing or impossible");
  auto key = join_shares(one, other);
  if (!key) return tl::unexpected(key.error());
  if (!equal_in_constant_time(one.set, *set) || !equal_in_constant_time(check_value(*key).bytes(), *check))
    return fail("bad-share", "cannot unlock the node", "these are shares of another node's key",
                "each share names its set: it must be that of `" + file.filename().string() + "`");
  return UnlockedRoot{*key, "key-shares", ""};
}

}  // namespace ginnel
