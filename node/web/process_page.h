// SPDX-License-Identifier: Apache-2.0
// Processes and one process as the data of their pages: what is open first, what is late before the rest.
//
// Thread: any; pure. What people wrote is passed through as text, and the template escapes it.
#pragma once

#include "node/process/process_view.h"
#include "node/view/own_people.h"
#include "node/web/choice.h"
#include "node/web/http_message.h"
#include "node/web/template.h"
#include "node/web/view_form.h"

namespace ginnel {

void add_processes(TemplateData& data, const ProcessList& list);

// `about`: whom it is about; null: they are not shown to the worker. `filled`: what was typed the last time.
void add_process(TemplateData& data, const ProcessDetail& process, const FoundPerson* about, const FormFields& filled);

// The form that offers its lead to another authority; none where it has ended, or nobody and no kind of move is known.
void add_lead_offer(TemplateData& data, const ProcessDetail& process, const std::vector<Choice>& moves,
                    const FormFields& filled, const std::vector<FormFault>& faults);

}  // namespace ginnel
