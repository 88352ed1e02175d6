// SPDX-License-Identifier: Apache-2.0
#include "node/web/found_people_page.h"

#include "node/view/found_words.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

TemplateData row_of(const FoundPerson& person) {
  TemplateData row;
  row.set("person_id", person.id.hex()).set("person_name", name_for_people(person));
  row.set_text("born", born_for_people(person.birth)).set_text("number", number_for_people(person));
  row.set_text("home", home_for_people(person)).set_text("other_names", other_names_for_people(person));
  row.set_text("died", person.death.is_set() ? for_people(person.death) : std::string());
  row.set("match", match_for_people(person)).set_text("likeness", person.likeness);
  row.set("sources", sources_for_people(person));
  return row;
}

}  // namespace

void add_found(TemplateData& data, const FoundPeople* found) {
  data.set("searched", found != nullptr);
  const FoundPeople nobody;
  const FoundPeople& shown = found ? *found : nobody;
  List people, withheld;
  for (const auto& person : shown.people) people.push_back(row_of(person));
  for (const auto& each : shown.withheld) {
    TemplateData row;
    row.set("count", withheld_for_people(each)).set("why", each.reason).set_text("ask", each.ask);
    withheld.push_back(std::move(row));
  }
  data.set("found_title", found_title(shown));
  data.set_list("people", std::move(people)).set_list("withheld", std::move(withheld));
  std::string say_more = shown.say_more;
  if (!say_more.empty() && say_more[0] >= 'a' && say_more[0] <= 'z') say_more[0] = char(say_more[0] - 'a' + 'A');
  data.set_text("say_more", say_more);
}

}  // namespace ginnel
