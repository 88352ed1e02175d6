// SPDX-License-Identifier: Apache-2.0
#include "node/view/transfer_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "node/view/view_words.h"

namespace ginnel {
namespace {

using WordPair = std::pair<std::string_view, std::string_view>;

constexpr std::array<WordPair, 9> state_words{{
    {"offered", "it is offered; the receiver has not said yet whether it will hold the conference"},
    {"accepted", "the receiver will hold the conference; it has not accepted responsibility in writing yet"},
    {"agreed",
     "the conference was held, and the receiver has accepted responsibility in writing; the originator can release"},
    {"released", "the originator has released it; nobody orders steps until the receiver takes the lead"},
    {"assumed", "the receiver leads; the originator is accountable beside it until it has heard of that"},
    {"moved", "it has moved: the receiver leads, and is accountable alone"},
    {"declined", "the receiver declined; the lead stays where it was"},
    {"cancelling", "the originator cancelled it; the receiver has not acknowledged that yet"},
    {"cancelled", "it was cancelled; the lead stays where it was"},
}};

constexpr std::array<WordPair, 14> act_words{{
    {"offer", "offered the lead"},
    {"bundle", "put the file ready to be fetched"},
    {"cancel", "cancelled the offer"},
    {"release", "released the lead"},
    {"discharged", "is accountable no longer"},
    {"received", "was notified"},
    {"complete", "has the whole file"},
    {"accept", "will hold the conference"},
    {"decline", "declined"},
    {"conference", "held the conference"},
    {"acceptance", "accepted responsibility in writing"},
    {"cancelled", "acknowledged that it is cancelled"},
    {"assume", "took the lead"},
    {"note", "wrote a note"},
}};

constexpr std::array<std::string_view, 8> acts_of_people{"accept",  "decline", "conference", "acceptance",
                                                         "release", "assume",  "cancel",     "note"};

template <class Words>
std::string translated(const Words& words, std::string_view from) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const auto& pair) { return pair.first == from; });
  return found == words.end() ? without_hyphens(from) : std::string(found->second);
}

}  // namespace

std::string transfer_state_words(std::string_view state) { return translated(state_words, state); }
std::string transfer_act_words(std::string_view said) { return translated(act_words, said); }

bool is_said_in_transfer(std::string_view said) {
  return std::find(acts_of_people.begin(), acts_of_people.end(), said) != acts_of_people.end();
}
bool is_final_in_transfer(std::string_view said) { return said == "release" || said == "assume"; }
bool needs_why_in_transfer(std::string_view said) {
  return said == "decline" || said == "cancel" || said == "acceptance" || said == "assume" || said == "note";
}

}  // namespace ginnel
