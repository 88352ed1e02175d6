// SPDX-License-Identifier: Apache-2.0
#include "node/notices/involved.h"

#include <algorithm>
#include <functional>
#include <map>

#include "federation/wire/part_status.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

// A part that says that its agency knows the child.
bool knows_the_child(const Access& received) {
  return !received.items.empty() || received.outcome == name_of(PartStatus::answered) ||
         received.outcome == name_of(PartStatus::withheld);
}

using Key = std::pair<MemberId, std::string>;

// Newest entries first, until `take` says stop.
Expected<void> each_entry(const PersonRef& person, const std::set<EntryKind>& kinds, const Turn& turn,
                          const std::function<bool(const EntryHeader&, const Access&)>& take) {
  auto sequences = turn.access_to(person, kinds);
  if (!sequences) return tl::unexpected(sequences.error());
  for (auto at = sequences->rbegin(); at != sequences->rend(); ++at) {
    auto entry = turn.entry(*at);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->erased) continue;
    auto access = decode_access(entry->body);
    if (!access) return tl::unexpected(access.error());
    if (!take(entry->header, *access)) break;
  }
  return {};
}

std::vector<Involved> values_of(std::map<Key, Involved> found) {
  std::vector<Involved> out;
  for (auto& [key, one] : found) out.push_back(std::move(one));
  return out;
}

}  // namespace

const Word* interest_of(const Vocabulary& words, const std::string& purpose) {
  const Word* word = words.find("purpose", purpose);
  const Word* interest = word && !word->interest.empty() ? words.find("interest", word->interest) : nullptr;
  return interest && interest->in_force ? interest : nullptr;
}

Expected<std::vector<Involved>> involved_with(const PersonRef& person, const Vocabulary& words, const Turn& turn) {
  std::int64_t longest_ms = 0;
  for (const Word& interest : words.words("interest"))
    longest_ms = std::max(longest_ms, std::max(interest.asker_days, interest.asked_days) * day_ms);
  std::map<Key, Involved> found;
  auto read = each_entry(
      person, {EntryKind::disclosed, EntryKind::received}, turn, [&](const EntryHeader& header, const Access& access) {
        const std::int64_t age_ms = turn.now() - header.time;
        if (age_ms > longest_ms) return false;
        // A notice tells somebody who is involved; it does not make them so for longer.
        const Word* interest = access.notice.empty() ? interest_of(words, access.purpose) : nullptr;
        if (!interest || access.peer.empty() || access.ask.empty()) return true;
        const bool we_asked = header.kind == EntryKind::received;
        if (we_asked && !knows_the_child(access)) return true;
        if (age_ms > (we_asked ? interest->asked_days : interest->asker_days) * day_ms) return true;
        const std::string worker = we_asked ? std::string() : access.worker;
        found.try_emplace({access.peer, worker}, Involved{access.peer, access.ask, we_asked, worker, header.time});
        return true;
      });
  if (!read) return tl::unexpected(read.error());
  return values_of(std::move(found));
}

Expected<std::vector<Involved>> given_to(const PersonRef& person, const RecordId& record, const Turn& turn) {
  std::map<Key, Involved> given, counted;
  std::set<std::pair<MemberId, AskId>> told;  // something by this ask
  auto read = each_entry(
      person, {EntryKind::disclosed, EntryKind::decided}, turn, [&](const EntryHeader& header, const Access& access) {
        const bool is_told = header.kind == EntryKind::disclosed;
        if (access.peer.empty() || access.in_shadow) return true;
        if (is_told) told.emplace(access.peer, access.ask);
        // A disclosure names what it gave; what it only counted stands in its decision.
        auto item = std::find_if(access.items.begin(), access.items.end(), [&](const auto& one) {
          return one.record == record && (is_told ? one.step >= Step::headline : one.step == Step::exists);
        });
        if (item == access.items.end()) return true;
        // What was said by an ask of our own has its view.
        Involved one{access.peer, access.ask, !access.view.empty(), access.worker, header.time};
        one.was_only_counted = !is_told;
        if (!is_told) one.counted_as = item->category;
        (is_told ? given : counted).try_emplace({access.peer, access.worker}, std::move(one));
        return true;
      });
  if (!read) return tl::unexpected(read.error());
  // SECURITY: a decision whose answer was never given told nobody anything.
  std::erase_if(counted, [&](const auto& one) { return !told.contains({one.second.peer, one.second.ask}); });
  given.merge(counted);
  return values_of(std::move(given));
}

}  // namespace ginnel
