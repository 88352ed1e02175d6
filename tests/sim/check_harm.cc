// SPDX-License-Identifier: Apache-2.0
// Promise 11: one dead, slow or hostile peer harms nobody else.
//
// After the calm every honest node works; no message was answered twice, however often somebody brought it; what a
// hostile member says stands under its own name; and everybody holds the same directory.
#include <map>
#include <set>

#include "node/process/invitation.h"
#include "tests/sim/promises.h"

namespace ginnel::sim {
namespace {

class NobodyIsHarmed {
 public:
  explicit NobodyIsHarmed(const Evidence& evidence) : evidence_(evidence) {}

  Findings run() {
    for (const auto& member : evidence_.honest()) works(member);
    no_message_is_answered_twice();
    for (const auto& screen : evidence_.screens()) items_are_of_their_agency(screen);
    for (const auto& screen : evidence_.screens())
      if (screen.begun >= evidence_.calm()) only_the_hostile_are_missing(screen);
    return std::move(findings_);
  }

 private:
  void found(const std::string& what) { findings_.push_back({11, what}); }

  void works(const MemberId& member) {
    Machine& machine = evidence_.world().machine(member.text());
    if (!machine.is_up() || machine.store().read_only()) return found(member.text() + " does not work any more");
    const auto& first = evidence_.world().machine(evidence_.honest().begin()->text());
    if (machine.book().version() != first.book().version())
      found(member.text() + " holds directory " + std::to_string(machine.book().version()) + ", and " +
            first.id().text() + " " + std::to_string(first.book().version()));
  }

  void no_message_is_answered_twice() {
    std::set<std::tuple<MemberId, MessageId, std::uint32_t>> answered;
    for (const auto& message : evidence_.sent()) {
      if (!message.answer || !evidence_.honest().contains(message.header.from)) continue;
      if (!answered.insert({message.header.from, message.header.correlation, message.answer->page}).second)
        found(message.header.from.text() + " answered one message of " + message.header.to.text() + " twice");
    }
  }

  void items_are_of_their_agency(const Screen& screen) {
    for (const auto& item : screen.view.items) {
      const TrueRecord* record = evidence_.truth().record(Truth::text_in(item.headline));
      if (record && record->holder != item.agency)
        found(screen.at.text() + " showed " + record->text + " under " + item.agency.text());
      // What a process records has no text of the workload's; check_processes looks at it.
      const bool is_of_process = item.source_system == process_source;
      if (!record && !is_of_process && evidence_.honest().contains(item.agency))
        found(screen.at.text() + " showed as " + item.agency.text() + "'s what it never wrote");
    }
  }

  void only_the_hostile_are_missing(const Screen& screen) {
    for (const auto& part : screen.view.parts)
      if (evidence_.honest().contains(part.agency) &&
          (part.status == PartStatus::silent || part.status == PartStatus::not_asked))
        found(screen.at.text() + " hears nothing of " + part.agency.text() + " although all is calm: " + part.reason);
  }

  const Evidence& evidence_;
  Findings findings_;
};

}  // namespace

Findings check_nobody_is_harmed(const Evidence& evidence) { return NobodyIsHarmed(evidence).run(); }

}  // namespace ginnel::sim
