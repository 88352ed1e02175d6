// SPDX-License-Identifier: Apache-2.0
#include "node/web/chronology_page.h"

#include "node/view/view_words.h"
#include "node/web/case_view_page.h"
#include "node/web/lanes_picture.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

// What leads somewhere in the node leads nowhere in a copy.
enum class For { the_node, a_copy };

TemplateData chronology_row(const Chronology& chronology, const ChronologyEntry& entry, For whom) {
  ViewItem told = entry.told();
  told.marks = entry.marks();
  TemplateData row = entry_row(chronology.view, told, whom == For::the_node);
  List others;
  for (std::size_t i = 1; i < entry.sources.size(); ++i) {
    const ViewItem& other = entry.sources[i];
    TemplateData out;
    out.set("source_agency", name_of_agency(chronology.view, other.agency)).set("source_times", times_note(other));
    out.set_text("source_author", for_people(other.author));
    others.push_back(std::move(out));
  }
  row.set_list("other_sources", std::move(others)).set_text("number", std::to_string(entry.number));
  // A mark is kept with the child: where nobody is held, there is nothing to keep it with. And it is made now, so that
  // a past moment does not show it.
  row.set("may_mark",
          whom == For::the_node && !chronology.view.person.empty() && !chronology.view.as_known_at.is_set());
  row.set("mark_view", chronology.view.id.hex());
  return row;
}

void add_entries(TemplateData& data, const Chronology& chronology, const std::vector<Choice>& categories, For whom) {
  add_view_frame(data, chronology.view, categories);
  data.set("again_path", "/case-views/" + chronology.view.id.hex() + "/chronology");
  List notes, voices, entries;
  for (const auto& note : chronology_notes(chronology)) notes.push_back(TemplateData().set("note", note));
  for (const auto& entry : chronology.entries)
    (entry.in_childs_words ? voices : entries).push_back(chronology_row(chronology, entry, whom));
  data.set("notes", std::move(notes)).set_list("voices", std::move(voices)).set_list("entries", std::move(entries));
  data.set("is_empty", chronology.entries.empty()).set("shown_to", chronology.shown_to);
  add_lanes_picture(data, chronology);
}

Expected<std::string> as_document(const Chronology& chronology, const std::vector<Choice>& categories) {
  TemplateData data;
  add_entries(data, chronology, categories, For::a_copy);
  return render_template("chronology-document", data);
}

}  // namespace

void add_chronology(TemplateData& data, const Chronology& chronology, const std::vector<Choice>& categories) {
  add_entries(data, chronology, categories, For::the_node);
}

Expected<AttachmentFile> chronology_file(const Chronology& chronology, ChronologyForm form,
                                         const std::vector<Choice>& categories) {
  Expected<std::string> made;
  std::string media_type;
  switch (form) {
    case ChronologyForm::json:
      media_type = "application/json";
      made = to_json(chronology);
      break;
    case ChronologyForm::csv:
      media_type = "text/csv; charset=utf-8; header=present";
      made = to_csv(chronology);
      break;
    case ChronologyForm::pdf:
      media_type = "application/pdf";
      made = to_pdf(chronology);
      break;
    case ChronologyForm::html:
    case ChronologyForm::page:
      media_type = "text/html; charset=utf-8";
      made = as_document(chronology, categories);
      break;
  }
  if (!made) return tl::unexpected(made.error());
  // No name in what the file is called: it may stand in a list that others see.
  const std::string name = "chronology-" + short_name(chronology.view.id) + "." + std::string(name_of(form));
  return AttachmentFile{name, media_type, Bytes(made->begin(), made->end())};
}

}  // namespace ginnel
