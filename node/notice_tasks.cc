// SPDX-License-Identifier: Apache-2.0
// What notices make somebody's work here, and what of them goes into a process of this node.
#include "node/node.h"
#include "node/setup/accounts.h"

namespace ginnel {

// What no member could be told is somebody's to tell another way.
Expected<void> Node::open_notice_tasks(Turn& turn) {
  constexpr const char* kind = "non_delivery";
  for (const auto& one : notices_.take_not_delivered()) {
    if (!gate_.bundle().vocabulary.knows("task_kind", kind)) continue;
    TaskOpening opening;
    opening.kind = kind;
    opening.person = one.person;
    opening.origin = non_delivery_origin(one.notice);
    opening.rule = "notices";
    auto task = tasks_.open(opening, turn);
    if (!task && task.error().code != "no-person") return tl::unexpected(task.error());  // erased since
  }
  return open_inbox_tasks(turn);
}

// What took something back is somebody's to acknowledge, and an invitation somebody's to answer: theirs who asked,
// while they have work here.
Expected<void> Node::open_inbox_tasks(Turn& turn) {
  const auto to_do = notices_.take_to_do();
  if (to_do.empty()) return {};
  auto accounts = load_accounts(turn);
  if (!accounts) return tl::unexpected(accounts.error());
  for (const auto& one : to_do) {
    TaskOpening opening;
    opening.rule = "notices";
    opening.kind = "correction_to_acknowledge";
    opening.origin = acknowledge_origin(one.item);
    if (!one.invitation.empty()) {
      const auto first = first_told(turn, one.from, one.invitation, one.item);
      if (!first) return tl::unexpected(first.error());
      opening.kind = "invitation_to_answer";
      opening.origin = invitation_origin(*first);
      if (turn.now() < one.due) opening.due = one.due;
    }
    if (!gate_.bundle().vocabulary.knows("task_kind", opening.kind)) continue;
    opening.person = one.person;
    if (one.person.empty()) opening.view = one.view;
    for (const auto& account : *accounts)
      if (account.id == one.user && !account.disabled && tasks_.holds_tasks(account.role))
        opening.owner.user = account.id;
    auto task = tasks_.open(opening, turn);
    if (!task && task.error().code != "no-person") return tl::unexpected(task.error());  // erased since
  }
  return {};
}

// Whether the reader has the task to answer the item.
Expected<bool> Node::is_to_answer(const Session& who, const NoticeId& item, const StoreReader& reader) const {
  auto task = tasks_.from(invitation_origin(item), reader);
  if (!task) return tl::unexpected(task.error());
  return *task && is_active((*task)->state) && tasks_.may_see(who, **task);
}

// What another agency brings to a process of ours.
Expected<bool> Node::take_into_process(const MemberId& from, const PersonRef& person, const Item& item, Turn& turn) {
  if (auto soon = processes_.look_soon(person, turn); !soon) return tl::unexpected(soon.error());
  const auto brought = brought_of(item);
  const Member* member = p_.book.find(from);
  if (!brought || !member) return true;
  return processes_.take_in({from, member->kind, item.record, person}, *brought, turn);
}

}  // namespace ginnel
