// SPDX-License-Identifier: Apache-2.0
// Each connection is one coroutine on a strand of its own. Two habits of g++ 12 shape the code: an aggregate is never
// passed to a coroutine as a temporary (locals are passed by reference instead), and no co_await stands in a ?:.
#include <utility>  // first: Asio 1.74's awaitable uses std::exchange without including it

#include "node/web/http_server.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <ctime>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "node/web/crowd.h"
#include "node/web/event_stream.h"

namespace ginnel {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

bool takes_large_bodies(std::string_view target) {
  const auto& paths = limits::http_large_body_paths;
  return std::find(paths.begin(), paths.end(), target) != paths.end();
}

constexpr std::size_t drain_bytes_max = 2 * limits::http_large_body_bytes_max;  // refused: the client reads why
constexpr std::int64_t drain_ms_max = 2'000;
constexpr std::int64_t accept_pause_ms = 100;  // after the system refused a connection (no descriptors)

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// RFC 9110 section 5.6.7.
std::string http_date() {
  std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[40];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return text;
}

using ParserFields = http::request<http::string_body>;

HttpRequest head_of(const ParserFields& fields, const std::string& peer) {
  HttpRequest request;
  request.method = fields.method() == http::verb::head ? "GET" : std::string(view(fields.method_string()));
  auto target = view(fields.target());
  request.path = std::string(target.substr(0, target.find('?')));
  request.peer = peer;
  for (const auto& field : fields) {
    auto name = lower_case(view(field.name_string()));
    auto [at, is_new] = request.headers.emplace(name, view(field.value()));
    if (!is_new) at->second += (name == "cookie" ? "; " : ", ") + std::string(view(field.value()));
  }
  return request;
}

// The rest of the request, once the body is there.
Expected<bool> complete(HttpRequest& request, ParserFields& fields) {
  auto target = view(fields.target());
  if (request.path.empty() || request.path.front() != '/')
    return fail("bad-request", "cannot read the request", "its target is not a path");
  if (auto at = target.find('?'); at != std::string_view::npos) {
    auto query = read_form(target.substr(at + 1));
    if (!query) return tl::unexpected(query.error());
    request.query = std::move(*query);
  }
  auto cookies = read_cookies(request.header("cookie"));
  if (!cookies) return tl::unexpected(cookies.error());
  request.cookies = std::move(*cookies);
  request.body = std::move(fields.body());
  return true;
}

struct Refusal {
  unsigned status;
  const char* reason;  // for counting
  Error error;
};

Refusal refusal_of(const error_code& ec) {
  if (ec == http::error::header_limit)
    return {431, "header-size", {"header-too-large", "cannot read the request", "its headers are too long", ""}};
  if (ec == http::error::body_limit)
    return {413, "body-size", {"too-large", "cannot take the request", "its body is too long", "send less at once"}};
  return {400, "malformed", {"bad-request", "cannot read the request", "it is not HTTP/1.1", ""}};
}

bool is_http_error(const error_code& ec) {
  return ec.category() == make_error_code(http::error::bad_method).category() && ec != http::error::end_of_stream &&
         ec != http::error::partial_message;
}

bool has_line_end(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

}  // namespace

namespace {

std::int64_t steady_ms() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

struct HttpServer::Core {
  Core(HttpServerSettings the_settings, HttpHandler the_handler)
      : settings(std::move(the_settings)), handler(std::move(the_handler)) {}

  HttpServerSettings settings;
  HttpHandler handler;
  std::uint16_t port = 0;
  std::atomic<bool> is_stopping = false;
  std::atomic<std::size_t> streams = 0;       // open ones
  std::atomic<std::size_t> large_bodies = 0;  // on their way
  std::once_flag stopped;

  Crowd crowd{settings.connections_max};
  std::mutex mutex;  // of the counts
  std::map<std::string, std::uint64_t> refused;

  std::vector<std::thread> threads;
  ssl::context tls{ssl::context::tls_server};
  asio::io_context io;  // after what the coroutines in it use, because it is destroyed before that
  tcp::acceptor acceptor{asio::make_strand(io)};

  void count(const char* reason) {
    std::lock_guard lock(mutex);
    ++refused[reason];
  }
};

namespace {

// One request with a large body, until it is answered.
struct LargeBody {
  LargeBody(HttpServer::Core& the_core, bool counts)
      : core(the_core),
        is_counted(counts),
        is_over(counts && core.large_bodies.fetch_add(1) >= core.settings.large_bodies_max) {}
  ~LargeBody() {
    if (is_counted) --core.large_bodies;
  }
  LargeBody(const LargeBody&) = delete;
  LargeBody& operator=(const LargeBody&) = delete;

  HttpServer::Core& core;
  const bool is_counted, is_over;
};

// One answer on its way from any thread to its connection.
struct Exchange {
  std::mutex mutex;
  bool is_over = false;  // answered, or nobody waits any more
  std::optional<HttpResponse> response;
};

}  // namespace

// One connection. All members are used on its strand only; others reach it by post().
class HttpConnection : public Guest, public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(HttpServer::Core& core, tcp::socket socket)
      : entry_{core, this}, core_(core), stream_(std::move(socket), core.tls), answered_(stream_.get_executor()) {
    error_code ignored;
    auto address = lowest().socket().remote_endpoint(ignored).address();
    peer_ = ignored ? "unknown" : address.to_string();
  }

  // Runs to the connection's end. `self` keeps it alive.
  asio::awaitable<void> run(std::shared_ptr<HttpConnection> self) {
    const auto alive = std::move(self);
    error_code ec;
    lowest().expires_after(milliseconds(core_.settings.handshake_ms_max));
    is_idle_ = true;
    waits(steady_ms());
    co_await stream_.async_handshake(ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, ec));
    is_idle_ = false;
    if (ec) {
      core_.count("handshake");
      co_return;
    }
    bool goes_on = true;
    for (std::size_t i = 0; goes_on && i < limits::http_requests_per_connection_max && !core_.is_stopping; ++i)
      goes_on = co_await serve_one();
    lowest().expires_after(milliseconds(drain_ms_max));
    co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ec));
  }

  // From any thread. What it waited for was slow to come.
  void give_way() override {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      if (!self->is_answering_) self->lowest().close();
    });
  }
  // From any thread.
  void close_if_idle() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      if (self->is_idle_) self->lowest().close();
      if (self->events_) self->answered_.cancel();  // its loop sees that the server stops
    });
  }
  // Once the server's threads have ended: an answer that comes later does not reach for this connection.
  void forget_answer() {
    if (events_) events_->end();
    if (!exchange_) return;
    std::lock_guard lock(exchange_->mutex);
    exchange_->is_over = true;
  }

 private:
  // The connection's place in the server's list, given back after everything else of it is gone.
  struct Entry {
    HttpServer::Core& core;
    HttpConnection* connection;
    ~Entry() { core.crowd.leave(connection); }
  };

  void wake() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] { self->answered_.cancel(); });
  }
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  // False: the connection ends.
  asio::awaitable<bool> serve_one() {
    http::request_parser<http::string_body> parser;
    parser.header_limit(limits::http_header_bytes_max);
    // The path decides how much is taken, and it is known with the header only.
    parser.body_limit(std::max(core_.settings.body_bytes_max, core_.settings.large_body_bytes_max));

    error_code ec;
    lowest().expires_after(milliseconds(core_.settings.header_ms_max));
    is_idle_ = true;
    is_answering_ = false;
    // What comes by drops waits as long as it is not whole.
    waits(steady_ms());
    co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, ec));
    is_idle_ = false;
    if (ec == beast::error::timeout) core_.count(buffer_.size() == 0 ? "idle" : "header-time");
    const bool is_large =
        !ec && takes_large_bodies(view(parser.get().target())) && parser.get().method() == http::verb::post;
    const LargeBody large(core_, is_large);
    if (!ec) {
      const std::size_t body_max = is_large ? core_.settings.large_body_bytes_max : core_.settings.body_bytes_max;
      const auto told = parser.content_length();
      if (told && *told > body_max)
        ec = http::error::body_limit;
      else
        parser.body_limit(body_max);
    }
    if (large.is_over) {
      HttpRequest request = head_of(parser.get(), peer_);
      Refusal refusal{429, "body-size", {"busy", "cannot take the file", "too many are on their way", "try again"}};
      co_await refuse(refusal, request, false);
      co_return false;
    }
    if (!ec && view(parser.get()[http::field::expect]) == "100-continue" && !parser.is_done()) {
      http::response<http::empty_body> go_on(http::status::continue_, 11);
      co_await http::async_write(stream_, go_on, asio::redirect_error(asio::use_awaitable, ec));
    }
    if (!ec && !parser.is_done()) {
      lowest().expires_after(milliseconds(core_.settings.body_ms_max));
      co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, ec));
      if (ec == beast::error::timeout) core_.count("body-time");
    }
    if (ec && !is_http_error(ec)) co_return false;
    is_answering_ = true;
    if (ec)
      is_being_refused();
    else
      is_being_answered();

    auto& fields = parser.get();
    HttpRequest request = head_of(fields, peer_);
    const bool is_head = fields.method() == http::verb::head;
    if (ec) {
      Refusal refusal = refusal_of(ec);
      co_await refuse(refusal, request, is_head);
      co_return false;
    }
    if (fields.target().size() > limits::http_target_bytes_max) {
      Refusal refusal{414, "target-size", {"too-long", "cannot read the request", "its address is too long", ""}};
      co_await refuse(refusal, request, is_head);
      co_return false;
    }
    if (auto read = complete(request, fields); !read) {
      Refusal refusal{400, "malformed", read.error()};
      co_await refuse(refusal, request, is_head);
      co_return false;
    }
    HttpResponse response;
    co_await ask_handler(request, response);
    if (response.stream && !is_head) {
      co_await stream_events(response, request);
      co_return false;
    }
    const bool keep_alive = fields.keep_alive() && !core_.is_stopping;
    const bool written = co_await write(response, is_head, keep_alive);
    co_return written&& keep_alive;
  }

  asio::awaitable<void> ask_handler(const HttpRequest& request, HttpResponse& response) {
    auto exchange = exchange_ = std::make_shared<Exchange>();
    // The connection's own timer runs out after the answer's time; being woken only ends the wait sooner.
    answered_.expires_after(milliseconds(core_.settings.answer_ms_max));
    Respond respond = [exchange, waiting = weak_from_this()](HttpResponse given) {
      std::lock_guard lock(exchange->mutex);
      if (std::exchange(exchange->is_over, true)) return;
      exchange->response = std::move(given);
      if (auto connection = waiting.lock()) connection->wake();
    };
    core_.handler(request, std::move(respond));
    lowest().expires_never();
    error_code ignored;
    co_await answered_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    std::optional<HttpResponse> given;
    {
      std::lock_guard lock(exchange->mutex);
      exchange->is_over = true;
      given = std::move(exchange->response);
    }
    if (given) {
      response = std::move(*given);
      co_return;
    }
    core_.count("answer-time");
    Error late{"too-late", "cannot answer now", "the node took too long", "try again"};
    response = core_.settings.on_refused(503, late, request);
  }

  asio::awaitable<void> refuse(const Refusal& refusal, const HttpRequest& request, bool is_head) {
    core_.count(refusal.reason);
    HttpResponse response = core_.settings.on_refused(refusal.status, refusal.error, request);
    const bool written = co_await write(response, is_head, false);
    if (written) co_await drain();
  }

  // One of the streams that may be open at once, given back at the end.
  struct StreamPlace {
    explicit StreamPlace(HttpServer::Core& the_core)
        : core(the_core), is_free(++core.streams <= core.settings.streams_max) {}
    ~StreamPlace() { --core.streams; }
    HttpServer::Core& core;
    const bool is_free;
  };

  // Events as they come, and a heartbeat between them, by which a reader that has gone is noticed.
  asio::awaitable<void> stream_events(const HttpResponse& response, const HttpRequest& request) {
    events_ = response.stream;
    StreamPlace place(core_);
    if (!place.is_free) {
      events_->end();
      Refusal refusal{503,
                      "streams",
                      {"too-busy", "cannot keep this page up to date by itself", "too many are", "look again later"}};
      co_await refuse(refusal, request, false);
      co_return;
    }
    http::response<http::empty_body> head(static_cast<http::status>(response.status), 11);
    set_fields(head, response, false);
    http::response_serializer<http::empty_body> serializer(head);
    error_code ec;
    lowest().expires_after(milliseconds(core_.settings.stream_write_ms_max));
    co_await http::async_write_header(stream_, serializer, asio::redirect_error(asio::use_awaitable, ec));
    events_->attach([waiting = weak_from_this()] {
      if (auto connection = waiting.lock()) connection->wake();
    });
    const auto until = std::chrono::steady_clock::now() + milliseconds(core_.settings.stream_ms_max);
    while (!ec && !core_.is_stopping && !events_->is_done() && std::chrono::steady_clock::now() < until) {
      std::string text = events_->take();
      if (text.empty()) {
        error_code woken;
        answered_.expires_after(milliseconds(core_.settings.stream_heartbeat_ms));
        lowest().expires_never();
        co_await answered_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (woken) continue;
        text = ":\n\n";
      }
      lowest().expires_after(milliseconds(core_.settings.stream_write_ms_max));
      co_await asio::async_write(stream_, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
    }
    if (ec == beast::error::timeout || events_->is_over()) core_.count("slow-reader");
    events_->end();
  }

  template <class Message>
  static void set_fields(Message& message, const HttpResponse& response, bool keep_alive) {
    message.set(http::field::date, http_date());
    if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers)
      if (!has_line_end(value)) message.insert(name, value);  // SECURITY: a line end would start a header of its own
    message.keep_alive(keep_alive);
  }

  asio::awaitable<bool> write(const HttpResponse& response, bool is_head, bool keep_alive) {
    http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
    set_fields(message, response, keep_alive);
    message.body() = response.body;
    message.prepare_payload();
    http::response_serializer<http::string_body> serializer(message);

    error_code ec;
    lowest().expires_after(milliseconds(core_.settings.write_ms_max));
    if (is_head) {
      co_await http::async_write_header(stream_, serializer, asio::redirect_error(asio::use_awaitable, ec));
    } else {
      co_await http::async_write(stream_, serializer, asio::redirect_error(asio::use_awaitable, ec));
    }
    if (ec == beast::error::timeout) core_.count("write-time");
    co_return !ec;
  }

  // Reads on for a moment what the client still sends. Closing on unread bytes resets the connection, and the client
  // would see that instead of the answer.
  asio::awaitable<void> drain() {
    error_code ec;
    lowest().expires_after(milliseconds(drain_ms_max));
    std::vector<char> bytes(16 * 1024);
    for (std::size_t drained = 0; !ec && drained < drain_bytes_max;)
      drained += co_await stream_.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
  }

  Entry entry_;  // first, so that it goes last
  HttpServer::Core& core_;
  beast::ssl_stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  asio::steady_timer answered_;
  std::shared_ptr<Exchange> exchange_;
  std::shared_ptr<EventStream> events_;
  bool is_idle_ = false, is_answering_ = false;
  std::string peer_;
};

namespace {

asio::awaitable<void> accept_all(HttpServer::Core& core) {
  asio::steady_timer pause(core.acceptor.get_executor());
  while (!core.is_stopping) {
    error_code ec;
    tcp::socket socket(asio::make_strand(core.io));
    co_await core.acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, ec));
    if (core.is_stopping) co_return;
    if (ec) {
      core.count("accept");
      pause.expires_after(milliseconds(accept_pause_ms));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
      continue;
    }
    // An answer of several TLS records would wait for the client's delayed acknowledgement, 40 ms, before its last.
    socket.set_option(tcp::no_delay(true), ec);
    auto executor = socket.get_executor();
    auto connection = std::make_shared<HttpConnection>(core, std::move(socket));
    connection->waits(steady_ms());
    const auto entry = core.crowd.enter(connection);
    if (entry == Crowd::Entry::full) core.count("connections");
    if (entry == Crowd::Entry::another_gave_way) core.count("gave-way");
    if (entry == Crowd::Entry::full) continue;  // closed as it goes out of scope
    auto* started = connection.get();
    asio::co_spawn(executor, started->run(std::move(connection)), asio::detached);
  }
}

Error listen_error(const HttpServerSettings& settings, const error_code& ec) {
  return {"cannot-listen", "cannot listen on " + settings.address + " port " + std::to_string(settings.port),
          ec.message(), "stop what listens there, or choose another port"};
}

error_code set_up_tls(ssl::context& tls, const TlsIdentity& identity) {
  error_code ec;
  SSL_CTX* native = tls.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");  // TLS 1.2; 1.3 has sound ones only
  tls.use_certificate_chain(asio::buffer(identity.certificate_chain_pem), ec);
  if (!ec) tls.use_private_key(asio::buffer(identity.private_key_pem), ssl::context::pem, ec);
  return ec;
}

error_code listen(tcp::acceptor& acceptor, const HttpServerSettings& settings) {
  error_code ec;
  auto address = asio::ip::make_address(settings.address, ec);
  tcp::endpoint endpoint(address, settings.port);
  if (!ec) acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  return ec;
}

std::vector<std::shared_ptr<HttpConnection>> open_connections(HttpServer::Core& core) {
  std::vector<std::shared_ptr<HttpConnection>> open;
  for (auto& guest : core.crowd.all()) open.push_back(std::static_pointer_cast<HttpConnection>(std::move(guest)));
  return open;
}

}  // namespace

HttpServer::HttpServer(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Expected<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerSettings settings, HttpHandler handler) {
  auto core = std::make_shared<Core>(std::move(settings), std::move(handler));
  if (auto ec = set_up_tls(core->tls, core->settings.tls))
    return fail("bad-certificate", "cannot use the certificate", ec.message(), "give the certificate and its own key");
  if (auto ec = listen(core->acceptor, core->settings)) return tl::unexpected(listen_error(core->settings, ec));
  core->port = core->acceptor.local_endpoint().port();
  asio::co_spawn(core->acceptor.get_executor(), accept_all(*core), asio::detached);
  for (std::size_t i = 0; i < core->settings.threads; ++i) core->threads.emplace_back([&io = core->io] { io.run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

HttpServer::~HttpServer() { stop(); }

std::uint16_t HttpServer::port() const { return core_->port; }

void HttpServer::stop() {
  std::call_once(core_->stopped, [core = core_.get()] {
    core->is_stopping = true;
    asio::post(core->acceptor.get_executor(), [core] {
      error_code ignored;
      core->acceptor.close(ignored);
    });
    for (auto& connection : open_connections(*core)) connection->close_if_idle();
    core->crowd.wait_until_empty(milliseconds(core->settings.stop_ms_max));
    core->io.stop();
    for (auto& thread : core->threads) thread.join();
    for (auto& connection : open_connections(*core)) connection->forget_answer();
  });
}

std::map<std::string, std::uint64_t> HttpServer::refused() const {
  std::lock_guard lock(core_->mutex);
  return core_->refused;
}

}  // namespace ginnel
