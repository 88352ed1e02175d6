// SPDX-License-Identifier: Apache-2.0
#include "policy/compare/certain.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "policy/limits.h"

namespace ginnel::policy {

namespace {

using Kind = Question::Kind;
using Values = Diagrams::Values;

bool extends(const std::string& path, const std::string& base) {
  return path.size() > base.size() && path.starts_with(base) && (path[base.size()] == '.' || path[base.size()] == '[');
}

// What a value may be: one of a few, or any but a few. Of those that are any, as many different ones as are wanted.
struct Room {
  bool is_open = true;
  std::vector<Value> values;  // the few

  bool holds(const Value& value) const {
    return (std::find(values.begin(), values.end(), value) != values.end()) != is_open;
  }
};

Room both(const Room& a, const Room& b) {
  if (a.is_open && b.is_open) {
    Room out = a;
    out.values.insert(out.values.end(), b.values.begin(), b.values.end());
    return out;
  }
  const Room &few = a.is_open ? b : a, &other = a.is_open ? a : b;
  Room out{false, {}};
  for (const auto& value : few.values) {
    if (other.holds(value)) out.values.push_back(value);
  }
  return out;
}

Room room_of(const Question& question, const Values& answer) {
  Room out;
  out.is_open = question.others && answer.back();
  for (std::size_t i = 0; i < question.values.size(); ++i) {
    if (answer[i] != out.is_open) out.values.push_back(question.values[i]);
  }
  return out;
}

struct Interval {
  std::int64_t first, last;
};

std::vector<Interval> intervals_of(const Question& question, const Values& answer) {
  using Limits = std::numeric_limits<std::int64_t>;
  std::vector<Interval> out;
  for (std::size_t i = 0; i < answer.size(); ++i) {
    if (!answer[i]) continue;
    out.push_back({i == 0 ? Limits::min() : question.cuts[i - 1],
                   i == question.cuts.size() ? Limits::max() : question.cuts[i] - 1});
  }
  return out;
}

std::vector<Interval> both(const std::vector<Interval>& a, const std::vector<Interval>& b) {
  std::vector<Interval> out;
  for (const auto& one : a) {
    for (const auto& two : b) {
      const Interval shared{std::max(one.first, two.first), std::min(one.last, two.last)};
      if (shared.first <= shared.last) out.push_back(shared);
    }
  }
  return out;
}

// Open where there are over `enough` of them.
Room room_of(const std::vector<Interval>& intervals, std::size_t enough) {
  Room out{false, {}};
  for (const auto& one : intervals) {
    // The width of all numbers does not fit a signed one.
    const auto width = static_cast<std::uint64_t>(one.last) - static_cast<std::uint64_t>(one.first);
    if (width >= enough || out.values.size() + width >= enough) return Room();
    for (auto number = one.first;; ++number) {
      out.values.emplace_back(number);
      if (number == one.last) break;
    }
  }
  return out;
}

class Meeting {
 public:
  Meeting(const RowOfValues& row, const Questions& questions, const EntitySource* resident)
      : row_(row), questions_(questions), resident_(resident) {
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (of(i).kind == Kind::same && is_yes(i)) join(of(i).reads[0], of(i).reads[1]);
    }
  }

  Meets outcome() const {
    const auto equal = equalities();
    if (equal == Meets::never) return equal;
    for (std::size_t i = 0; i < row_.size(); ++i) {
      const auto& question = of(i);
      if (question.kind == Kind::other) return Meets::perhaps;
      if (question.kind == Kind::same && is_yes(i) && is_read_twice(question.reads[0])) return Meets::perhaps;
      if (question.kind == Kind::same && !is_yes(i) && is_crowded(question)) return Meets::perhaps;
      if (question.kind == Kind::within && !placed(i)) return Meets::perhaps;
      if (settles_entity(i) && reads_further(question.text, i)) return Meets::perhaps;
    }
    return equal;
  }

 private:
  const Question& of(std::size_t i) const { return questions_.all()[row_[i].first]; }
  bool is_yes(std::size_t i) const { return row_[i].second[1]; }

  // --- paths that have one value

  const std::string& first_of(const std::string& path) const {
    const auto found = joined_.find(path);
    return found == joined_.end() ? path : found->second;
  }
  bool alike(const std::string& a, const std::string& b) const { return first_of(a) == first_of(b); }

  void join(const std::string& a, const std::string& b) {
    const std::string keep = first_of(a), drop = first_of(b);
    joined_[a] = joined_[b] = keep;
    for (auto& [path, first] : joined_) {
      if (first == drop) first = keep;
    }
  }

  // Values for all of those paths, so that each has what its answers say and is another one where it must be.
  Meets equalities() const {
    std::map<std::string, Room> rooms;
    std::map<std::string, std::vector<Interval>> numbers;
    for (std::size_t i = 0; i < row_.size(); ++i) {
      const auto& [number, answer] = row_[i];
      const auto& question = of(i);
      if (question.kind == Kind::value) {
        const auto room = room_of(question, answer);
        const auto [at, fresh] = rooms.emplace(first_of(question.text), room);
        if (!fresh) at->second = both(at->second, room);
      } else if (question.kind == Kind::order) {
        const auto all = intervals_of(question, answer);
        const auto [at, fresh] = numbers.emplace(first_of(question.text), all);
        if (!fresh) at->second = both(at->second, all);
      }
    }
    // Any path of the row takes at most one of the numbers that another one may be.
    for (const auto& [path, intervals] : numbers) rooms[path] = room_of(intervals, 2 * row_.size() + 1);
    std::vector<std::pair<std::string, const Room*>> few;
    for (const auto& [path, room] : rooms) {
      if (!room.is_open) few.emplace_back(path, &room);
    }
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (of(i).kind == Kind::same && !is_yes(i) && alike(of(i).reads[0], of(i).reads[1])) return Meets::never;
    }
    std::map<std::string, Value> chosen;
    std::size_t steps = 0;
    if (choose(few, 0, chosen, steps)) return Meets::surely;
    return steps > limits::compare_choices_max ? Meets::perhaps : Meets::never;
  }

  bool choose(const std::vector<std::pair<std::string, const Room*>>& few, std::size_t at,
              std::map<std::string, Value>& chosen, std::size_t& steps) const {
    if (at == few.size()) return true;
    for (const auto& value : few[at].second->values) {
      if (++steps > limits::compare_choices_max) return false;
      if (!is_free(few[at].first, value, chosen)) continue;
      chosen.insert_or_assign(few[at].first, value);
      if (choose(few, at + 1, chosen, steps)) return true;
      chosen.erase(few[at].first);
    }
    return false;
  }

  bool is_free(const std::string& path, const Value& value, const std::map<std::string, Value>& chosen) const {
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (of(i).kind != Kind::same || is_yes(i)) continue;
      const auto &a = first_of(of(i).reads[0]), &b = first_of(of(i).reads[1]);
      if (a != path && b != path) continue;
      const auto other = chosen.find(a == path ? b : a);
      if (other != chosen.end() && other->second == value) return false;
    }
    return true;
  }

  // Something is read of an entity by two names: what was said of one holds for the other.
  bool is_read_twice(const std::string& path) const {
    std::string by;
    for (std::size_t k = 0; k < row_.size(); ++k) {
      for (const auto& read : of(k).reads) {
        for (const auto& [name, first] : joined_) {
          if (first != first_of(path) || !extends(read, name)) continue;
          if (!by.empty() && by != name) return true;
          by = name;
        }
      }
    }
    return false;
  }

  // Both lie in groups, in which there may be no two.
  bool is_crowded(const Question& different) const {
    const auto grouped = [&](const std::string& path) {
      for (std::size_t k = 0; k < row_.size(); ++k) {
        if (of(k).kind == Kind::within && alike(of(k).text, path)) return true;
      }
      return false;
    };
    return grouped(different.reads[0]) && grouped(different.reads[1]);
  }

  // --- entities

  // Beside other answers about the same entity a group is sure only where it is known who lies where.
  bool placed(std::size_t i) const {
    const auto& group = *of(i).values[0].as_entity();
    for (std::size_t k = 0; k < row_.size(); ++k) {
      const auto& other = of(k);
      if (k == i || !alike(other.text, of(i).text)) continue;
      if (other.kind == Kind::within) {
        if (!resident_ || other.text != of(i).text) return false;
        const auto& second = *other.values[0].as_entity();
        const bool both = is_yes(i) && is_yes(k);
        if (both && !resident_->is_descendant(group, second) && !resident_->is_descendant(second, group)) return false;
      } else if (other.kind == Kind::value) {
        const auto known = [&](const Value& value) {
          return value.as_entity() && resident_ && resident_->find(*value.as_entity());
        };
        if (other.text != of(i).text || !std::all_of(other.values.begin(), other.values.end(), known)) return false;
      }
    }
    return true;
  }

  // The answer says which entity a path leads to, by itself or not at all.
  bool settles_entity(std::size_t i) const {
    const auto& question = of(i);
    return question.kind == Kind::value && !question.enumerated && !question.values.empty() &&
           question.values[0].as_entity() && !row_[i].second.back();
  }

  // Something is read of that entity, and of another one that may be the same.
  bool reads_further(const std::string& path, std::size_t i) const {
    bool own = false, elsewhere = false;
    for (std::size_t k = 0; k < row_.size(); ++k) {
      for (const auto& other : of(k).reads) {
        own |= extends(other, path);
        for (const auto& [name, first] : joined_) own |= first == first_of(path) && extends(other, name);
        elsewhere |= k != i && settles_entity(k) && !alike(other, path);
      }
    }
    return own && elsewhere;
  }

  const RowOfValues& row_;
  const Questions& questions_;
  const EntitySource* resident_;
  std::map<std::string, std::string> joined_;  // a path that is the same as others: one for all of them
};

}  // namespace

Meets meets(const RowOfValues& row, const Questions& questions, const EntitySource* resident) {
  return Meeting(row, questions, resident).outcome();
}

}  // namespace ginnel::policy
