// SPDX-License-Identifier: Apache-2.0
#include "node/web/case_view_page.h"

#include <algorithm>

#include "federation/record/nhs_number.h"
#include "node/view/chronology.h"
#include "node/view/view_words.h"
#include "node/web/page_parts.h"

namespace ginnel {

bool is_held_here(const CaseView& view) {
  if (view.parts.empty()) return false;
  const PartStatus own = view.parts.front().status;
  return own == PartStatus::answered || own == PartStatus::out_of_date;
}

namespace {

bool is_own(const CaseView& view, const MemberId& agency) {
  return is_held_here(view) && agency == view.parts.front().agency;
}

std::string correction_path(const CaseView& view, const RecordId& item) {
  return "/case-views/" + view.id.hex() + "/correct?item=" + item.hex();
}

}  // namespace

bool may_correct(const CaseView& view, const ViewItem& item) {
  return is_own(view, item.agency) && item.step >= Step::content && !item.superseded_at.is_set();
}
namespace {

using List = TemplateData::List;

constexpr std::size_t authors_per_agency = 3;

template <class Rows, class Make>
List rows_of(const Rows& from, Make make) {
  List list;
  for (const auto& each : from) list.push_back(make(each));
  return list;
}

// "tel:" takes digits and a plus only, whatever a peer wrote. `id` keeps the focus where it is when the page brings
// itself up to date.
void set_ring(TemplateData& data, const std::string& phone, const std::string& id) {
  std::string digits;
  std::copy_if(phone.begin(), phone.end(), std::back_inserter(digits),
               [](char c) { return (c >= '0' && c <= '9') || c == '+'; });
  data.set_text("phone", phone);
  data.set_text("tel", digits);
  data.set("ring_id", id);
}

// The tag's colour says again what its words say.
std::string tag_of(PartStatus status) {
  switch (status) {
    case PartStatus::answered:
      return "govuk-tag--green";
    case PartStatus::withheld:
      return "govuk-tag--purple";
    case PartStatus::not_known:
      return "govuk-tag--grey";
    case PartStatus::refused:
    case PartStatus::not_asked:
      return "govuk-tag--yellow";
    case PartStatus::silent:
    case PartStatus::unknown:
    case PartStatus::out_of_date:
      return "govuk-tag--red";
  }
  return "govuk-tag--red";
}

TemplateData missing_row(const ViewPart& part) {
  TemplateData row;
  row.set("agency", part.agency_name.empty() ? part.agency.text() : part.agency_name);
  row.set("status", part.status == PartStatus::silent ? "has not answered" : "is " + words_of(part.status));
  set_ring(row, part.contact.phone, "ring-missing-" + part.agency.text());
  return row;
}

TemplateData involved_row(const Involvement& who, std::size_t number) {
  TemplateData row;
  row.set("role", who.role.empty() ? "Contact" : who.role).set("agency", who.agency_name);
  row.set_text("person", who.name);
  row.set_text("last_contact", who.last_contact.is_set() ? for_people(who.last_contact) : std::string());
  set_ring(row, who.phone, "ring-card-" + who.agency.text() + "-" + std::to_string(number));
  return row;
}

// The entries under their years, in the order in which they come.
List years_of(const CaseView& view) {
  List years;
  std::string year;
  List items;
  auto finish = [&] {
    if (!items.empty()) years.push_back(TemplateData().set("year", year).set("items", std::move(items)));
    items.clear();
  };
  for (const auto& item : view.items) {
    if (is_childs_voice(item)) continue;
    auto of_item = item.occurred.is_set() ? std::to_string(item.occurred.date.year) : std::string("Date not known");
    if (of_item != year) finish();
    year = of_item;
    items.push_back(entry_row(view, item));
  }
  finish();
  return years;
}

TemplateData withheld_row(const CaseView& view, const ViewWithheld& withheld, const std::vector<Choice>& categories,
                          std::size_t number) {
  const ViewPart* part = part_of(view, withheld.agency);
  TemplateData row;
  row.set("count", std::to_string(withheld.count) + (withheld.count == 1 ? " record" : " records"))
      .set("category", title_in(categories, withheld.category))
      .set("why", withheld.reason);
  row.set("agency", name_of_agency(view, withheld.agency));
  row.set_text("ask", withheld.ask);
  set_ring(row, part ? part->contact.phone : std::string(), "ring-withheld-" + std::to_string(number));
  return row;
}

std::string freshness_of(const ViewPart& part) {
  std::string out;
  if (part.answered_at.is_set()) out = "Answered " + for_people(part.answered_at);
  if (part.data_to.is_set())
    out += (out.empty() ? "Its data reaches to " : "; its data reaches to ") + for_people(part.data_to);
  return out;
}

TemplateData part_row(const ViewPart& part) {
  TemplateData row;
  auto meaning = explain(part);
  if (!meaning.empty() && meaning[0] >= 'a' && meaning[0] <= 'z') meaning[0] = char(meaning[0] - 'a' + 'A');
  row.set("agency", part.agency_name.empty() ? part.agency.text() : part.agency_name);
  row.set("status", words_of(part.status)).set("status_class", std::string(name_of(part.status)));
  row.set("tag", tag_of(part.status)).set("meaning", meaning + ".");
  row.set_text("contact", part.contact.name.empty() ? part.contact.role : part.contact.name);
  row.set_text("freshness", freshness_of(part));
  set_ring(row, part.contact.phone, "ring-part-" + part.agency.text());
  return row;
}

// What is missing first, then who knows the child, then the others.
std::vector<const ViewPart*> parts_by_weight(const CaseView& view) {
  std::vector<const ViewPart*> parts;
  for (const auto& count : at_a_glance(view))
    for (const auto& part : view.parts)
      if (part.status == count.status) parts.push_back(&part);
  return parts;
}

void add_child(TemplateData& data, const CaseView& view) {
  data.set("child_name", child_name(view));
  data.set_text("born", view.birth_date.is_set() ? for_people(view.birth_date) : std::string());
  const bool has_age = view.birth_date.is_set() && view.asked_at.is_set();
  data.set_text("age", has_age ? std::to_string(age_on(view.birth_date, london_date(view.asked_at))) : std::string());
  data.set_text("nhs_number", view.nhs_number.empty() ? std::string() : nhs_number_for_people(view.nhs_number));
  data.set_text("standing", view.standing);
  data.set_text("person_id", view.person.empty() ? std::string() : view.person.hex());
  data.set("caseload", std::string(caseload_note(view)));
}

}  // namespace

TemplateData entry_row(const CaseView& view, const ViewItem& item, bool with_links) {
  TemplateData row;
  const auto day = item.occurred.date.is_set() ? for_people(item.occurred.date) : std::string();
  const auto whole = item.occurred.is_set() ? for_people(item.occurred) : std::string("date not known");
  // The day on one line and the time of day, where there is one, on the next.
  const bool has_time = !day.empty() && whole.size() > day.size() + 1 && whole.starts_with(day + " ");
  row.set("day", has_time ? day : whole);
  row.set_text("time", has_time ? whole.substr(day.size() + 1) : std::string());
  row.set("entry_key", item.agency.text() + "/" + item.id.hex());
  row.set("from", name_of_agency(view, item.agency)).set("kind", spaced(item.kind)).set("headline", item.headline);
  row.set("times", times_note(item));
  row.set_text("author", for_people(item.author));
  const auto giver = MemberId::parse(given_by_of(item.source_system));
  row.set_text("given_by", giver ? name_of_agency(view, *giver) : std::string());
  row.set_text("narrative", item.narrative);
  row.set_list("files", rows_of(item.attachments, [&](const ViewAttachment& each) {
                 TemplateData file;
                 const std::string size = std::to_string((each.file.size_bytes + 1023) / 1024) + " KiB";
                 file.set("file_name", each.file.name).set("file_note", each.file.media_type + ", " + size);
                 file.set_text("file_id", each.id.empty() || !with_links ? std::string() : each.id.hex());
                 file.set("file_view", view.id.hex());
                 return file;
               }));
  row.set_text("correct_path", with_links && may_correct(view, item) ? correction_path(view, item.id) : std::string());
  row.set_text("superseded", superseded_note(item));
  row.set_list("marks", rows_of(item.marks, [&](const ViewMark& mark) {
                 TemplateData out;
                 out.set("mark_reason", mark.reason).set("mark_agency", name_of_agency(view, mark.agency));
                 out.set_text("mark_author", for_people(mark.author));
                 out.set("mark_day", for_people(mark.recorded.date));
                 out.set_text("mark_path",
                              with_links && is_own(view, mark.agency) ? correction_path(view, mark.id) : std::string());
                 return out;
               }));
  row.set_list("other_sources", {}).set_text("number", {}).set("may_mark", false);
  row.set("is_opinion", item.assertion == Assertion::opinion && !is_childs_voice(item));
  row.set_list("fields", rows_of(fields_for_people(item, view.shown_at), [](const Field& field) {
                 return TemplateData().set("field_name", field.name).set("field_value", field.value);
               }));
  return row;
}

// What the view comes to, and for whom; then what is missing of it.
void add_view_frame(TemplateData& data, const CaseView& view, const std::vector<Choice>& categories) {
  add_child(data, view);
  data.set("id", view.id.hex()).set("short_name", short_name(view.id)).set("revision", std::to_string(view.revision));
  data.set("shown_at", for_people(view.shown_at.is_set() ? view.shown_at : view.asked_at + view.elapsed_ms));
  data.set_text("kept_until", view.kept_until.is_set() ? for_people(view.kept_until) : std::string());
  data.set_text("as_known", as_known_note(view));
  data.set("completeness", completeness(view)).set("is_complete", view.complete).set("is_open", view.open);
  data.set_list("missing", rows_of(missing_parts(view), [](const ViewPart* part) { return missing_row(*part); }));
  data.set("glance", rows_of(at_a_glance(view), [](const StatusCount& each) {
             return TemplateData()
                 .set("count", std::to_string(each.count))
                 .set("status", words_of(each.status))
                 .set("tag", tag_of(each.status));
           }));
  data.set("not_known_note", not_known_note()).set("nothing_shown", nothing_shown_note());
  std::size_t number = 0;
  data.set_list("withdrawn", rows_of(view.withdrawn, [&](const ViewWithdrawn& row) {
                  TemplateData out;
                  out.set("agency", name_of_agency(view, row.agency)).set("at", for_people(row.at));
                  out.set_text("why", row.reason);
                  return out;
                }));
  data.set_list("withheld", rows_of(view.withheld, [&](const ViewWithheld& row) {
                  return withheld_row(view, row, categories, ++number);
                }));
  data.set("parts", rows_of(parts_by_weight(view), [](const ViewPart* part) { return part_row(*part); }));
}

void add_case_view(TemplateData& data, const CaseView& view, const std::vector<Choice>& categories) {
  add_view_frame(data, view, categories);
  data.set("again_path", "/case-views/" + view.id.hex());
  std::size_t number = 0;
  data.set_list("involved", rows_of(who_is_involved(view, authors_per_agency),
                                    [&](const Involvement& who) { return involved_row(who, ++number); }));
  data.set("nobody_involved", nobody_involved_note());
  data.set("entries", entries_note(view)).set("has_items", !view.items.empty());
  List voices;
  for (const auto& item : view.items)
    if (is_childs_voice(item)) voices.push_back(entry_row(view, item));
  data.set_list("voices", std::move(voices));
  data.set_list("years", years_of(view));
}

}  // namespace ginnel
