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

Json story_of(const PlantedChild& planted) {
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

}  // namespace

Truth::Truth(const std::filesystem::path& file, const SynthOptions& options)
    : adults_file_(file.string() + ".adults"),
      out_(file, std::ios::binary | std::ios::trunc),
      adults_(adults_file_, std::ios::binary | std::ios::trunc) {
  out_ << "{\n\"seed\": " << options.seed << ",\n\"today\": \"" << options.today.iso() << "\",\n\"children\": [";
}

void Truth::person(const Somebody& who, const std::string& postcode, const std::vector<Held>& held,
                   const std::string& story) {
  Json person = {{"story", text_or_null(story)}};
  person.update(names_of(who.nhs_number, who.family, who.given, who.birth, postcode));
  person["nodes"] = Json::array();
  person["held"] = Json::array();
  for (const Held& it : held) {
    person["nodes"].push_back(it.node);
    Json copy = {{"node", it.node}, {"key", it.copy.key}, {"records", it.records}};
    copy.update(names_of(it.copy.nhs_number, it.copy.family, it.copy.given, it.copy.birth, it.copy.home.postcode));
    person["held"].push_back(std::move(copy));
  }
  bool& first = who.is_child ? first_child_ : first_adult_;
  (who.is_child ? out_ : adults_) << (first ? "\n" : ",\n") << person.dump();
  first = false;
}

bool Truth::finish(const SynthSummary& summary) {
  adults_.close();
  bool sound = bool(adults_);
  out_ << "\n],\n\"adults\": [";
  if (!first_adult_) out_ << std::ifstream(adults_file_, std::ios::binary).rdbuf();
  std::error_code ignored;  // a file left behind says nothing that truth.json does not
  std::filesystem::remove(adults_file_, ignored);
  out_ << "\n],\n";
  std::vector<Json> nodes, stories, faults;
  for (const SynthNode& it : summary.nodes) {
    nodes.push_back(
        {{"id", it.id}, {"kind", it.kind}, {"name", it.name}, {"people", it.people}, {"records", it.records}});
  }
  for (const PlantedChild& it : summary.stories) stories.push_back(story_of(it));
  for (const PlantedFault& it : summary.faults) {
    faults.push_back(
        {{"node", it.node}, {"file", it.file}, {"line", it.line}, {"fault", it.fault}, {"effect", it.effect}});
  }
  write_list(out_, "nodes", nodes);
  out_ << ",\n";
  write_list(out_, "stories", stories);
  out_ << ",\n";
  write_list(out_, "faults", faults);
  out_ << "\n}\n";
  out_.flush();
  return sound && bool(out_);
}

}  // namespace ginnel::synth
