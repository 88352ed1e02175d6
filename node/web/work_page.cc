// SPDX-License-Identifier: Apache-2.0
#include "node/web/work_page.h"

#include <algorithm>

#include "node/view/view_words.h"
#include "node/web/page_parts.h"
#include "node/web/work_api.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

std::string titles_of(const std::vector<WorkerName>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name.title;
  return out.empty() ? "nobody" : out;
}

std::string words_of(const PersonLabel& label) {
  if (label.person.empty()) return {};
  std::string out = "person " + label.person.hex().substr(0, 8);
  for (const auto& [system, key] : label.sources) out += ", " + system + " " + key;
  return out;
}

// How a form names somebody: a user name, or a role.
std::string value_of(const WorkerName& who) { return who.role.empty() ? who.username : "role:" + who.role; }

List options_of(const std::vector<WorkerName>& names, bool with_roles, const std::string& chosen) {
  List out;
  for (const auto& name : names)
    if (with_roles || name.role.empty())
      out.push_back(option_row(value_of(name), name.role.empty() ? name.title : "everybody with the role " + name.title,
                               value_of(name) == chosen));
  return out;
}
void add_summary(TemplateData& row, const TaskSummary& task) {
  row.set("task_id", task.id.hex()).set("task_title", task.title).set("due", for_people(task.due));
  row.set("is_late", task.is_late).set("is_due_soon", task.is_due_soon).set("is_review", task.is_review);
  row.set("is_open", task.state == TaskState::open).set("is_closed", !is_active(task.state));
  row.set("who", titles_of(task.holders)).set("opened", for_people(task.opened)).set("made_by", task.made_by);
  row.set("state", std::string(name_of(task.state)));
  row.set_text("went_to", task.escalated == 0   ? std::string()
                          : task.escalated == 1 ? std::string("It was due and went to the deputy too.")
                                                : std::string("It was late and went to the managers too."));
  row.set_text("outcome", task.outcome);
  row.set_text("outcome_reason", task.reason);
}

// Where a review is done that its task does not end by itself; empty: with the task.
std::string review_path_of(const TaskSummary& task) {
  const bool is_of_refusal = task.kind == "refusal_review" && !task.person.empty() && is_active(task.state);
  const bool is_of_keeping = task.kind == "retention_review" && !task.person.empty() && is_active(task.state);
  return is_of_refusal   ? "/people/" + task.person.hex() + "/refusals"
         : is_of_keeping ? std::string("/retention")
                         : std::string();
}

List rows_of(const TaskList& list) {
  List out;
  for (const auto& task : list.tasks) {
    TemplateData row;
    add_summary(row, task);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

void add_allocations(TemplateData& data, const std::string& worker, const std::vector<AllocationRow>& rows) {
  List out;
  for (const auto& row : rows) {
    if (!row.is_current) continue;
    TemplateData one;
    one.set("allocation_id", row.id.hex()).set("who", words_of(row.person)).set("from", for_people(row.from));
    one.set_text("to", row.to.is_set() ? for_people(row.to) : std::string());
    one.set("by", row.said_by.title).set_text("allocation_reason", row.reason);
    out.push_back(std::move(one));
  }
  const bool has_name = !rows.empty() && !rows.front().worker.title.empty();
  data.set("worker", worker).set("worker_name", has_name ? rows.front().worker.title : worker);
  data.set_list("allocations", std::move(out));
}

void add_work(TemplateData& data, const WorkOverview& overview, const FormFields& filled) {
  data.set_list("tasks", rows_of(overview.mine)).set("more_tasks", overview.mine.more);
  const auto late = std::count_if(overview.mine.tasks.begin(), overview.mine.tasks.end(),
                                  [](const TaskSummary& task) { return task.is_late; });
  data.set_text("late_words", late == 0   ? std::string()
                              : late == 1 ? std::string("1 task is late.")
                                          : std::to_string(late) + " tasks are late.");
  List allocated;
  for (const auto& row : overview.allocated) {
    TemplateData one;
    one.set("allocation_id", row.id.hex()).set("who", words_of(row.person)).set("from", for_people(row.from));
    one.set_text("to", row.to.is_set() ? for_people(row.to) : std::string());
    one.set("by", row.said_by.title);
    one.set_text("allocation_reason", row.reason);
    allocated.push_back(std::move(one));
  }
  data.set_list("allocated", std::move(allocated));
  data.set_list("kinds", option_rows(overview.kinds, filled.get("kind")));
  data.set_list("colleagues", options_of(overview.workers, true, filled.get("to")));
  data.set("note", filled.get("note")).set("due_day", filled.get("due"));
  data.set("manages", overview.manages);
  data.set_list("managed", rows_of(overview.to_manage)).set("more_managed", overview.to_manage.more);
  data.set_list("workers", options_of(overview.workers, false, filled.get("worker")));
  data.set_list("leavers", options_of(overview.workers, false, filled.get("from")));
  data.set_list("takers", options_of(overview.workers, false, filled.get("taker")));
  data.set("system", filled.get("system")).set("key", filled.get("key"));
  data.set("allocate_reason", filled.get("allocate-reason")).set("leave_reason", filled.get("leave-reason"));
}

void add_reviews(TemplateData& data, const ReviewDesk& desk) {
  List waiting, done;
  std::size_t late = 0;
  for (const auto& review : desk.waiting) {
    TemplateData row;
    add_summary(row, review.task);
    late += review.task.is_late ? 1 : 0;
    row.set_text("about", words_of(review.about)).set_text("note", review.note);
    row.set_text("view_id", review.task.view.empty() ? std::string() : review.task.view.hex());
    row.set("view_name", review.task.view.empty() ? std::string() : short_name(review.task.view));
    row.set_text("review_path", review_path_of(review.task));
    waiting.push_back(std::move(row));
  }
  for (const auto& task : desk.done) {
    TemplateData row;
    add_summary(row, task);
    done.push_back(std::move(row));
  }
  data.set_text("late_words", late == 0   ? std::string()
                              : late == 1 ? std::string("1 review is late.")
                                          : std::to_string(late) + " reviews are late.");
  data.set_list("waiting_reviews", std::move(waiting)).set_list("done_reviews", std::move(done));
  data.set("more", desk.more);
}

void add_task(TemplateData& data, const TaskDetail& detail, const FormFields& filled) {
  add_summary(data, detail.task);
  data.set_text("about", words_of(detail.about));
  data.set_text("view_id", detail.task.view.empty() ? std::string() : detail.task.view.hex());
  data.set_text("note", detail.note).set_text("review_path", review_path_of(detail.task));
  data.set_text("invitation", detail.invitation);
  List history;
  for (const auto& line : detail.history) {
    TemplateData row;
    row.set("at", for_people(line.at)).set("act", std::string(name_of(line.act))).set("by", line.by);
    row.set("to", titles_of(line.to)).set_text("line_outcome", line.outcome).set_text("line_reason", line.reason);
    history.push_back(std::move(row));
  }
  data.set_list("history", std::move(history));
  data.set("may_act", detail.may_act).set("may_cancel", detail.may_cancel);
  data.set("may_accept", detail.may_act && detail.task.state == TaskState::open);
  data.set_list("outcomes", option_rows(detail.outcomes, filled.get("outcome")));
  data.set_list("colleagues", options_of(detail.colleagues, true, filled.get("to")));
  const std::string action = filled.get("action");
  data.set("done_reason", action == "done" ? filled.get("reason") : std::string());
  data.set("hand_over_reason", action == "hand-over" ? filled.get("reason") : std::string());
  data.set("cancel_reason", action == "cancel" ? filled.get("reason") : std::string());
}

}  // namespace ginnel
