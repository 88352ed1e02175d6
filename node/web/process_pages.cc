// SPDX-License-Identifier: Apache-2.0
#include "node/web/notices_page.h"
#include "node/web/page_parts.h"
#include "node/web/pages.h"
#include "node/web/process_page.h"

namespace ginnel {

Expected<HttpResponse> Pages::processes(const Session& session, const ProcessList& list,
                                        const InboxList& elsewhere) const {
  auto data = frame("Processes", &session);
  data.set("at_processes", true);
  add_processes(data, list);
  add_processes_elsewhere(data, elsewhere);
  return page("processes", data, 200);
}

Expected<HttpResponse> Pages::process(const Session& session, const ProcessDetail& process, const FoundPerson* about,
                                      const FormFields& filled, const std::vector<FormFault>& faults) const {
  auto data = frame("Process", &session);
  data.set("at_processes", true);
  add_process(data, process, about, filled);
  add_lead_offer(data, process, settings_.moves, filled, faults);
  set_errors(data, faults);
  return page("process", data, faults.empty() ? 200 : 422);
}

}  // namespace ginnel
