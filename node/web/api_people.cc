// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/own_people_api.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

template <class IdType>
Done<IdType> made(WebCore& web, const WebCallPtr& call) {
  return web.on_worker<IdType>(
      call, [&web, call](IdType id) { web.answer(call, json_answer(201, "{\"id\":\"" + id.hex() + "\"}")); });
}

}  // namespace

void search_own_people(WebCore& web, const WebCallPtr& call) {
  auto search = read_people_search(call->request.body);
  if (!search) return web.refuse(call, search.error());
  web.service.search_people(call->token, std::move(*search),
                            web.on_worker<FoundPeople>(call, [&web, call](const FoundPeople& found) {
                              web.answer(call, json_answer(200, to_json(found)));
                            }));
}

void record_own_person(WebCore& web, const WebCallPtr& call) {
  auto person = read_new_person(call->request.body);
  if (!person) return web.refuse(call, person.error());
  web.service.record_person(call->caller(), std::move(*person), made<PersonRef>(web, call));
}

void record_own_fact(WebCore& web, const WebCallPtr& call) {
  auto record = read_new_record(call->request.body);
  if (!record) return web.refuse(call, record.error());
  web.service.record_fact(call->caller(), std::move(*record), made<RecordId>(web, call));
}

void mark_own_person(WebCore& web, const WebCallPtr& call) {
  auto person = PersonRef::parse(call->parameters.front());
  if (!person) return web.refuse(call, not_found_error());
  auto request = read_marking_request(*person, call->request.body);
  if (!request) return web.refuse(call, request.error());
  web.service.mark_person(call->caller(), std::move(*request),
                          web.on_worker<std::uint64_t>(call, [&web, call](std::uint64_t entry) {
                            web.answer(call, json_answer(200, "{\"entry\":" + std::to_string(entry) + "}"));
                          }));
}

}  // namespace ginnel
