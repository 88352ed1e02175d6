// SPDX-License-Identifier: Apache-2.0
#include "policy/compare/question.h"

#include <algorithm>
#include <limits>
#include <set>

#include "policy/entity.h"

namespace ginnel::policy {

namespace {

using Node = Diagrams::Node;
using Kind = Question::Kind;

std::string key_of(Kind kind, const std::string& text, const std::string& type, const std::string& value) {
  return std::to_string(static_cast<int>(kind)) + " " + text + "\n" + type + "\n" + value;
}

// One that reads this and nothing else.
Question about(Question::Kind kind, const Questions::Path& path) {
  Question question;
  question.kind = kind;
  question.text = path.text;
  question.reads = {path.text};
  question.guards = path.guards;
  return question;
}

}  // namespace

std::size_t Question::size() const {
  switch (kind) {
    case Kind::action:
    case Kind::principal_type:
    case Kind::resource_type:
    case Kind::value:
      return values.size() + (others ? 1 : 0);
    case Kind::order:
      return cuts.size() + 1;
    default:
      return 2;
  }
}

Questions::Questions(const Schema& schema, std::function<bool()> give_up)
    : schema_(schema), give_up_(std::move(give_up)) {
  std::set<std::string> principals, resources;
  Question actions;
  actions.kind = Kind::action;
  for (const auto& action : schema.actions()) {
    if (action.principals.empty()) continue;
    actions.values.push_back(action.uid);
    principals.insert(action.principals.begin(), action.principals.end());
    resources.insert(action.resources.begin(), action.resources.end());
  }
  questions_.push_back(std::move(actions));
  for (const auto* types : {&principals, &resources}) {
    Question question;
    question.kind = types == &principals ? Kind::principal_type : Kind::resource_type;
    for (const auto& type : *types) question.values.emplace_back(type);
    questions_.push_back(std::move(question));
  }
}

Node Questions::answer(std::size_t question, const std::vector<bool>& values) {
  return closed() ? diagrams_->literal(question, values) : Diagrams::no;
}

std::size_t Questions::find(Question question, const std::string& type) {
  const bool of_one = question.kind == Kind::member || question.kind == Kind::within;
  const auto key = key_of(question.kind, question.text, type, of_one ? question.values[0].text() : "");
  const auto [entry, fresh] = numbers_.emplace(key, questions_.size());
  if (fresh) {
    questions_.push_back(std::move(question));
  } else if (!closed()) {
    // What one kind of request always has another may lack.
    auto& guards = questions_[entry->second].guards;
    guards.insert(guards.end(), question.guards.begin(), question.guards.end());
  }
  return entry->second;
}

Node Questions::one_of(std::size_t question, const Value& value) {
  auto& known = questions_[question];
  auto at = std::find(known.values.begin(), known.values.end(), value);
  if (at == known.values.end() && !closed() && known.others) at = known.values.insert(at, value);
  std::vector<bool> values(known.size());
  if (at != known.values.end()) values[static_cast<std::size_t>(at - known.values.begin())] = true;
  return answer(question, values);
}

Node Questions::kind_of_request(const ActionType& action, const std::string& principal, const std::string& resource) {
  const auto is_action = one_of(0, action.uid), is_principal = one_of(1, principal), is_resource = one_of(2, resource);
  return closed() ? diagrams_->both(diagrams_->both(is_action, is_principal), is_resource) : Diagrams::no;
}

Node Questions::equals(const Path& path, const Value& value) {
  Question question = about(Kind::value, path);
  question.others = true;
  const auto* type = path.type.kind == Value::Type::entity ? schema_.find_entity_type(path.type.entity_type) : nullptr;
  if (type && type->enumerated) {
    question.others = false;
    question.enumerated = true;
    for (const auto& id : type->ids) {
      const Value one(EntityUid{type->name, id});
      if (std::find(question.values.begin(), question.values.end(), one) == question.values.end()) {
        question.values.push_back(one);
      }
    }
  }
  return one_of(find(std::move(question), path.type.text()), value);
}

Node Questions::at_least(const Path& path, std::int64_t number) {
  Question question = about(Kind::order, path);
  const auto found = find(std::move(question), "");
  auto& cuts = questions_[found].cuts;
  if (number == std::numeric_limits<std::int64_t>::min()) return Diagrams::yes;
  const auto at = std::lower_bound(cuts.begin(), cuts.end(), number);
  if (!closed()) {
    if (at == cuts.end() || *at != number) cuts.insert(at, number);
    return Diagrams::no;
  }
  std::vector<bool> values(cuts.size() + 1);
  for (auto i = static_cast<std::size_t>(at - cuts.begin()) + 1; i < values.size(); ++i) values[i] = true;
  return answer(found, values);
}

Node Questions::holds(const Path& set, const Value& element) {
  Question question = about(Kind::member, set);
  question.values = {element};
  return is_true(find(std::move(question), set.type.text()));
}

Node Questions::within(const Path& path, const EntityUid& group) {
  Question question = about(Kind::within, path);
  question.values = {group};
  return is_true(find(std::move(question), path.type.text()));
}

Node Questions::is_empty(const Path& set) {
  Question question = about(Kind::empty, set);
  const auto* element = set.type.element.get();
  const auto* type =
      element && element->kind == Value::Type::entity ? schema_.find_entity_type(element->entity_type) : nullptr;
  if (type && type->enumerated) {
    question.enumerated = true;
    for (const auto& id : type->ids) holds(set, EntityUid{type->name, id});
  }
  return is_true(find(std::move(question), set.type.text()));
}

Node Questions::same(const Path& a, const Path& b) {
  const auto& first = a.text < b.text ? a : b;
  const auto& second = a.text < b.text ? b : a;
  Question question;
  question.kind = Kind::same;
  question.text = first.text + " == " + second.text;
  question.reads = {first.text, second.text};
  question.guards = first.guards;
  question.guards.insert(question.guards.end(), second.guards.begin(), second.guards.end());
  return is_true(find(std::move(question), ""));
}

Node Questions::truth(std::string text, const Path& path) {
  Question question = about(Kind::truth, path);
  question.text = std::move(text);
  return is_true(find(std::move(question), ""));
}

std::size_t Questions::guard(std::string text, const Path& owner) {
  Question question = about(Kind::truth, owner);
  question.text = std::move(text);
  return find(std::move(question), "");
}

Node Questions::other(std::string text, std::vector<Path> paths) {
  Question question;
  question.text = std::move(text);
  for (auto& path : paths) {
    question.guards.insert(question.guards.end(), path.guards.begin(), path.guards.end());
    question.reads.push_back(std::move(path.text));
  }
  return is_true(find(std::move(question), ""));
}

void Questions::always(Node kind, const std::string& text) {
  if (!closed()) return;
  const auto found = numbers_.find(key_of(Kind::truth, text, "", ""));
  if (found == numbers_.end()) return;
  possible_ = diagrams_->without(possible_, diagrams_->without(kind, is_true(found->second)));
}

// So that a guard is asked before what it guards, however they were found.
void Questions::sort() {
  constexpr auto nowhere = static_cast<std::size_t>(-1);
  std::vector<std::size_t> places(questions_.size(), nowhere), order;
  const auto place = [&](const auto& self, std::size_t number) -> void {
    if (places[number] != nowhere) return;
    places[number] = questions_.size();  // open: no guard is guarded by what it guards, but nothing here hangs on it
    for (const auto guard : questions_[number].guards) self(self, guard);
    places[number] = order.size();
    order.push_back(number);
  };
  for (std::size_t i = 0; i < questions_.size(); ++i) place(place, i);
  std::vector<Question> sorted;
  for (const auto number : order) {
    sorted.push_back(std::move(questions_[number]));
    for (auto& guard : sorted.back().guards) guard = places[guard];
  }
  questions_ = std::move(sorted);
  for (auto& [key, number] : numbers_) number = places[number];
}

void Questions::close() {
  sort();
  std::vector<std::size_t> sizes;
  for (auto& question : questions_) {
    if (question.kind == Kind::value && !question.enumerated) {
      std::sort(question.values.begin(), question.values.end());
    }
    sizes.push_back(question.size());
  }
  diagrams_ = std::make_unique<Diagrams>(std::move(sizes), give_up_);
}

Guards Questions::guards() const {
  Guards out;
  out.guarded.resize(questions_.size());
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    for (const auto guard : questions_[i].guards) {
      out.guarded[guard].resize(questions_.size());
      out.guarded[guard][i] = true;
    }
  }
  return out;
}

Node Questions::possible(const EntitySource* resident) {
  auto requests = Diagrams::no;
  for (const auto& action : schema_.actions()) {
    for (const auto& principal : action.principals) {
      for (const auto& resource : action.resources) {
        requests = diagrams_->either(requests, kind_of_request(action, principal, resource));
      }
    }
  }
  requests = diagrams_->both(requests, possible_);
  return diagrams_->both(requests, diagrams_->both(groups(resident), empty_sets()));
}

// Who is in a group is in what the group is in; and an entity that is named lies where it is known to lie.
Node Questions::groups(const EntitySource* resident) {
  auto out = Diagrams::yes;
  const auto lies_in = [&](const EntityUid& one, const EntityUid& group) {
    return one == group || (resident && resident->is_descendant(one, group));
  };
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    if (questions_[i].kind != Kind::within) continue;
    const auto& group = *questions_[i].values[0].as_entity();
    for (std::size_t k = 0; k < questions_.size(); ++k) {
      const auto& other = questions_[k];
      if (i == k || other.text != questions_[i].text) continue;
      if (other.kind == Kind::within && lies_in(*other.values[0].as_entity(), group)) {
        out = diagrams_->both(out, diagrams_->negation(diagrams_->without(is_true(k), is_true(i))));
      }
      if (other.kind != Kind::value) continue;
      for (const auto& value : other.values) {
        const auto* one = value.as_entity();
        if (!one) continue;
        if (lies_in(*one, group)) {
          out = diagrams_->both(out, diagrams_->negation(diagrams_->without(one_of(k, value), is_true(i))));
        } else if (resident && resident->find(*one)) {
          out = diagrams_->both(out, diagrams_->negation(diagrams_->both(one_of(k, value), is_true(i))));
        }
      }
    }
  }
  return out;
}

// An empty set holds nothing; one of an enumeration of which no element is in it is empty.
Node Questions::empty_sets() {
  auto out = Diagrams::yes;
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    if (questions_[i].kind != Kind::empty) continue;
    auto held = Diagrams::no;
    for (std::size_t k = 0; k < questions_.size(); ++k) {
      if (questions_[k].kind == Kind::member && questions_[k].text == questions_[i].text) {
        held = diagrams_->either(held, is_true(k));
      }
    }
    out = diagrams_->without(out, diagrams_->both(is_true(i), held));
    if (questions_[i].enumerated) out = diagrams_->both(out, diagrams_->either(is_true(i), held));
  }
  return out;
}

}  // namespace ginnel::policy
