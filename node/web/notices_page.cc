// SPDX-License-Identifier: Apache-2.0
#include "node/web/notices_page.h"

#include <algorithm>
#include <iterator>

#include "node/view/view_words.h"
#include "node/web/page_parts.h"
#include "node/web/when_form.h"

namespace ginnel {
namespace {

template <class Named>
std::string who(const Named& item) {
  if (item.family.empty() && item.given.empty()) return "a child asked about by number";
  CaseView named;
  named.family = item.family;
  named.given = item.given;
  return child_name(named);
}

TemplateData recipient_row(const SentRecipient& one) {
  TemplateData row;
  const bool went_wrong = one.state == "refused" || one.state == "not-delivered";
  row.set("agency", one.agency_name).set("state", one.state_title).set("at", for_people(one.at));
  row.set("is_wrong", went_wrong && one.told_otherwise.empty()).set("is_settled", one.state == "delivered");
  row.set_text("reported", comma_list(one.reported));
  row.set_text("followed_up", one.told_otherwise);
  return row;
}

TemplateData sent_row(const SentNotice& notice) {
  TemplateData row;
  row.set("kind_title", notice.title).set("who", who(notice)).set("at", for_people(notice.at));
  row.set("is_urgent", notice.kind != "new-record");
  row.set_text("headline", notice.headline);
  row.set_text("counted", notice.headline.empty() ? notice.category : std::string());
  row.set_text("reason", notice.reason);
  TemplateData::List recipients;
  for (const auto& one : notice.recipients) recipients.push_back(recipient_row(one));
  row.set_list("recipients", std::move(recipients));
  return row;
}

std::string agency_name(const InboxItem& item) {
  return item.agency_name.empty() ? item.agency.text() : item.agency_name;
}

// As templates/ring.html has it, and whom.
void add_ring(TemplateData& row, const InboxItem& item) {
  row.set("contact", item.contact.name.empty() ? std::string("them") : item.contact.name);
  // "tel:" takes digits and a plus only, whatever a peer wrote.
  std::string digits;
  std::copy_if(item.contact.phone.begin(), item.contact.phone.end(), std::back_inserter(digits),
               [](char c) { return (c >= '0' && c <= '9') || c == '+'; });
  row.set_text("phone", item.contact.phone);
  row.set_text("tel", digits);
  row.set("ring_id", "ring-" + item.id);
}

std::string wanted_words(const Invitation& invitation) {
  std::vector<std::string> words;
  for (const auto& name : invitation.wanted) words.push_back(without_hyphens(name));
  return comma_list(words);
}

std::string due_words(const Invitation& invitation) {
  return invitation.due.is_set() ? for_people(invitation.due) : std::string();
}

TemplateData::List stands_of(const InboxItem& item) {
  TemplateData::List lines;
  for (const auto& line : item.stands)
    lines.push_back(TemplateData().set("field_name", line.name).set("field_value", line.value));
  return lines;
}

TemplateData row_of(const InboxItem& item, const std::string& csrf) {
  TemplateData row;
  row.set("id", item.id).set("csrf", csrf).set("kind_title", item.title).set("who", who(item));
  row.set("agency", agency_name(item));
  row.set("arrived_at", for_people(item.arrived_at));
  row.set("is_struck", item.struck_at.has_value()).set("takes_back", item.takes_back);
  row.set("is_urgent", item.takes_back || item.struck_at.has_value());
  row.set("struck_at", item.struck_at ? for_people(*item.struck_at) : std::string());
  row.set_text("struck_reason", item.struck_reason);
  row.set_text("headline", item.record ? item.record->headline : std::string());
  row.set("occurred", item.record ? for_people(item.record->occurred) : std::string());
  row.set_text("narrative", item.record ? item.record->narrative : std::string());
  row.set_text("counted", item.record || item.struck_at || item.step == Step::none ? std::string() : item.category);
  // To whom no more was told than that there is something, what was taken back is known by its category alone.
  row.set_text("gone", item.takes_back && !item.record && item.step == Step::none ? item.category : std::string());
  row.set_text("reason", item.reason);
  add_ring(row, item);
  row.set_list("stands", stands_of(item));
  row.set("may_answer", item.invitation.has_value());
  const Invitation invitation = item.invitation.value_or(Invitation());
  row.set("wanted", wanted_words(invitation)).set_text("wanted_by", due_words(invitation));
  row.set("is_acknowledged", item.acknowledged_at.has_value()).set("acknowledged_by", item.acknowledged_by);
  row.set("acknowledged_at", item.acknowledged_at ? for_people(*item.acknowledged_at) : std::string());
  return row;
}

}  // namespace

void add_answer(TemplateData& data, const InboxItem& item, const FormFields& filled) {
  const Invitation invitation = item.invitation.value_or(Invitation());
  data.set("id", item.id).set("who", who(item)).set("agency", agency_name(item));
  data.set("step_title", invitation.title).set_text("invited", comma_list(invitation.invited));
  data.set_text("due", due_words(invitation));
  add_ring(data, item);
  TemplateData::List wanted;
  for (const auto& name : invitation.wanted)
    wanted.push_back(option_row(name, without_hyphens(name), name == filled.get("name")));
  data.set_list("wanted", std::move(wanted)).set("filled_text", filled.get("text"));
  add_when(data, "", filled, "Left out: now.", "");
}

void add_processes_elsewhere(TemplateData& data, const InboxList& list) {
  TemplateData::List rows;
  for (const auto& item : list.items) {
    if (!item.overview) continue;
    TemplateData row;
    row.set("id", item.id).set("who", who(item)).set("agency", agency_name(item));
    row.set("process_title", item.overview->title).set("has_ended", item.overview->has_ended);
    row.set_text("lead_states", comma_list(item.overview->states)).set_list("stands", stands_of(item));
    add_ring(row, item);
    rows.push_back(std::move(row));
  }
  data.set_list("elsewhere", std::move(rows));
}

void add_notices(TemplateData& data, const InboxList& list, const std::string& csrf) {
  TemplateData::List rows;
  for (const auto& item : list.items) rows.push_back(row_of(item, csrf));
  data.set_list("notices", std::move(rows)).set("has_more", list.has_more);
  data.set_text("undecided", list.undecided == 0 ? std::string() : std::to_string(list.undecided));
}

void add_sent(TemplateData& data, const SentList& list) {
  TemplateData::List rows;
  for (const auto& notice : list.notices) rows.push_back(sent_row(notice));
  data.set_list("sent", std::move(rows)).set("has_more", list.has_more);
  data.set_text("undecided", list.undecided == 0 ? std::string() : std::to_string(list.undecided));
}

}  // namespace ginnel
