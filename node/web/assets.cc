// SPDX-License-Identifier: Apache-2.0
#include "node/web/assets.h"

#include <map>

#include "federation/base/bytes.h"
#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "node/web/embedded.h"

namespace ginnel {
namespace {

constexpr std::string_view folder = "assets/", address = "/assets/";
constexpr std::size_t hash_digits = 16;

struct Asset {
  std::string type, bytes;
};

struct Assets {
  std::map<std::string, std::string, std::less<>> paths;  // by file name
  std::map<std::string, Asset, std::less<>> served;       // by hashed name
};

std::string type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "application/octet-stream";
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

void add(Assets& assets, std::string_view name, std::string bytes) {
  const auto dot = name.rfind('.');
  CHECK(dot != std::string_view::npos);
  const std::string hash = to_hex(sha256({view_of(bytes)})).substr(0, hash_digits);
  const std::string hashed = std::string(name.substr(0, dot)) + "-" + hash + std::string(name.substr(dot));
  assets.paths.emplace(name, std::string(address) + hashed);
  assets.served.emplace(hashed, Asset{type_of(name), std::move(bytes)});
}

Assets make_assets() {
  Assets assets;
  // Ours come after what they are built on, whose addresses they hold.
  for (const bool is_ours : {false, true})
    for (const auto& file : embedded_files()) {
      if (!file.name.starts_with(folder)) continue;
      const auto name = file.name.substr(folder.size());
      if (name.starts_with("ginnel") != is_ours) continue;
      std::string bytes(file.bytes);
      if (name.ends_with(".js"))
        for (const auto& [other, path] : assets.paths) replace_all(bytes, std::string(address) + other, path);
      add(assets, name, std::move(bytes));
    }
  return assets;
}

const Assets& all_assets() {
  static const Assets assets = make_assets();
  return assets;
}

}  // namespace

const std::string& asset_path(std::string_view name) {
  auto found = all_assets().paths.find(name);
  CHECK(found != all_assets().paths.end());
  return found->second;
}

std::optional<HttpResponse> asset(std::string_view name) {
  auto found = all_assets().served.find(name);
  if (found == all_assets().served.end()) return std::nullopt;
  HttpResponse response;
  response.content_type = found->second.type;
  response.body = found->second.bytes;
  response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  return response;
}

}  // namespace ginnel
