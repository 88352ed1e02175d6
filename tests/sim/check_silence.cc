// SPDX-License-Identifier: Apache-2.0
// Promise 5: silence never reads as safety.
//
// Every screen names every agency in its scope once, with whom to ring and why; "holds nothing" stands only where the
// agency said so itself, and never where it held the child openly all the while. What is asked in calm is whole.
#include <algorithm>
#include <map>
#include <set>

#include "tests/sim/promises.h"

namespace ginnel::sim {
namespace {

class Silence {
 public:
  explicit Silence(const Evidence& evidence) : evidence_(evidence) {
    for (const auto& message : evidence.sent())
      if (message.answer) said_.emplace(message.answer->ask, &message);
  }

  Findings run() {
    for (const auto& screen : evidence_.screens()) {
      everybody_is_named(screen);
      for (const auto& part : screen.view.parts) {
        if (part.contact.phone.empty()) found(screen, part, "says nobody to ring");
        if (part.status != PartStatus::answered && part.reason.empty()) found(screen, part, "gives no reason");
        const bool says_so = part.reason.find("holds nothing") != std::string::npos;
        if (says_so != (part.status == PartStatus::not_known)) found(screen, part, "is worded as another status");
        if (part.status == PartStatus::not_known) nothing_is_held(screen, part);
        if (screen.begun >= evidence_.calm()) is_whole(screen, part);
      }
      if (screen.view.complete != is_complete(screen.view.parts))
        findings_.push_back({5, screen.at.text() + "'s view does not say whether it is complete"});
    }
    return std::move(findings_);
  }

 private:
  void found(const Screen& screen, const ViewPart& part, const std::string& what) {
    findings_.push_back({5, screen.at.text() + "'s view of child " + std::to_string(screen.child) + ": the part of " +
                                part.agency.text() + " (" + std::string(name_of(part.status)) + ") " + what});
  }

  void everybody_is_named(const Screen& screen) {
    std::vector<std::string> named;
    for (const auto& part : screen.view.parts) named.push_back(part.agency.text());
    std::sort(named.begin(), named.end());
    const bool is_once = std::adjacent_find(named.begin(), named.end()) == named.end();
    // Asked for one agency by name, or for all.
    const bool is_all = named == evidence_.world().agencies() || named.size() <= 2;
    const bool has_own = std::binary_search(named.begin(), named.end(), screen.at.text());
    if (!is_once || !is_all || !has_own) findings_.push_back({5, screen.at.text() + "'s view leaves agencies out"});
  }

  void nothing_is_held(const Screen& screen, const ViewPart& part) {
    if (!evidence_.honest().contains(part.agency)) return;
    if (evidence_.truth().is_held_openly(part.agency, screen.child, screen.begun, screen.shown))
      found(screen, part, "knows the child");
    if (part.agency == screen.at) return;
    const auto [from, to] = said_.equal_range(ask_id_of(screen.view.id, part.agency));
    const bool said_so = std::any_of(from, to, [&](const auto& one) {
      return one.second->header.from == part.agency && one.second->event <= screen.shown &&
             one.second->answer->status == PartStatus::not_known;
    });
    if (!said_so) found(screen, part, "never said that it holds nothing");
  }

  void is_whole(const Screen& screen, const ViewPart& part) {
    if (!evidence_.honest().contains(part.agency)) return;
    const Truth& truth = evidence_.truth();
    const TrueHolding* held = truth.holding(part.agency, screen.child);
    const PartStatus status = part.status;
    if (truth.is_held_openly(part.agency, screen.child, screen.begun, screen.shown) && !held->second &&
        status != PartStatus::answered && status != PartStatus::withheld)
      found(screen, part, "does not tell of a child whom it knows: " + part.reason);
    const bool is_concealed = truth.is_concealed(part.agency, screen.child, screen.begun, screen.shown);
    if (is_concealed && status != PartStatus::not_known && !held->second) found(screen, part, "is concealed");
  }

  const Evidence& evidence_;
  std::multimap<AskId, const SentMessage*> said_;
  Findings findings_;
};

}  // namespace

Findings check_silence(const Evidence& evidence) { return Silence(evidence).run(); }

}  // namespace ginnel::sim
