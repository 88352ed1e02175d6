// SPDX-License-Identifier: Apache-2.0
// "My work", a task and the reviews as the data of their pages: what is late comes first, then what is due soon, then
// the rest.
//
// Thread: any; pure. What people wrote is passed through as text, and the template escapes it.
#pragma once

#include "node/web/http_message.h"
#include "node/web/template.h"
#include "node/work/work_view.h"

namespace ginnel {

// Add what templates/work.html and task.html need. `filled`: what was typed the last time.
void add_work(TemplateData& data, const WorkOverview& overview, const FormFields& filled);
// Whom one worker is allocated to now, each with a form that ends it.
void add_allocations(TemplateData& data, const std::string& worker, const std::vector<AllocationRow>& rows);
// What templates/reviews.html needs.
void add_reviews(TemplateData& data, const ReviewDesk& desk);
void add_task(TemplateData& data, const TaskDetail& task, const FormFields& filled);

}  // namespace ginnel
