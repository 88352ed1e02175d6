// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/web_core.h"
#include "node/web/work_api.h"

namespace ginnel {
namespace {

template <class Read, class Call>
void with(WebCore& web, const WebCallPtr& call, const Expected<Read>& read, const Call& then) {
  if (!read) return web.refuse(call, read.error());
  then(*read);
}

// The path's id; nothing is told apart of what is no id and what is nobody's.
template <class IdType>
std::optional<IdType> id_of(WebCore& web, const WebCallPtr& call) {
  auto id = IdType::parse(call->parameters.front());
  if (!id) web.refuse(call, not_found_error());
  return id;
}

void list(WebCore& web, const WebCallPtr& call, const TaskQuery& query) {
  web.service.list_tasks(call->token, query, web.on_worker<TaskList>(call, [&web, call](TaskList found) {
    web.answer(call, json_answer(200, to_json(found)));
  }));
}

void change(WebCore& web, const WebCallPtr& call, TaskChange::What what) {
  auto id = id_of<TaskId>(web, call);
  if (!id) return;
  with(web, call, read_task_change(*id, what, call->request.body), [&](const TaskChange& change) {
    web.service.change_task(call->caller(), change,
                            web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
  });
}

// Of one person where `person` names one; nothing, and the call is refused, where the query says something else.
std::optional<AllocationQuery> allocation_query(WebCore& web, const WebCallPtr& call) {
  AllocationQuery query;
  for (const auto& [name, value] : call->request.query.all) {
    auto person = PersonRef::parse(value);
    if (name == "person" && person) {
      query.person = *person;
      continue;
    }
    web.refuse(call, not_found_error());
    return std::nullopt;
  }
  return query;
}

}  // namespace

void list_tasks(WebCore& web, const WebCallPtr& call) {
  with(web, call, read_task_query(call->request.query), [&](const TaskQuery& query) { list(web, call, query); });
}

void list_reviews(WebCore& web, const WebCallPtr& call) {
  TaskQuery query;
  query.which = TaskQuery::Which::reviews;
  list(web, call, query);
}

void read_task(WebCore& web, const WebCallPtr& call) {
  auto id = id_of<TaskId>(web, call);
  if (!id) return;
  web.service.read_task(call->token, *id, web.on_worker<TaskDetail>(call, [&web, call](const TaskDetail& task) {
    web.answer(call, json_answer(200, to_json(task)));
  }));
}

void open_task(WebCore& web, const WebCallPtr& call) {
  with(web, call, read_new_task(call->request.body), [&](const NewTask& task) {
    web.service.open_task(call->caller(), task, web.on_worker<TaskId>(call, [&web, call](TaskId id) {
      web.answer(call, json_answer(201, id_json(id.hex())));
    }));
  });
}

void accept_task(WebCore& web, const WebCallPtr& call) { change(web, call, TaskChange::What::accept); }
void finish_task(WebCore& web, const WebCallPtr& call) { change(web, call, TaskChange::What::done); }
void hand_over_task(WebCore& web, const WebCallPtr& call) { change(web, call, TaskChange::What::hand_over); }
void cancel_task(WebCore& web, const WebCallPtr& call) { change(web, call, TaskChange::What::cancel); }

void hand_over_all_work(WebCore& web, const WebCallPtr& call) {
  with(web, call, read_hand_over_all(call->request.body), [&](const HandOverAll& all) {
    web.service.hand_over_all(call->caller(), all, web.on_worker<HandedOver>(call, [&web, call](HandedOver handed) {
      web.answer(call, json_answer(200, to_json(handed)));
    }));
  });
}

void list_allocations(WebCore& web, const WebCallPtr& call) {
  const auto query = allocation_query(web, call);
  if (!query) return;
  using Rows = std::vector<AllocationRow>;
  web.service.list_allocations(call->token, *query, web.on_worker<Rows>(call, [&web, call](const Rows& rows) {
    web.answer(call, json_answer(200, to_json(rows)));
  }));
}

void allocate_person(WebCore& web, const WebCallPtr& call) {
  with(web, call, read_new_allocation(call->request.body), [&](const NewAllocation& wanted) {
    web.service.allocate(call->caller(), wanted, web.on_worker<AllocationId>(call, [&web, call](AllocationId id) {
      web.answer(call, json_answer(201, id_json(id.hex())));
    }));
  });
}

void end_allocation(WebCore& web, const WebCallPtr& call) {
  auto id = id_of<AllocationId>(web, call);
  if (!id) return;
  with(web, call, read_end_allocation(*id, call->request.body), [&](const EndAllocation& end) {
    web.service.end_allocation(call->caller(), end,
                               web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
  });
}

void record_conflict(WebCore& web, const WebCallPtr& call) {
  with(web, call, read_new_conflict(call->request.body), [&](const NewConflict& wish) {
    web.service.record_conflict(call->caller(), wish, web.on_worker<AllocationId>(call, [&web, call](AllocationId id) {
      web.answer(call, json_answer(201, id_json(id.hex())));
    }));
  });
}

void list_conflicts(WebCore& web, const WebCallPtr& call) {
  const auto query = allocation_query(web, call);
  if (!query) return;
  using Rows = std::vector<AllocationRow>;
  web.service.list_conflicts(call->token, *query, web.on_worker<Rows>(call, [&web, call](const Rows& rows) {
    web.answer(call, json_answer(200, conflicts_json(rows)));
  }));
}

void end_conflict(WebCore& web, const WebCallPtr& call) {
  auto id = id_of<AllocationId>(web, call);
  if (!id) return;
  with(web, call, read_end_allocation(*id, call->request.body), [&](const EndAllocation& end) {
    web.service.end_conflict(call->caller(), end,
                             web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
  });
}

}  // namespace ginnel
