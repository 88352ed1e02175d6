// SPDX-License-Identifier: Apache-2.0
// ginnel find: who of your own node's people is meant, asked through its API.
#include <iterator>
#include <nlohmann/json.hpp>

#include "node/cli/commands.h"
#include "node/cli/node_api.h"
#include "node/cli/output.h"
#include "node/view/found_words.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::size_t sketch_bytes_max = 64 * 1024;

// As the node told it: what is not of its form is left out, and shows as not known.
FoundPerson person_from(const Json& json) {
  FoundPerson person;
  person.id = PersonRef::parse(text_in(json, "id")).value_or(PersonRef());
  person.names.push_back({text_in(json, "givenName"), text_in(json, "familyName"), "usual", {}, {}});
  for (const Json& name : list_in(json, "otherNames"))
    if (name.is_object())
      person.names.push_back({text_in(name, "givenName"), text_in(name, "familyName"), text_in(name, "use"), {}, {}});
  if (auto when = parse_when(text_in(json, "dateOfBirth"))) person.birth = {when->date, when->precision};
  if (json.value("expected", Json()) == true) person.birth.precision = Precision::expected;
  if (auto day = parse_date(text_in(json, "dateOfDeath"))) person.death = *day;
  person.nhs_number = text_in(json, "nhsNumber");
  person.postcode = text_in(json, "postcode");
  person.is_address_withheld = json.value("addressWithheld", Json()) == true;
  person.is_likely = text_in(json, "match") == "likely";
  person.likeness = text_in(json, "likeness");
  person.sources = number_in(json, "sources");
  return person;
}

void print_person(std::ostream& out, const FoundPerson& person) {
  out << name_for_people(person);
  if (auto born = born_for_people(person.birth); !born.empty()) out << "   born " << born;
  if (person.death.is_set()) out << "   died " << for_people(person.death);
  if (auto number = number_for_people(person); !number.empty()) out << "   NHS " << number;
  if (auto home = home_for_people(person); !home.empty()) out << "   " << home;
  out << "\n  " << match_for_people(person) << " (" << person.likeness << ")\n  " << sources_for_people(person)
      << "   id " << person.id.hex() << "\n";
  if (auto names = other_names_for_people(person); !names.empty()) out << "  also " << names << "\n";
}

ExitCode find(Invocation& call) {
  std::string text(std::istreambuf_iterator<char>(call.streams.in), {});
  const Json sketch = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (text.size() > sketch_bytes_max || !sketch.is_object())
    return failed_with(
        call.streams,
        Error{"usage", "cannot read from standard input whom you look for", "it is no JSON object",
              "pipe in {\"nhsNumber\": ...}, or two of \"familyName\", \"givenName\", \"dateOfBirth\" and "
              "\"postcode\""});
  auto body = post_text_to_node(call, "/api/v1/people/search", text);
  if (!body) return failed_with(call.streams, body.error());
  if (call.has("json")) {
    call.streams.out << *body << "\n";
    return ExitCode::done;
  }
  auto found = object_of(*body, "people");
  if (!found) return failed_with(call.streams, found.error());
  std::size_t shown = 0;
  for (const Json& person : list_in(*found, "people"))
    if (person.is_object()) {
      call.streams.out << (shown++ > 0 ? "\n" : "");
      print_person(call.streams.out, person_from(person));
    }
  for (const Json& row : list_in(*found, "withheld")) {
    if (!row.is_object()) continue;
    call.streams.out << withheld_for_people({std::uint32_t(number_in(row, "count")), {}, {}}) << ": "
                     << text_in(row, "reason") << "; ask " << text_in(row, "ask") << "\n";
  }
  if (shown == 0)
    call.streams.err << "your agency holds nobody whom it may show you who fits; that says nothing of other agencies: "
                        "ginnel case view asks them\n";
  if (auto more = text_in(*found, "sayMore"); !more.empty()) call.streams.err << more << "\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> find_commands() {
  return {{
      .noun = "find",
      .title = "who of your own node's people is meant",
      .details = "From standard input, as JSON: {\"nhsNumber\": ...}, or two of \"familyName\", \"givenName\",\n"
                 "\"dateOfBirth\" (a year will do beside both names) and \"postcode\"; names also as you heard them.",
      .options = node_api_options({{"json", "", "print the API's answer"}}),
      .run = find,
  }};
}

}  // namespace ginnel
