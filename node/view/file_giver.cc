// SPDX-License-Identifier: Apache-2.0
#include "node/view/file_giver.h"

#include <algorithm>
#include <utility>

#include "node/store/codec.h"
#include "node/view/peer_ask.h"

namespace ginnel {

struct FileGiver::Asked {
  Ask ask;
  PersonRef person;
  bool is_noted = false;  // the file was given for it before
};

// What cannot be read counts as never asked: nothing is given of it.
std::optional<FileGiver::Asked> FileGiver::asked_before(const MemberId& from, const FileName& file, const Turn& turn) {
  auto sequences = turn.entries_of(file.ask);
  if (!sequences) return std::nullopt;
  std::optional<Asked> found;
  bool is_noted = false;
  for (const auto sequence : *sequences) {
    auto entry = turn.entry(sequence);
    if (!entry) return std::nullopt;
    const EntryKind kind = entry->header.kind;
    if (entry->erased || (kind != EntryKind::disclosed && kind != EntryKind::file_disclosed)) continue;
    auto access = decode_access(entry->body);
    if (!access) return std::nullopt;
    if (access->peer != from) continue;  // an ask id is the asker's: two members may use the same
    if (kind == EntryKind::file_disclosed) {
      is_noted |= std::any_of(access->items.begin(), access->items.end(), [&](const AccessItem& item) {
        return item.record == file.record && item.hash == file.sha256;
      });
    } else if (!access->attached.empty()) {
      auto ask = decode_ask(access->attached);
      if (!ask) return std::nullopt;
      found = Asked{std::move(*ask), access->person, false};
    }
  }
  if (found) found->is_noted = is_noted;
  return found;
}

Expected<void> FileGiver::note(const Decided& decided, const FileName& file, Turn& turn) const {
  auto key = turn.person_key(decided.person);
  if (!key) return tl::unexpected(key.error());
  const PartAsk& part = decided.part;
  Access given = part.access;
  given.person = decided.person;
  given.role = part.asking.role;
  given.purpose = part.asking.purpose;
  given.basis = part.asking.basis;
  given.bundle = gate_.bundle().ref_text();
  given.outcome = name_of(PartStatus::answered);
  given.items = {{file.record, Step::content, decided.category, {}, {}, file.sha256}};
  auto sequence = turn.append(EntryKind::file_disclosed, part.actor, *key, given);
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

Expected<std::optional<FileGiver::Decided>> FileGiver::decide(const MemberId& from, const FileName& file,
                                                              Turn& turn) const {
  const std::optional<Decided> nothing;
  auto asked = asked_before(from, file, turn);
  if (!asked || !is_good(book_.standing(from, asked->ask.claims.purpose, turn.now()))) return nothing;
  PartAsk part = part_ask_of(from, asked->ask, book_, turn.now());
  auto told = parts_.tell(part, asked->person, file.record, turn);
  if (!told && told.error().code == "undecided") return nothing;
  if (!told) return tl::unexpected(told.error());
  // SECURITY: a file is content, whatever else of its record may be told.
  if (!*told || !(*told)->item || !(*told)->permit || (*told)->step < Step::content) return nothing;
  const auto& named = (*told)->item->attachments;
  const auto is_it = [&](const Attachment& one) { return one.sha256 == file.sha256; };
  if (std::none_of(named.begin(), named.end(), is_it)) return nothing;
  auto id = turn.attachment_of(file.record, file.sha256);
  if (!id || !*id) return nothing;
  return std::optional(
      Decided{std::move(part), asked->person, (*told)->category, *(*told)->permit, **id, asked->is_noted});
}

Expected<std::optional<Bytes>> FileGiver::give(const Decided& decided, const FileName& file, Turn& turn) const {
  auto kept = turn.read_attachment(decided.permit, decided.attachment);
  if (!kept || file_pages(kept->content.size()) == 0) return std::optional<Bytes>();
  if (!decided.is_noted)
    if (auto noted = note(decided, file, turn); !noted) return tl::unexpected(noted.error());
  return std::optional(std::move(kept->content));
}

}  // namespace ginnel
