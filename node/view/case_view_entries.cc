// SPDX-License-Identifier: Apache-2.0
// One entry of a case view, decided anew for its worker: whom it is about, its label, what it may be read by, its
// files.
#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "node/people/nothing_here.h"
#include "node/view/assemble.h"
#include "node/view/case_views.h"
#include "node/view/kept_answer.h"
#include "node/view/withdrawn.h"

namespace ginnel {

Expected<PersonRef> CaseViews::subject(const Session& worker, const ViewId& id, const OwnPart& own, Turn& turn) {
  auto found = find(worker, id, own, turn);
  if (!found) return tl::unexpected(found.error());
  const PartStatus status = (*found)->answers.at(own.member).status;
  // SECURITY: whoever is concealed is as if they were not held.
  const bool is_told = status == PartStatus::answered || status == PartStatus::out_of_date;
  if ((*found)->person.empty() || !is_told) return nothing_here();
  return (*found)->person;
}

// SECURITY: keyed, so that an id tells nothing of the file, and says nothing in another view.
AttachmentId CaseViews::file_id(const ViewId& view, const MemberId& from, const RecordId& record,
                                const Hash& sha256) const {
  const Hash mac = hmac_sha256(p_.pseudonym_key.bytes(),
                               {view_of("file of a view"), view.bytes(), view_of(from.text()), record.bytes(), sha256});
  return *AttachmentId::from(ByteView(mac).first(AttachmentId::size));
}

std::set<std::string> CaseViews::markings_of(const View& view) {
  std::set<std::string> markings;
  for (const auto& [from, answer] : view.answers) markings.merge(markings_carried(answer));
  return markings;
}

Expected<Step> CaseViews::step_now(const View& view, const MemberId& from, const Item& item, const OwnPart& own,
                                   Turn& turn) const {
  auto taken_back = WithdrawnReader(turn).find(from, item.record);
  if (!taken_back) return tl::unexpected(taken_back.error());
  if (*taken_back) return Step::none;
  const ActorId actor = *ActorId::from(view.user.bytes());
  const std::vector<RecordLabel> labels{label_of(from, item)};
  auto verdicts =
      p_.gate.decide(asking_of(view, own), labels, markings_of(view), {actor, view.subject_key, access_of(view)}, turn);
  if (!verdicts) return tl::unexpected(verdicts.error());
  return verdicts->size() == 1 ? verdicts->front().step : Step::none;
}

Expected<RecordLabel> CaseViews::label(const Session& worker, const ViewId& id, const EntryRef& entry,
                                       const OwnPart& own, Turn& turn) {
  auto found = find(worker, id, own, turn);
  if (!found) return tl::unexpected(found.error());
  View& view = **found;
  if (auto renewed = renew_own(view, own, turn); !renewed) return tl::unexpected(renewed.error());
  auto answer = view.answers.find(entry.agency);
  if (answer == view.answers.end()) return nothing_here();
  for (const auto& item : answer->second.items) {
    if (item.record != entry.record) continue;
    auto step = step_now(view, entry.agency, item, own, turn);
    if (!step) return tl::unexpected(step.error());
    if (std::min(*step, item.step) < Step::headline) return nothing_here();
    return label_of(entry.agency, item);
  }
  return nothing_here();
}

Expected<Permit> CaseViews::permit(const Session& worker, const ViewId& id, const RecordId& record, const OwnPart& own,
                                   Turn& turn) {
  auto found = find(worker, id, own, turn);
  if (!found) return tl::unexpected(found.error());
  View& view = **found;
  const auto nothing = [] {
    return fail("not-found", "cannot show this", "the view has no such record at content", "");
  };
  const auto& items = view.answers.at(own.member).items;
  const bool is_in_view = std::any_of(items.begin(), items.end(), [&](const Item& item) {
    return item.record == record && item.step >= Step::content;
  });
  if (view.person.empty() || !is_in_view) return nothing();
  auto labels = turn.labels(view.person);
  if (!labels) return tl::unexpected(labels.error());
  std::erase_if(*labels, [&](const RecordLabel& label) { return label.id != record; });
  auto markings = turn.markings(view.person);
  if (!markings) return tl::unexpected(markings.error());
  if (labels->empty()) return nothing();
  for (const auto& marking : *markings)
    if (!p_.gate.may_tell_marking(marking)) labels->front().label.markings.insert(marking);
  markings->insert(labels->front().label.markings.begin(), labels->front().label.markings.end());
  // As when the view is shown: what every agency marked counts.
  markings->merge(markings_of(view));
  const DecisionFor recorded{*ActorId::from(view.user.bytes()), view.subject_key, access_of(view)};
  auto verdicts = p_.gate.decide(asking_of(view, own), *labels, *markings, recorded, turn);
  if (!verdicts) return tl::unexpected(verdicts.error());
  if (verdicts->size() != 1 || !verdicts->front().permit || verdicts->front().step < Step::content) return nothing();
  return *verdicts->front().permit;
}

Expected<ViewFile> CaseViews::file(const Session& worker, const ViewId& id, const AttachmentId& wanted,
                                   const OwnPart& own, Turn& turn) {
  auto found = find(worker, id, own, turn);
  if (!found) return tl::unexpected(found.error());
  const View& view = **found;
  for (const auto& [from, answer] : view.answers) {
    if (from == own.member) continue;
    for (const auto& item : answer.items)
      for (const auto& each : item.attachments) {
        if (item.step < Step::content || file_id(id, from, item.record, each.sha256) != wanted) continue;
        auto step = step_now(view, from, item, own, turn);
        if (!step) return tl::unexpected(step.error());
        // SECURITY: the holder gave it at content; the asker's own policy must too.
        if (*step < Step::content) return nothing_here();
        return ViewFile{wanted,
                        from,
                        {answer.ask, item.record, each.sha256},
                        each,
                        access_of(view),
                        view.view_key,
                        view.subject_key,
                        p_.kept.at_most_until(view.asked_at)};
      }
  }
  return nothing_here();
}

}  // namespace ginnel
