// SPDX-License-Identifier: Apache-2.0
// What answers each route, by noun; called from the table in node/web/routes.cc only.
//
// Thread: any. A handler of a route for a session runs with call->session set. Each answers its call once, now or from
// a Service's answer.
#pragma once

#include "node/web/routes.h"

namespace ginnel {

// api_operators.cc
void tell_liveness(WebCore& web, const WebCallPtr& call);
void tell_readiness(WebCore& web, const WebCallPtr& call);
void tell_metrics(WebCore& web, const WebCallPtr& call);

// api_session.cc
void start_session_for_program(WebCore& web, const WebCallPtr& call);
void end_session_for_program(WebCore& web, const WebCallPtr& call);

// api_case_views.cc
void start_view_for_program(WebCore& web, const WebCallPtr& call);
void read_view_for_program(WebCore& web, const WebCallPtr& call);

// page_chronology.cc
void show_chronology(WebCore& web, const WebCallPtr& call);
void give_chronology(WebCore& web, const WebCallPtr& call);
void read_chronology_for_program(WebCore& web, const WebCallPtr& call);
void mark_significant_for_program(WebCore& web, const WebCallPtr& call);
void mark_significant_by_form(WebCore& web, const WebCallPtr& call);
void ask_as_known_by_form(WebCore& web, const WebCallPtr& call);

// api_vocabulary.cc
void tell_vocabulary(WebCore& web, const WebCallPtr& call);

// api_joining.cc
void list_possible_matches(WebCore& web, const WebCallPtr& call);
void merge_people(WebCore& web, const WebCallPtr& call);
void unmerge_people(WebCore& web, const WebCallPtr& call);

// api_reports.cc
void make_cin_return(WebCore& web, const WebCallPtr& call);
// api_people.cc
void search_own_people(WebCore& web, const WebCallPtr& call);
void record_own_person(WebCore& web, const WebCallPtr& call);
void record_own_fact(WebCore& web, const WebCallPtr& call);
void mark_own_person(WebCore& web, const WebCallPtr& call);
// api_sharing.cc
void tell_sharing(WebCore& web, const WebCallPtr& call);

// api_attachments.cc
void keep_attachment(WebCore& web, const WebCallPtr& call);
void read_attachment(WebCore& web, const WebCallPtr& call);
void keep_file_by_form(WebCore& web, const WebCallPtr& call);

// api_work.cc
void list_tasks(WebCore& web, const WebCallPtr& call);
void list_reviews(WebCore& web, const WebCallPtr& call);
void read_task(WebCore& web, const WebCallPtr& call);
void open_task(WebCore& web, const WebCallPtr& call);
void accept_task(WebCore& web, const WebCallPtr& call);
void finish_task(WebCore& web, const WebCallPtr& call);
void hand_over_task(WebCore& web, const WebCallPtr& call);
void cancel_task(WebCore& web, const WebCallPtr& call);
void hand_over_all_work(WebCore& web, const WebCallPtr& call);
void list_allocations(WebCore& web, const WebCallPtr& call);
void allocate_person(WebCore& web, const WebCallPtr& call);
void end_allocation(WebCore& web, const WebCallPtr& call);
void record_conflict(WebCore& web, const WebCallPtr& call);
void list_conflicts(WebCore& web, const WebCallPtr& call);
void end_conflict(WebCore& web, const WebCallPtr& call);

// api_consents.cc
void record_consent(WebCore& web, const WebCallPtr& call);
void list_consents(WebCore& web, const WebCallPtr& call);
void withdraw_consent(WebCore& web, const WebCallPtr& call);

// api_refusals.cc
void record_refusal(WebCore& web, const WebCallPtr& call);
void list_refusals(WebCore& web, const WebCallPtr& call);
void review_refusal(WebCore& web, const WebCallPtr& call);

// api_retention.cc
void tell_retention(WebCore& web, const WebCallPtr& call);
void decide_retention(WebCore& web, const WebCallPtr& call);
void hold_retention(WebCore& web, const WebCallPtr& call);
void release_hold(WebCore& web, const WebCallPtr& call);

// api_processes.cc
void begin_process(WebCore& web, const WebCallPtr& call);
void list_processes(WebCore& web, const WebCallPtr& call);
void list_processes_elsewhere(WebCore& web, const WebCallPtr& call);
void read_process(WebCore& web, const WebCallPtr& call);
void begin_process_step(WebCore& web, const WebCallPtr& call);
void contribute_to_process(WebCore& web, const WebCallPtr& call);
void close_process_step(WebCore& web, const WebCallPtr& call);
void give_late_reason(WebCore& web, const WebCallPtr& call);
void acknowledge_alert(WebCore& web, const WebCallPtr& call);
void migrate_process(WebCore& web, const WebCallPtr& call);

// api_transfers.cc
void offer_transfer(WebCore& web, const WebCallPtr& call);
void list_transfers(WebCore& web, const WebCallPtr& call);
void read_transfer(WebCore& web, const WebCallPtr& call);
void say_in_transfer(WebCore& web, const WebCallPtr& call);

// api_notices.cc
void list_notices(WebCore& web, const WebCallPtr& call);
void read_notice(WebCore& web, const WebCallPtr& call);
void list_sent(WebCore& web, const WebCallPtr& call);
void read_sent(WebCore& web, const WebCallPtr& call);
void acknowledge_notice(WebCore& web, const WebCallPtr& call);
void answer_invitation(WebCore& web, const WebCallPtr& call);
void list_reliance(WebCore& web, const WebCallPtr& call);
void correct_record(WebCore& web, const WebCallPtr& call);
void stream_inbox(WebCore& web, const WebCallPtr& call);

// page_notices.cc
void show_notices(WebCore& web, const WebCallPtr& call);
void show_sent(WebCore& web, const WebCallPtr& call);
void acknowledge_for_person(WebCore& web, const WebCallPtr& call);
void show_answer_form(WebCore& web, const WebCallPtr& call);
void answer_by_form(WebCore& web, const WebCallPtr& call);

// page_corrections.cc
void show_correction_form(WebCore& web, const WebCallPtr& call);
void correct_by_form(WebCore& web, const WebCallPtr& call);

// page_sign_in.cc
void show_sign_in(WebCore& web, const WebCallPtr& call);
void start_session_for_person(WebCore& web, const WebCallPtr& call);
void end_session_for_person(WebCore& web, const WebCallPtr& call);

// page_case_views.cc
void show_start(WebCore& web, const WebCallPtr& call);
void show_find(WebCore& web, const WebCallPtr& call);
void find_own_people(WebCore& web, const WebCallPtr& call);
void start_view_for_person(WebCore& web, const WebCallPtr& call);
void show_view(WebCore& web, const WebCallPtr& call);

// page_work.cc
void show_processes(WebCore& web, const WebCallPtr& call);
void show_process(WebCore& web, const WebCallPtr& call);
void begin_process_by_form(WebCore& web, const WebCallPtr& call);
void change_process_by_form(WebCore& web, const WebCallPtr& call);
void show_transfers(WebCore& web, const WebCallPtr& call);
void show_transfer(WebCore& web, const WebCallPtr& call);
void offer_transfer_by_form(WebCore& web, const WebCallPtr& call);
void say_in_transfer_by_form(WebCore& web, const WebCallPtr& call);
void show_work(WebCore& web, const WebCallPtr& call);
void show_task(WebCore& web, const WebCallPtr& call);
void open_task_by_form(WebCore& web, const WebCallPtr& call);
void change_task_by_form(WebCore& web, const WebCallPtr& call);
void allocate_by_form(WebCore& web, const WebCallPtr& call);
void show_allocations_by_form(WebCore& web, const WebCallPtr& call);
void end_allocation_by_form(WebCore& web, const WebCallPtr& call);
void hand_over_by_form(WebCore& web, const WebCallPtr& call);

// page_decisions.cc
void show_consent(WebCore& web, const WebCallPtr& call);
void record_consent_by_form(WebCore& web, const WebCallPtr& call);
void withdraw_consent_by_form(WebCore& web, const WebCallPtr& call);
void show_refusals(WebCore& web, const WebCallPtr& call);
void record_refusal_by_form(WebCore& web, const WebCallPtr& call);
void review_refusal_by_form(WebCore& web, const WebCallPtr& call);
void show_consent_register(WebCore& web, const WebCallPtr& call);
void show_refusal_register(WebCore& web, const WebCallPtr& call);

// page_governance.cc
void show_policy(WebCore& web, const WebCallPtr& call);
void show_comparison(WebCore& web, const WebCallPtr& call);
void compare_agreement(WebCore& web, const WebCallPtr& call);
void show_reviews(WebCore& web, const WebCallPtr& call);
void show_retention(WebCore& web, const WebCallPtr& call);
void change_retention_by_form(WebCore& web, const WebCallPtr& call);
void show_withheld(WebCore& web, const WebCallPtr& call);

// page_case_view_events.cc
void stream_view(WebCore& web, const WebCallPtr& call);

// page_assets.cc
void show_asset(WebCore& web, const WebCallPtr& call);

}  // namespace ginnel
