// SPDX-License-Identifier: Apache-2.0
// What people and systems do in a run, at random and from the seed: everything that a node of today does for them.
//
// It only does and notes down (Truth, Evidence); whether what came of it was right is for the checkers. Each act is
// begun and left alone: whoever begins one may be cut off, crash or be told that the disk is full.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/sim/evidence.h"

namespace ginnel::sim {

class Workload {
 public:
  Workload(World& world, Truth& truth, Evidence& evidence, std::uint64_t seed)
      : world_(world), truth_(truth), evidence_(evidence), dice_(seed) {}

  // Children, who holds them, and an open plan for the first.
  void prepare();
  void some_act();
  // A first contact by `agency` about a child, put on its screen.
  void ask(Machine& machine, std::size_t child, ViewRequest request, const std::string& user);
  // Everybody's open views and inboxes once more, as they are now.
  void look_at_everything();
  // Second files become one again.
  void join_what_is_apart();
  // Whatever was concealed stays so. Asked by each agency about each child.
  void ask_everything_again();

  static ViewRequest first_contact(const Identity& child);

 private:
  struct Begun {
    MemberId at;
    std::string user;
    std::size_t child;
    Event begun;
    ViewId view;
  };

  std::uint64_t roll(std::uint64_t sides) { return dice_.below(sides); }
  template <class List>
  const auto& pick(const List& list) {
    return list[roll(std::size(list))];
  }
  void note(Machine& machine, const std::string& what);
  Machine* some_machine();
  Record some_record(Machine& machine, std::size_t child, bool is_first, std::string& text);

  void ask_something();
  void read_again(const Begun& begun);
  void read_something_again();
  void record_something();
  void import_something();
  void import_second_file();
  void conceal_or_show();
  void mark_a_record();
  void look_into_inbox(Machine& machine, const std::string& user, bool acknowledges);
  void correct_something();
  void merge_or_part();
  void renew_the_directory();
  void saw(const Begun& begun, const CaseView& view);

  World& world_;
  Truth& truth_;
  Evidence& evidence_;
  SeededRandom dice_;
  std::vector<Begun> views_;
  std::set<MemberId> imported_;  // whose source was read to its end
  std::uint64_t directory_ = 1;
};

}  // namespace ginnel::sim
