// SPDX-License-Identifier: Apache-2.0
// Promise 1: data stays with the agency that holds it; no node, file or key sees everything.
//
// Nobody sends on what another agency holds; nobody keeps what it did not ask for; and no disk shows in the clear what
// stands in it, not even a name.
#include <algorithm>
#include <set>

#include "node/process/invitation.h"
#include "tests/sim/promises.h"

namespace ginnel::sim {
namespace {

class DataStays {
 public:
  explicit DataStays(const Evidence& evidence) : evidence_(evidence) {}

  Findings run() {
    for (const auto& message : evidence_.sent()) nothing_of_others_is_sent_on(message);
    for (const auto& member : evidence_.honest()) {
      only_what_was_asked_for_is_kept(member);
      nothing_lies_open(member);
    }
    return std::move(findings_);
  }

 private:
  void found(const std::string& what) { findings_.push_back({1, what}); }

  void nothing_of_others_is_sent_on(const SentMessage& message) {
    const auto check = [&](const Item& item) {
      if (item.source_system == process_source) return nothing_brought_is_sent_on(message.header.from, item);
      const TrueRecord* record = evidence_.truth().record(Truth::text_in(item.headline));
      if (!record)
        found(message.header.from.text() + " sent an item that nobody holds");
      else if (record->holder != message.header.from)
        found(message.header.from.text() + " sent on " + record->text + ", which is " + record->holder.text() + "'s");
    };
    if (message.answer) std::for_each(message.answer->items.begin(), message.answer->items.end(), check);
    for (const auto& notice : message.notices)
      if (notice.item) check(*notice.item);
  }

  // A process tells what its lead did; what another agency brought to it is that agency's.
  void nothing_brought_is_sent_on(const MemberId& from, const Item& item) {
    if (item.label.owner != from)
      found(from.text() + " sent a record of a process as " + item.label.owner.text() + "'s");
    std::string words = item.headline + " " + item.narrative;
    for (const Field& field : item.fields) words += " " + field.value;
    for (const auto& [text, one] : evidence_.truth().contributions)
      if (one.by != from && words.find(text) != std::string::npos)
        found(from.text() + " sent on " + text + ", which " + one.by.text() + " brought");
  }

  void only_what_was_asked_for_is_kept(const MemberId& member) {
    std::set<ViewId> asked;
    for (const auto& [header, access] : evidence_.ledger(member)) {
      if (header.kind == EntryKind::asked) asked.insert(access.view);
      if (header.kind == EntryKind::received && !asked.contains(access.view))
        found(member.text() + " keeps an answer to what it never asked");
    }
  }

  void nothing_lies_open(const MemberId& member) {
    std::vector<std::string> words{std::string(canary_prefix)};
    for (const auto& child : evidence_.truth().children)
      words.insert(words.end(), {child.family, child.given, child.nhs_number});
    Machine& machine = evidence_.world().machine(member.text());
    for (SimDisk* disk : {&machine.ledger_disk(), &machine.keys_disk()})
      disk->each_row([&](ByteView key, ByteView value) {
        for (const auto& word : words)
          if (text_of(key).find(word) != std::string_view::npos || text_of(value).find(word) != std::string_view::npos)
            found("`" + word + "` lies open on the disk of " + member.text());
      });
  }

  const Evidence& evidence_;
  Findings findings_;
};

}  // namespace

Findings check_data_stays(const Evidence& evidence) { return DataStays(evidence).run(); }

}  // namespace ginnel::sim
