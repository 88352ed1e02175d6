// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/checker.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "federation/base/check.h"

namespace ginnel::sim {
namespace {

bool holds_item(const Access& access, const AccessItem& item) {
  return item.hash != Hash{} && std::any_of(access.items.begin(), access.items.end(), [&](const AccessItem& one) {
           return one.record == item.record && one.hash == item.hash && one.step >= item.step;
         });
}

// Stands for what a notice's disclosure tells.
std::size_t told_by(const Access& access) {
  std::string what;
  for (const auto& item : access.items)
    what += item.record.hex() + std::string(name_of(item.step)) + item.category + to_hex(item.hash);
  return std::hash<std::string>()(what);
}

class Checker {
 public:
  explicit Checker(World& world) : world_(world) {
    for (const auto& agency : world.agencies()) {
      Machine& machine = world.machine(agency);
      for (EntryKind kind : {EntryKind::decided, EntryKind::disclosed, EntryKind::received, EntryKind::view_shown})
        entries_[{agency, kind}] = machine.accesses(kind);
    }
  }

  std::vector<std::string> run(const std::vector<ShownView>& shown) {
    for (const auto& agency : world_.agencies()) {
      ledger_verifies(agency);
      disclosures_are_decided_and_once(agency);
      nothing_concealed_is_disclosed(agency);
      what_was_received_was_disclosed(agency);
      what_was_shown_was_disclosed(agency);
    }
    for (const auto& one : shown) {
      everybody_is_named(one);
      silence_is_not_safety(one);
      items_are_of_their_agency(one);
    }
    return std::move(problems_);
  }

 private:
  const std::vector<AccessEntry>& entries(const std::string& agency, EntryKind kind) {
    return entries_.at({agency, kind});
  }
  void problem(const std::string& where, const std::string& what) { problems_.push_back(where + ": " + what); }

  void ledger_verifies(const std::string& agency) {
    const LedgerReport report = world_.machine(agency).verify();
    if (!report.good()) problem(agency, "its ledger does not verify: " + report.problems.front());
    if (report.entries != world_.machine(agency).ledger_size()) problem(agency, "its ledger was not verified whole");
  }

  void disclosures_are_decided_and_once(const std::string& agency) {
    std::set<std::tuple<MemberId, AskId, NoticeId, std::size_t>> seen;
    for (const auto& disclosed : entries(agency, EntryKind::disclosed)) {
      const Access& access = disclosed.access;
      // A notice is disclosed again when policy tells something else of it at a later release, an ask once.
      const std::size_t what = access.notice.empty() ? 0 : told_by(access);
      if (!seen.insert({access.peer, access.ask, access.notice, what}).second)
        problem(agency, "disclosed twice for one ask of " + access.peer.text());
      const auto& decisions = entries(agency, EntryKind::decided);
      const bool is_decided = std::any_of(decisions.begin(), decisions.end(), [&](const AccessEntry& decided) {
        return decided.access.ask == access.ask && decided.access.peer == access.peer &&
               decided.header.sequence < disclosed.header.sequence;
      });
      if (!is_decided) problem(agency, "disclosed without a decision before it");
    }
  }

  // Whatever the world put there under a marking that conceals must never go anywhere.
  void nothing_concealed_is_disclosed(const std::string& agency) {
    for (const auto& disclosed : entries(agency, EntryKind::disclosed))
      for (const auto& item : disclosed.access.items)
        if (world_.is_concealed(item.record)) problem(agency, "disclosed a concealed record");
  }

  void what_was_received_was_disclosed(const std::string& agency) {
    for (const auto& received : entries(agency, EntryKind::received)) {
      const std::string holder = received.access.peer.text();
      for (const auto& item : received.access.items) {
        const bool is_disclosed = std::any_of(
            entries(holder, EntryKind::disclosed).begin(), entries(holder, EntryKind::disclosed).end(),
            [&](const AccessEntry& disclosed) {
              return disclosed.access.ask == received.access.ask && disclosed.access.peer.text() == agency &&
                     disclosed.header.time <= received.header.time && holds_item(disclosed.access, item);
            });
        if (!is_disclosed) problem(agency, "received an item that " + holder + " did not disclose before");
      }
    }
  }

  void what_was_shown_was_disclosed(const std::string& agency) {
    for (const auto& shown : entries(agency, EntryKind::view_shown)) {
      if (shown.access.scope.size() != world_.agencies().size())
        problem(agency, "a view left an agency out of its scope");
      for (const auto& item : shown.access.items) {
        const auto holder = world_.holder_of(item.record);
        if (!holder) {
          problem(agency, "showed a record that nobody holds");
          continue;
        }
        if (holder->text() == agency) continue;
        const auto& disclosures = entries(holder->text(), EntryKind::disclosed);
        const bool is_disclosed =
            std::any_of(disclosures.begin(), disclosures.end(), [&](const AccessEntry& disclosed) {
              return disclosed.access.peer.text() == agency && disclosed.header.time <= shown.header.time &&
                     holds_item(disclosed.access, item);
            });
        if (!is_disclosed) problem(agency, "showed an item that " + holder->text() + " did not disclose before");
      }
    }
  }

  void everybody_is_named(const ShownView& shown) {
    std::vector<std::string> named;
    for (const auto& part : shown.view.parts) {
      named.push_back(part.agency.text());
      if (part.contact.phone.empty()) problem(shown.asker, "a part of " + named.back() + " says nobody to ring");
      if (part.status != PartStatus::answered && part.reason.empty())
        problem(shown.asker, "a part of " + named.back() + " gives no reason");
    }
    std::sort(named.begin(), named.end());
    if (named != world_.agencies()) problem(shown.asker, "a view does not name every agency once");
  }

  void silence_is_not_safety(const ShownView& shown) {
    for (const auto& part : shown.view.parts) {
      const std::string where = shown.asker + "'s view of " + part.agency.text();
      const bool says_nothing_held = part.reason.find("holds nothing") != std::string::npos;
      if (says_nothing_held != (part.status == PartStatus::not_known)) problem(where, "a status is worded as another");
      if (part.status != PartStatus::not_known) continue;
      if (expected_status(shown.story, shown.asker, part.agency.text()) != PartStatus::not_known)
        problem(where, "somebody known is shown as not known");
      if (part.agency.text() == shown.asker) continue;
      const auto& received = entries(shown.asker, EntryKind::received);
      const bool said_so = std::any_of(received.begin(), received.end(), [&](const AccessEntry& entry) {
        return entry.access.view == shown.view.id && entry.access.peer == part.agency &&
               entry.access.outcome == "not-known";
      });
      if (!said_so) problem(where, "not known, although the agency never said so");
    }
  }

  void items_are_of_their_agency(const ShownView& shown) {
    for (const auto& item : shown.view.items) {
      const auto holder = world_.holder_of(item.id);
      if (!holder || *holder != item.agency) problem(shown.asker, "an item stands under the wrong agency");
      if (world_.is_concealed(item.id)) problem(shown.asker, "a concealed record was shown");
    }
  }

  World& world_;
  std::map<std::pair<std::string, EntryKind>, std::vector<AccessEntry>> entries_;
  std::vector<std::string> problems_;
};

Story story_of(const Identity& child) {
  for (Story story : all_stories)
    if (identity_of(story).nhs_number == child.nhs_number) return story;
  CHECK(false);
  return Story::unknown;
}

}  // namespace

std::vector<AskedView> asked_views(World& world) {
  std::vector<AskedView> out;
  for (const auto& agency : world.agencies())
    for (const auto& entry : world.machine(agency).accesses(EntryKind::asked)) {
      const auto ask = decode_ask(entry.access.attached);
      CHECK(ask.has_value());
      out.push_back({agency, story_of(std::get<Identity>(ask->about)), entry.access.view});
    }
  return out;
}

std::vector<std::string> broken_invariants(World& world, const std::vector<ShownView>& shown) {
  return Checker(world).run(shown);
}

}  // namespace ginnel::sim
