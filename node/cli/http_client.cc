// SPDX-License-Identifier: Apache-2.0
#include "node/cli/http_client.h"

#include <curl/curl.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "federation/base/check.h"

namespace ginnel {
namespace {

constexpr long connect_ms_max = 5'000;

struct ListFreer {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  const std::size_t bytes = size * count;
  if (body.size() + bytes > http_client_answer_bytes_max) return 0;  // ends the transfer with CURLE_WRITE_ERROR
  body.append(data, bytes);
  return bytes;
}

// The first line of the file.
Expected<std::string> read_token(const std::string& path) {
  auto bad = [&](const char* why) {
    return fail("bad-token-file", "cannot read the token file `" + path + "`", why,
                "give the file that `ginnel user add` or the demo wrote");
  };
  std::ifstream in(path, std::ios::binary);
  if (!in) return bad("it does not exist or may not be read");
  std::string token;
  std::getline(in, token);
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) token.pop_back();
  if (token.empty() || token.size() > http_client_token_bytes_max) return bad("its first line is no token");
  for (char c : token)
    if (c <= 0x20 || c >= 0x7f) return bad("its first line is no token");
  return token;
}

std::string settle_ca_file(const HttpClientSettings& settings) {
  if (!settings.ca_file.empty()) return settings.ca_file;
  std::error_code ignored;
  if (!settings.token_file.empty()) {
    auto beside = std::filesystem::path(settings.token_file).parent_path() / "ca.pem";
    if (std::filesystem::is_regular_file(beside, ignored)) return beside.string();
  }
  const char* given = std::getenv("GINNEL_CA_FILE");
  return given ? given : "";
}

bool is_url(const std::string& url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme) || url.size() == scheme.size()) return false;
  auto rest = std::string_view(url).substr(scheme.size());
  return rest.find_first_of("/?#@ \t\r\n\\") == std::string_view::npos;
}

Error transport_error(CURLcode code, const std::string& url, const char* details) {
  std::string why = details[0] != '\0' ? details : curl_easy_strerror(code);
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return {"untrusted", "cannot trust the node at " + url, why,
              "give its authority's certificate with --ca, or put it as ca.pem beside the token file"};
    case CURLE_WRITE_ERROR:
      return {"bad-answer", "cannot take the answer of " + url, "it is too long", "ask for less"};
    default:
      return {"unreachable", "cannot reach the node at " + url, why, "see whether it runs there, then try again"};
  }
}

}  // namespace

struct HttpClient::Handle {
  CURL* curl = nullptr;
  std::string url, token, ca_file;
  std::int64_t timeout_ms = 0;

  Handle() {
    static std::once_flag once;
    std::call_once(once, [] { CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
    curl = curl_easy_init();
    CHECK(curl != nullptr);
  }
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  Expected<HttpAnswer> call(const char* method, const std::string& path, const std::string* body) {
    // Options are forgotten, connections are kept: several calls share one handshake.
    curl_easy_reset(curl);
    HttpAnswer answer;
    char details[CURL_ERROR_SIZE] = "";
    std::unique_ptr<curl_slist, ListFreer> headers;
    auto add = [&](const std::string& line) { headers.reset(curl_slist_append(headers.release(), line.c_str())); };
    add("Accept: application/json");
    if (!token.empty()) add("Authorization: Bearer " + token);
    if (body) add("Content-Type: application/json");

    curl_easy_setopt(curl, CURLOPT_URL, (url + path).c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");  // what is asked here must not pass through a proxy
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms_max);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, details);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    if (!ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file.c_str());
    if (body) {
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->data());
    }
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    if (auto code = curl_easy_perform(curl); code != CURLE_OK)
      return tl::unexpected(transport_error(code, url, details));

    long status = 0;
    const char* type = nullptr;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    answer.status = static_cast<unsigned>(status);
    answer.content_type = type ? type : "";
    return answer;
  }
};

HttpClient::HttpClient(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Expected<HttpClient> HttpClient::open(HttpClientSettings settings) {
  if (settings.url.ends_with('/')) settings.url.pop_back();
  if (!is_url(settings.url))
    return fail("bad-url", "cannot use the address of the node", "it is not of the form https://HOST:PORT",
                "give it with --url, as the node prints it when it starts");
  auto handle = std::make_unique<Handle>();
  if (!settings.token_file.empty()) {
    auto token = read_token(settings.token_file);
    if (!token) return tl::unexpected(token.error());
    handle->token = std::move(*token);
  }
  handle->ca_file = settle_ca_file(settings);
  handle->url = std::move(settings.url);
  handle->timeout_ms = settings.timeout_ms;
  return HttpClient(std::move(handle));
}

Expected<HttpAnswer> HttpClient::get(const std::string& path) { return handle_->call("GET", path, nullptr); }
Expected<HttpAnswer> HttpClient::post(const std::string& path, const std::string& json) {
  return handle_->call("POST", path, &json);
}
Expected<HttpAnswer> HttpClient::remove(const std::string& path) { return handle_->call("DELETE", path, nullptr); }

Expected<std::string> body_or_error(const HttpAnswer& answer) {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  auto json = nlohmann::json::parse(answer.body, nullptr, false);
  auto text = [&](const char* name) -> std::string {
    if (!json.is_object() || !json.contains("error") || !json["error"].is_object()) return {};
    const auto& error = json["error"];
    return error.contains(name) && error[name].is_string() ? error[name].get<std::string>() : std::string();
  };
  Error error{text("code"), text("what"), text("why"), text("remedy")};
  if (error.code.empty())
    return fail("bad-answer", "cannot read the node's answer",
                "it is status " + std::to_string(answer.status) + " without an error that can be read",
                "see whether the address is a node's");
  if (auto id = text("id"); !id.empty()) error.why += (error.why.empty() ? "id " : "; id ") + id;
  return tl::unexpected(std::move(error));
}

int exit_code_of(const Error& error) {
  for (const char* later : {"unreachable", "over-budget", "slow-down", "busy", "too-busy", "read-only", "too-late",
                            "stopping", "node-stopping", "no-directory", "turn-full", "transfer-recalling"})
    if (error.code == later) return 75;
  return error.code == "forbidden" ? 3 : 1;
}

}  // namespace ginnel
