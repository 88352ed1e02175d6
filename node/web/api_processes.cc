// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "node/web/handlers.h"
#include "node/web/notices_json.h"
#include "node/web/process_api.h"
#include "node/web/web_core.h"
#include "node/web/work_api.h"

namespace ginnel {
namespace {

// What the path names; nothing is told apart of what is no id and what is nobody's.
struct Path {
  ProcessId process;
  std::uint32_t step = 0;
};

std::optional<Path> path_of(WebCore& web, const WebCallPtr& call) {
  const auto process = ProcessId::parse(call->parameters.front());
  Path path;
  bool is_good = process.has_value();
  if (is_good) path.process = *process;
  if (is_good && call->parameters.size() > 1) {
    const std::string& digits = call->parameters[1];
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), path.step);
    is_good = error == std::errc() && end == digits.data() + digits.size();
  }
  if (is_good) return path;
  web.refuse(call, not_found_error());
  return std::nullopt;
}

// What answers a wish with nothing but that it is done.
Done<bool> done_for(WebCore& web, const WebCallPtr& call) {
  return web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); });
}

}  // namespace

void begin_process(WebCore& web, const WebCallPtr& call) {
  auto wish = read_new_process(call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.begin_process(call->caller(), *wish, web.on_worker<ProcessId>(call, [&web, call](ProcessId id) {
    web.answer(call, json_answer(201, id_json(id.hex())));
  }));
}

void list_processes(WebCore& web, const WebCallPtr& call) {
  web.service.list_processes(call->token, web.on_worker<ProcessList>(call, [&web, call](const ProcessList& found) {
    web.answer(call, json_answer(200, to_json(found)));
  }));
}

void list_processes_elsewhere(WebCore& web, const WebCallPtr& call) {
  web.service.list_processes_elsewhere(call->token,
                                       web.on_worker<InboxList>(call, [&web, call](const InboxList& found) {
                                         web.answer(call, json_answer(200, to_json(found)));
                                       }));
}

void read_process(WebCore& web, const WebCallPtr& call) {
  const auto path = path_of(web, call);
  if (!path) return;
  web.service.read_process(call->token, path->process,
                           web.on_worker<ProcessDetail>(call, [&web, call](const ProcessDetail& process) {
                             web.answer(call, json_answer(200, to_json(process)));
                           }));
}

void begin_process_step(WebCore& web, const WebCallPtr& call) {
  const auto path = path_of(web, call);
  if (!path) return;
  auto wish = read_new_process_step(path->process, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.begin_process_step(call->caller(), *wish,
                                 web.on_worker<std::uint64_t>(call, [&web, call](std::uint64_t number) {
                                   web.answer(call, json_answer(201, number_json(number)));
                                 }));
}

void contribute_to_process(WebCore& web, const WebCallPtr& call) {
  const auto path = path_of(web, call);
  if (!path) return;
  auto wish = read_new_contribution(path->process, path->step, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.contribute_to_process(call->caller(), *wish, done_for(web, call));
}

void close_process_step(WebCore& web, const WebCallPtr& call) {
  const auto path = path_of(web, call);
  if (!path) return;
  auto wish = read_new_outcome(path->process, path->step, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.close_process_step(call->caller(), *wish, done_for(web, call));
}

void give_late_reason(WebCore& web, const WebCallPtr& call) {
  const auto path = path_of(web, call);
  if (!path) return;
  auto wish = read_new_late_reason(path->process, path->step, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.give_late_reason(call->caller(), *wish, done_for(web, call));
}

void acknowledge_alert(WebCore& web, const WebCallPtr& call) {
  const auto path = path_of(web, call);
  if (!path) return;
  auto alert = read_alert_key(call->request.body);
  if (!alert) return web.refuse(call, alert.error());
  web.service.acknowledge_alert(call->caller(), path->process, *alert, done_for(web, call));
}

void migrate_process(WebCore& web, const WebCallPtr& call) {
  const auto path = path_of(web, call);
  if (!path) return;
  auto to = read_process_move(call->request.body);
  if (!to) return web.refuse(call, to.error());
  web.service.migrate_process(call->caller(), path->process, *to, done_for(web, call));
}

}  // namespace ginnel
