// SPDX-License-Identifier: Apache-2.0
// Runs Cedar's public conformance tests: cedar_conformance DIR
//
// Any folder tree of test files: JSON with `policies`, `entities`, `schema` (paths) and `requests`, each with the
// decision, reasons and errors that the official implementation gave. A path is looked up from DIR, then beside its
// JSON file. The last line counts requests; the exit code is 0 when all passed and there were any.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include "policy/authorize.h"
#include "policy/json.h"
#include "policy/schema.h"

namespace {

namespace fs = std::filesystem;
namespace policy = ginnel::policy;
using Json = nlohmann::json;
using Ids = std::set<std::string>;

struct Counts {
  std::size_t passed = 0, failed = 0;
};

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct Outcome {
  bool allowed = false;
  Ids reasons, errors;
  bool operator==(const Outcome&) const = default;
};

std::string text(const Outcome& outcome) {
  std::string out = outcome.allowed ? "allow" : "deny";
  for (const auto& id : outcome.reasons) out += " " + id;
  for (const auto& id : outcome.errors) out += " error:" + id;
  return out;
}

class Test {
 public:
  Test(const fs::path& root, const fs::path& file, const Json& json) : root_(root), file_(file), json_(json) {}

  Counts run() {
    Counts counts;
    const bool loaded = load();
    for (const auto& request : json_.at("requests")) {
      const bool passed = loaded && run(request);
      ++(passed ? counts.passed : counts.failed);
    }
    return counts;
  }

 private:
  bool complain(const std::string& why) {
    std::cout << file_.string() << ": " << why << "\n";
    return false;
  }

  std::optional<std::string> read(const char* key) {
    const fs::path path = json_.at(key).get<std::string>();
    for (const auto& place : {root_ / path, file_.parent_path() / path, file_.parent_path() / path.filename()}) {
      if (fs::is_regular_file(place)) return read_file(place);
    }
    complain("cannot find " + path.string());
    return std::nullopt;
  }

  bool load() {
    const auto policies = read("policies"), schema = read("schema"), entities = read("entities");
    if (!policies || !schema || !entities) return false;
    auto parsed = policy::parse_policies(*policies, json_.at("policies").get<std::string>());
    if (!parsed) return complain(policy::to_text(parsed.error()));
    policies_ = std::move(*parsed);
    auto parsed_schema = policy::parse_schema(*schema, json_.at("schema").get<std::string>());
    if (!parsed_schema) return complain(policy::to_text(parsed_schema.error()));
    schema_ = std::move(*parsed_schema);
    auto list = policy::entities_from_json(*entities, json_.at("entities").get<std::string>(), &schema_);
    if (!list) return complain(policy::to_text(list.error()));
    auto store = policy::Entities::make(std::move(*list));
    if (!store) return complain(store.error());
    entities_ = std::move(*store);
    return true;
  }

  std::optional<policy::EntityUid> uid(const Json& request, const char* key) {
    auto uid = policy::entity_uid_from_json(request.at(key).dump(), key);
    if (uid) return std::move(*uid);
    complain(policy::to_text(uid.error()));
    return std::nullopt;
  }

  bool run(const Json& request) {
    auto principal = uid(request, "principal"), action = uid(request, "action"), resource = uid(request, "resource");
    if (!principal || !action || !resource) return false;
    auto context = policy::context_from_json(request.at("context").dump(), "context", &schema_, &*action);
    if (!context) return complain(policy::to_text(context.error()));
    const policy::Request asked{std::move(*principal), std::move(*action), std::move(*resource), std::move(*context)};
    const auto response = policy::authorize(policies_, asked, entities_);

    Outcome found{response.allowed(), {}, {}};
    for (const auto reason : response.reasons) found.reasons.insert(policies_.policies()[reason].id);
    for (const auto& error : response.errors) found.errors.insert(policies_.policies()[error.policy].id);
    const Outcome expected{request.at("decision") == "allow", request.at("reason").get<Ids>(),
                           request.at("errors").get<Ids>()};
    if (found == expected) return true;
    return complain(request.value("description", "a request") + ": expected " + text(expected) + ", found " +
                    text(found));
  }

  fs::path root_, file_;
  const Json& json_;
  policy::PolicySet policies_;
  policy::Schema schema_;
  policy::Entities entities_;
};

bool is_test(const Json& json) {
  return json.is_object() && json.contains("requests") && json.contains("policies") && json.contains("entities");
}

Counts run_file(const fs::path& root, const fs::path& file) {
  const auto content = read_file(file);
  const auto json = Json::parse(content.value_or(""), nullptr, false);
  return is_test(json) ? Test(root, file, json).run() : Counts{};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !fs::is_directory(argv[1])) {
    std::cerr << "usage: cedar_conformance DIR\n";
    return 2;
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(argv[1])) {
    const auto& path = entry.path();
    const bool data = path.stem().extension() == ".entities";
    if (entry.is_regular_file() && path.extension() == ".json" && !data) files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  Counts total;
  for (const auto& file : files) {
    try {
      const auto counts = run_file(argv[1], file);
      total.passed += counts.passed;
      total.failed += counts.failed;
    } catch (const Json::exception& error) {
      std::cout << file.string() << ": " << error.what() << "\n";
      ++total.failed;
    }
  }
  std::cout << total.passed << " passed, " << total.failed << " failed\n";
  return total.failed == 0 && total.passed > 0 ? 0 : 1;
}
