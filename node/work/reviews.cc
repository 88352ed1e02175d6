// SPDX-License-Identifier: Apache-2.0
#include "node/work/reviews.h"

#include <algorithm>

#include "node/work/allocations.h"

namespace ginnel {
namespace {

constexpr const char* break_glass = "break_glass_review";
constexpr const char* caseload = "out_of_caseload_review";
constexpr const char* conflict = "conflict_handover";

TaskOpening for_another_worker(std::string origin, const PersonRef& person, std::string detail) {
  TaskOpening opening;
  opening.kind = conflict;
  opening.person = person;
  opening.origin = std::move(origin);
  opening.detail = std::move(detail);
  return opening;
}

std::string shortened(const std::string& text) {
  return text.size() <= limits::task_text_bytes_max ? text : std::string("the reason is too long for a task");
}

TaskOpening broken_glass(std::string origin, const std::string& by, const std::string& reason) {
  TaskOpening opening;
  opening.kind = break_glass;
  opening.origin = std::move(origin);
  opening.detail = "by " + by;
  opening.note = shortened(reason);
  return opening;
}

}  // namespace

Expected<void> Reviews::open(TaskOpening opening, Turn& turn) {
  if (!words_.knows("task_kind", opening.kind)) return {};
  opening.rule = "reviews";
  auto task = tasks_.open(opening, turn);
  if (!task && task.error().code != "no-person") return tl::unexpected(task.error());
  return {};
}

Expected<void> Reviews::own_break_glass(const ViewId& view, const std::string& worker, const std::string& reason,
                                        Turn& turn) {
  TaskOpening opening = broken_glass("break-glass:" + view.hex(), worker, reason);
  opening.view = view;
  return open(std::move(opening), turn);
}

Expected<void> Reviews::break_glass_of(const std::string& member, const AskId& ask, const PersonRef& person,
                                       const std::string& reason, Turn& turn) {
  TaskOpening opening = broken_glass("break-glass-of:" + ask.hex(), member, reason);
  opening.person = person;
  return open(std::move(opening), turn);
}

Expected<void> Reviews::out_of_caseload(const UserId& worker, const std::string& name, const PersonRef& person,
                                        Turn& turn) {
  auto all = Allocations::of_person(person, turn);
  if (!all) return tl::unexpected(all.error());
  // A child whom nobody is allocated to is in nobody's caseload.
  std::erase_if(*all, [&](const Allocation& one) { return !one.is_current(turn.now()); });
  const bool is_theirs =
      std::any_of(all->begin(), all->end(), [&](const Allocation& one) { return one.entry.worker == worker; });
  if (all->empty() || is_theirs) return {};
  TaskOpening opening;
  opening.kind = caseload;
  opening.person = person;
  opening.origin = "caseload:" + worker.hex() + ":" + person.hex() + ":" + london_date(turn.now()).iso();
  opening.detail = "by " + name;
  return open(std::move(opening), turn);
}

Expected<void> Reviews::in_conflict(const UserId& worker, const std::string& name, const PersonRef& person,
                                    Turn& turn) {
  const std::string today = london_date(turn.now()).iso();
  return open(for_another_worker("conflict-asked:" + worker.hex() + ":" + person.hex() + ":" + today, person,
                                 "asked for by " + name),
              turn);
}

Expected<void> Reviews::without_worker(const UserId& worker, const std::string& name, const PersonRef& person,
                                       Turn& turn) {
  TaskOpening opening = for_another_worker("conflict-allocated:" + worker.hex() + ":" + person.hex(), person,
                                           "allocated to " + name + " until now");
  opening.may_recur = true;
  return open(std::move(opening), turn);
}

}  // namespace ginnel
