// SPDX-License-Identifier: Apache-2.0
#include "node/web/attachment_api.h"
#include "node/web/handlers.h"
#include "node/web/web_core.h"

namespace ginnel {

void keep_attachment(WebCore& web, const WebCallPtr& call) {
  auto wanted = read_new_attachment(call->request.header("content-type"), call->request.body);
  if (!wanted) return web.refuse(call, wanted.error());
  const Attachment file = wanted->file;  // an outcome that is told again holds ids only
  web.service.keep_attachment(call->caller(), std::move(*wanted),
                              web.on_worker<KeptAttachment>(call, [&web, call, file](KeptAttachment kept) {
                                kept.file = file;
                                web.answer(call, json_answer(201, to_json(kept)));
                              }));
}

void read_attachment(WebCore& web, const WebCallPtr& call) {
  auto id = AttachmentId::parse(call->parameters.front());
  auto view = ViewId::parse(call->request.query.get("view"));
  if (!id || !view) return web.refuse(call, not_found_error());
  web.service.read_attachment(call->token, *view, *id,
                              web.on_worker<AttachmentFile>(call, [&web, call](AttachmentFile file) {
                                web.answer(call, file_answer(std::move(file)));
                              }));
}

// A program's answer is JSON; a person is led back to the view, which names the file from the next one on.
void keep_file_by_form(WebCore& web, const WebCallPtr& call) {
  auto wanted = read_new_attachment(call->request.header("content-type"), call->request.body);
  if (!wanted) return web.refuse(call, wanted.error());
  if (wanted->view.empty()) return web.refuse(call, not_found_error());
  const ViewId view = wanted->view;
  web.service.keep_attachment(call->caller(), std::move(*wanted),
                              web.on_worker<KeptAttachment>(call, [&web, call, view](const KeptAttachment&) {
                                web.answer(call, redirect("/case-views/" + view.hex() + "?kept=1"));
                              }));
}

}  // namespace ginnel
