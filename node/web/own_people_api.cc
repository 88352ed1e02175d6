// SPDX-License-Identifier: Apache-2.0
#include "node/web/own_people_api.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "federation/base/text.h"
#include "federation/record/nhs_number.h"
#include "federation/record/postcode.h"
#include "federation/wire/limits.h"
#include "node/web/json_value.h"
#include "node/web/limits.h"
#include "node/web/object_reader.h"

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

// "2016", "2016-03", "2016-03-14" or "14/03/2016".
Birth birth_from(std::string_view text) {
  if (auto day = parse_date(text)) return {*day, Precision::day};
  auto when = parse_when(text);
  const bool is_known = when && (when->precision == Precision::day || when->precision == Precision::month ||
                                 when->precision == Precision::year);
  return is_known ? Birth{when->date, when->precision} : Birth();
}

PersonSketch sketch_of(ObjectReader& reader) {
  std::vector<SketchFault> faults;
  auto sketch = read_sketch(
      reader.text("nhsNumber", limits::api_word_bytes_max), reader.text("familyName", limits::api_name_bytes_max),
      reader.text("givenName", limits::api_name_bytes_max), reader.text("dateOfBirth", limits::api_word_bytes_max),
      reader.text("postcode", limits::api_word_bytes_max), faults);
  constexpr std::array names{"nhsNumber", "dateOfBirth", "postcode"};
  for (const auto& fault : faults) reader.fault(names[fault.field], fault.why);
  return sketch;
}

// What is wrong, for whoever tells all of it at once.
std::vector<std::string> mistakes_of(const ObjectReader& reader) {
  std::vector<std::string> out;
  for (const auto& fault : reader.faults()) out.push_back(fault.why);
  return out;
}

template <class Closed, std::size_t n>
Closed word_of(ObjectReader& reader, std::string_view name, const std::array<std::pair<const char*, Closed>, n>& words,
               Closed otherwise) {
  const std::string given = reader.text(name, limits::api_word_bytes_max);
  if (given.empty()) return otherwise;
  std::string all;
  for (const auto& [word, closed] : words) {
    if (given == word) return closed;
    all += (all.empty() ? "`" : ", `") + std::string(word) + "`";
  }
  reader.fault(name, "must be one of " + all);
  return otherwise;
}

constexpr std::array roles{std::pair{"child", SubjectRole::child}, std::pair{"parent", SubjectRole::parent},
                           std::pair{"carer", SubjectRole::carer}, std::pair{"household", SubjectRole::household},
                           std::pair{"third_party", SubjectRole::third_party}};
constexpr std::array assertions{std::pair{"fact", Assertion::fact}, std::pair{"opinion", Assertion::opinion}};
constexpr std::array sexes{std::pair{"female", Sex::female}, std::pair{"male", Sex::male},
                           std::pair{"indeterminate", Sex::indeterminate}};

Address address_of(ObjectReader& reader) {
  Address out;
  const auto* address = reader.object("address");
  if (!address) return out;
  ObjectReader inner(*address, "address");
  inner.allow_only({"lines", "postcode", "protected"});
  out.lines = inner.texts("lines", limits::api_name_bytes_max, limits::address_lines_max);
  if (auto postcode = trimmed(inner.text("postcode", limits::api_word_bytes_max)); !postcode.empty()) {
    if (auto normal = parse_postcode(postcode))
      out.postcode = *normal;
    else
      inner.fault("postcode", "is not of a form that exists");
  }
  out.is_protected = inner.flag("protected");
  reader.take_faults_of(inner);
  return out;
}

std::vector<Field> fields_of(ObjectReader& reader) {
  std::vector<Field> out;
  const auto* list = reader.list("fields");
  if (!list) return out;
  if (list->list.size() > limits::fields_max)
    return reader.fault("fields", "has more than " + std::to_string(limits::fields_max) + " entries"), out;
  for (const auto& value : list->list) {
    ObjectReader inner(value, "fields");
    inner.allow_only({"name", "value"});
    std::string name = inner.needed_text("name", limits::name_bytes_max);
    std::string text = inner.text("value", limits::api_reason_bytes_max, true);
    if (inner.first_fault()) return reader.take_faults_of(inner), out;
    out.push_back({std::move(name), std::move(text)});
  }
  return out;
}

template <class IdType>
IdType id_of(ObjectReader& reader, std::string_view name) {
  const std::string text = reader.text(name, limits::api_word_bytes_max);
  if (text.empty()) return {};
  auto id = IdType::parse(text);
  if (!id) reader.fault(name, "must be an id, 32 hexadecimal digits");
  return id.value_or(IdType());
}

std::string birth_text(const Birth& birth) { return to_iso(When{{}, birth.date, birth.precision}); }

OrderedJson to_json(const FoundPerson& person) {
  OrderedJson out;
  out["id"] = person.id.hex();
  const PersonName shown = person.names.empty() ? PersonName() : person.names.front();
  out["familyName"] = shown.family;
  out["givenName"] = shown.given;
  out["otherNames"] = OrderedJson::array();
  for (std::size_t i = 1; i < person.names.size(); ++i)
    out["otherNames"].push_back(
        {{"familyName", person.names[i].family}, {"givenName", person.names[i].given}, {"use", person.names[i].use}});
  out["dateOfBirth"] =
      person.birth.precision == Precision::none ? OrderedJson() : OrderedJson(birth_text(person.birth));
  if (person.birth.precision == Precision::expected) out["expected"] = true;
  if (person.death.is_set()) out["dateOfDeath"] = person.death.iso();
  if (!person.nhs_number.empty()) out["nhsNumber"] = person.nhs_number;
  if (!person.postcode.empty()) out["postcode"] = person.postcode;
  if (person.is_address_withheld) out["addressWithheld"] = true;
  out["match"] = person.is_likely ? "likely" : "possible";
  out["likeness"] = person.likeness;
  out["score"] = std::round(person.score * 10) / 10;
  out["sources"] = person.sources;
  return out;
}

}  // namespace

PersonSketch read_sketch(std::string_view nhs_number, std::string_view family, std::string_view given,
                         std::string_view birth, std::string_view postcode, std::vector<SketchFault>& faults) {
  PersonSketch out;
  out.family = trimmed(family);
  out.given = trimmed(given);
  if (const auto text = trimmed(nhs_number); !text.empty()) {
    if (auto number = parse_nhs_number(text))
      out.nhs_number = *number;
    else
      faults.push_back({SketchFault::nhs_number, "is not ten digits with a right check digit"});
  }
  if (const auto text = trimmed(birth); !text.empty()) {
    out.birth = birth_from(text);
    if (out.birth.precision == Precision::none)
      faults.push_back({SketchFault::birth, "is no date: write YYYY-MM-DD, DD/MM/YYYY, YYYY-MM or YYYY"});
  }
  if (const auto text = trimmed(postcode); !text.empty()) {
    if (auto normal = parse_postcode(text))
      out.postcode = *normal;
    else
      faults.push_back({SketchFault::postcode, "is not of a form that exists"});
  }
  return out;
}

Expected<PeopleSearch> read_people_search(std::string_view json) {
  auto value = read_json(json);
  if (!value) return tl::unexpected(value.error());
  ObjectReader reader(*value, "");
  reader.allow_only({"nhsNumber", "familyName", "givenName", "dateOfBirth", "postcode", "purpose", "basis", "reason"});
  PeopleSearch search;
  search.sketch = sketch_of(reader);
  search.purpose = reader.text("purpose", limits::api_word_bytes_max);
  search.basis = reader.text("basis", limits::api_word_bytes_max);
  search.reason = reader.text("reason", limits::api_reason_bytes_max, true);
  if (const auto* fault = reader.first_fault()) return tl::unexpected(*fault);
  return search;
}

Expected<NewPerson> read_new_person(std::string_view json) {
  auto value = read_json(json);
  if (!value) return tl::unexpected(value.error());
  ObjectReader reader(*value, "");
  reader.allow_only(
      {"nhsNumber", "familyName", "givenName", "dateOfBirth", "expected", "sex", "address", "goOn", "reason"});
  NewPerson person;
  person.sketch = sketch_of(reader);
  if (reader.flag("expected")) {
    if (person.sketch.birth.precision == Precision::day)
      person.sketch.birth.precision = Precision::expected;
    else
      reader.fault("expected", "goes with a whole `dateOfBirth`");
  }
  person.sex = word_of(reader, "sex", sexes, Sex::unknown);
  person.address = address_of(reader);
  if (!person.address.is_protected) person.sketch.postcode = person.address.postcode;
  person.go_on = reader.flag("goOn");
  person.reason = reader.text("reason", limits::api_reason_bytes_max, true);
  person.mistakes = mistakes_of(reader);
  return person;
}

Expected<NewRecord> read_new_record(std::string_view json) {
  auto value = read_json(json);
  if (!value) return tl::unexpected(value.error());
  ObjectReader reader(*value, "");
  reader.allow_only({"person", "role", "kind", "category", "occurred", "headline", "fields", "narrative", "assertion",
                     "sensitivity", "markings", "handling", "replaces"});
  NewRecord out;
  out.person = id_of<PersonRef>(reader, "person");
  if (!value->find("person")) reader.fault("person", "is missing");
  out.role = word_of(reader, "role", roles, SubjectRole::child);
  Record& record = out.record;
  record.kind = reader.text("kind", limits::api_word_bytes_max);
  record.label.category = reader.text("category", limits::api_word_bytes_max);
  if (const auto occurred = trimmed(reader.needed_text("occurred", limits::api_word_bytes_max)); !occurred.empty()) {
    if (auto when = parse_when(occurred))
      record.occurred = *when;
    else if (auto day = parse_date(occurred))
      record.occurred = When::on(*day);
    else
      reader.fault("occurred", "is no date or time: write 2026-11-08, 2026-11 or 2026-11-08 23:10");
  }
  record.headline = trimmed(reader.needed_text("headline", limits::line_bytes_max));
  record.fields = fields_of(reader);
  record.narrative = reader.text("narrative", limits::http_body_bytes_max, true);
  if (!value->find("assertion")) reader.fault("assertion", "is missing: is it `fact` or `opinion`?");
  record.assertion = word_of(reader, "assertion", assertions, Assertion::fact);
  constexpr std::int64_t personal = 2;
  record.label.sensitivity = std::uint8_t(reader.integer("sensitivity", 0, sensitivity_max, personal));
  for (auto& marking : reader.texts("markings", limits::api_word_bytes_max, limits::marking_words_max))
    record.label.markings.insert(std::move(marking));
  if (auto handling = reader.text("handling", limits::api_name_bytes_max); !handling.empty())
    record.label.handling = std::move(handling);
  record.replaces = id_of<RecordId>(reader, "replaces");
  out.mistakes = mistakes_of(reader);
  return out;
}

Expected<MarkingRequest> read_marking_request(const PersonRef& person, std::string_view json) {
  auto value = read_json(json);
  if (!value) return tl::unexpected(value.error());
  ObjectReader reader(*value, "");
  reader.allow_only({"putOn", "takeOff", "record", "reason", "undoes"});
  MarkingRequest out;
  out.person = person;
  out.record = id_of<RecordId>(reader, "record");
  for (auto& marking : reader.texts("putOn", limits::api_word_bytes_max, limits::marking_words_max))
    out.put_on.insert(std::move(marking));
  for (auto& marking : reader.texts("takeOff", limits::api_word_bytes_max, limits::marking_words_max))
    out.take_off.insert(std::move(marking));
  out.reason = trimmed(reader.text("reason", limits::api_reason_bytes_max, true));
  out.undoes = std::uint64_t(reader.integer("undoes", 1, INT64_MAX, 0));
  out.mistakes = mistakes_of(reader);
  return out;
}

std::string to_json(const FoundPeople& found) {
  OrderedJson people = OrderedJson::array(), withheld = OrderedJson::array();
  for (const auto& person : found.people) people.push_back(to_json(person));
  for (const auto& row : found.withheld)
    withheld.push_back({{"count", row.count}, {"reason", row.reason}, {"ask", row.ask}});
  OrderedJson out{{"people", std::move(people)}, {"withheld", std::move(withheld)}};
  if (!found.say_more.empty()) out["sayMore"] = found.say_more;
  return out.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace ginnel
