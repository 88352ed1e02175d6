// SPDX-License-Identifier: Apache-2.0
// How files are given: this agency's through a view that shows their record, another's once it was fetched for the
// view, and ours to a peer.
#include <utility>

#include "federation/base/crypto/hash.h"
#include "node/node.h"
#include "node/people/nothing_here.h"
#include "node/posted_call.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

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

// By what the pages of a file are remembered for the asker: in the place of an ask's own.
AskId memory_of(const FileName& file) {
  const Hash hash =
      sha256({view_of("ginnel file pages"), file.ask.bytes(), file.record.bytes(), file.sha256, file.transfer.bytes()});
  return *AskId::from(ByteView(hash).first(AskId::size));
}

}  // namespace

void Node::read_attachment(std::string token, ViewId view, AttachmentId id, Done<AttachmentFile> done) {
  const FileCall wanted{std::move(token), view, id, std::make_shared<Done<AttachmentFile>>(std::move(done))};
  post([this, wanted](Work& work) { open_file(wanted, true, work); },
       [wanted](const Error& error) { (*wanted.done)(tl::unexpected(error)); });
}

// Answers the call after the commit, or leaves it with what is being fetched.
void Node::open_file(const FileCall& call, bool may_fetch, Work& work) {
  auto file = std::make_shared<Expected<std::optional<AttachmentFile>>>(file_for(call, may_fetch, work));
  if (*file && !**file) return;
  work.after([done = call.done, file](const Expected<void>& committed) {
    if (!committed) return (*done)(tl::unexpected(committed.error()));
    if (!*file) return (*done)(tl::unexpected(file->error()));
    (*done)(std::move(***file));
  });
}

Expected<std::optional<AttachmentFile>> Node::own_file(const Session& session, const FileCall& call, Turn& turn) {
  auto records = records_with(call.id, turn);
  if (!records) return tl::unexpected(records.error());
  for (const RecordId& record : *records) {
    auto permit = views_.permit(session, call.view, record, own_part(), turn);
    if (!permit && permit.error().code == "not-found") continue;
    if (!permit) return tl::unexpected(permit.error());
    auto file = turn.read_attachment(*permit, call.id);
    if (!file && file.error().code == "no-record") continue;
    if (!file) return tl::unexpected(file.error());
    Access shown;
    shown.view = call.view;
    for (const auto& person : file->kept.people)
      if (shown.person.empty() && turn.person_key(person)) shown.person = person;
    shown.role = session.role;
    shown.reason = "a file was opened";
    shown.items = {{record, Step::content, {}, {}, {}, file->kept.sha256}};
    auto key = turn.person_key(shown.person);
    if (!key) return tl::unexpected(key.error());
    auto noted = turn.append(EntryKind::view_shown, actor_of(session), *key, shown);
    if (!noted) return tl::unexpected(noted.error());
    return AttachmentFile{file->kept.name, file->kept.media_type, std::move(file->content)};
  }
  return std::optional<AttachmentFile>();
}

// Nothing: it is being fetched.
Expected<std::optional<AttachmentFile>> Node::file_for(const FileCall& call, bool may_fetch, Work& work) {
  Turn& turn = work.turn;
  auto session = session_of(call.token, turn, work.now);
  if (!session) return tl::unexpected(session.error());
  auto own = own_file(*session, call, turn);
  if (!own || *own) return own;
  auto wanted = views_.file(*session, call.view, call.id, own_part(), turn);
  if (!wanted) return tl::unexpected(wanted.error());
  auto content = find_received(*wanted, turn);
  if (!content) return tl::unexpected(content.error());
  if (!*content) {
    if (!may_fetch) return nothing_here();
    if (auto begun = files_.start(wanted->from, wanted->name, wanted->file.size_bytes, work.now); !begun)
      return tl::unexpected(begun.error());
    Fetching& fetching = fetching_[{wanted->from, wanted->name}];
    fetching.file = std::move(*wanted);
    fetching.calls.push_back(call);
    return std::optional<AttachmentFile>();
  }
  Access shown = wanted->about;
  shown.reason = "a file was opened";
  shown.items = {{wanted->name.record, Step::content, {}, {}, {}, wanted->name.sha256}};
  auto noted = turn.append(EntryKind::view_shown, actor_of(*session), wanted->subject_key, shown);
  if (!noted) return tl::unexpected(noted.error());
  return AttachmentFile{wanted->file.name, wanted->file.media_type, std::move(**content)};
}

void Node::finish_files(Work& work) {
  for (auto& arrived : files_.take_files()) {
    if (!arrived.file.transfer.empty()) {
      if (auto taken = transfers_.arrived(arrived, work.turn); !taken) work.fail(taken.error());
      continue;
    }
    auto found = fetching_.find({arrived.from, arrived.file});
    if (found == fetching_.end()) continue;
    const Fetching fetching = std::move(found->second);
    fetching_.erase(found);
    if (arrived.content)
      if (auto kept = keep_received(fetching.file, *arrived.content, work.turn); !kept) work.fail(kept.error());
    for (const auto& call : fetching.calls) {
      if (arrived.content) {
        open_file(call, false, work);  // decided anew: a correction may have come meanwhile
        continue;
      }
      work.after([done = call.done, error = arrived.content.error()](const Expected<void>&) {
        (*done)(tl::unexpected(error));
      });
    }
  }
}

void Node::refuse_files(const Error& error) {
  for (auto& [key, fetching] : std::exchange(fetching_, {}))
    for (const auto& call : fetching.calls) (*call.done)(tl::unexpected(error));
}

std::optional<Drop> Node::give_file(const Message& message, Turn& turn) {
  const MemberId& from = message.header.from;
  auto request = decode_file_request(message.payload);
  if (!request) return Drop::bad_payload;
  const auto failed = [&](const Error& error) {
    turn_error_ = error;
    return std::nullopt;
  };
  if (settings_.in_shadow) {
    const Problem problem{"in-shadow", "this agency does not share yet", "ring the agency",
                          "ask-" + request->file.ask.hex().substr(0, 12)};
    reply(message, Kind::error, encode_problem(problem), turn.now());
    return std::nullopt;
  }
  if (!request->file.transfer.empty()) return give_transfer_part(message, *request, turn);
  // SECURITY: for every page. What is remembered are bytes, never that they may be given.
  auto decided = file_giver_.decide(from, request->file, turn);
  if (!decided) return failed(decided.error());
  const AskId memory = memory_of(request->file);
  const AnswerEngine::Given* given = *decided ? answers_.find(from, memory) : nullptr;
  if (*decided && !given) {
    auto content = file_giver_.give(**decided, request->file, turn);
    if (!content) return failed(content.error());
    if (*content) {
      AnswerEngine::Given fresh;
      for (const auto& page : split_file(request->file, **content)) fresh.pages.push_back(encode_file_page(page));
      answers_.keep(from, memory, std::move(fresh), turn.now());
      given = answers_.find(from, memory);
    }
  }
  if (given && request->page < given->pages.size()) {
    reply(message, Kind::file_page, given->pages[request->page], turn.now());
    return std::nullopt;
  }
  not_given(message, "ask-" + request->file.ask.hex().substr(0, 12), turn.now());
  return std::nullopt;
}

// Alike for what there is not and what is not for them.
void Node::not_given(const Message& to, const std::string& id, Instant now) {
  const Problem problem{"not-found", "there is no such file that may be given", "ring the agency", id};
  reply(to, Kind::error, encode_problem(problem), now);
}

// SECURITY: who it is for, and whether it stands, for every page.
std::optional<Drop> Node::give_transfer_part(const Message& message, const FileRequest& request, Turn& turn) {
  const MemberId& from = message.header.from;
  auto content = transfers_.give(from, request.file, turn);
  if (!content) {
    turn_error_ = content.error();
    return std::nullopt;
  }
  if (*content) {
    const auto pages = split_file(request.file, **content);
    if (request.page < pages.size()) {
      reply(message, Kind::file_page, encode_file_page(pages[request.page]), turn.now());
      return std::nullopt;
    }
  }
  not_given(message, "transfer-" + request.file.transfer.hex().substr(0, 12), turn.now());
  return std::nullopt;
}

}  // namespace ginnel
