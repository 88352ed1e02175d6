// SPDX-License-Identifier: Apache-2.0
// What policies ask of a request, as variables of a few values each: `resource.sensitivity >= 4` and `< 2` are one
// question with three answers, `context.purpose == Purpose::"s47"` one with an answer for each purpose named.
//
// Made in two turns over the same policies: first each question is found, with all values that are named anywhere;
// then, after close(), the same calls give the truths themselves.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "policy/compare/cover.h"
#include "policy/compare/diagram.h"
#include "policy/schema.h"

namespace ginnel::policy {

struct Question {
  enum class Kind : std::uint8_t {
    action,          // which
    principal_type,  // which
    resource_type,   // which
    value,           // of a path, among `values`; with `others` any other too
    order,           // of a number, between `cuts`
    member,          // whether the set at a path holds an element
    within,          // whether the entity at a path lies in another
    empty,           // whether the set at a path is empty
    same,            // whether two paths have the same value
    truth,           // of a boolean path, or whether something is there
    other,           // any other condition
  };
  Kind kind = Kind::other;
  std::string text;                // the path; of same, truth and other the condition
  std::vector<std::string> reads;  // paths
  std::vector<Value> values;       // member and within: the one
  bool others = false, enumerated = false;
  std::vector<std::int64_t> cuts;   // the first number of each interval but the lowest, ascending
  std::vector<std::size_t> guards;  // questions without whose last answer this one means nothing

  std::size_t size() const;
};

class Questions {
 public:
  using Node = Diagrams::Node;

  // A place that a value can be read from.
  struct Path {
    std::string text;
    SchemaType type;
    std::vector<std::size_t> guards;
  };

  explicit Questions(const Schema& schema, std::function<bool()> give_up = {});

  Node kind_of_request(const ActionType& action, const std::string& principal, const std::string& resource);
  Node equals(const Path& path, const Value& value);
  Node at_least(const Path& path, std::int64_t number);
  Node holds(const Path& set, const Value& element);
  Node within(const Path& path, const EntityUid& group);
  Node is_empty(const Path& set);
  Node same(const Path& a, const Path& b);
  Node truth(std::string text, const Path& path);
  Node other(std::string text, std::vector<Path> paths);
  std::size_t guard(std::string text, const Path& owner);  // a truth that others depend on

  void always(Node kind,
              const std::string& text);  // a truth that such requests never lack, should it be asked of others

  void close();
  bool closed() const { return diagrams_ != nullptr; }
  Diagrams& diagrams() { return *diagrams_; }
  // What answers can come together, when all policies have been gone through again. Entities of `resident` lie where
  // they lie; null: nothing is known of any.
  Node possible(const EntitySource* resident);
  Guards guards() const;
  const std::vector<Question>& all() const { return questions_; }
  const Schema& schema() const { return schema_; }

 private:
  std::size_t find(Question question, const std::string& type);
  void sort();
  Node answer(std::size_t question, const std::vector<bool>& values);
  Node is_true(std::size_t question) { return answer(question, {false, true}); }
  Node one_of(std::size_t question, const Value& value);
  Node groups(const EntitySource* resident);
  Node empty_sets();

  const Schema& schema_;
  std::vector<Question> questions_;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::function<bool()> give_up_;
  std::unique_ptr<Diagrams> diagrams_;
  Node possible_ = Diagrams::yes;
};

}  // namespace ginnel::policy
