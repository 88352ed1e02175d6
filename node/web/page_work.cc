// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/limits.h"
#include "node/web/page_parts.h"
#include "node/web/view_form.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

constexpr int end_of_day_minutes = 17 * 60;  // a day by which something is due ends with the office

// What a person can mend is shown beside what they typed; the rest as a problem.
bool is_mendable(const Error& error) { return status_of(error) == 422; }

void show_work_again(WebCore& web, const WebCallPtr& call, const FormFields& form,
                     const std::vector<FormFault>& faults) {
  web.service.work_overview(call->token,
                            web.on_worker<WorkOverview>(call, [&web, call, form, faults](const WorkOverview& overview) {
                              auto made = web.pages.work(call->session, overview, form, faults);
                              if (made && !faults.empty()) made->status = 422;
                              web.answer_page(call, std::move(made));
                            }));
}

void show_task_again(WebCore& web, const WebCallPtr& call, const TaskId& id, const FormFields& form,
                     const std::vector<FormFault>& faults) {
  web.service.read_task(call->token, id,
                        web.on_worker<TaskDetail>(call, [&web, call, form, faults](const TaskDetail& task) {
                          auto made = web.pages.task(call->session, task, form, faults);
                          if (made && !faults.empty()) made->status = 422;
                          web.answer_page(call, std::move(made));
                        }));
}

// Not by a link: no address names who works here.
void show_allocations_of(WebCore& web, const WebCallPtr& call, const std::string& worker,
                         const std::vector<FormFault>& faults) {
  AllocationQuery query;
  query.worker = worker;
  if (worker.empty()) return web.refuse(call, not_found_error());
  const auto show = [&web, call, worker, faults](const std::vector<AllocationRow>& rows) {
    web.answer_page(call, web.pages.allocations(call->session, worker, rows, faults));
  };
  web.service.list_allocations(call->token, query, web.on_worker<std::vector<AllocationRow>>(call, show));
}

// Leads back to `path` when it is done, and shows the page of work again when it can be mended.
template <class T>
Done<T> back_to_work(WebCore& web, const WebCallPtr& call, const FormFields& form) {
  return web.with_result<T>(call, [&web, call, form](const Expected<T>& done) {
    if (done) return web.answer(call, redirect("/work"));
    if (!is_mendable(done.error())) return web.refuse(call, done.error());
    show_work_again(web, call, form, {fault_of(done.error())});
  });
}

// A day as people write it; not set where none is written, nothing where it is no day.
std::optional<Instant> day_of(const std::string& text) {
  if (text.empty()) return Instant();
  auto date = parse_date(text);
  if (!date) return std::nullopt;
  return london_instant(*date, end_of_day_minutes);
}

bool is_too_long(const FormFields& form) {
  return std::any_of(form.all.begin(), form.all.end(),
                     [](const auto& field) { return field.second.size() > limits::api_reason_bytes_max; });
}

const FormFault too_long{"", "A text is longer than 2,000 bytes.", "say it in fewer words"};

}  // namespace

void show_work(WebCore& web, const WebCallPtr& call) { show_work_again(web, call, {}, {}); }

void show_task(WebCore& web, const WebCallPtr& call) {
  auto id = TaskId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  show_task_again(web, call, *id, {}, {});
}

void open_task_by_form(WebCore& web, const WebCallPtr& call) {
  auto form = form_of(web, call);
  if (!form) return;
  if (is_too_long(*form)) return show_work_again(web, call, *form, {too_long});
  NewTask task;
  task.kind = form->get("kind");
  task.note = form->get("note");
  task.to = form->get("to");
  auto due = day_of(form->get("due"));
  if (!due)
    return show_work_again(web, call, *form, {{"due", "That is no day.", "write it as 2026-12-03, or leave it empty"}});
  task.due = *due;
  web.service.open_task(call->caller(), task, back_to_work<TaskId>(web, call, *form));
}

void change_task_by_form(WebCore& web, const WebCallPtr& call) {
  using What = TaskChange::What;
  auto id = TaskId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto form = form_of(web, call);
  if (!form) return;
  if (is_too_long(*form)) return show_task_again(web, call, *id, *form, {too_long});
  const std::string action = form->get("action");
  TaskChange change;
  change.task = *id;
  change.what = action == "accept" ? What::accept : action == "done" ? What::done : What::hand_over;
  if (action == "cancel") change.what = What::cancel;
  change.outcome = form->get("outcome");
  change.reason = form->get("reason");
  change.to = form->get("to");
  web.service.change_task(call->caller(), change,
                          web.with_result<bool>(call, [&web, call, id, form = *form](const Expected<bool>& done) {
                            // Handed over, it may be theirs no more: the list is what they may see in any case.
                            if (done && form.get("action") == "accept")
                              return web.answer(call, redirect("/work/tasks/" + id->hex()));
                            if (done) return web.answer(call, redirect("/work"));
                            if (!is_mendable(done.error())) return web.refuse(call, done.error());
                            show_task_again(web, call, *id, form, {fault_of(done.error())});
                          }));
}

void allocate_by_form(WebCore& web, const WebCallPtr& call) {
  auto form = form_of(web, call);
  if (!form) return;
  if (is_too_long(*form)) return show_work_again(web, call, *form, {too_long});
  NewAllocation wanted;
  wanted.system = form->get("system");
  wanted.key = form->get("key");
  wanted.worker = form->get("worker");
  wanted.reason = form->get("allocate-reason");
  web.service.allocate(call->caller(), wanted, back_to_work<AllocationId>(web, call, *form));
}

void show_allocations_by_form(WebCore& web, const WebCallPtr& call) {
  auto form = form_of(web, call);
  if (!form) return;
  show_allocations_of(web, call, form->get("worker"), {});
}

void end_allocation_by_form(WebCore& web, const WebCallPtr& call) {
  auto id = AllocationId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto form = form_of(web, call);
  if (!form) return;
  const std::string worker = form->get("worker");
  if (is_too_long(*form)) return show_allocations_of(web, call, worker, {too_long});
  web.service.end_allocation(call->caller(), {*id, form->get("reason")},
                             web.with_result<bool>(call, [&web, call, worker](const Expected<bool>& done) {
                               if (done) return show_allocations_of(web, call, worker, {});
                               if (!is_mendable(done.error())) return web.refuse(call, done.error());
                               show_allocations_of(web, call, worker, {fault_of(done.error())});
                             }));
}

void hand_over_by_form(WebCore& web, const WebCallPtr& call) {
  auto form = form_of(web, call);
  if (!form) return;
  if (is_too_long(*form)) return show_work_again(web, call, *form, {too_long});
  const HandOverAll all{form->get("from"), form->get("taker"), form->get("leave-reason")};
  web.service.hand_over_all(call->caller(), all, back_to_work<HandedOver>(web, call, *form));
}

}  // namespace ginnel
