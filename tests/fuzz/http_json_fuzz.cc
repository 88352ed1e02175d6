// SPDX-License-Identifier: Apache-2.0
// What programs send: JSON requests, strictly read; and the answer that a command line reads.
#include "federation/base/check.h"
#include "node/view/view_json.h"
#include "node/web/chronology_api.h"
#include "node/web/consent_api.h"
#include "node/web/json_value.h"
#include "node/web/notices_json.h"
#include "node/web/own_people_api.h"
#include "node/web/process_api.h"
#include "node/web/refusal_api.h"
#include "node/web/report_api.h"
#include "node/web/requests.h"
#include "node/web/retention_api.h"
#include "node/web/transfer_api.h"
#include "node/web/work_api.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)read_json(text);
  (void)read_sign_in(text);
  (void)read_acknowledgement(text);
  (void)read_correction(text);
  (void)read_return_request(text);
  if (auto request = read_view_request(text)) CHECK(!request->purpose.empty() && !request->reason.empty());
  if (auto mark = read_significance(text)) CHECK(!mark->mistakes.empty() || !mark->entry.record.empty());
  if (auto search = read_people_search(text)) CHECK(search->sketch.nhs_number.size() <= 10);
  (void)read_new_person(text);
  if (auto record = read_new_record(text)) CHECK(!record->mistakes.empty() || record->record.occurred.is_set());
  (void)read_marking_request(PersonRef(), text);
  if (auto consent = read_new_consent(text)) CHECK(!consent->entry.person.empty());
  if (auto withdrawal = read_consent_withdrawal(ConsentId(), text)) CHECK(!withdrawal->reason.empty());
  if (auto refusal = read_new_refusal(text)) CHECK(!refusal->entry.person.empty());
  if (auto review = read_refusal_review(RefusalId(), text)) CHECK(!review->reason.empty());
  if (auto decision = read_retention_decision(TaskId(), text)) CHECK(!decision->reason.empty());
  if (auto hold = read_new_hold(text)) CHECK(!hold->person.empty());
  if (auto release = read_hold_release(RetentionId(), text)) CHECK(!release->reason.empty());
  (void)read_new_process(text);
  (void)read_new_process_step(ProcessId(), text);
  (void)read_new_contribution(ProcessId(), 1, text);
  (void)read_new_outcome(ProcessId(), 1, text);
  (void)read_new_late_reason(ProcessId(), 1, text);
  (void)read_process_move(text);
  (void)read_alert_key(text);
  if (auto offer = read_new_lead_offer(text)) CHECK(!offer->process.empty() && !offer->why.empty());
  if (auto saying = read_transfer_saying(TransferId(), text))
    CHECK((saying->said == "conference") == saying->held.is_set());
  if (auto conflict = read_new_conflict(text)) CHECK(!conflict->person.empty() && !conflict->reason.empty());
  if (auto task = read_new_task(text)) CHECK(!task->kind.empty());
  for (auto what : {TaskChange::What::accept, TaskChange::What::done, TaskChange::What::hand_over})
    (void)read_task_change(TaskId(), what, text);
  (void)read_hand_over_all(text);
  if (auto allocation = read_new_allocation(text)) CHECK(allocation->person.empty() != allocation->system.empty());
  (void)read_end_allocation(AllocationId(), text);
  if (auto view = view_from_json(text)) CHECK(view_from_json(to_json(*view)).has_value());
  return 0;
}
