// SPDX-License-Identifier: Apache-2.0
// HTTPS on one port of the loopback: TLS 1.2 and 1.3, HTTP/1.1, keep-alive, bounded in everything.
//
// Thread: start() and stop() from one thread of the caller. The handler runs on one of http_threads web threads and
// must not block; it answers by calling `respond` once, from any thread, then or later. A second call, and a call after
// stop(), do nothing.
// Failure: what is no HTTP never reaches the handler: a handshake, header, body or answer over its time or size ends
// with 408, 413, 414, 431 or 503, or a closed connection, made by `on_refused` and counted. An answer with a stream
// (node/web/event_stream.h) goes on until that ends; a reader that does not read is dropped, and stop() ends all.
// Limits: node/web/limits.h; the settings hold them so that tests can be quick.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "federation/base/error.h"
#include "node/web/http_message.h"
#include "node/web/limits.h"
#include "node/web/tls.h"

namespace ginnel {

using Respond = std::function<void(HttpResponse)>;
using HttpHandler = std::function<void(HttpRequest, Respond)>;

struct HttpServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one, see HttpServer::port()
  TlsIdentity tls;
  // Makes the answer to what was refused before the handler saw it; of the request, only method, path, headers and
  // peer are set, as far as they were read. Runs on a web thread.
  std::function<HttpResponse(unsigned status, const Error& error, const HttpRequest& request)> on_refused;

  std::size_t threads = limits::http_threads;
  std::size_t connections_max = limits::http_connections_max;
  std::size_t body_bytes_max = limits::http_body_bytes_max;
  std::size_t large_body_bytes_max = limits::http_large_body_bytes_max;  // for limits::http_large_body_paths alone
  std::size_t large_bodies_max = limits::http_large_bodies_max;
  std::int64_t handshake_ms_max = limits::http_handshake_ms_max;
  std::int64_t header_ms_max = limits::http_header_ms_max;
  std::int64_t body_ms_max = limits::http_body_ms_max;
  std::int64_t write_ms_max = limits::http_write_ms_max;
  std::int64_t answer_ms_max = limits::http_answer_ms_max;
  std::int64_t stop_ms_max = limits::http_stop_ms_max;
  std::size_t streams_max = limits::http_streams_max;
  std::int64_t stream_heartbeat_ms = limits::http_stream_heartbeat_ms;
  std::int64_t stream_write_ms_max = limits::http_stream_write_ms_max;
  std::int64_t stream_ms_max = limits::http_stream_ms_max;
};

class HttpServer {
 public:
  // Error: `bad-certificate`, `cannot-listen`.
  static Expected<std::unique_ptr<HttpServer>> start(HttpServerSettings settings, HttpHandler handler);
  ~HttpServer();  // stop()

  std::uint16_t port() const;

  // No new connections; idle ones are closed; running requests get stop_ms_max. The handler is not called afterwards.
  void stop();

  // By reason: "connections", "handshake", "header-size", "header-time", "body-size", "body-time", "malformed", ...
  std::map<std::string, std::uint64_t> refused() const;

  struct Core;  // in http_server.cc

 private:
  explicit HttpServer(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

}  // namespace ginnel
