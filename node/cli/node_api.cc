// SPDX-License-Identifier: Apache-2.0
#include "node/cli/node_api.h"

#include <iterator>
#include <nlohmann/json.hpp>

#include "federation/base/time.h"
#include "node/cli/http_client.h"
#include "node/cli/terminal_text.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::size_t reason_bytes_max = 64 * 1024;

Expected<HttpClient> client_of(const Invocation& call, std::int64_t timeout_ms) {
  return HttpClient::open({call.text("url"), call.text("ca"), call.text("token-file"), timeout_ms});
}

}  // namespace

std::vector<OptionSpec> node_api_options(const std::vector<OptionSpec>& more) {
  std::vector<OptionSpec> out{{"url", "URL", "your node, such as https://127.0.0.1:8441", true},
                              {"token-file", "FILE", "your API token", true},
                              {"ca", "FILE", "the authority of the node's certificate, PEM"}};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

Expected<std::string> get_from_node(const Invocation& call, const std::string& path, std::int64_t timeout_ms) {
  auto client = client_of(call, timeout_ms);
  if (!client) return tl::unexpected(client.error());
  auto answer = client->get(path);
  if (!answer) return tl::unexpected(answer.error());
  return body_or_error(*answer);
}

Expected<std::string> post_to_node(const Invocation& call, const std::string& path, const Json& body,
                                   std::int64_t timeout_ms) {
  return post_text_to_node(call, path, body.dump(-1, ' ', false, Json::error_handler_t::replace), timeout_ms);
}

Expected<std::string> post_text_to_node(const Invocation& call, const std::string& path, const std::string& json,
                                        std::int64_t timeout_ms) {
  auto client = client_of(call, timeout_ms);
  if (!client) return tl::unexpected(client.error());
  auto answer = client->post(path, json);
  if (!answer) return tl::unexpected(answer.error());
  return body_or_error(*answer);
}

Expected<Json> object_of(const std::string& body, const char* list) {
  Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  const bool is_good = json.is_object() && (!list || (json.contains(list) && json[list].is_array()));
  if (!is_good) return fail("bad-answer", "cannot read the node's answer", "it is of another form", "");
  return json;
}

std::string text_in(const Json& json, const char* name) {
  auto found = json.find(name);
  return found != json.end() && found->is_string() ? harmless(found->get<std::string>()) : std::string();
}

std::uint64_t number_in(const Json& json, const char* name) {
  auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

const Json& list_in(const Json& json, const char* name) {
  static const Json none = Json::array();
  auto found = json.find(name);
  return found != json.end() && found->is_array() ? *found : none;
}

std::string words_in(const nlohmann::json& json, const char* name) {
  std::string out;
  for (const auto& word : list_in(json, name))
    if (word.is_string()) out += (out.empty() ? "" : ", ") + harmless(word.get<std::string>());
  return out;
}

std::string moment_in(const Json& json, const char* name) {
  const std::string text = text_in(json, name);
  const auto instant = parse_iso_utc(text);
  return instant ? for_people(*instant) : text;
}

Expected<std::string> reason_from(std::istream& in, const std::string& cannot) {
  std::string reason(std::istreambuf_iterator<char>(in), {});
  while (!reason.empty() && (reason.back() == '\n' || reason.back() == '\r')) reason.pop_back();
  if (!reason.empty() && reason.size() <= reason_bytes_max) return reason;
  return fail("usage", cannot, "no reason came on standard input", "pipe in why, in a sentence");
}

}  // namespace ginnel
