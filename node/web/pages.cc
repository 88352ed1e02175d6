// SPDX-License-Identifier: Apache-2.0
#include "node/web/pages.h"

#include <algorithm>
#include <utility>

#include "federation/record/nhs_number.h"
#include "node/view/view_words.h"
#include "node/web/assets.h"
#include "node/web/case_view_page.h"
#include "node/web/chronology_page.h"
#include "node/web/found_people_page.h"
#include "node/web/notices_page.h"
#include "node/web/page_parts.h"
#include "node/web/when_form.h"
#include "node/web/work_page.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

}  // namespace

Pages::Pages(Settings settings) : settings_(std::move(settings)) {}

// What every page has around it.
TemplateData Pages::frame(const std::string& title, const Session* session) const {
  TemplateData data;
  data.set("title", title).set("agency_name", agency_name()).set("signed_in", session != nullptr);
  data.set("display_name", session ? session->display_name : std::string());
  data.set("csrf", session ? session->csrf : std::string());
  data.set("icon_path", asset_path("ginnel-mark.svg")).set("script_path", asset_path("ginnel.js"));
  data.set("govuk_style_path", asset_path("govuk.css")).set("style_path", asset_path("ginnel.css"));
  data.set_text("waiting", !session || session->waiting == 0 ? std::string() : std::to_string(session->waiting));
  for (const char* place :
       {"at_start", "at_find", "at_notices", "at_work", "at_governance", "at_reviews", "at_processes", "at_transfers"})
    data.set(place, false);
  data.set("governs", session && settings_.governing_roles.contains(session->role)).set_list("errors", {});
  return data;
}

Expected<HttpResponse> Pages::sign_in(const std::string& form_token, const std::string& username, SignInNotice notice,
                                      const std::optional<Error>& error) const {
  auto data = frame("Sign in", nullptr);
  data.set("form_token", form_token).set("username", username);
  if (error) set_errors(data, {{"username", sentence(error->what) + ": " + error->why, error->remedy}});
  const bool ended = notice == SignInNotice::session_ended;
  data.set("notice_title", ended ? "Important" : "Done");
  data.set_text("notice", notice == SignInNotice::none ? std::string()
                          : ended                      ? std::string("Your session has ended. Sign in again.")
                                                       : std::string("You have signed out."));
  return page("sign-in", data, 200);
}

Expected<HttpResponse> Pages::start(const Session& session, const std::vector<RecentView>& recent) const {
  auto data = frame("Start", &session);
  data.set("at_start", true).set("session_ends", for_people(session.expires));
  List rows;
  for (const auto& each : recent) {
    CaseView named;  // as the person asked
    named.family = each.asked.family;
    named.given = each.asked.given;
    auto who = named.family.empty() && named.given.empty() ? "NHS " + nhs_number_for_people(each.asked.nhs_number)
                                                           : child_name(named);
    TemplateData row;
    row.set("id", each.id.hex()).set("short_name", short_name(each.id)).set("who", who);
    row.set("purpose", purpose_title(each.purpose)).set("asked_at", for_people(each.asked_at));
    row.set("kept_until", for_people(each.kept_until)).set("is_open", each.open);
    rows.push_back(std::move(row));
  }
  data.set_list("recent", std::move(rows));
  return page("start", data, 200);
}

Expected<HttpResponse> Pages::find(const Session& session, const FormFields& filled,
                                   const std::vector<FormFault>& faults, const FoundPeople* found) const {
  auto data = frame("Find a person", &session);
  data.set("at_find", true);
  for (const char* name : {"nhs-number", "family-name", "given-name", "birth-day", "birth-month", "birth-year",
                           "postcode", "reason", "case-ref"})
    data.set(name, filled.get(name));
  const auto purpose = filled.get("purpose"), basis = filled.get("basis");
  List usual, others, bases;
  bool other_is_chosen = false;
  for (const auto& choice : settings_.purposes) {
    const bool is_first = usual.empty() && others.empty();
    (choice.help.empty() ? others : usual).push_back(choice_row(choice, "purpose", is_first, choice.id == purpose));
    other_is_chosen = other_is_chosen || (choice.help.empty() && choice.id == purpose);
  }
  for (const auto& choice : settings_.bases)
    bases.push_back(choice_row(choice, "basis", bases.empty(), choice.id == basis));
  data.set_list("purposes", std::move(usual)).set_list("other_purposes", std::move(others));
  data.set("other_is_chosen", other_is_chosen).set_list("bases", std::move(bases));
  List processes;
  for (const auto& process : settings_.processes)
    processes.push_back(TemplateData().set("process_id", process.id).set("process_title", process.title));
  data.set_list("processes", std::move(processes));
  add_found(data, found);
  set_errors(data, faults);
  for (const auto& [name, prefix] :
       {std::pair{"family_name", "family-name"}, std::pair{"given_name", "given-name"},
        std::pair{"birth_date", "birth-"}, std::pair{"postcode", "postcode"}, std::pair{"nhs_number", "nhs-number"},
        std::pair{"purpose", "purpose"}, std::pair{"basis", "basis"}, std::pair{"reason", "reason"}})
    set_field_error(data, faults, name, prefix);
  return page("find", data, 200);
}

Expected<HttpResponse> Pages::notices(const Session& session, const InboxList& list, bool was_done) const {
  auto data = frame("Notices", &session);
  data.set("at_notices", true).set("was_done", was_done);
  add_notices(data, list, session.csrf);
  return page("notices", data, 200);
}

Expected<HttpResponse> Pages::sent_notices(const Session& session, const SentList& list) const {
  auto data = frame("Notices sent", &session);
  data.set("at_notices", true);
  add_sent(data, list);
  return page("sent-notices", data, 200);
}

Expected<HttpResponse> Pages::answer(const Session& session, const InboxItem& item, const FormFields& filled,
                                     const std::vector<FormFault>& faults) const {
  auto data = frame("Bring something to a step", &session);
  data.set("at_notices", true);
  add_answer(data, item, filled);
  set_errors(data, faults);
  return page("answer", data, faults.empty() ? 200 : 422);
}

Expected<HttpResponse> Pages::correct(const Session& session, const CaseView& view, const ViewItem& item,
                                      const FormFields& filled, const std::vector<FormFault>& faults) const {
  auto data = frame("Put an entry right", &session);
  data.set("view_id", view.id.hex()).set("item_id", item.id.hex()).set("headline", item.headline);
  data.set("occurred", item.occurred.is_set() ? for_people(item.occurred) : std::string("date not known"));
  data.set("kind", item.kind).set_text("narrative", item.narrative);
  const Choice kinds[] = {{"correction", "Something in it is wrong, and this is right", "", false},
                          {"retraction", "It should not have been written at all", "", false},
                          {"wrong-child", "It is about another child", "", false}};
  List rows;
  for (const auto& kind : kinds) rows.push_back(choice_row(kind, "kind", rows.empty(), kind.id == filled.get("kind")));
  data.set_list("kinds", std::move(rows)).set("reason", filled.get("reason"));
  data.set("new_headline", filled.get("headline")).set("new_narrative", filled.get("narrative"));
  set_errors(data, faults);
  return page("correct", data, 200);
}

Expected<HttpResponse> Pages::corrected(const Session& session, const ViewId& view, const std::string& kind,
                                        const CorrectionMade& made) const {
  auto data = frame("Put right", &session);
  data.set("view_id", view.hex());
  data.set("outcome", kind == "correction" ? "The entry is put right" : "The entry is taken back");
  data.set("told", made.told == 0
                       ? std::string("Nobody outside this agency was told of it, so nobody has to be told now.")
                   : made.told == 1
                       ? std::string("One worker of another agency was told of it, and is told now.")
                       : std::to_string(made.told) + " workers of other agencies were told of it, and are told now.");
  return page("corrected", data, 200);
}

void Pages::name_agency(std::string name) {
  const std::lock_guard lock(name_mutex_);
  settings_.agency_name = std::move(name);
}

std::string Pages::agency_name() const {
  const std::lock_guard lock(name_mutex_);
  return settings_.agency_name;
}

Expected<HttpResponse> Pages::case_view(const Session& session, const CaseView& view, bool file_was_kept) const {
  auto data = frame("Case view", &session);
  add_case_view(data, view, settings_.categories);
  data.set("file_was_kept", file_was_kept);
  List categories;
  for (const auto& word : settings_.categories)
    categories.push_back(
        TemplateData().set("value", word.id).set("choice", word.title).set("is_chosen", word.id == "social-care.note"));
  data.set("may_keep", is_held_here(view)).set_list("categories", std::move(categories));
  data.set("purpose", purpose_title(view.purpose));
  return page("case-view", data, 200);
}

Expected<HttpResponse> Pages::chronology(const Session& session, const Chronology& chronology, const FormFields& past,
                                         const std::vector<FormFault>& faults, bool was_marked) const {
  auto data = frame("Chronology", &session);
  add_chronology(data, chronology, settings_.categories);
  add_when(data, "", past, "As agencies had recorded it by the end of that day, or by a time of it.", "");
  data.set("was_marked", was_marked);
  set_errors(data, faults);
  return page("chronology", data, faults.empty() ? 200 : 422);
}

Expected<AttachmentFile> Pages::chronology_file(const Chronology& chronology, ChronologyForm form) const {
  return ginnel::chronology_file(chronology, form, settings_.categories);
}

Expected<HttpResponse> Pages::work(const Session& session, const WorkOverview& overview, const FormFields& filled,
                                   const std::vector<FormFault>& faults) const {
  auto data = frame("My work", &session);
  data.set("at_work", true);
  add_work(data, overview, filled);
  set_errors(data, faults);
  return page("work", data, 200);
}

Expected<HttpResponse> Pages::allocations(const Session& session, const std::string& worker,
                                          const std::vector<AllocationRow>& rows,
                                          const std::vector<FormFault>& faults) const {
  auto data = frame("Allocations", &session);
  data.set("at_work", true);
  add_allocations(data, worker, rows);
  set_errors(data, faults);
  return page("allocations", data, faults.empty() ? 200 : 422);
}

Expected<HttpResponse> Pages::task(const Session& session, const TaskDetail& task, const FormFields& filled,
                                   const std::vector<FormFault>& faults) const {
  auto data = frame("Task", &session);
  data.set("at_work", true);
  add_task(data, task, filled);
  set_errors(data, faults);
  return page("task", data, 200);
}

HttpResponse Pages::problem(unsigned status, const Error& error, const std::string& id) const {
  auto data = frame("Problem", nullptr);
  data.set("error_what", error.what).set("error_why", sentence(error.why)).set("error_id", id);
  data.set_text("error_remedy", error.remedy);
  if (auto made = page("problem", data, status)) return *made;
  HttpResponse response;
  response.status = status;
  response.body = error.text() + "\n" + id + "\n";
  return response;
}

bool Pages::is_break_glass(const std::string& purpose) const {
  return std::any_of(settings_.purposes.begin(), settings_.purposes.end(),
                     [&](const Choice& choice) { return choice.id == purpose && choice.break_glass; });
}

std::string Pages::purpose_title(const std::string& id) const {
  for (const auto& choice : settings_.purposes)
    if (choice.id == id) return choice.title;
  return spaced(id);
}

HttpResponse redirect(const std::string& path) {
  HttpResponse response;
  response.status = 303;
  response.content_type = "";
  response.headers.emplace_back("Location", path);
  return response;
}

}  // namespace ginnel
