// SPDX-License-Identifier: Apache-2.0
#include "node/work/reviews.h"

#include <algorithm>

#include "node/work/allocations.h"

namespace ginnel {
namespace {

constexpr const char* break_glass = "break_glass_review";
constexpr const char* caseload = "out_of_caseload_review";

std::string shortened(const std::string& text) {
  return text.size() <= limits::task_text_bytes_max ? text : std::string("the reason is too long for a task");
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
  TaskOpening opening;
  opening.kind = break_glass;
  opening.view = view;
  opening.origin = "break-glass:" + view.hex();
  opening.detail = "by " + worker;
  opening.note = shortened(reason);
  return open(std::move(opening), turn);
}

Expected<void> Reviews::break_glass_of(const std::string& member, const AskId& ask, const PersonRef& person,
                                       const std::string& reason, Turn& turn) {
  TaskOpening opening;
  opening.kind = break_glass;
  opening.person = person;
  opening.origin = "break-glass-of:" + ask.hex();
  opening.detail = "by " + member;
  opening.note = shortened(reason);
  return open(std::move(opening), turn);
}

Expected<void> Reviews::out_of_caseload(const UserId& worker, const std::string& name, const PersonRef& person,
                                        Turn& turn) {
  auto all = Allocations::of_person(person, turn);
  if (!all) return tl::unexpected(all.error());
  // A child whom nobody is allocated to is in nobody's caseload.
  const bool is_anybodys =
      std::any_of(all->begin(), all->end(), [&](const Allocation& one) { return one.is_current(turn.now()); });
  const bool is_theirs = std::any_of(all->begin(), all->end(), [&](const Allocation& one) {
    return one.entry.worker == worker && one.is_current(turn.now());
  });
  if (!is_anybodys || is_theirs) return {};
  TaskOpening opening;
  opening.kind = caseload;
  opening.person = person;
  opening.origin = "caseload:" + worker.hex() + ":" + person.hex() + ":" + london_date(turn.now()).iso();
  opening.detail = "by " + name;
  return open(std::move(opening), turn);
}

}  // namespace ginnel
