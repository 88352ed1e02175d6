// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

void fail_at(const View::At& at, const std::string& what) { ADD_FAILURE_AT(at.file_name(), int(at.line())) << what; }

std::string text_of(const CaseView& view) {
  std::string out = view.complete ? "complete:" : "incomplete:";
  for (const auto& part : view.parts)
    out += "\n  " + part.agency.text() + " " + std::string(name_of(part.status)) + " (" + part.reason + ")";
  for (const auto& item : view.items)
    out += "\n  item " + item.agency.text() + " " + item.kind + " " + std::string(name_of(item.step));
  for (const auto& one : view.withheld)
    out +=
        "\n  withheld " + one.agency.text() + " " + one.category + " " + std::to_string(one.count) + " " + one.reason;
  return out;
}

}  // namespace

View::View(World& world, std::string node, std::string user, std::shared_ptr<Shown> shown)
    : world_(world),
      node_(std::move(node)),
      user_(std::move(user)),
      shown_(std::move(shown)),
      seen_runs_(world.runs()) {}

const ViewId& View::id() { return now().id; }

const CaseView& View::now(At at) {
  static const CaseView none;
  if (!shown_->result) return fail_at(at, "the view was never shown"), none;
  if (!*shown_->result) return fail_at(at, "the view was refused: " + (*shown_->result).error().text()), none;
  refresh();
  if (!*shown_->result) return fail_at(at, "the view cannot be read: " + (*shown_->result).error().text()), none;
  return **shown_->result;
}

void View::is_fresh() { seen_runs_ = world_.runs(); }

void View::refresh() {
  if (seen_runs_ == world_.runs()) return;
  shown_->result = world_.node(node_).read((*shown_->result)->id, user_);
  seen_runs_ = world_.runs();
}

const ViewPart& View::part(const std::string& agency, At at) {
  static const ViewPart none;
  const CaseView& view = now(at);
  for (const auto& part : view.parts)
    if (part.agency.text() == agency) return part;
  fail_at(at, "the view does not name " + agency);
  return none;
}

const Error& View::error(At at) {
  static const Error none;
  if (shown_->result && !*shown_->result) return (*shown_->result).error();
  fail_at(at, shown_->result ? "the view was not refused" : "the view was never answered");
  return none;
}

View& View::expect_part(const std::string& agency, PartStatus status, At at) {
  const ViewPart& found = part(agency, at);
  if (found.agency.text() == agency && found.status != status)
    fail_at(at, agency + " is expected to be " + std::string(name_of(status)) + ", in\n" + text_of(now(at)));
  return *this;
}

View& View::expect_completeness(bool is_complete, At at) {
  const CaseView& view = now(at);
  if (view.complete != is_complete)
    fail_at(at, std::string("expected to be ") + (is_complete ? "complete" : "incomplete") + ":\n" + text_of(view));
  return *this;
}

View& View::expect_refused(const std::string& code, At at) {
  const Error& refusal = error(at);
  if (refusal.code != code) fail_at(at, "expected `" + code + "`, got `" + refusal.code + "`: " + refusal.text());
  return *this;
}

View& View::expect_gone(At at) {
  if (!was_given()) fail_at(at, "the view was never shown");
  if (was_given()) refresh();
  return expect_refused("not-found", at);
}

View& View::expect_shown(const std::string& agency, const std::string& kind, Step step, At at) {
  const CaseView& view = now(at);
  const bool found = std::any_of(view.items.begin(), view.items.end(), [&](const ViewItem& item) {
    return item.agency.text() == agency && item.kind == kind && item.step == step;
  });
  if (!found)
    fail_at(at, "expected " + kind + " of " + agency + " at " + std::string(name_of(step)) + ", in\n" + text_of(view));
  return *this;
}

View& View::expect_not_shown(const std::string& agency, const std::string& kind, At at) {
  const CaseView& view = now(at);
  for (const auto& item : view.items)
    if (item.agency.text() == agency && item.kind == kind)
      fail_at(at, "did not expect " + kind + " of " + agency + ", in\n" + text_of(view));
  return *this;
}

View& View::expect_withheld(const std::string& agency, const std::string& category, const std::string& reason, At at) {
  const CaseView& view = now(at);
  const bool found = std::any_of(view.withheld.begin(), view.withheld.end(), [&](const ViewWithheld& one) {
    return one.agency.text() == agency && one.category == category && one.reason.find(reason) != std::string::npos;
  });
  if (!found)
    fail_at(at, "expected " + category + " of " + agency + " withheld, `" + reason + "`, in\n" + text_of(view));
  return *this;
}

}  // namespace ginnel::sim
