// SPDX-License-Identifier: Apache-2.0
// The inbox, and what was sent, as a template's data. Thread: any; pure.
#pragma once

#include "node/notices/inbox_view.h"
#include "node/notices/sent_view.h"
#include "node/web/http_message.h"
#include "node/web/template.h"

namespace ginnel {

// The page to answer what an item invites to.
void add_answer(TemplateData& data, const InboxItem& item, const FormFields& filled);

void add_notices(TemplateData& data, const InboxList& list, const std::string& csrf);
// What templates/processes.html needs of processes that other agencies lead.
void add_processes_elsewhere(TemplateData& data, const InboxList& list);
void add_sent(TemplateData& data, const SentList& list);

}  // namespace ginnel
