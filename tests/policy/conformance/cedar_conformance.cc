// SPDX-License-Identifier: Apache-2.0
// Runs Cedar's public conformance tests: cedar_conformance DIR
//
// Any folder tree of test files: JSON with `policies`, `entities`, `schema` (paths) and `requests`, each with the
// decision, reasons and errors that the official implementation gave. A path is looked up from DIR, then beside its
// JSON file. The last line counts requests; the exit code is 0 when all passed and there were any.
//
// With a schema, `shouldValidate` is the verdict of the official validator on the policies. The corpus was made by a
// release that also refused policies that no action applies to, where later ones and ours warn: that is a pass, counted
// apart. Requests with `validateRequest` must fit the schema.
//
// Our own tests, generated (generate.mjs) or kept for a difference that there once was, have more: `templates` (a path;
// their ids are template0, ...) with `links`; `parses` and `schemaParses`, false where policies, templates or the
// schema must be refused; `verdict`, like `shouldValidate` but of the release that we follow, to the letter;
// `entitiesFit`; and `fits` of a request, false where it or its context departs from the schema.
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
#include "policy/validate.h"

namespace {

namespace fs = std::filesystem;
namespace policy = ginnel::policy;
using Json = nlohmann::json;
using Ids = std::set<std::string>;

struct Counts {
  std::size_t passed = 0, failed = 0, verdicts = 0, warned = 0;
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
    if (!json_.value("schemaParses", true)) return one(schema_refused());
    if (!load_schema()) return one(departs_on_purpose_);
    if (!json_.value("parses", true)) return one(refused());
    if (!load_policies() || !load_templates()) return one(false);
    if (schema_ && json_.contains("shouldValidate")) check_verdict(counts);
    if (schema_ && json_.contains("verdict")) check_verdict(counts);
    if (!load_entities()) return one(!json_.value("entitiesFit", true));
    if (!json_.value("entitiesFit", true)) return one(complain("the entities fit here, but not there"));
    if (json_.at("requests").empty()) ++counts.passed;
    for (const auto& request : json_.at("requests")) ++(run(request) ? counts.passed : counts.failed);
    return counts;
  }

 private:
  // A test without requests of its own.
  static Counts one(bool passed) {
    Counts counts;
    ++(passed ? counts.passed : counts.failed);
    return counts;
  }

  bool complain(const std::string& why) {
    if (departs_on_purpose_) return false;
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

  void check_verdict(Counts& counts) {
    const auto found = policy::validate(policies_, *schema_);
    const bool to_the_letter = json_.contains("verdict");
    const bool expected = json_.at(to_the_letter ? "verdict" : "shouldValidate");
    ++counts.verdicts;
    if (found.passed() == expected) return;
    if (!to_the_letter && found.passed() && !found.warnings.empty()) {
      ++counts.warned;
      return;
    }
    ++counts.failed;
    complain(found.passed() ? "valid here, but not there" : "not valid here: " + found.errors.front().what.text());
  }

  // Policies or templates.
  bool refused() {
    const auto policies = read("policies"), templates = json_.contains("templates") ? read("templates") : "";
    if (!policies || !templates) return false;
    return !policy::parse_policies(*policies, "policies") || !policy::parse_policies(*templates, "templates") ||
           complain("the policies are read here, but not there");
  }

  bool schema_refused() {
    const auto text = read("schema");
    return text && (!policy::parse_schema(*text, "schema") || complain("the schema is read here, but not there"));
  }

  bool load_policies() {
    const auto text = read("policies");
    if (!text) return false;
    auto parsed = policy::parse_policies(*text, json_.at("policies").get<std::string>());
    if (!parsed) return complain(policy::to_text(parsed.error()));
    policies_ = std::move(*parsed);
    return true;
  }

  bool load_templates() {
    if (!json_.contains("templates")) return true;
    const auto text = read("templates");
    if (!text) return false;
    auto parsed = policy::parse_policies(*text, json_.at("templates").get<std::string>(), {false, "template"});
    if (!parsed) return complain(policy::to_text(parsed.error()));
    if (auto merged = policies_.merge(*parsed); !merged) return complain(merged.error());
    for (const auto& link : json_.at("links")) {
      policy::Slots slots;
      if (link.contains("principal")) slots.principal = uid(link, "principal");
      if (link.contains("resource")) slots.resource = uid(link, "resource");
      auto linked = policies_.link(link.at("template").get<std::string>(), link.at("id"), slots);
      if (!linked) return complain(linked.error());
    }
    return true;
  }

  bool load_schema() {
    if (!json_.contains("schema")) return true;
    const auto text = read("schema");
    if (!text) return false;
    auto parsed = policy::parse_schema(*text, json_.at("schema").get<std::string>());
    if (!parsed) {
      // docs/formats/policy-language.md, departures.
      const auto& why = parsed.error().front().message;
      departs_on_purpose_ = why.starts_with("the attribute `") && why.ends_with("` is given twice");
      return complain(policy::to_text(parsed.error()));
    }
    schema_ = std::move(*parsed);
    return true;
  }

  bool load_entities() {
    const auto text = read("entities");
    if (!text) return false;
    auto list = policy::entities_from_json(*text, json_.at("entities").get<std::string>(), schema());
    if (!list) return misfit(policy::to_text(list.error()));
    for (const auto& entity : schema_ ? *list : std::vector<policy::Entity>()) {
      const auto problems = schema_->problems(entity);
      if (!problems.empty() && json_.contains("entitiesFit")) return misfit(problems.front());
    }
    auto store = policy::Entities::make(std::move(*list));
    if (!store) return misfit(store.error());
    entities_ = std::move(*store);
    return true;
  }

  // False; a complaint unless the entities are expected not to fit.
  bool misfit(const std::string& why) { return json_.value("entitiesFit", true) && complain(why); }

  const policy::Schema* schema() const { return schema_ ? &*schema_ : nullptr; }

  std::optional<policy::EntityUid> uid(const Json& request, const char* key) {
    auto uid = policy::entity_uid_from_json(request.at(key).dump(), key);
    if (uid) return std::move(*uid);
    complain(policy::to_text(uid.error()));
    return std::nullopt;
  }

  Outcome outcome(const policy::Response& response) const {
    Outcome out{response.allowed(), {}, {}};
    for (const auto reason : response.reasons) out.reasons.insert(policies_.policies()[reason].id);
    for (const auto& error : response.errors) out.errors.insert(policies_.policies()[error.policy].id);
    return out;
  }

  policy::Decider& decider() {
    if (!decider_) decider_.emplace(compiled_.emplace(policies_, entities_));
    return *decider_;
  }

  bool run(const Json& request) {
    auto principal = uid(request, "principal"), action = uid(request, "action"), resource = uid(request, "resource");
    if (!principal || !action || !resource) return false;
    const bool fits = request.value("fits", true);
    auto context = policy::context_from_json(request.at("context").dump(), "context", schema(), &*action);
    if (!context) return !fits || complain(policy::to_text(context.error()));
    const policy::Request asked{std::move(*principal), std::move(*action), std::move(*resource), std::move(*context)};
    if (schema_ && (json_.contains("verdict") || request.value("validateRequest", false))) {
      const auto problems = schema_->problems(asked);
      if (!problems.empty()) return !fits || complain("the request does not fit: " + problems.front());
    }
    if (!fits) return complain("the request fits here, but not there");
    const auto found = outcome(policy::authorize(policies_, asked, entities_));
    // Twice, since a second request must not be answered with what was worked out for the first.
    for (int i = 0; i < 2; ++i)
      if (const auto by_decider = outcome(decider().decide(asked, entities_)); by_decider != found)
        return complain("made ready, the same policies decide otherwise: " + text(by_decider) + ", not " + text(found));
    const Outcome expected{request.at("decision") == "allow", request.at("reason").get<Ids>(),
                           request.at("errors").get<Ids>()};
    if (found == expected) return true;
    return complain(request.value("description", "a request") + ": expected " + text(expected) + ", found " +
                    text(found));
  }

  fs::path root_, file_;
  const Json& json_;
  policy::PolicySet policies_;
  std::optional<policy::Schema> schema_;
  policy::Entities entities_;
  std::optional<policy::CompiledPolicies> compiled_;
  std::optional<policy::Decider> decider_;
  bool departs_on_purpose_ = false;
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
      total.verdicts += counts.verdicts;
      total.warned += counts.warned;
    } catch (const Json::exception& error) {
      std::cout << file.string() << ": " << error.what() << "\n";
      ++total.failed;
    }
  }
  if (total.verdicts > 0) {
    std::cout << total.verdicts << " verdicts of validation, of which " << total.warned << " are warnings here\n";
  }
  std::cout << total.passed << " passed, " << total.failed << " failed\n";
  return total.failed == 0 && total.passed > 0 ? 0 : 1;
}
