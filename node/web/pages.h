// SPDX-License-Identifier: Apache-2.0
// The pages as HTML: sign in, start, find a person, a case view, work and a task, governance, something went wrong.
//
// Thread: any; pure. Everything shown is escaped (node/web/template.h); no name, number or birth date stands in a title
// or an address. The pages need no script; with one, an open case view keeps itself up to date (assets/ginnel.js).
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/base/error.h"
#include "node/notices/inbox_view.h"
#include "node/notices/sent_view.h"
#include "node/people/account.h"
#include "node/process/process_view.h"
#include "node/transfer/transfer_view.h"
#include "node/view/attachment.h"
#include "node/view/case_view.h"
#include "node/view/chronology.h"
#include "node/view/consent_view.h"
#include "node/view/offered_agreement.h"
#include "node/view/own_people.h"
#include "node/view/policy_in_words.h"
#include "node/view/policy_standing.h"
#include "node/view/refusal_view.h"
#include "node/view/retention_view.h"
#include "node/view/sharing.h"
#include "node/web/choice.h"
#include "node/web/http_message.h"
#include "node/web/template.h"
#include "node/web/view_form.h"
#include "node/work/work_view.h"

namespace ginnel {

// An agreement that was offered, as somebody who answers for sharing is shown it.
struct AgreementComparison {
  OfferedAgreement offered;
  ComparedAgreement compared;
  TriedAgreement tried;
};

// Why somebody sees the sign-in page.
enum class SignInNotice { none, signed_out, session_ended };

class Pages {
 public:
  struct Settings {
    std::string agency_name;
    std::vector<Choice> purposes, bases;
    std::vector<Choice> categories{};
    DecisionWords decisions{};
    std::set<std::string> governing_roles{};  // who finds the pages of governance in the navigation
    std::vector<Choice> processes{};          // that this node begins
    std::vector<Choice> moves{};              // kinds of a child's move to another authority
  };
  explicit Pages(Settings settings);

  // How the agency is called from now on. Any thread.
  void name_agency(std::string name);

  // `form_token` is the one in the sign-in cookie. `error`: why it did not work the last time.
  Expected<HttpResponse> sign_in(const std::string& form_token, const std::string& username, SignInNotice notice,
                                 const std::optional<Error>& error) const;
  Expected<HttpResponse> start(const Session& session, const std::vector<RecentView>& recent) const;
  // `filled`: what was typed the last time, and what is to be mended in it.
  // `found`: who of the agency's own people may be meant, after a search; null: none was made.
  Expected<HttpResponse> find(const Session& session, const FormFields& filled, const std::vector<FormFault>& faults,
                              const FoundPeople* found = nullptr) const;
  // `was_done`: they come from the form of an answer.
  Expected<HttpResponse> notices(const Session& session, const InboxList& list, bool was_done) const;
  // To answer what a notice invites to.
  Expected<HttpResponse> answer(const Session& session, const InboxItem& item, const FormFields& filled,
                                const std::vector<FormFault>& faults) const;
  Expected<HttpResponse> sent_notices(const Session& session, const SentList& list) const;
  // `file_was_kept`: the worker comes from its form.
  Expected<HttpResponse> case_view(const Session& session, const CaseView& view, bool file_was_kept = false) const;

  // The same as a chronology. `past`: what was typed to ask again for a past moment.
  Expected<HttpResponse> chronology(const Session& session, const Chronology& chronology, const FormFields& past,
                                    const std::vector<FormFault>& faults, bool was_marked) const;
  // A file of it; `page` is none.
  Expected<AttachmentFile> chronology_file(const Chronology& chronology, ChronologyForm form) const;

  // To put an entry of the own agency right, or take it back, and what came of it.
  Expected<HttpResponse> correct(const Session& session, const CaseView& view, const ViewItem& item,
                                 const FormFields& filled, const std::vector<FormFault>& faults) const;
  Expected<HttpResponse> corrected(const Session& session, const ViewId& view, const std::string& kind,
                                   const CorrectionMade& made) const;

  // "My work", with a manager's part where they are one; and one task with its history. `filled` and `faults` as above.
  Expected<HttpResponse> work(const Session& session, const WorkOverview& overview, const FormFields& filled,
                              const std::vector<FormFault>& faults) const;
  Expected<HttpResponse> allocations(const Session& session, const std::string& worker,
                                     const std::vector<AllocationRow>& rows,
                                     const std::vector<FormFault>& faults) const;
  Expected<HttpResponse> task(const Session& session, const TaskDetail& task, const FormFields& filled,
                              const std::vector<FormFault>& faults) const;

  // The processes of this node, and one of them with its forms (process_pages.cc). `about`: as in process_page.h.
  Expected<HttpResponse> processes(const Session& session, const ProcessList& list, const InboxList& elsewhere) const;
  Expected<HttpResponse> process(const Session& session, const ProcessDetail& process, const FoundPerson* about,
                                 const FormFields& filled, const std::vector<FormFault>& faults) const;

  // The transfers of the lead, and one of them with the forms for what may be said (transfer_pages.cc).
  Expected<HttpResponse> transfers(const Session& session, const TransferList& list) const;
  Expected<HttpResponse> transfer(const Session& session, const TransferDetail& detail, const FormFields& filled,
                                  const std::vector<FormFault>& faults) const;

  // What was decided about one person, and the registers of everybody (governance_pages.cc). `was_done`: the worker
  // comes from a form of the page, and it was done.
  Expected<HttpResponse> consent(const Session& session, const ConsentList& list, const FormFields& filled,
                                 const std::vector<FormFault>& faults, bool was_done) const;
  Expected<HttpResponse> refusals(const Session& session, const RefusalList& list, const FormFields& filled,
                                  const std::vector<FormFault>& faults, bool was_done) const;
  Expected<HttpResponse> consent_register(const Session& session, const ConsentRegister& page) const;
  Expected<HttpResponse> refusal_register(const Session& session, const RefusalRegister& page) const;
  Expected<HttpResponse> retention(const Session& session, const RetentionDesk& desk, const FormFields& filled,
                                   const std::vector<FormFault>& faults, bool was_done) const;
  // The agreement, the reviews that wait, and what was not told to others.
  Expected<HttpResponse> policy(const Session& session, const PolicyStanding& standing,
                                const PolicyInWords& words) const;
  // To compare an agreement with the one in force, before it is: `compared`: what came of it; null: nothing was
  // compared.
  Expected<HttpResponse> comparison(const Session& session, const AgreementComparison* compared,
                                    const std::vector<FormFault>& faults) const;
  Expected<HttpResponse> reviews(const Session& session, const ReviewDesk& desk) const;
  Expected<HttpResponse> withheld(const Session& session, const std::optional<WithheldAccount>& account,
                                  const FormFields& filled, const std::vector<FormFault>& faults) const;

  // Never fails: without its template, the same in plain text.
  HttpResponse problem(unsigned status, const Error& error, const std::string& id) const;

  bool is_break_glass(const std::string& purpose) const;
  const DecisionWords& decision_words() const { return settings_.decisions; }

 private:
  TemplateData frame(const std::string& title, const Session* session) const;
  std::string purpose_title(const std::string& id) const;
  std::string agency_name() const;
  mutable std::mutex name_mutex_;
  Settings settings_;  // its agency_name: guarded by name_mutex_
};

HttpResponse redirect(const std::string& path);  // 303: the next request is a GET

}  // namespace ginnel
