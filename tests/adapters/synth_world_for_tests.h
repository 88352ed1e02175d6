// SPDX-License-Identifier: Apache-2.0
// One synthetic world, and what the example mappings read from it.
#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/mapped_reader.h"
#include "adapters/synth/synth.h"
#include "tests/adapters/temporary_folder.h"
#include "tests/source_tree.h"

namespace ginnel {

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::map<std::string, std::string> files_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().lexically_relative(folder).string()] = content_of(entry.path());
  }
  return files;
}

// One node's export, read through the example mapping of its kind.
struct Imported {
  std::vector<SourcePerson> people;
  std::vector<SourceRecord> records;
  std::vector<std::string> flagged, rejected;  // "file:line"
  bool complete = false;
};

inline Imported import_node(const SynthNode& node, const std::filesystem::path& world) {
  std::string kind = node.kind;
  std::replace(kind.begin(), kind.end(), '_', '-');
  auto mapping = load_mapping(source_tree() / "config-examples/mappings" / (std::string(kind) + ".toml"));
  EXPECT_TRUE(mapping) << kind;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(world / node.id / "source"))
    if (entry.path().extension() == ".csv") files.push_back(entry.path());
  auto adapter = open_mapped(*mapping, files, *MemberId::parse(node.id), SynthOptions().today);
  EXPECT_TRUE(adapter) << (adapter ? "" : adapter.error().text());
  Imported out;
  auto place = [](const std::string& file, std::uint32_t line) { return file + ":" + std::to_string(line); };
  while (adapter) {
    auto item = (*adapter)->next();
    EXPECT_TRUE(item);
    if (!item || !*item) {
      out.complete = (*adapter)->complete();
      break;
    }
    if (auto* person = std::get_if<SourcePerson>(&**item)) {
      if (!person->flags.empty()) out.flagged.push_back(place(person->place.file, person->place.line));
      out.people.push_back(std::move(*person));
    } else if (auto* record = std::get_if<SourceRecord>(&**item)) {
      if (!record->flags.empty()) out.flagged.push_back(place(record->place.file, record->place.line));
      out.records.push_back(std::move(*record));
    } else {
      const auto& rejected = std::get<Rejected>(**item);
      out.rejected.push_back(place(rejected.file, rejected.line));
    }
  }
  return out;
}

// The person under a key, as the adapter gave them.
inline const SourcePerson* person_at(const Imported& node, const std::string& key) {
  for (const SourcePerson& person : node.people) {
    if (person.key == key) return &person;
  }
  return nullptr;
}

// One world for all tests that only read it.
class Synth : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    SynthOptions options;
    options.children = 400;
    options.seed = 7;
    options.out_dir = folder_->path();
    auto written = write_synthetic_world(options);
    ASSERT_TRUE(written) << written.error().text();
    summary_ = new SynthSummary(*written);
    truth_ = new nlohmann::json(nlohmann::json::parse(content_of(folder_->path() / "truth.json")));
    imported_ = new std::map<std::string, Imported>;
    for (const SynthNode& node : summary_->nodes) (*imported_)[node.id] = import_node(node, folder_->path());
  }
  static void TearDownTestSuite() {
    delete imported_;
    delete truth_;
    delete summary_;
    delete folder_;
  }

  static std::string key_at(const PlantedChild& planted, const std::string& node) {
    for (const SourcePerson& person : imported_->at(node).people) {
      for (const Identifier& it : person.person.identifiers) {
        if (it.scheme == "nhs" && it.value == planted.nhs_number) return person.key;
      }
    }
    return "";
  }
  static std::vector<const Record*> records_of(const PlantedChild& planted, const std::string& node) {
    std::vector<const Record*> out;
    std::string key = key_at(planted, node);
    for (const SourceRecord& record : imported_->at(node).records) {
      for (const SourceSubject& subject : record.subjects) {
        if (!key.empty() && subject.key == key && subject.role == SubjectRole::child) out.push_back(&record.record);
      }
    }
    return out;
  }

  inline static TemporaryFolder* folder_ = nullptr;
  inline static SynthSummary* summary_ = nullptr;
  inline static nlohmann::json* truth_ = nullptr;
  inline static std::map<std::string, Imported>* imported_ = nullptr;
};

}  // namespace ginnel
