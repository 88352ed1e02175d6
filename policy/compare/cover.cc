// SPDX-License-Identifier: Apache-2.0
// After Minato and Morreale (irredundant sums of products), for variables of more than two values.
#include "policy/compare/cover.h"

#include <algorithm>
#include <map>

#include "policy/limits.h"

namespace ginnel::policy {

namespace {

using Node = Diagrams::Node;

struct Part {
  Node node = Diagrams::no;  // what the rows hold
  std::vector<RowOfValues> rows;
};

class Coverer {
 public:
  Coverer(Diagrams& diagrams, const Guards& guards) : diagrams_(diagrams), guards_(guards) {}

  bool too_many() const { return too_many_ || diagrams_.full(); }

  const Part& cover(Node must, Node may) {
    if (const auto found = done_.find({must, may}); found != done_.end()) return found->second;
    return done_.emplace(std::pair{must, may}, make(must, may)).first->second;
  }

 private:
  Part make(Node must, Node may) {
    if (must == Diagrams::no || too_many()) return {};
    if (may == Diagrams::yes) return {Diagrams::yes, {{}}};
    const auto variable = diagrams_.first_variable(must, may);
    const auto size = diagrams_.size_of(variable);
    const auto& guarded = guards_.guarded[variable];
    std::vector<Node> musts(size), mays(size), held(size, Diagrams::no);
    auto everywhere = Diagrams::yes;
    for (std::size_t i = 0; i < size; ++i) {
      musts[i] = diagrams_.child(must, variable, i);
      mays[i] = diagrams_.child(may, variable, i);
      everywhere = diagrams_.both(everywhere, mays[i]);
    }
    // A row that does not ask the guard must not ask what it guards.
    if (!guarded.empty()) everywhere = diagrams_.whatever(everywhere, guarded);
    Part out;
    // First what holds for some values only; a row found for one value is taken for all that it may hold for.
    for (std::size_t i = 0; i < size; ++i) {
      const auto open = diagrams_.without(diagrams_.without(musts[i], everywhere), held[i]);
      if (open == Diagrams::no) continue;
      const Part& found = cover(open, mays[i]);  // a map's entries stay where they are
      for (const auto& row : found.rows) {
        const auto node = node_of(diagrams_, row);
        const bool bound = !guarded.empty() && asks(row, guarded);
        Diagrams::Values values(size);
        for (std::size_t k = 0; k < size; ++k) {
          values[k] = k == i || (!bound && diagrams_.implies(node, mays[k]));
          if (values[k]) held[k] = diagrams_.either(held[k], node);
        }
        RowOfValues whole;
        if (std::find(values.begin(), values.end(), false) != values.end()) whole.emplace_back(variable, values);
        whole.insert(whole.end(), row.begin(), row.end());
        add(out, std::move(whole));
      }
    }
    auto rest = Diagrams::no;
    for (std::size_t i = 0; i < size; ++i) rest = diagrams_.either(rest, diagrams_.without(musts[i], held[i]));
    const Part& common = cover(rest, everywhere);
    for (const auto& row : common.rows) add(out, row);
    for (auto& one : held) one = diagrams_.either(one, common.node);
    out.node = diagrams_.make(variable, held);
    return out;
  }

  static bool asks(const RowOfValues& row, const std::vector<bool>& variables) {
    return std::any_of(row.begin(), row.end(), [&](const auto& one) { return variables[one.first]; });
  }

  void add(Part& part, RowOfValues row) {
    part.rows.push_back(std::move(row));
    too_many_ |= part.rows.size() > limits::compare_rows_max;
  }

  Diagrams& diagrams_;
  const Guards& guards_;
  std::map<std::pair<Node, Node>, Part> done_;
  bool too_many_ = false;
};

}  // namespace

Node node_of(Diagrams& diagrams, const RowOfValues& row) {
  auto node = Diagrams::yes;
  for (auto one = row.rbegin(); one != row.rend(); ++one) {
    node = diagrams.both(diagrams.literal(one->first, one->second), node);
  }
  return node;
}

std::vector<RowOfValues> cover(Diagrams& diagrams, Node must, Node may, const Guards& guards, bool& too_many) {
  Coverer coverer(diagrams, guards);
  auto rows = coverer.cover(must, may).rows;
  // Those with the most questions first: what they hold, broader ones often hold as well.
  std::vector<Node> nodes;
  for (const auto& row : rows) nodes.push_back(node_of(diagrams, row));
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return rows[a].size() > rows[b].size(); });
  std::vector<bool> needless(rows.size());
  for (const auto i : order) {
    auto left = diagrams.both(nodes[i], must);
    for (std::size_t k = 0; k < rows.size() && left != Diagrams::no; ++k) {
      if (k != i && !needless[k]) left = diagrams.without(left, nodes[k]);
    }
    needless[i] = left == Diagrams::no;
  }
  too_many = coverer.too_many();
  if (too_many) return {};
  std::vector<RowOfValues> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!needless[i]) out.push_back(std::move(rows[i]));
  }
  return out;
}

}  // namespace ginnel::policy
