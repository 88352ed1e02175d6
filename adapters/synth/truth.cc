// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/truth.h"

#include <nlohmann/json.hpp>

namespace ginnel::synth {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json names_of(const std::string& nhs_number, const std::string& family, const std::string& given, Date birth,
              const std::string& postcode) {
  return {{"nhsNumber", text_or_null(nhs_number)},
          {"familyName", family},
          {"givenName", given},
          {"dateOfBirth", birth.iso()},
          {"postcode", text_or_null(postcode)}};
}

Json person_of(const Somebody& who, const std::string& postcode, const std::vector<Held>& held,
               const std::string& story) {
  Json person = {{"story", text_or_null(story)}};
  person.update(names_of(who.nhs_number, who.family, who.given, who.birth, postcode));
  person["nodes"] = Json::array();
  person["held"] = Json::array();
  for (const Held& it : held) {
    if (person["nodes"].empty() || person["nodes"].back() != it.node) person["nodes"].push_back(it.node);
    Json copy = {{"node", it.node}, {"key", it.copy.key}, {"records", it.records}};
    copy.update(names_of(it.copy.nhs_number, it.copy.family, it.copy.given, it.copy.birth, it.copy.home.postcode));
    person["held"].push_back(std::move(copy));
  }
  return person;
}

Json identity_of(const PlantedChild& planted) {
  Json story = {{"story", planted.story}};
  story.update(
      names_of(planted.nhs_number, planted.family_name, planted.given_name, planted.birth_date, planted.postcode));
  story["lead"] = text_or_null(planted.lead);
  story["expect"] = Json::array();
  for (const StoryExpectation& it : planted.expect) {
    story["expect"].push_back({{"node", it.node}, {"status", it.status}, {"categories", it.categories}});
  }
  return story;
}

void write_list(std::ofstream& out, const char* name, const std::vector<Json>& items) {
  out << "\"" << name << "\": [";
  for (std::size_t i = 0; i < items.size(); ++i) out << (i == 0 ? "\n" : ",\n") << items[i].dump();
  out << "\n]";
}

std::ofstream written(const std::filesystem::path& file) {
  return std::ofstream(file, std::ios::binary | std::ios::trunc);
}

}  // namespace

Truth::Truth(const std::filesystem::path& file, const SynthOptions& options) : out_(written(file)) {
  for (auto [list, name] : {std::pair(&children_, "children"), std::pair(&adults_, "adults"),
                            std::pair(&unborn_, "unborn"), std::pair(&faults_, "faults")}) {
    list->name = name;
    list->file = file.string() + "." + name;
    list->out = written(list->file);
  }
  out_ << "{\n\"seed\": " << options.seed << ",\n\"today\": \"" << options.today.iso() << "\",\n";
}

void Truth::add(List& list, const std::string& line) {
  list.out << (list.empty ? "\n" : ",\n") << line;
  list.empty = false;
}

void Truth::child(const Somebody& who, const std::string& postcode, const std::vector<Held>& held,
                  const std::string& story) {
  add(children_, person_of(who, postcode, held, story).dump());
}

void Truth::adult(const Somebody& who, const std::string& postcode, const std::vector<Held>& held,
                  const std::string& story) {
  add(adults_, person_of(who, postcode, held, story).dump());
}

// Nobody has a date of birth before they are born.
void Truth::unborn(const Somebody& who, const Somebody& mother, const std::string& postcode,
                   const std::vector<Held>& held) {
  Json person = person_of(who, postcode, held, "");
  person["expectedDate"] = person["dateOfBirth"];
  person["dateOfBirth"] = Json();
  for (Json& copy : person["held"]) copy["dateOfBirth"] = Json();
  person["mother"] = mother.nhs_number;
  add(unborn_, person.dump());
}

void Truth::fault(Fault fault, const std::string& node, const Written& at, const std::string& key,
                  const std::string& same_as) {
  const SynthFaultKind& kind = kind_of(fault);
  Json row = {{"node", node}, {"file", at.file}, {"line", at.line}, {"fault", kind.id}, {"effect", kind.effect}};
  if (!key.empty()) row["key"] = key;
  if (!same_as.empty()) row["sameAs"] = same_as;
  add(faults_, row.dump());
  ++planted_[std::size_t(fault)];
}

bool Truth::join(List& list) {
  list.out.close();
  bool sound = bool(list.out);
  out_ << "\"" << list.name << "\": [";
  if (!list.empty) out_ << std::ifstream(list.file, std::ios::binary).rdbuf();
  out_ << "\n]";
  std::error_code ignored;  // a file left behind says nothing that truth.json does not
  std::filesystem::remove(list.file, ignored);
  return sound;
}

bool Truth::finish(const SynthSummary& summary) {
  bool sound = true;
  for (List* list : {&children_, &unborn_, &adults_}) {
    sound = join(*list) && sound;
    out_ << ",\n";
  }
  std::vector<Json> nodes, stories, kinds;
  for (const SynthNode& it : summary.nodes) {
    nodes.push_back(
        {{"id", it.id}, {"kind", it.kind}, {"name", it.name}, {"people", it.people}, {"records", it.records}});
  }
  for (const PlantedChild& it : summary.stories) {
    Json story = identity_of(it);
    for (const PlantedChild& sealed : summary.sealed) {
      if (sealed.story == it.story) story["sealed"] = identity_of(sealed);
    }
    stories.push_back(std::move(story));
  }
  for (const SynthFaultKind& it : summary.faults) {
    kinds.push_back({{"fault", it.id},
                     {"perThousand", it.per_thousand},
                     {"of", it.of},
                     {"effect", it.effect},
                     {"planted", it.planted}});
  }
  write_list(out_, "nodes", nodes);
  out_ << ",\n";
  write_list(out_, "stories", stories);
  out_ << ",\n";
  write_list(out_, "faultKinds", kinds);
  out_ << ",\n";
  sound = join(faults_) && sound;
  out_ << "\n}\n";
  out_.flush();
  return sound && bool(out_);
}

}  // namespace ginnel::synth
