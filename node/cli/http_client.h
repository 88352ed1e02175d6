// SPDX-License-Identifier: Apache-2.0
// How the command line reaches a running node: HTTPS with a token, the answers as values.
//
// Thread: one at a time. Blocks until the answer is there or timeout_ms has passed.
// Failure: `unreachable` (exit_code_of gives 75: try again), `untrusted` (the certificate), `bad-token-file`,
// `bad-url`, `bad-answer`; an API error keeps the node's own code, texts and id. The token never appears in an Error.
// Limits: answers up to http_client_answer_bytes_max.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "federation/base/error.h"

namespace ginnel {

inline constexpr std::size_t http_client_answer_bytes_max = std::size_t{64} << 20;
inline constexpr std::size_t http_client_token_bytes_max = 4096;

struct HttpClientSettings {
  std::string url;  // "https://127.0.0.1:8441", no path
  // PEM of the authority to trust. Empty: `ca.pem` beside the token file, else $GINNEL_CA_FILE, else the system's own.
  std::string ca_file;
  std::string token_file;  // first line is the token; empty: no Authorization header
  std::int64_t timeout_ms = 90'000;
};

struct HttpAnswer {
  unsigned status = 0;
  std::string content_type;
  std::string body;
};

class HttpClient {
 public:
  // Reads the token and settles the CA; does not connect yet.
  static Expected<HttpClient> open(HttpClientSettings settings);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  // Whatever status came. `path` starts with a slash.
  Expected<HttpAnswer> get(const std::string& path);
  Expected<HttpAnswer> post(const std::string& path, const std::string& json);
  Expected<HttpAnswer> remove(const std::string& path);  // DELETE

 private:
  struct Handle;
  explicit HttpClient(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

// The body of a 2xx answer; else the API's own error as an Error (its id ends the why).
Expected<std::string> body_or_error(const HttpAnswer& answer);

// DESIGN 14: 75 for what may work later (unreachable, 429, 503), 3 for what policy refused (403), 1 for the rest.
int exit_code_of(const Error& error);

}  // namespace ginnel
