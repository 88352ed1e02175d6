// SPDX-License-Identifier: Apache-2.0
// Processes and one process as the data of their pages: what is open first, what is late before the rest.
//
// Thread: any; pure. What people wrote is passed through as text, and the template escapes it.
#pragma once

#include "node/process/process_view.h"
#include "node/view/own_people.h"
#include "node/web/http_message.h"
#include "node/web/template.h"

namespace ginnel {

void add_processes(TemplateData& data, const ProcessList& list);

// `about`: whom it is about; null: they are not shown to the worker. `filled`: what was typed the last time.
void add_process(TemplateData& data, const ProcessDetail& process, const FoundPerson* about, const FormFields& filled);

}  // namespace ginnel
