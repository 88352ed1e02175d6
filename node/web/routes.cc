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
      {"people.matches", "GET", "/api/v1/people/matches", session, list_possible_matches},
      {"people.merge", "POST", "/api/v1/people/{id}/merge", session, merge_people},
      {"people.unmerge", "POST", "/api/v1/people/{id}/unmerge", session, unmerge_people},

      {"notices.list", "GET", "/api/v1/notices", session, list_notices},
      {"notices.read", "GET", "/api/v1/notices/{id}", session, read_notice},
      {"notices.acknowledge", "POST", "/api/v1/notices/{id}/acknowledge", session, acknowledge_notice},
      {"notices.relied", "GET", "/api/v1/notices/{id}/relied", session, list_reliance},
      {"corrections.make", "POST", "/api/v1/corrections", session, correct_record},
      {"events", "GET", "/api/v1/events", session, stream_inbox},

      {"page.notices", "GET", "/notices", session, show_notices},
      {"form.acknowledge", "POST", "/notices/{id}/acknowledge", session, acknowledge_for_person},
      {"page.start", "GET", "/", session, show_start},
      {"page.find", "GET", "/find", session, show_find},
      {"page.sign-in", "GET", "/sign-in", anybody, show_sign_in},
      {"form.sign-in", "POST", "/sign-in", anybody, start_session_for_person},
      {"form.sign-out", "POST", "/sign-out", session, end_session_for_person},
      {"form.case-view", "POST", "/case-views", session, start_view_for_person},
      {"page.case-view", "GET", "/case-views/{id}", session, show_view},
      {"events.case-view", "GET", "/case-views/{id}/events", session, stream_view},
      {"page.asset", "GET", "/assets/{name}", anybody, show_asset},
  };
  return rows;
}

}  // namespace ginnel
