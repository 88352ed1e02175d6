// SPDX-License-Identifier: Apache-2.0
// Decision diagrams: truths over variables of a few values each, every truth kept once.
//
// Two truths are the same exactly when their nodes are. Beyond limits::compare_nodes_max nothing more is made: full()
// says so, and what was asked for since is of no use. The same when it was given up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace ginnel::policy {

class Diagrams {
 public:
  using Node = std::uint32_t;
  using Values = std::vector<bool>;  // which values of a variable
  static constexpr Node no = 0, yes = 1;

  // How many values each variable has. They are asked in this order.
  explicit Diagrams(std::vector<std::size_t> sizes, std::function<bool()> give_up = {});

  Node literal(std::size_t variable, const Values& values);
  Node both(Node a, Node b) { return combine(Operation::both, a, b); }
  Node either(Node a, Node b) { return negation(both(negation(a), negation(b))); }
  Node without(Node a, Node b) { return combine(Operation::without, a, b); }
  Node negation(Node a) { return without(yes, a); }
  bool implies(Node a, Node b) { return without(a, b) == no; }
  // True where `a` is, whatever the values of those variables.
  Node whatever(Node a, const std::vector<bool>& variables);

  std::size_t size_of(std::size_t variable) const { return sizes_[variable]; }
  std::size_t first_variable(Node a, Node b) const;  // the first that either asks; sizes().size() when none does
  std::size_t variable_count() const { return sizes_.size(); }
  Node child(Node node, std::size_t variable, std::size_t value) const;
  Node make(std::size_t variable, const std::vector<Node>& children);
  bool full() const { return full_; }
  bool given_up() const { return given_up_; }

 private:
  enum class Operation : std::uint8_t { both, without };
  struct Place {
    std::uint32_t variable, first_child;
  };

  Node combine(Operation operation, Node a, Node b);
  std::size_t hash_of(std::size_t variable, const Node* children) const;

  std::vector<std::size_t> sizes_;
  std::vector<Place> places_;   // of nodes; the first two are the constants
  std::vector<Node> children_;  // of all nodes, one behind the other
  std::unordered_multimap<std::size_t, Node> known_;
  std::unordered_map<std::uint64_t, Node> combined_[2];
  bool full_ = false;
  std::function<bool()> give_up_;
  std::uint32_t steps_ = 0;
  bool given_up_ = false;
};

}  // namespace ginnel::policy
