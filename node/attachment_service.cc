// SPDX-License-Identifier: Apache-2.0
// The Service's call that keeps a file with a record of its own. How files are given: node/file_service.cc.
#include <algorithm>

#include "node/node.h"
#include "node/people/nothing_here.h"
#include "node/posted_call.h"

namespace ginnel {
namespace {

constexpr const char* cannot_keep = "cannot keep the file";
constexpr std::size_t headline_bytes_max = 200;

// A file in the hands of whoever brings it: what is large of it is sealed already.
struct Brought {
  NewAttachment said;  // without the content
  SealedContent content;
};

Expected<void> check(const NewAttachment& wanted, const Vocabulary& words) {
  const auto wrong = [](const char* why, const char* remedy) { return fail("bad-field", cannot_keep, why, remedy); };
  if (!words.knows("category", wanted.category))
    return wrong("`category` is none of the vocabulary", "see `category` in GET /api/v1/vocabulary");
  if (wanted.headline.empty() || wanted.headline.size() > headline_bytes_max)
    return wrong("`headline` is empty or too long", "say in one line what the file is");
  if (wanted.file.size_bytes == 0) return wrong("the file is empty", "choose another");
  const auto& types = attachment_types;
  if (std::find(types.begin(), types.end(), wanted.file.media_type) == types.end())
    return wrong("the file is of a type that is not taken", "send it as PDF, picture, plain text or document");
  return {};
}

}  // namespace

void Node::keep_attachment(Caller caller, NewAttachment given, Done<KeptAttachment> done) {
  // Here, on the thread of who brings it, and not in a turn. Shared: a posted call is copied on its way.
  const auto brought = std::make_shared<Brought>(Brought{{}, seal_content(given.content, p_.random)});
  given.content = {};
  brought->said = std::move(given);
  call_once<KeptAttachment>(*this, std::move(caller), std::move(done),
                            [this, brought](Work& work, const Session& session) -> Expected<KeptAttachment> {
                              const NewAttachment& wanted = brought->said;
                              if (auto holder = task_holder(session); !holder) return tl::unexpected(holder.error());
                              if (auto checked = check(wanted, gate_.bundle().vocabulary); !checked)
                                return tl::unexpected(checked.error());
                              PersonRef person = wanted.person;
                              if (!wanted.view.empty()) {
                                auto subject = views_.subject(session, wanted.view, own_part(), work.turn);
                                if (!subject) return tl::unexpected(subject.error());
                                person = *subject;
                              } else if (person.empty()) {
                                auto found = work.turn.person_by_source(wanted.system, wanted.key, Hash{});
                                if (!found) return tl::unexpected(found.error());
                                if (!*found) return nothing_here();
                                person = (*found)->id;
                              }
                              if (auto told = check_told(person, work.turn); !told) return tl::unexpected(told.error());
                              const ActorId actor = actor_of(session);
                              Record record;
                              record.subjects = {{person, SubjectRole::child}};
                              record.kind = "evidence";
                              record.occurred = When::on(london_date(work.now));
                              record.recorded_at_source = When::at_instant(work.now);
                              record.headline = wanted.headline;
                              record.label.category = wanted.category;
                              record.label.sensitivity = wanted.sensitivity;
                              record.label.owner = settings_.member;
                              record.author = {session.display_name, session.role, session.team, {}};
                              record.attachments = {wanted.file};
                              auto id = work.turn.put_record(std::move(record), actor);
                              if (!id) return tl::unexpected(id.error());
                              auto kept = work.turn.put_attachment(*id, wanted.file, brought->content, actor);
                              if (!kept) {
                                work.fail(kept.error());  // a record without its file is none
                                return tl::unexpected(kept.error());
                              }
                              return KeptAttachment{*kept, *id, wanted.file};
                            });
}

}  // namespace ginnel
