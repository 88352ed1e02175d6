// SPDX-License-Identifier: Apache-2.0
// The inbox as a template's data. Thread: any; pure.
#pragma once

#include "node/notices/inbox_view.h"
#include "node/web/template.h"

namespace ginnel {

void add_notices(TemplateData& data, const InboxList& list, const std::string& csrf);

}  // namespace ginnel
