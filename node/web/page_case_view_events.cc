// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <memory>
#include <optional>

#include "node/web/event_stream.h"
#include "node/web/handlers.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

// What the page shows: a browser that connects again says what it heard last.
std::optional<std::uint32_t> revision_of(const HttpRequest& request) {
  auto text = request.header("last-event-id");
  if (text.empty()) text = request.query.get("seen");
  std::uint32_t revision = 0;
  auto read = std::from_chars(text.data(), text.data() + text.size(), revision);
  const bool is_whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return is_whole ? std::optional(revision) : std::nullopt;
}

}  // namespace

// Says when there is something to look at, and never what: the page itself is decided and recorded like any other.
void stream_view(WebCore& web, const WebCallPtr& call) {
  auto view = ViewId::parse(call->parameters.front());
  auto seen = revision_of(call->request);
  if (!view || !seen) return web.refuse(call, not_found_error());
  auto stream = std::make_shared<EventStream>();
  auto see = [weak = std::weak_ptr(stream)](const ViewNews* news, std::uint32_t revision) {
    auto reader = weak.lock();
    if (!reader || !news) return reader && !reader->is_over();
    const bool closes = *news == ViewNews::closed;
    const bool taken = reader->send(event_text(std::to_string(revision), closes ? "closed" : "changed", "look"));
    if (closes) reader->close();
    return taken;
  };
  web.service.watch_view(call->token, *view, *seen, see, web.on_worker<bool>(call, [&web, call, stream](bool) {
    HttpResponse response;
    response.content_type = "text/event-stream";
    response.stream = stream;
    web.answer(call, std::move(response));
  }));
}

}  // namespace ginnel
