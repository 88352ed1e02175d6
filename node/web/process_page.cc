// SPDX-License-Identifier: Apache-2.0
#include "node/web/process_page.h"

#include <algorithm>

#include "node/view/found_words.h"
#include "node/view/view_words.h"
#include "node/web/clock_picture.h"
#include "node/web/page_parts.h"
#include "node/web/when_form.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

constexpr std::size_t short_id_digits = 6;

std::string when_words(const When& when) { return when.is_set() ? for_people(when) : std::string(); }
std::string when_words(Instant at) { return at.is_set() ? for_people(at) : std::string(); }

// As its people know the agency; its id where the list of members has it no more.
std::string agency_name(const ProcessDetail& process, const std::string& member) {
  if (member == process.process.lead && !process.lead_name.empty()) return process.lead_name;
  for (const auto& [id, name] : process.members)
    if (id == member) return name;
  return member;
}

List contributions_of(const ProcessStepLine& step, const ProcessDetail& process) {
  List out;
  for (const auto& one : step.contributions) {
    TemplateData row;
    row.set("name", without_hyphens(one.name))
        .set_text("at", when_words(one.at))
        .set("by", agency_name(process, one.member));
    row.set_text("said", one.text);
    out.push_back(std::move(row));
  }
  return out;
}

// What was typed into a form of this step the last time.
struct Typed {
  const FormFields& form;
  bool here;  // the form was one of this step

  std::string get(const char* action, const char* name) const { return is(action) ? form.get(name) : std::string(); }
  bool is(const char* action) const { return here && form.get("action") == action; }
};

TemplateData open_row(const ProcessStepLine& step, const ProcessDetail& process, const FormFields& filled) {
  const Typed typed{filled, filled.get("number") == std::to_string(step.number)};
  TemplateData row;
  row.set("number", std::to_string(step.number)).set("step_title", step.title).set("owner", step.owner);
  row.set("opened", when_words(step.opened)).set_text("present", comma_list(step.present));
  row.set_text("missing", comma_list(step.missing));
  std::vector<std::string> waits;
  for (const auto& name : step.waits_for) waits.push_back(without_hyphens(name));
  row.set_text("waits_for", comma_list(waits)).set_list("contributions", contributions_of(step, process));
  row.set("is_ours", process.is_ours);
  List late;
  for (const auto& clock : step.clocks)
    if (clock.needs_reason) {
      TemplateData one;
      one.set("clock_id", clock.id).set("clock_due", when_words(clock.due));
      late.push_back(std::move(one));
    }
  row.set_list("late", std::move(late));
  List takes;
  const std::string name = typed.get("contribute", "name");
  for (const auto& one : step.takes)
    takes.push_back(option_row(
        one.name,
        without_hyphens(one.name) + (one.has_date ? ", with its day" : "") + (one.is_missing ? " (missing)" : ""),
        one.name == name));
  row.set_list("takes", std::move(takes));
  row.set_list("members", option_rows(process.members, typed.get("contribute", "member")));
  add_when(row, "-" + std::to_string(step.number), typed.is("contribute") ? filled : FormFields(),
           "Needed for what has a date of its own.", "Needed where a clock runs in hours.");
  row.set("filled_text", typed.get("contribute", "text")).set("contribute_is_open", typed.is("contribute"));
  row.set_list("outcomes", option_rows(step.outcomes, typed.get("close", "outcome")));
  row.set("filled_reason", typed.get("close", "text")).set("close_is_open", typed.is("close"));
  return row;
}

TemplateData closed_row(const ProcessStepLine& step, const ProcessDetail& process) {
  TemplateData row;
  row.set("step_title", step.title).set_text("outcome", step.outcome).set("is_cancelled", step.is_cancelled);
  row.set_text("closed_at", when_words(step.closed)).set("opened", when_words(step.opened));
  row.set_text("done_by", agency_name(process, step.done_by)).set_text("reason", step.reason);
  row.set_list("contributions", contributions_of(step, process));
  return row;
}

void add_clocks(TemplateData& data, const ProcessDetail& process) {
  List rows;
  for (const auto& step : process.steps)
    for (const auto& clock : step.clocks) {
      if (!step.is_open) continue;
      TemplateData row;
      row.set("step_title", step.title).set_text("clock_due", when_words(clock.due)).set("clock_state", clock.state);
      row.set("clock_is_late", clock.is_late).set_text("late_reason", clock.late_reason).set("clock_why", clock.why);
      rows.push_back(std::move(row));
    }
  data.set_list("clocks", std::move(rows));
}

void add_alerts(TemplateData& data, const ProcessDetail& process) {
  std::vector<const ProcessAlert*> order;
  for (const auto& alert : process.alerts) order.push_back(&alert);
  // What nobody has taken up stands first.
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->is_acknowledged < b->is_acknowledged; });
  List rows;
  for (const ProcessAlert* alert : order) {
    TemplateData row;
    row.set("alert_key", alert->key).set("alert_title", alert->title).set("why", alert->why);
    row.set_text("proposes", alert->proposes).set_text("told", comma_list(alert->told));
    row.set_text("alert_due", when_words(alert->due)).set("is_acknowledged", alert->is_acknowledged);
    row.set("may_see", !alert->is_acknowledged && process.is_ours);
    rows.push_back(std::move(row));
  }
  data.set_list("alerts", std::move(rows));
}

// How much was looked at: an alert that did not come says nothing where an agency did not answer.
void add_look(TemplateData& data, const ProcessDetail& process) {
  data.set("has_look", process.look.has_value());
  if (!process.look) return;
  data.set("looked_at", for_people(process.look->at)).set_text("look_problem", process.look->problem);
  data.set_text("look_unanswered", comma_list(process.look->unanswered));
  data.set_text("look_withheld", comma_list(process.look->withheld));
}

}  // namespace

void add_processes(TemplateData& data, const ProcessList& list) {
  List rows;
  for (const auto& process : list.processes) {
    TemplateData row;
    row.set("process_id", process.id.hex()).set("process_title", process.title);
    row.set("short_id", process.id.hex().substr(0, short_id_digits)).set_text("due", when_words(process.due));
    row.set("is_late", process.is_late).set_text("state_words", comma_list(process.states));
    row.set_text("open_words", comma_list(process.open));
    rows.push_back(std::move(row));
  }
  data.set_list("processes", std::move(rows)).set("more_processes", list.more);
}

void add_process(TemplateData& data, const ProcessDetail& process, const FoundPerson* about, const FormFields& filled) {
  const ProcessSummary& summary = process.process;
  data.set("process_id", summary.id.hex())
      .set("process_title", summary.title)
      .set_text("lead", summary.lead.empty() ? std::string() : agency_name(process, summary.lead));
  data.set("definition", summary.definition).set_text("state_words", comma_list(summary.states));
  data.set("has_ended", summary.has_ended).set("is_late", summary.is_late);
  data.set_text("person_name", about ? name_for_people(*about) : std::string());
  data.set_text("born", about ? born_for_people(about->birth) : std::string());
  if (process.newer) {
    data.set("newer", process.newer->definition).set("newer_edition", process.newer->edition);
    data.set("newer_since", for_people(process.newer->since));
  }
  data.set("has_newer", process.newer.has_value());
  add_alerts(data, process);
  add_look(data, process);
  add_clocks(data, process);
  add_clock_picture(data, process);
  List open, closed;
  for (const auto& step : process.steps)
    step.is_open ? open.push_back(open_row(step, process, filled)) : closed.push_back(closed_row(step, process));
  std::reverse(closed.begin(), closed.end());
  data.set_list("open", std::move(open)).set_list("closed", std::move(closed));
  data.set_list("may_begin", option_rows(process.may_begin, filled.get("step")));
}

void add_lead_offer(TemplateData& data, const ProcessDetail& process, const std::vector<Choice>& moves,
                    const FormFields& filled, const std::vector<FormFault>& faults) {
  const bool is_offered = filled.get("action") == "offer";
  data.set("may_offer", !process.process.has_ended && process.is_ours && !process.leads.empty() && !moves.empty());
  data.set_list("offer_to", option_rows(process.leads, is_offered ? filled.get("to") : std::string()));
  List kinds;
  for (const auto& move : moves)
    kinds.push_back(option_row(move.id, move.title, is_offered && filled.get("move") == move.id));
  data.set_list("offer_moves", std::move(kinds)).set("offer_is_open", is_offered);
  data.set("offer_why", is_offered ? filled.get("why") : std::string());
  data.set_text("offer_why_error", message_at(faults, "offer-why"));
  data.set_text("offer_to_error", message_at(faults, "offer-to"));
  data.set_text("offer_move_error", message_at(faults, "offer-move"));
}

}  // namespace ginnel
