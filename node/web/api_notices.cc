// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "node/web/event_stream.h"
#include "node/web/handlers.h"
#include "node/web/notices_json.h"
#include "node/web/process_api.h"
#include "node/web/web_core.h"
#include "node/web/work_api.h"

namespace ginnel {

void list_notices(WebCore& web, const WebCallPtr& call) {
  web.service.list_notices(call->token, web.on_worker<InboxList>(call, [&web, call](InboxList list) {
    web.answer(call, json_answer(200, to_json(list)));
  }));
}

void read_notice(WebCore& web, const WebCallPtr& call) {
  auto id = NoticeId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  web.service.read_notice(call->token, *id, web.on_worker<InboxItem>(call, [&web, call](InboxItem item) {
    web.answer(call, json_answer(200, to_json(item)));
  }));
}

void list_sent(WebCore& web, const WebCallPtr& call) {
  web.service.list_sent(call->token, web.on_worker<SentList>(call, [&web, call](SentList list) {
    web.answer(call, json_answer(200, to_json(list)));
  }));
}

void read_sent(WebCore& web, const WebCallPtr& call) {
  auto id = NoticeId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  web.service.read_sent(call->token, *id, web.on_worker<SentNotice>(call, [&web, call](SentNotice notice) {
    web.answer(call, json_answer(200, to_json(notice)));
  }));
}

void acknowledge_notice(WebCore& web, const WebCallPtr& call) {
  auto id = NoticeId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto note = read_acknowledgement(call->request.body);
  if (!note) return web.refuse(call, note.error());
  web.service.acknowledge_notice(call->caller(), *id, *note,
                                 web.on_worker<InboxItem>(call, [&web, call](InboxItem item) {
                                   web.answer(call, json_answer(200, to_json(item)));
                                 }));
}

void answer_invitation(WebCore& web, const WebCallPtr& call) {
  auto id = NoticeId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto wish = read_new_answer(*id, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.answer_invitation(call->caller(), *wish, web.on_worker<RecordId>(call, [&web, call](RecordId record) {
    web.answer(call, json_answer(201, id_json(record.hex())));
  }));
}

void list_reliance(WebCore& web, const WebCallPtr& call) {
  auto id = NoticeId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto then = [&web, call](std::vector<Reliance> relied) { web.answer(call, json_answer(200, to_json(relied))); };
  web.service.relied_on(call->token, *id, web.on_worker<std::vector<Reliance>>(call, then));
}

void correct_record(WebCore& web, const WebCallPtr& call) {
  auto request = read_correction(call->request.body);
  if (!request) return web.refuse(call, request.error());
  web.service.correct_record(call->caller(), std::move(*request),
                             web.on_worker<CorrectionMade>(call, [&web, call](CorrectionMade made) {
                               web.answer(call, json_answer(200, to_json(made)));
                             }));
}

// Says that there is something to look at, and never what: the list itself is decided and recorded like any other.
void stream_inbox(WebCore& web, const WebCallPtr& call) {
  auto stream = std::make_shared<EventStream>();
  auto see = [weak = std::weak_ptr(stream)](InboxNews news) {
    auto reader = weak.lock();
    if (!reader || news == InboxNews::listening) return reader && !reader->is_over();
    const bool closes = news == InboxNews::closed;
    const bool taken = reader->send(event_text("1", closes ? "closed" : "notices", "look"));
    if (closes) reader->close();
    return taken;
  };
  web.service.watch_inbox(call->token, see, web.on_worker<bool>(call, [&web, call, stream](bool) {
    HttpResponse response;
    response.content_type = "text/event-stream";
    response.stream = stream;
    web.answer(call, std::move(response));
  }));
}

}  // namespace ginnel
