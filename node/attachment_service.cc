// SPDX-License-Identifier: Apache-2.0
// The Service's calls about files: kept with a record, given through a view that shows that record.
#include <algorithm>

#include "node/node.h"
#include "node/posted_call.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr const char* cannot = "cannot keep the file";
constexpr std::size_t headline_bytes_max = 200;

tl::unexpected<Error> nothing_here() {
  return fail("not-found", "cannot show this", "there is nothing of that kind for you", "");
}

Expected<void> check(const NewAttachment& wanted, const Vocabulary& words) {
  const auto wrong = [](const char* why, const char* remedy) { return fail("bad-field", cannot, why, remedy); };
  if (!words.knows("category", wanted.category))
    return wrong("`category` is none of the vocabulary", "see `category` in GET /api/v1/vocabulary");
  if (wanted.headline.empty() || wanted.headline.size() > headline_bytes_max)
    return wrong("`headline` is empty or too long", "say in one line what the file is");
  if (wanted.content.empty()) return wrong("the file is empty", "choose another");
  const auto& types = attachment_types;
  if (std::find(types.begin(), types.end(), wanted.file.media_type) == types.end())
    return wrong("the file is of a type that is not taken", "send it as PDF, picture, plain text or document");
  return {};
}

// The records of this node that name the file.
Expected<std::vector<RecordId>> records_with(const AttachmentId& id, const StoreReader& reader) {
  auto sequences = reader.attachments(id);
  if (!sequences) return tl::unexpected(sequences.error());
  std::vector<RecordId> out;
  for (const auto sequence : *sequences) {
    auto entry = reader.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->erased) continue;
    auto kept = decode_attachment_kept(entry->body);
    if (!kept) return tl::unexpected(kept.error());
    out.push_back(kept->record);
  }
  return out;
}

}  // namespace

void Node::keep_attachment(Caller caller, NewAttachment given, Done<KeptAttachment> done) {
  // Shared: the content is large, and a posted call is copied on its way.
  const auto wanted = std::make_shared<const NewAttachment>(std::move(given));
  call_once<KeptAttachment>(*this, std::move(caller), std::move(done),
                            [this, wanted](Work& work, const Session& session) -> Expected<KeptAttachment> {
                              if (auto holder = task_holder(session); !holder) return tl::unexpected(holder.error());
                              if (auto checked = check(*wanted, gate_.bundle().vocabulary); !checked)
                                return tl::unexpected(checked.error());
                              PersonRef person = wanted->person;
                              if (person.empty()) {
                                auto found = work.turn.person_by_source(wanted->system, wanted->key, Hash{});
                                if (!found) return tl::unexpected(found.error());
                                if (!*found) return nothing_here();
                                person = (*found)->id;
                              }
                              if (auto told = check_told(person, work.turn); !told) return tl::unexpected(told.error());
                              const ActorId actor = *ActorId::from(session.user.bytes());
                              Record record;
                              record.subjects = {{person, SubjectRole::child}};
                              record.kind = "evidence";
                              record.occurred = When::on(london_date(work.now));
                              record.recorded_at_source = When::at_instant(work.now);
                              record.headline = wanted->headline;
                              record.label.category = wanted->category;
                              record.label.sensitivity = wanted->sensitivity;
                              record.label.owner = settings_.member;
                              record.author = {session.display_name, session.role, session.team, {}};
                              record.attachments = {wanted->file};
                              auto id = work.turn.put_record(std::move(record), actor);
                              if (!id) return tl::unexpected(id.error());
                              auto kept = work.turn.put_attachment(*id, wanted->file, wanted->content, actor);
                              if (!kept) {
                                work.fail(kept.error());  // a record without its file is none
                                return tl::unexpected(kept.error());
                              }
                              return KeptAttachment{*kept, *id, wanted->file};
                            });
}

void Node::read_attachment(std::string token, ViewId view, AttachmentId id, Done<AttachmentFile> done) {
  call<AttachmentFile>(*this, std::move(done), [this, token, view, id](Work& work) -> Expected<AttachmentFile> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    auto records = records_with(id, work.turn);
    if (!records) return tl::unexpected(records.error());
    for (const RecordId& record : *records) {
      auto permit = views_.permit(*session, view, record, own_part(), work.turn);
      if (!permit && permit.error().code == "not-found") continue;
      if (!permit) return tl::unexpected(permit.error());
      auto file = work.turn.read_attachment(*permit, id);
      if (!file && file.error().code == "no-record") continue;
      if (!file) return tl::unexpected(file.error());
      Access shown;
      shown.view = view;
      for (const auto& person : file->kept.people)
        if (shown.person.empty() && work.turn.person_key(person)) shown.person = person;
      shown.role = session->role;
      shown.reason = "a file was opened";
      shown.items = {{record, Step::content, {}, {}, {}, file->kept.sha256}};
      auto key = work.turn.person_key(shown.person);
      if (!key) return tl::unexpected(key.error());
      auto noted = work.turn.append(EntryKind::view_shown, *ActorId::from(session->user.bytes()), *key, shown);
      if (!noted) return tl::unexpected(noted.error());
      return AttachmentFile{file->kept.name, file->kept.media_type, std::move(file->content)};
    }
    return nothing_here();
  });
}

}  // namespace ginnel
