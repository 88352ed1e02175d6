// SPDX-License-Identifier: Apache-2.0
// Makes a node's CIN census return, a few children a turn: whom it holds -> labels -> gate -> records by permit -> XML.
//
// Each child is decided by the gate under the purpose of the return (`statistics`), and what of them is in it is in the
// ledger as shown, before any of it leaves (promises 2 and 3). Who is concealed leaves no trace, in the list of gaps
// neither; what may not be read is counted there, with whom to ask.
//
// Thread: the loop, one step a turn. Success: step() returned false and the turn's commit did too.
// Failure: the store's, of the whole return: half a return looks like one of a smaller authority.
// Limits: limits::return_*.
#pragma once

#include <string>
#include <vector>

#include "node/gate/gate.h"
#include "node/report/cin_return.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t return_people_per_turn_max = 16;
inline constexpr std::size_t return_bytes_max = std::size_t{24} << 20;  // of the file
inline constexpr std::size_t return_gaps_max = 20'000;                  // told; further ones are counted
inline constexpr int return_year_min = 2020, return_year_max = 2100;
}  // namespace limits

class ReturnMaker {
 public:
  struct For {
    Asking asking;
    ActorId actor;
    std::string authority;  // three digits
    int year = 0;
  };
  // Gate and format outlive the maker.
  ReturnMaker(const Gate& gate, const statutory::Format& format, For about);

  Expected<bool> step(Turn& turn);  // true: there is more to do
  CinReturn take() { return std::move(out_); }

 private:
  Expected<void> add(Turn& turn, const PersonRef& person);
  void add_gaps(std::vector<ReturnGap> gaps);

  const Gate& gate_;
  const statutory::Format& format_;
  const For for_;
  const ReturnYear period_;
  CinReturn out_;
  bool is_started_ = false;
  std::vector<std::uint64_t> people_;  // entries that tell of them
  std::size_t next_ = 0;
};

}  // namespace ginnel
