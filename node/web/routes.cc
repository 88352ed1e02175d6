// SPDX-License-Identifier: Apache-2.0
#include "node/web/routes.h"

#include "node/web/handlers.h"

namespace ginnel {

const std::vector<RouteRow>& all_routes() {
  using enum Audience;
  static const std::vector<RouteRow> rows{
      {"live", "GET", "/livez", operators, tell_liveness},
      {"ready", "GET", "/readyz", operators, tell_readiness},
      {"metrics", "GET", "/metrics", operators, tell_metrics},

      {"session.start", "POST", "/api/v1/session", anybody, start_session_for_program},
      {"session.end", "DELETE", "/api/v1/session", session, end_session_for_program},
      {"case-views.start", "POST", "/api/v1/case-views", session, start_view_for_program},
      {"case-views.read", "GET", "/api/v1/case-views/{id}", session, read_view_for_program},
      {"vocabulary", "GET", "/api/v1/vocabulary", session, tell_vocabulary},
      {"people.search", "POST", "/api/v1/people/search", session, search_own_people},
      {"people.record", "POST", "/api/v1/people", session, record_own_person},
      {"people.markings", "POST", "/api/v1/people/{id}/markings", session, mark_own_person},
      {"records.record", "POST", "/api/v1/records", session, record_own_fact},
      {"consents.record", "POST", "/api/v1/consents", session, record_consent},
      {"consents.list", "GET", "/api/v1/consents", session, list_consents},
      {"consents.withdraw", "POST", "/api/v1/consents/{id}/withdrawal", session, withdraw_consent},
      {"refusals.record", "POST", "/api/v1/refusals", session, record_refusal},
      {"refusals.list", "GET", "/api/v1/refusals", session, list_refusals},
      {"refusals.review", "POST", "/api/v1/refusals/{id}/review", session, review_refusal},
      {"people.matches", "GET", "/api/v1/people/matches", session, list_possible_matches},
      {"people.sharing", "GET", "/api/v1/people/{id}/sharing", session, tell_sharing},
      {"people.merge", "POST", "/api/v1/people/{id}/merge", session, merge_people},
      {"people.unmerge", "POST", "/api/v1/people/{id}/unmerge", session, unmerge_people},
      {"attachments.keep", "POST", "/api/v1/attachments", session, keep_attachment},
      {"attachments.read", "GET", "/api/v1/attachments/{id}", session, read_attachment},
      {"tasks.list", "GET", "/api/v1/tasks", session, list_tasks},
      {"tasks.open", "POST", "/api/v1/tasks", session, open_task},
      {"tasks.read", "GET", "/api/v1/tasks/{id}", session, read_task},
      {"tasks.accept", "POST", "/api/v1/tasks/{id}/accept", session, accept_task},
      {"tasks.done", "POST", "/api/v1/tasks/{id}/done", session, finish_task},
      {"tasks.hand-over", "POST", "/api/v1/tasks/{id}/hand-over", session, hand_over_task},
      {"tasks.cancel", "POST", "/api/v1/tasks/{id}/cancel", session, cancel_task},
      {"reviews.list", "GET", "/api/v1/reviews", session, list_reviews},
      {"work.hand-over", "POST", "/api/v1/work/hand-over", session, hand_over_all_work},
      {"allocations.list", "GET", "/api/v1/allocations", session, list_allocations},
      {"allocations.make", "POST", "/api/v1/allocations", session, allocate_person},
      {"allocations.end", "POST", "/api/v1/allocations/{id}/end", session, end_allocation},
      {"conflicts.record", "POST", "/api/v1/conflicts", session, record_conflict},
      {"conflicts.list", "GET", "/api/v1/conflicts", session, list_conflicts},
      {"conflicts.end", "POST", "/api/v1/conflicts/{id}/end", session, end_conflict},

      {"processes.begin", "POST", "/api/v1/processes", session, begin_process},
      {"processes.list", "GET", "/api/v1/processes", session, list_processes},
      {"processes.read", "GET", "/api/v1/processes/{id}", session, read_process},
      {"processes.begin-step", "POST", "/api/v1/processes/{id}/steps", session, begin_process_step},
      {"processes.contribute", "POST", "/api/v1/processes/{id}/steps/{n}/contributions", session,
       contribute_to_process},
      {"processes.close-step", "POST", "/api/v1/processes/{id}/steps/{n}/outcome", session, close_process_step},
      {"processes.late-reason", "POST", "/api/v1/processes/{id}/steps/{n}/reason", session, give_late_reason},
      {"processes.acknowledge", "POST", "/api/v1/processes/{id}/acknowledge", session, acknowledge_alert},

      {"reports.cin-census", "POST", "/api/v1/reports/cin-census", session, make_cin_return},

      {"notices.list", "GET", "/api/v1/notices", session, list_notices},
      {"notices.sent", "GET", "/api/v1/notices/sent", session, list_sent},
      {"notices.read-sent", "GET", "/api/v1/notices/sent/{id}", session, read_sent},
      {"notices.read", "GET", "/api/v1/notices/{id}", session, read_notice},
      {"notices.acknowledge", "POST", "/api/v1/notices/{id}/acknowledge", session, acknowledge_notice},
      {"notices.relied", "GET", "/api/v1/notices/{id}/relied", session, list_reliance},
      {"corrections.make", "POST", "/api/v1/corrections", session, correct_record},
      {"events", "GET", "/api/v1/events", session, stream_inbox},

      {"page.notices", "GET", "/notices", session, show_notices},
      {"page.sent", "GET", "/notices/sent", session, show_sent},
      {"form.acknowledge", "POST", "/notices/{id}/acknowledge", session, acknowledge_for_person},
      {"page.start", "GET", "/", session, show_start},
      {"page.find", "GET", "/find", session, show_find},
      {"form.find", "POST", "/find", session, find_own_people},
      {"page.sign-in", "GET", "/sign-in", anybody, show_sign_in},
      {"form.sign-in", "POST", "/sign-in", anybody, start_session_for_person},
      {"form.sign-out", "POST", "/sign-out", session, end_session_for_person},
      {"form.case-view", "POST", "/case-views", session, start_view_for_person},
      {"page.case-view", "GET", "/case-views/{id}", session, show_view},
      {"events.case-view", "GET", "/case-views/{id}/events", session, stream_view},
      {"page.correction", "GET", "/case-views/{id}/correct", session, show_correction_form},
      {"form.correction", "POST", "/corrections", session, correct_by_form},
      {"form.file", "POST", "/files", session, keep_file_by_form},
      {"page.work", "GET", "/work", session, show_work},
      {"form.task", "POST", "/work/tasks", session, open_task_by_form},
      {"page.task", "GET", "/work/tasks/{id}", session, show_task},
      {"form.task-change", "POST", "/work/tasks/{id}", session, change_task_by_form},
      {"form.allocation", "POST", "/work/allocations", session, allocate_by_form},
      {"form.allocations-of", "POST", "/work/allocations/of", session, show_allocations_by_form},
      {"form.allocation-end", "POST", "/work/allocations/{id}/end", session, end_allocation_by_form},
      {"form.hand-over", "POST", "/work/hand-over", session, hand_over_by_form},
      {"page.asset", "GET", "/assets/{name}", anybody, show_asset},
  };
  return rows;
}

}  // namespace ginnel
