// SPDX-License-Identifier: Apache-2.0
// What pages about people's decisions have in common: about whom they are, who may be named in them, and a page of a
// register of all of them.
//
// Thread: any; values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "federation/base/id.h"
#include "node/view/own_people.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t register_lines_max = 50;            // of one page
inline constexpr std::size_t register_entries_read_max = 2'000;  // for one page; after it the page says that it goes on
}  // namespace limits

struct NamedMember {
  MemberId id;
  std::string name;
};

// Beside the decisions of one person.
struct DecisionsAbout {
  FoundPerson person;                // as whoever looks may be shown them
  bool may_record = false;           // whoever looks may record and change them
  std::vector<NamedMember> members;  // of the federation, without the agency itself: with whom it may be shared
};

// Decisions about everybody of the node whom whoever looks may be shown, newest first.
template <class Row>
struct RegisterPage {
  struct Line {
    FoundPerson person;
    Row row;
  };
  std::vector<Line> lines;           // at most limits::register_lines_max
  std::uint64_t before = 0;          // ask again with this for older ones; 0: there are none
  std::vector<NamedMember> members;  // who is named in them
};

}  // namespace ginnel
