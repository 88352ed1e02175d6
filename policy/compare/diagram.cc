// SPDX-License-Identifier: Apache-2.0
#include "policy/compare/diagram.h"

#include <algorithm>

#include "policy/limits.h"

namespace ginnel::policy {

namespace {

constexpr std::uint32_t steps_between_looks = 4096;  // at whether it is given up: under a millisecond

}  // namespace

Diagrams::Diagrams(std::vector<std::size_t> sizes, std::function<bool()> give_up)
    : sizes_(std::move(sizes)), give_up_(std::move(give_up)) {
  const auto last = static_cast<std::uint32_t>(sizes_.size());
  places_ = {{last, 0}, {last, 0}};
}

std::size_t Diagrams::first_variable(Node a, Node b) const {
  return std::min(places_[a].variable, places_[b].variable);
}

Diagrams::Node Diagrams::child(Node node, std::size_t variable, std::size_t value) const {
  const auto& place = places_[node];
  return place.variable == variable ? children_[place.first_child + value] : node;
}

std::size_t Diagrams::hash_of(std::size_t variable, const Node* children) const {
  std::size_t hash = variable;
  for (std::size_t i = 0; i < sizes_[variable]; ++i) hash = (hash ^ children[i]) * 0x9e3779b97f4a7c15u + (hash >> 29);
  return hash;
}

Diagrams::Node Diagrams::make(std::size_t variable, const std::vector<Node>& children) {
  if (std::all_of(children.begin(), children.end(), [&](Node one) { return one == children.front(); })) {
    return children.front();
  }
  const auto hash = hash_of(variable, children.data());
  const auto [first, last] = known_.equal_range(hash);
  for (auto one = first; one != last; ++one) {
    const auto& place = places_[one->second];
    if (place.variable == variable && std::equal(children.begin(), children.end(), &children_[place.first_child])) {
      return one->second;
    }
  }
  if (places_.size() >= limits::compare_nodes_max) {
    full_ = true;
    return no;
  }
  const auto node = static_cast<Node>(places_.size());
  places_.push_back({static_cast<std::uint32_t>(variable), static_cast<std::uint32_t>(children_.size())});
  children_.insert(children_.end(), children.begin(), children.end());
  known_.emplace(hash, node);
  return node;
}

Diagrams::Node Diagrams::literal(std::size_t variable, const Values& values) {
  std::vector<Node> children;
  for (const bool value : values) children.push_back(value ? yes : no);
  return make(variable, children);
}

// As deep as there are variables.
Diagrams::Node Diagrams::combine(Operation operation, Node a, Node b) {
  if (full_ || a == no) return no;
  if (operation == Operation::both) {
    if (b == no) return no;
    if (a == yes || a == b) return b;
    if (b == yes) return a;
    if (a > b) std::swap(a, b);
  } else {
    if (b == yes || a == b) return no;
    if (b == no) return a;
  }
  if (give_up_ && ++steps_ % steps_between_looks == 0 && give_up_()) {
    full_ = given_up_ = true;
    return no;
  }
  auto& combined = combined_[static_cast<std::size_t>(operation)];
  const auto key = (std::uint64_t{a} << 32) | b;
  if (const auto found = combined.find(key); found != combined.end()) return found->second;
  const auto variable = first_variable(a, b);
  std::vector<Node> children(sizes_[variable]);
  for (std::size_t i = 0; i < children.size(); ++i) {
    children[i] = combine(operation, child(a, variable, i), child(b, variable, i));
  }
  const auto node = make(variable, children);
  combined.emplace(key, node);
  return node;
}

Diagrams::Node Diagrams::whatever(Node a, const std::vector<bool>& variables) {
  std::unordered_map<Node, Node> done;
  const auto visit = [&](const auto& self, Node node) -> Node {
    if (node <= yes || full_) return node;
    if (const auto found = done.find(node); found != done.end()) return found->second;
    const std::size_t variable = places_[node].variable;
    std::vector<Node> children(sizes_[variable]);
    for (std::size_t i = 0; i < children.size(); ++i) children[i] = self(self, child(node, variable, i));
    auto out = yes;
    if (variables[variable]) {
      for (const auto one : children) out = both(out, one);
    } else {
      out = make(variable, children);
    }
    done.emplace(node, out);
    return out;
  };
  return visit(visit, a);
}

}  // namespace ginnel::policy
